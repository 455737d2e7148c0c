"""A small request that reads, beside stock pygls answering the same bytes from a constant."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench.harness import Row, Run, interleave, times_at_least
from bench.pipe import Pipe, message

STOCK = """
from pygls.lsp.server import LanguageServer
server = LanguageServer("stock", "1")
@server.feature("branch/get")
def get(params):
    return {answer!r}
@server.feature("echo/now")
def echo(params):
    return {{"payload": params.payload}}
server.start_io()
"""
ECHO = "from tests.server.echo_server import main; main()"
PAYLOAD = {"kind": "tool_call", "payload": {"text": "x" * 900, "n": 1, "list": [1, 2, 3]}}


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("reads")
    with Pipe.serve(folder / "store") as ours:
        params = {"branch": ours.call("run/start", {"name": "bench"})["branch"]}
        program = STOCK.format(answer=ours.call("branch/get", params))
        with Pipe([sys.executable, "-c", program], quiet=True) as stock:
            yield from _both(run, ours, stock, "branch/get", params, "branch/get", 4, 15)
            with Pipe([sys.executable, "-c", ECHO], quiet=True) as echo:
                echoed = {"payload": PAYLOAD}
                yield from _both(
                    run, echo, stock, "echo/now", echoed, "echo of 1 KB, the server alone", 4, 15
                )


def _both(
    run: Run,
    ours: Pipe,
    stock: Pipe,
    method: str,
    params: object,
    work: str,
    serial: float,
    pipelined: float,
) -> Iterator[Row]:
    count, many = run.some(300, 50), run.some(4000, 300)
    messages = [message(method, params, n) for n in range(max(count, many))]

    def one_by_one(server: Pipe) -> list[float]:
        return [took * 1e3 for took in server.serial(messages[:count])]

    def at_once(server: Pipe, replies: int) -> list[float]:
        return [replies / server.pipelined(b"".join(messages[:replies]), replies)]

    found, beside = interleave(run.some(10, 3), lambda: one_by_one(ours), lambda: one_by_one(stock))
    # How many times quicker, not slower: the ratio of the rates.
    rates, stock_rates = found.turned(1e6), beside.turned(1e6)
    yield Row(
        f"{work}, serial",
        "calls/s",
        rates,
        "stock pygls 2.1",
        stock_rates,
        (times_at_least(serial),),
        [f"p50 {found.p50:.0f} µs, p95 {found.at(0.95):.0f} µs; pygls {beside.p50:.0f} µs."],
        high=True,
    )
    found, beside = interleave(
        run.some(10, 3), lambda: at_once(ours, many), lambda: at_once(stock, many // 4)
    )
    yield Row(
        f"{work}, pipelined",
        "calls/s",
        found,
        "stock pygls 2.1",
        beside,
        (times_at_least(pipelined),),
        high=True,
    )
