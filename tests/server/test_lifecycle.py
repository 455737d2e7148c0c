"""Beginning and end: initialize, shutdown, exit, end of input, signals, death of the client."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import ROOT, Serve
from tests.support.wire import Wire, event

INITIALIZE: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}}


def test_initialize_gives_lsp_and_our_capabilities(wire: Wire) -> None:
    result = wire.call("initialize", INITIALIZE)
    assert result["capabilities"]["experimental"]["shepherd"] == {
        "protocolVersion": 1,
        "storePath": "/nowhere",
    }
    assert result["capabilities"]["hoverProvider"] is True
    assert result["serverInfo"]["name"] == "shepherd-sidecar"
    assert wire.error(wire.request("initialize", INITIALIZE)).code == -32600


def test_initialize_needs_no_params_of_a_client_that_is_no_editor(wire: Wire) -> None:
    assert "experimental" in wire.call("initialize")["capabilities"]


@pytest.mark.requirement("LIFE-02")
def test_own_methods_need_no_initialize(wire: Wire) -> None:
    assert wire.call("echo/now", {"payload": 1}) == {"payload": 1}
    error = wire.error(wire.request("textDocument/hover", {}))
    assert (error.code, error.name) == (-32002, "ServerNotInitialized")


@pytest.mark.requirement("LIFE-03")
@pytest.mark.parametrize(
    "place",
    [
        lambda version: {"initializationOptions": {"shepherd": {"protocolVersion": version}}},
        lambda version: {
            "capabilities": {"experimental": {"shepherd": {"protocolVersion": version}}}
        },
    ],
)
def test_an_unsupported_version_is_refused(wire: Wire, place: Any) -> None:
    error = wire.error(wire.request("initialize", INITIALIZE | place(99)))
    assert (error.code, error.name) == (-32019, "ProtocolVersionUnsupported")
    assert error.data["supported"] == [1]
    assert wire.call("initialize", INITIALIZE | place(1))


def test_lsp_documents_and_features_work(wire: Wire) -> None:
    wire.call("initialize", INITIALIZE)
    wire.notify("initialized", {})
    document = {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": "one\ntwo\n"}
    wire.notify("textDocument/didOpen", {"textDocument": document})
    wire.notify("$/setTrace", {"value": "off"})
    params = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 1, "character": 0}}
    assert wire.call("textDocument/hover", params) == {"contents": "two"}
    error = wire.error(wire.request("textDocument/hover", {"textDocument": {"uri": 5}}))
    assert error.code == -32602
    assert "$.position" in {one["path"] for one in error.data["errors"]}
    assert wire.error(wire.request("textDocument/rename", {})).code == -32601


def test_lsp_requests_of_the_server_get_typed_answers(wire: Wire) -> None:
    wire.call("initialize", INITIALIZE)
    asking = wire.request("custom/configuration", {})
    asked = wire.receive(lambda m: m.get("method") == "workspace/configuration")
    assert asked["params"] == {"items": [{"section": "a"}]}
    wire.respond(asked["id"], [{"b": 1}])
    assert wire.result(asking) == [{"b": 1}]


@pytest.mark.requirement("LIFE-04")
@pytest.mark.parametrize("first", ["initialize", None])
def test_after_shutdown_nothing_is_taken_and_exit_ends_it(wire: Wire, first: str | None) -> None:
    if first:
        wire.call(first, INITIALIZE)
    assert wire.call("shutdown") is None
    error = wire.error(wire.request("echo/now", {}))
    assert (error.code, error.name) == (-32020, "ShuttingDown")
    wire.notify("exit")
    assert wire.wait() == 0


@pytest.mark.parametrize("first", ["initialize", None])
def test_exit_without_shutdown_is_a_failure(wire: Wire, first: str | None) -> None:
    if first:
        wire.call(first, INITIALIZE)
    wire.notify("exit")
    assert wire.wait() == 1


@pytest.mark.requirement("LIFE-04")
def test_end_of_input_finishes_what_was_accepted(serve: Serve, tmp_path: Path) -> None:
    wire = serve("--closed", str(tmp_path / "closed"))
    sent = [wire.request("echo/thread", {"payload": number}) for number in range(200)]
    wire.close_input()
    assert [wire.result(one) for one in sent] == [{"payload": number} for number in range(200)]
    assert wire.wait() == 0
    assert (tmp_path / "closed").read_text() == "closed"


def test_end_of_input_cancels_what_does_not_end(serve: Serve) -> None:
    wire = serve("--drain", "0.05")
    hanging = wire.request("test/hang", {})
    wire.expect(event("test/noted"))
    wire.close_input()
    assert wire.error(hanging).code == -32800
    assert wire.wait() == 0


@pytest.mark.requirement("LIFE-04")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order(serve: Serve, tmp_path: Path, number: signal.Signals) -> None:
    wire = serve("--closed", str(tmp_path / "closed"))
    wire.call("echo/now", {})
    assert wire.process is not None
    wire.process.send_signal(number)
    assert wire.wait() == 0
    assert (tmp_path / "closed").exists()


@pytest.mark.requirement("LIFE-04")
def test_the_death_of_the_clients_process_ends_it(wire: Wire) -> None:
    client = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    wire.call("initialize", INITIALIZE | {"processId": client.pid})
    client.communicate(b"\n")
    assert wire.wait() == 0


def test_a_process_id_that_cannot_be_seen_is_left_alone(wire: Wire) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    wire.call("initialize", INITIALIZE | {"processId": dead.pid})
    assert wire.call("echo/now", {"payload": 1}) == {"payload": 1}


def test_a_client_that_closes_its_end_ends_it(serve: Serve) -> None:
    wire = serve()
    wire.request("test/push", {"count": 1_000_000, "size": 1000})
    wire.expect(event("test/noted"))
    wire.abandon()
    assert wire.wait() == 0


def test_stdin_may_be_a_regular_file(tmp_path: Path) -> None:
    line = b'{"jsonrpc":"2.0","id":%d,"method":"echo/thread","params":{"payload":1}}\n'
    source = tmp_path / "requests.jsonl"
    source.write_bytes(b"".join(line % number for number in range(3)))
    with source.open("rb") as stdin, (tmp_path / "replies").open("wb") as stdout:
        subprocess.run(
            [sys.executable, "-m", "tests.server.echo_server"],
            stdin=stdin,
            stdout=stdout,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            timeout=60,
        )
    replies = (tmp_path / "replies").read_text().splitlines()
    assert replies == [
        f'{{"jsonrpc":"2.0","id":{number},"result":{{"payload":1}}}}' for number in range(3)
    ]


def test_a_reporter_never_pays_for_pygls() -> None:
    program = "import sys, shepherd_sidecar.server.main; print('pygls' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert done.stdout.strip() == b"False"


@pytest.mark.requirement("LIFE-01", "LIFE-06")
def test_initialize_without_lsp_is_answered_without_pygls(wire: Wire) -> None:
    """A client that only reports does not wait for what only editors need."""
    told = wire.call("initialize", {"capabilities": {}})
    assert told["capabilities"]["experimental"]["shepherd"]["protocolVersion"] == 1
    assert told["serverInfo"]["name"] == "shepherd-sidecar"
    wire.notify("initialized", {})
    assert wire.error(wire.request("initialize", {})).name == "InvalidRequest"
    refused = wire.error(wire.request("textDocument/hover", {}))
    assert refused.code == -32002
    assert "rootUri" in refused.data["hint"]
