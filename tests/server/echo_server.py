"""A small sidecar without an engine: what the server tests talk to over real pipes.

Usage: ``python -m tests.server.echo_server [--role ROLE] [--limit BYTES] [--high BYTES]``
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from shepherd_sidecar.errors import UnknownBranch
from shepherd_sidecar.server.encoding import Raw, encode
from shepherd_sidecar.server.main import serve
from shepherd_sidecar.server.session import Session, request_meta
from shepherd_sidecar.server.settings import Limits
from tests.server.table import (
    METHODS,
    CountParams,
    EchoParams,
    EchoResult,
    SumResult,
    TypedParams,
)

database = ThreadPoolExecutor(1, thread_name_prefix="database")
release = threading.Event()
total = 0


def now(_: Session, params: EchoParams) -> EchoResult:
    return EchoResult(params.payload, request_meta())


async def later(_: Session, params: EchoParams) -> EchoResult:
    await asyncio.sleep(0)
    return EchoResult(params.payload, request_meta())


def thread(_: Session, params: EchoParams) -> Future[EchoResult]:
    return database.submit(EchoResult, params.payload)


def raw(_: Session, params: EchoParams) -> Raw:
    return Raw(b'{"payload":%b}' % encode(params.payload))


def typed(_: Session, params: TypedParams) -> TypedParams:
    return params


def count(_: Session, params: CountParams) -> SumResult:
    global total
    total += params.count
    return SumResult(total)


def count_done(_: Session, params: CountParams) -> Future[SumResult]:
    """The total after everything accepted so far, by way of the database thread."""
    return database.submit(lambda: SumResult(total))


async def hang(session: Session, params: CountParams) -> EchoResult:
    session.notify("test/noted", {"payload": "hanging"})
    await asyncio.Event().wait()
    return EchoResult()


def hang_thread(session: Session, params: CountParams) -> Future[EchoResult]:
    def wait() -> EchoResult:
        session.notify("test/noted", {"payload": "running"})
        release.wait()
        return EchoResult("released")

    return database.submit(wait)


def let_go(_: Session, params: CountParams) -> EchoResult:
    release.set()
    return EchoResult()


def fail(_: Session, params: EchoParams) -> EchoResult:
    raise RuntimeError(f"secret {params.payload}")


def refuse(_: Session, params: EchoParams) -> EchoResult:
    raise UnknownBranch("no branch of this name", branch="main")


def chatter(_: Session, params: EchoParams) -> EchoResult:
    print("a stray print")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-c", "print('a chatty child')"], check=True)
    child = subprocess.run(["cat"], check=True, stdout=subprocess.PIPE)
    return EchoResult(child.stdout.decode())


def block(_: Session, params: CountParams) -> Future[EchoResult]:
    """Keep the whole database thread busy until released."""
    return database.submit(lambda: (release.wait() and EchoResult("done")) or EchoResult())


async def push(session: Session, params: CountParams) -> SumResult:
    sent = 0
    for number in range(params.count):
        if session.would_block:
            await session.drain()
        session.notify("test/noted", {"payload": [number, "x" * params.size]})
        sent += 1
    return SumResult(sent)


def big(_: Session, params: CountParams) -> EchoResult:
    return EchoResult("x" * params.size)


async def ask(session: Session, params: EchoParams) -> EchoResult:
    return EchoResult(await session.request("client/answer", {"payload": params.payload}))


def decide(_: Session, params: EchoParams) -> EchoResult:
    return EchoResult("decided")


HANDLERS: dict[str, Any] = {
    "echo/now": now,
    "echo/async": later,
    "echo/thread": thread,
    "echo/raw": raw,
    "echo/typed": typed,
    "test/count": count,
    "test/total": count_done,
    "test/hang": hang,
    "test/hangThread": hang_thread,
    "test/release": let_go,
    "test/fail": fail,
    "test/refuse": refuse,
    "test/print": chatter,
    "test/block": block,
    "test/push": push,
    "test/big": big,
    "test/ask": ask,
    "test/decide": decide,
}


def features(server: Any) -> None:
    """LSP features of both kinds: typed by lsprotocol, and one nobody typed."""
    from lsprotocol import types

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover:
        document = server.workspace.get_text_document(params.text_document.uri)
        return types.Hover(contents=document.lines[params.position.line].strip())

    @server.feature("custom/echo")
    def custom(params: Any) -> Any:
        return params

    @server.feature("custom/fail")
    def failing(params: Any) -> Any:
        raise RuntimeError("secret words")

    @server.feature("custom/sleepers")
    @server.thread()
    def sleeper(params: Any) -> Any:
        release.wait()
        return "woken"

    @server.feature("custom/configuration")
    async def configuration(params: Any) -> Any:
        return await server.workspace_configuration_async(
            types.ConfigurationParams(items=[types.ConfigurationItem(section="a")])
        )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", default="owner")
    parser.add_argument("--limit", type=int, default=Limits().message)
    parser.add_argument("--high", type=int, default=Limits().out_high)
    parser.add_argument("--drain", type=float, default=Limits().drain)
    parser.add_argument("--closed", type=Path, help="write here when on_close was called")
    options = parser.parse_args()

    def on_close() -> None:
        if options.closed:
            options.closed.write_text("closed")

    return serve(
        HANDLERS,
        lambda: {"protocolVersion": 1, "storePath": "/nowhere"},
        options.role,
        on_close,
        Limits(
            message=options.limit,
            out_high=options.high,
            out_low=options.high // 4,
            drain=options.drain,
        ),
        find=METHODS.get,
        features=features,
    )


if __name__ == "__main__":
    sys.exit(main())
