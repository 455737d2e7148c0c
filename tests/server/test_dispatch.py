"""Envelopes, roles, errors, cancelling, asking back."""

from __future__ import annotations

from typing import Any

import pytest

from shepherd_sidecar.errors import UnknownBranch
from tests.server.conftest import Serve
from tests.support.wire import Wire, event, reply, request


@pytest.mark.requirement("RPC-01")
@pytest.mark.parametrize("method", ["echo/now", "echo/async", "echo/thread", "echo/raw"])
def test_every_kind_of_handler_answers(wire: Wire, method: str) -> None:
    assert wire.call(method, {"payload": {"a": [1, None]}}) == {"payload": {"a": [1, None]}}


@pytest.mark.requirement("SHAPE-04")
@pytest.mark.parametrize("method", ["echo/now", "echo/async"])
def test_meta_reaches_the_handler_and_not_the_params(wire: Wire, method: str) -> None:
    meta = {"traceparent": "00-aa-bb-01"}
    assert wire.call(method, {"payload": 1, "_meta": meta}) == {"payload": 1, "meta": meta}
    assert wire.call(method, {"payload": 2}) == {"payload": 2}


@pytest.mark.requirement("RPC-03", "RPC-04")
@pytest.mark.parametrize(
    ("message", "id_"),
    [
        ({"id": 1, "method": "echo/now"}, 1),
        ({"jsonrpc": "1.0", "id": 1, "method": "echo/now"}, 1),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, 1),
        ({"jsonrpc": "2.0", "id": 1}, 1),
        ({"jsonrpc": "2.0", "id": "a", "method": "echo/now", "params": [1]}, "a"),
        ({"jsonrpc": "2.0", "id": "a", "method": "echo/now", "params": "x"}, "a"),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "echo/now"}, None),
        ({"jsonrpc": "2.0", "id": True, "method": "echo/now"}, None),
        ({"jsonrpc": "2.0", "id": None, "method": "echo/now"}, None),
        ({"jsonrpc": "2.0", "id": {}, "method": "echo/now"}, None),
        ({}, None),
        ([], None),
    ],
)
def test_a_bad_envelope_is_an_invalid_request(wire: Wire, message: Any, id_: Any) -> None:
    wire.send(message)
    answer = wire.receive()
    assert (answer["id"], answer["error"]["code"]) == (id_, -32600)
    assert answer["error"]["data"]["name"] == "InvalidRequest"


def test_an_id_in_flight_cannot_be_used_again(wire: Wire) -> None:
    wire.request("test/hang", {}, id_="same")
    wire.expect(event("test/noted"))
    wire.request("echo/now", {}, id_="same")
    assert wire.error("same").code == -32600
    wire.notify("$/cancelRequest", {"id": "same"})
    assert wire.error("same").code == -32800
    wire.request("echo/now", {}, id_="same")
    assert wire.result("same") == {}


@pytest.mark.requirement("RPC-02")
def test_an_unknown_method_names_the_nearest(wire: Wire) -> None:
    error = wire.error(wire.request("echo/nov", {}))
    assert (error.code, error.name) == (-32601, "MethodNotFound")
    assert error.data["nearest"] == "echo/now"
    assert error.data["hint"] == "did you mean echo/now?"
    far = wire.error(wire.request("no/such", {}))
    assert "nearest" not in far.data
    assert "reference.md" in far.data["hint"]


@pytest.mark.requirement("RPC-02")
def test_unknown_notifications_and_answers_are_ignored(wire: Wire) -> None:
    wire.notify("no/such", {"a": 1})
    wire.notify("$/anything", {})
    wire.respond("s-99", {})
    wire.send({"jsonrpc": "2.0", "id": 5, "error": "nonsense"})
    assert wire.call("echo/now", {}) == {}
    assert wire.rest() == []


def test_a_push_cannot_be_called(wire: Wire) -> None:
    assert wire.error(wire.request("test/noted", {})).code == -32601


def test_a_role_may_call_only_its_methods(serve: Serve) -> None:
    error = (wire := serve("--role", "agent")).error(wire.request("test/decide", {}))
    assert (error.code, error.name) == (-32029, "RoleForbidden")
    assert error.data["roles"] == ["owner", "supervisor"]
    assert serve("--role", "supervisor").call("test/decide", {}) == {"payload": "decided"}


@pytest.mark.requirement("SHAPE-09")
def test_errors_of_ours_keep_code_name_hint_and_data(wire: Wire) -> None:
    error = wire.error(wire.request("test/refuse", {}))
    assert (error.code, error.name, error.data["branch"]) == (
        UnknownBranch.code,
        "UnknownBranch",
        "main",
    )
    assert error.data["hint"]


@pytest.mark.requirement("RPC-05")
def test_a_coroutine_is_cancelled(wire: Wire) -> None:
    hanging = wire.request("test/hang", {})
    wire.expect(event("test/noted"))
    wire.notify("$/cancelRequest", {"id": hanging})
    error = wire.error(hanging)
    assert (error.code, error.name) == (-32800, "RequestCancelled")


@pytest.mark.requirement("RPC-05")
def test_threaded_work_is_cancelled_only_before_it_starts(wire: Wire) -> None:
    running = wire.request("test/hangThread", {})
    wire.expect(event("test/noted"))
    waiting = wire.request("echo/thread", {"payload": 1})
    wire.notify("$/cancelRequest", {"id": waiting})
    wire.notify("$/cancelRequest", {"id": running})
    wire.notify("$/cancelRequest", {"id": "unknown"})
    wire.notify("$/cancelRequest", {"id": [1]})
    assert wire.error(waiting).code == -32800
    wire.call("test/release", {})
    assert wire.result(running) == {"payload": "released"}


def test_the_server_can_ask_the_client(wire: Wire) -> None:
    asking = wire.request("test/ask", {"payload": 1})
    [asked] = wire.expect(request("client/answer", lambda p: p == {"payload": 1}))
    assert isinstance(asked["id"], str)
    assert asked["id"].startswith("s-")
    # Ids of the two directions do not meet: the client may use the very same one.
    wire.request("echo/now", {"payload": 2}, id_=asked["id"])
    assert wire.result(asked["id"]) == {"payload": 2}
    wire.respond(asked["id"], {"verdict": "allow"})
    assert wire.result(asking) == {"payload": {"verdict": "allow"}}


def test_a_cancelled_question_is_withdrawn(wire: Wire) -> None:
    asking = wire.request("test/ask", {"payload": 1})
    [asked] = wire.expect(request("client/answer"))
    wire.notify("$/cancelRequest", {"id": asking})
    withdrawn = event("$/cancelRequest", lambda p: p == {"id": asked["id"]})
    wire.expect(reply(asking) & withdrawn)


def test_requests_are_handled_in_order(wire: Wire) -> None:
    for number in range(500):
        wire.notify("test/count", {"count": number})
    assert wire.call("test/count", {"count": 0}) == {"total": sum(range(500))}
