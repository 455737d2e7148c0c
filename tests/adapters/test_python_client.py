"""The Python client against a fake sidecar: what needs no real one."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shepherd_client import AsyncSidecar, Denied, Sidecar, SidecarError, SidecarExited
from shepherd_client.connection import Connection
from shepherd_client.payloads import unwrap, wrap

from tests.support.waiting import PATIENCE, until

FAKE = [sys.executable, str(Path(__file__).with_name("fake_sidecar.py"))]
CLIENT = Path(__file__).resolve().parents[2] / "adapters" / "python" / "shepherd_client"


@pytest.fixture
def sidecar() -> Iterator[Sidecar]:
    with Sidecar.start(command=FAKE) as started:
        yield started


def sent(sidecar: Sidecar, method: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = sidecar.request("test/seen")
    return [message["params"] for message in found if message.get("method") == method][-1]


def test_it_imports_only_the_standard_library_and_itself() -> None:
    for path in CLIENT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                assert top == "shepherd_client" or top in sys.stdlib_module_names, (path, name)


def test_a_tool_is_proposed_run_and_resolved(sidecar: Sidecar) -> None:
    run = sidecar.start_run("main")
    with run.tool("bash", {"cmd": "ls"}, effect="pure") as call:
        call.result = {"listed": call.arguments["cmd"]}
        call.usage = {"durationMs": 4}
    assert sent(sidecar, "intent/propose") == {
        "branch": "main",
        "kind": "tool_call",
        "payload": {"name": "bash", "arguments": {"cmd": "ls"}},
        "effect": "pure",
    }
    assert sent(sidecar, "intent/resolve") == {
        "branch": "main",
        "intent": "a" * 64,
        "payload": {"listed": "ls"},
        "status": "ok",
        "usage": {"durationMs": 4},
    }


def test_a_denied_tool_does_not_run(sidecar: Sidecar) -> None:
    run = sidecar.start_run("main")
    with pytest.raises(Denied, match="too dangerous") as caught, run.tool("rm", {}):
        pytest.fail("it ran")
    assert caught.value.by == "rule:no-rm"
    assert "intent/resolve" not in {one["method"] for one in sidecar.request("test/seen")}


def test_an_overrides_arguments_are_what_runs(sidecar: Sidecar) -> None:
    with sidecar.start_run("main").tool("curl", {"url": "evil"}) as call:
        assert call.arguments == {"url": "safe"}


def test_what_is_raised_is_recorded_and_raised_on(sidecar: Sidecar) -> None:
    run = sidecar.start_run("main")
    with pytest.raises(LookupError), run.tool("bash", {}):
        raise LookupError("no such file")
    resolved = sent(sidecar, "intent/resolve")
    assert resolved["status"] == "error"
    assert resolved["payload"] == {"error": {"message": "no such file", "type": "LookupError"}}


def test_injected_messages_reach_the_caller(sidecar: Sidecar) -> None:
    run = sidecar.start_run("main")
    with run.tool("told", {}) as call:
        assert [one["message"] for one in call.injected] == ["hi"]
    assert len(run.inbox) == 1


def test_an_error_keeps_its_code_name_hint_and_data(sidecar: Sidecar) -> None:
    with pytest.raises(SidecarError) as caught:
        sidecar.branch("x").info()
    error = caught.value
    assert (error.code, error.name, error.hint) == (-32002, "UnknownBranch", "look")
    assert error.data["extra"] == 1


def test_a_dead_sidecar_fails_what_is_open_and_what_comes_later(sidecar: Sidecar) -> None:
    held = {"branch": "a", "kind": "tool_call", "payload": {"name": "held"}}
    waiting = sidecar.connection.request("intent/propose", held)
    for ask in (lambda: sidecar.request("test/die"), waiting.result, sidecar.branch("a").info):
        with pytest.raises(SidecarExited, match=r"exit code 3.*disk is on fire"):
            ask()
    with pytest.raises(SidecarExited):
        sidecar.notify("trace/record", {})


def test_a_program_that_cannot_be_started_is_a_clear_error() -> None:
    with pytest.raises(SidecarExited, match="cannot start /nowhere"):
        Sidecar.start(command=["/nowhere"])


def test_giving_up_cancels_the_request(sidecar: Sidecar) -> None:
    held = {"branch": "a", "kind": "tool_call", "payload": {"name": "held"}}
    with pytest.raises(TimeoutError):
        sidecar.request("intent/propose", held, timeout=0.05)
    assert sent(sidecar, "$/cancelRequest") == {"id": 1}


def test_a_question_from_the_sidecar_gets_an_answer(sidecar: Sidecar) -> None:
    sidecar.request("test/ask")
    answers = [one for one in sidecar.request("test/seen") if "error" in one]
    assert answers[0]["id"] == "s-1"


@pytest.mark.parametrize(
    "bad", [float("nan"), float("inf"), 2**53, -(2**53), 1e17, "\ud800", {1: 2}, {1}, b"x"]
)
def test_what_has_no_canonical_json_is_refused_before_it_is_sent(
    sidecar: Sidecar, bad: Any
) -> None:
    with pytest.raises(SidecarError) as caught:
        sidecar.branch("a").thought(bad)
    assert caught.value.name == "InvalidParams"
    assert len(sidecar.request("test/seen")) == 1


def test_a_subscription_gives_its_own_entries_once(sidecar: Sidecar) -> None:
    with sidecar.subscribe(all=True) as subscription:
        entries = iter(subscription)
        assert [next(entries)["commit"] for _ in range(3)] == ["1", "2", "3"]
        with pytest.raises(TimeoutError):
            subscription.next(timeout=0.05)
    assert subscription.next() == []


@pytest.mark.parametrize("value", [None, 1, "a", [1], {}, {"a": 1}, {"value": 1}, {"value": {}}])
def test_wrapping_a_result_and_unwrapping_it_gives_it_back(value: Any) -> None:
    assert unwrap(wrap(value)) == value


def test_the_asyncio_face_does_the_same() -> None:
    async def program() -> None:
        async with await AsyncSidecar.start(command=FAKE) as sidecar:
            run = await sidecar.start_run("main")
            async with run.tool("curl", {"url": "evil"}) as call:
                call.result = call.arguments["url"]
            assert call.outcome == {"commit": "a" * 64}
            with pytest.raises(Denied):
                async with run.tool("rm", {}):
                    pytest.fail("it ran")
            async with await sidecar.subscribe(all=True) as subscription:
                commits = [entry["commit"] async for entry in _first(subscription, 3)]
            assert commits == ["1", "2", "3"]
            held = asyncio.ensure_future(_enter(run.tool("held", {})))
            while (await sidecar.request("test/seen"))[-2]["method"] != "intent/propose":
                await asyncio.sleep(0)
            held.cancel()
            with pytest.raises(asyncio.CancelledError):
                await held
            seen = await sidecar.request("test/seen")
            assert seen[-2]["method"] == "$/cancelRequest"
            with pytest.raises(SidecarExited, match="disk is on fire"):
                await sidecar.request("test/die")

    asyncio.run(program())


async def _enter(call: Any) -> None:
    async with call:
        pass


async def _first(subscription: Any, count: int) -> Any:
    async for entry in subscription:
        yield entry
        count -= 1
        if not count:
            return


def test_one_that_reads_nothing_any_more_is_closed_in_time() -> None:
    deaf = [sys.executable, "-c", "import time; print(flush=True); time.sleep(1000)"]
    sidecar = Sidecar.start(command=deaf)
    told: list[BaseException] = []

    def ask() -> None:
        try:
            sidecar.request("trace/append", {"text": "x" * (1 << 20)})  # more than a pipe takes
        except SidecarExited as error:
            told.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    connection = sidecar.connection
    assert isinstance(connection, Connection)
    until(connection._writing.locked, "it is written to")
    sidecar.close(grace=0.1)
    asking.join(PATIENCE)
    assert len(told) == 1


def test_a_program_that_forgets_to_close_still_ends_and_its_sidecar_with_it() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(CLIENT.parent)!r}); "
        "from shepherd_client import Sidecar; "
        f"sidecar = Sidecar.start(command={FAKE!r}); sidecar.start_run('a'); print(sidecar.pid)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    status = Path(f"/proc/{int(done.stdout)}/stat")

    def ended() -> bool:
        with contextlib.suppress(OSError):
            return status.read_text().rpartition(")")[2].split()[0] in "ZX"
        return True

    until(ended, "the sidecar outlived the program")
