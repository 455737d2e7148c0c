"""The twelve faults of the stock byte pump, each shown to be gone."""

from __future__ import annotations

import json

import pytest

from tests.server.conftest import Serve
from tests.support.wire import Wire, event, reply

MCP_MESSAGE = {"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": {"from": 1}}


@pytest.mark.requirement("RPC-06")
def test_fault_1_a_payload_that_looks_like_a_message_is_left_alone(wire: Wire) -> None:
    payload = {"recorded": [MCP_MESSAGE, {"jsonrpc": "2.0", "result": {"c-d": 2}, "id": 1}]}
    assert wire.call("echo/now", {"payload": payload}) == {"payload": payload}
    assert wire.call("echo/now", {"payload": MCP_MESSAGE}) == {"payload": MCP_MESSAGE}


@pytest.mark.requirement("RPC-01", "SHAPE-02", "SHAPE-03")
def test_fault_2_bad_params_are_answered_with_paths(wire: Wire) -> None:
    bad = {"text": 1, "itemz": [], "items": [{"kind": "tool_cal", "size": 1}]}
    error = wire.error(wire.request("echo/typed", bad))
    assert error.code == -32602
    assert error.name == "InvalidParams"
    found = {one["path"]: one["message"] for one in error.data["errors"]}
    assert found["$.text"] == "expected string, got integer"
    assert "did you mean 'tool_call'?" in found["$.items[0].kind"]
    assert "did you mean 'items'?" in found["$.itemz"]


@pytest.mark.requirement("FRAME-05")
@pytest.mark.parametrize("framing", ["line", "header"])
def test_fault_3_malformed_json_is_answered_with_a_null_id(wire: Wire, framing: str) -> None:
    wire.send(b'{"jsonrpc": "2.0", "id": 1, ', framing)
    message = wire.receive()
    assert (message["id"], message["error"]["code"]) == (None, -32700)
    assert wire.seen[-1][0] == framing


@pytest.mark.requirement("RPC-03")
def test_fault_3_a_batch_is_answered_with_an_array(wire: Wire) -> None:
    wire.send(
        [
            {"jsonrpc": "2.0", "id": 1, "method": "echo/now", "params": {"payload": 1}},
            {"jsonrpc": "2.0", "method": "echo/now", "params": {"payload": 2}},
            {"jsonrpc": "2.0", "id": "b", "method": "echo/thread", "params": {"payload": 3}},
            {"jsonrpc": "2.0", "id": 4, "method": "no/such"},
            7,
        ]
    )
    answers = wire.receive(lambda m: isinstance(m, list))
    by_id = {answer["id"]: answer for answer in answers}
    assert len(answers) == 4
    assert by_id[1]["result"] == {"payload": 1}
    assert by_id["b"]["result"] == {"payload": 3}
    assert by_id[4]["error"]["code"] == -32601
    assert by_id[None]["error"]["code"] == -32600


@pytest.mark.requirement("RPC-06")
def test_fault_4_keys_that_are_no_python_names_come_back(wire: Wire) -> None:
    payload = {"from": 1, "c-d": {"class": [2]}, "type_name": "x", "": None}
    assert wire.call("echo/now", {"payload": payload}) == {"payload": payload}


def test_fault_4_untyped_lsp_features_get_plain_objects(wire: Wire) -> None:
    wire.call("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    params = {"from": 1, "c-d": {"class": [2]}}
    assert wire.call("custom/echo", params) == params


@pytest.mark.requirement("RPC-07")
def test_fault_5_waiting_thread_handlers_do_not_stop_the_reader(wire: Wire) -> None:
    wire.call("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    sleepers = [wire.request("custom/sleepers", {}) for _ in range(64)]
    assert wire.call("echo/now", {"payload": 1}) == {"payload": 1}
    assert wire.call("custom/echo", {"still": "here"}) == {"still": "here"}
    wire.call("test/release", {})
    assert [wire.result(one) for one in sleepers] == ["woken"] * 64


@pytest.mark.requirement("RPC-08")
def test_fault_6_a_client_that_does_not_read_stalls_only_itself(serve: Serve) -> None:
    wire = serve("--high", "1000000")
    wire.stop_reading()
    for _ in range(20):
        wire.request("test/big", {"size": 200_000})
    last = wire.request("test/count", {"count": 5})
    # More requests than any pipe holds: the server has stopped reading, and must start again.
    wire.go_on_reading()
    assert wire.result(last) == {"total": 5}
    assert [frame[1]["id"] for frame in wire.seen] == list(range(1, 22))


@pytest.mark.requirement("RPC-08")
def test_fault_6_a_push_waits_for_the_client_and_the_loop_does_not(serve: Serve) -> None:
    wire = serve("--high", "1000000")
    pushing = wire.request("test/push", {"count": 100, "size": 100_000})
    answer = wire.request("echo/thread", {"payload": 1})
    wire.expect(event("test/noted", lambda p: p["payload"][0] == 99) >> reply(pushing))
    assert wire.result(answer) == {"payload": 1}
    numbers = [frame[1]["params"]["payload"][0] for frame in wire.seen if "method" in frame[1]]
    assert numbers == list(range(100))


def test_fault_7_prints_and_children_do_not_reach_the_stream(wire: Wire) -> None:
    assert wire.call("test/print", {}) == {"payload": ""}
    wire.close_input()
    log = wire.stderr()
    assert "a stray print" in log
    assert "a chatty child" in log


@pytest.mark.requirement("FRAME-04")
def test_fault_8_headers_are_read_as_the_standard_says(wire: Wire) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "echo/now", "params": {}}).encode()
    wire.send_bytes(
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n"
        b"content-LENGTH:%d  \r\n\r\n%b" % (len(body), body)
    )
    assert wire.result(1) == {}


@pytest.mark.requirement("FRAME-06")
def test_fault_8_a_message_over_the_limit_is_refused_and_skipped(serve: Serve) -> None:
    wire = serve("--limit", "100000")
    wire.send_bytes(b"Content-Length: 5000000\r\n\r\n")
    error = wire.receive()["error"]
    assert (error["code"], error["data"]["name"]) == (-32023, "PayloadTooLarge")
    wire.send_bytes(b"x" * 5_000_000)
    assert wire.call("echo/now", {"payload": 1}) == {"payload": 1}


@pytest.mark.requirement("RPC-07")
def test_fault_9_work_under_way_does_not_block_other_calls(wire: Wire) -> None:
    blocked = wire.request("test/hangThread", {})
    assert wire.call("echo/now", {"payload": 1}) == {"payload": 1}
    assert wire.call("echo/async", {"payload": 2}) == {"payload": 2}
    wire.call("test/release", {})
    assert wire.result(blocked) == {"payload": "released"}


@pytest.mark.requirement("RPC-09")
def test_fault_10_no_bodies_in_the_log_and_no_tracebacks_on_the_wire(wire: Wire) -> None:
    wire.call("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    secret = {"payload": "hunter2"}
    errors = [wire.error(wire.request("test/fail", secret))]
    errors.append(wire.error(wire.request("custom/fail", secret)))
    errors.append(wire.error(wire.request("textDocument/hover", {"hunter2": "hunter2"})))
    wire.notify("test/fail", secret)
    wire.notify("custom/fail", secret)
    wire.notify("no/such", secret)
    wire.notify("textDocument/didOpen", secret)
    wire.send(b'{"hunter2')
    wire.call("echo/now", secret)
    assert [error.code for error in errors] == [-32603, -32603, -32602]
    for error in errors[:2]:
        assert error.name == "InternalError"
        assert "secret" not in str(error)
        assert "Traceback" not in json.dumps(error.data)
        assert "line " not in json.dumps(error.data)
    wire.close_input()
    log = wire.stderr()
    assert "hunter2" not in log
    assert "test/fail" in log
    assert "echo_server.py" in log  # where it happened


@pytest.mark.requirement("SHAPE-01")
@pytest.mark.parametrize(
    "params",
    [
        {"text": 5},
        {"text": "a", "whole": "7"},
        {"text": "a", "whole": True},
        {"text": "a", "whole": 7.0},
        {"text": "a", "flag": 1},
        {"text": "a", "ratio": "0.5"},
        {"text": "a", "items": {"kind": "message", "size": 1}},
        {"text": "a", "items": "abc"},
        {"text": None},
        {"text": "a", "unknown": 1},
        {},
    ],
)
def test_fault_11_nothing_is_coerced(wire: Wire, params: object) -> None:
    assert wire.error(wire.request("echo/typed", params)).code == -32602


def test_fault_11_numbers_stay_as_they_were_written(wire: Wire) -> None:
    payload = [2**53 + 1, 2**64, -(2**70), 0.1, 1, 1.5e300]
    assert wire.call("echo/now", {"payload": payload}) == {"payload": payload}
    ratio = wire.call("echo/typed", {"text": "a", "ratio": 1})["ratio"]
    assert type(ratio) is int


@pytest.mark.requirement("FRAME-01", "FRAME-02")
def test_fault_12_each_request_is_answered_in_its_own_framing(wire: Wire) -> None:
    def echo(number: int) -> dict[str, object]:
        return {"jsonrpc": "2.0", "id": number, "method": "echo/now", "params": {}}

    for number, framing in enumerate(["line", "header", "line", "line", "header"]):
        wire.send(echo(number), framing)
        wire.result(number)
        assert wire.seen[-1][0] == framing
    wire.send({"jsonrpc": "2.0", "method": "test/push", "params": {"count": 1}}, "line")
    wire.expect(event("test/noted"))
    assert wire.seen[-1][0] == "line"
