"""Bad input: each gets a named error with a hint, nothing is lost, and the process goes on.

``Sidecar.refused`` looks at all three. Framing is tested in tests/server, the store's own
troubles in tests/store and tests/crash; ids, blobs and intents beside what they belong to.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.protocol.generate.read import read
from tests.engine.conftest import Another
from tests.support.sidecar import ROOT, Sidecar, message, rows
from tests.support.wire import reply
from tests.trace.values import json_values

DEEP: Any = 1
for _ in range(220):
    DEEP = [DEEP]


@pytest.mark.requirement("SHAPE-02", "SHAPE-03")
@pytest.mark.parametrize(
    ("method", "change", "path"),
    [
        ("trace/append", {"expectedhead": None}, "$.expectedhead"),
        ("trace/append", {"events": [{**message("x"), "clientid": "c"}]}, "$.events[0].clientid"),
        (
            "trace/append",
            {"events": [message("x"), message("y", usage={"tokens": 1})]},
            "$.events[1].usage.tokens",
        ),
        ("trace/log", {"meta": {}}, "$.meta"),
        ("branch/get", {"_meta": {}, "run": "x"}, "$.run"),
    ],
)
def test_unknown_fields(
    sidecar: Sidecar, branch: str, method: str, change: dict[str, Any], path: str
) -> None:
    params = {"branch": branch, **({"events": []} if method == "trace/append" else {}), **change}
    error = sidecar.refused("InvalidParams", method, params)
    assert path in [one["path"] for one in error.data["errors"]]


@pytest.mark.requirement("RPC-02")
@pytest.mark.parametrize(
    ("method", "nearest"),
    [("trace/apend", "trace/append"), ("intent/resolved", "intent/resolve"), ("x", None)],
)
def test_unknown_methods(sidecar: Sidecar, method: str, nearest: str | None) -> None:
    error = sidecar.refused("MethodNotFound", method, {})
    assert error.code == -32601
    assert error.data.get("nearest") == nearest
    sidecar.notify(method, {})
    assert sidecar.call("run/list", {})


@pytest.mark.requirement("SHAPE-01", "SHAPE-03")
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("trace/log", {"branch": "b", "limit": "5"}),
        ("trace/log", {"branch": "b", "limit": True}),
        ("trace/log", {"branch": "b", "limit": 5.5}),
        ("trace/log", {"branch": 5}),
        ("trace/append", {"branch": "b", "events": {}}),
        ("trace/append", {"branch": "b", "events": ["x"]}),
        ("trace/append", {"branch": "b", "events": [{"kind": "message", "payload": []}]}),
        ("trace/append", {"branch": "b", "events": [{"kind": "massage", "payload": {}}]}),
        ("trace/append", {"branch": "b", "events": [{"kind": "message"}]}),
        ("trace/append", {"branch": "b", "events": [message("x", usage={"inputTokens": 1.5})]}),
        ("trace/append", {"branch": "b", "events": [message("x", usage={"costUsd": "1"})]}),
        ("trace/append", {"branch": "b", "events": [message("x", at="yesterday")]}),
        ("trace/append", {"branch": "b", "events": [message("x", at="2020-01-01T00:00:00")]}),
        ("trace/append", {"branch": "b", "events": [message("x", intent="abc")]}),
        ("trace/append", {"branch": "b", "events": [message("x", intent="A" * 64)]}),
        ("trace/get", {"commit": "A" * 64}),
        ("trace/get", {"commit": None}),
        ("branch/discard", {"branch": "b", "restore": 1}),
        ("run/start", {"name": ""}),
        ("run/start", {"name": "x" * 201}),
        ("run/start", {"name": "x", "workspace": 5}),
        ("run/start", {"name": "x", "gate": "relative.toml"}),
        ("run/start", {"name": "x", "agent": {"version": "1"}}),
        ("run/start", {}),
        ("run/end", {"branch": "b", "status": "done"}),
        ("branch/get", {"branch": "b", "_meta": 5}),
    ],
)
def test_wrong_types(sidecar: Sidecar, method: str, params: dict[str, Any]) -> None:
    error = sidecar.refused("InvalidParams", method, params)
    assert error.data["errors"], "each fault with its path"


@pytest.mark.requirement("SHAPE-05", "OBJECT-02")
@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30, 2**64])
@pytest.mark.parametrize("where", ["payload", "usage", "meta", "memo"])
def test_integers_past_2_53(sidecar: Sidecar, branch: str, number: int, where: str) -> None:
    method, params = {
        "payload": (
            "trace/append",
            {"branch": branch, "events": [{"kind": "message", "payload": {"a": [number]}}]},
        ),
        "usage": (
            "trace/append",
            {"branch": branch, "events": [message("x", usage={"inputTokens": number})]},
        ),
        "meta": ("run/start", {"name": "x", "meta": {"n": number}}),
        "memo": (
            "memo/call",
            {"branch": branch, "name": "x", "sourceHash": "y", "inputs": {"n": number}},
        ),
    }[where]
    sidecar.refused("InvalidParams", method, params)


def test_the_largest_integers_are_kept(sidecar: Sidecar, branch: str) -> None:
    payload = {"most": 2**53 - 1, "least": -(2**53 - 1)}
    [commit] = sidecar.append(branch, {"kind": "message", "payload": payload})
    assert sidecar.call("trace/get", {"commit": commit})["payload"] == payload


@pytest.mark.requirement("FRAME-08", "SHAPE-06")
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"NaN", -32700),
        (b"Infinity", -32700),
        (b"-Infinity", -32700),
        (b"1e999", -32602),
        (b'"\\ud800"', -32602),
        (b'{"\\udc00": 1}', -32602),
        (b'"\xff"', -32700),
    ],
)
@pytest.mark.parametrize("framing", ["header", "line"])
def test_nan_and_what_else_no_json_is(
    sidecar: Sidecar, branch: str, value: bytes, code: int, framing: str
) -> None:
    body = (
        b'{"jsonrpc":"2.0","id":"bad","method":"trace/append","params":{"branch":"%b",'
        b'"events":[{"kind":"message","payload":{"x":%b}}]}}' % (branch.encode(), value)
    )
    head, counts = sidecar.head(branch), rows(sidecar.store)
    sidecar.send(body, framing)
    [answer] = sidecar.expect(reply("bad" if code == -32602 else None))
    assert answer["error"]["code"] == code
    assert answer["error"]["data"]["hint"]
    assert (sidecar.head(branch), rows(sidecar.store)) == (head, counts)


def test_nesting_has_a_limit(sidecar: Sidecar, branch: str) -> None:
    params = {"branch": branch, "events": [{"kind": "message", "payload": {"x": DEEP}}]}
    sidecar.refused("InvalidParams", "trace/append", params)


@pytest.mark.requirement("APPEND-09")
@pytest.mark.parametrize("way", ["append", "propose", "resolve"])
def test_a_payload_over_the_limit(sidecar: Sidecar, branch: str, way: str) -> None:
    text = "x" * (8 * 1024 * 1024)
    intent = sidecar.propose(branch)["commit"]
    method, params = {
        "append": ("trace/append", {"events": [message("small"), message(text)]}),
        "propose": (
            "intent/propose",
            {"kind": "tool_call", "payload": {"name": "x", "arguments": {"text": text}}},
        ),
        "resolve": ("intent/resolve", {"intent": intent, "payload": {"t": text}, "status": "ok"}),
    }[way]
    error = sidecar.refused("PayloadTooLarge", method, {"branch": branch, **params})
    assert error.data["limit"] == 8 * 1024 * 1024
    assert sidecar.head(branch) == intent


@pytest.mark.requirement("WORKSPACE-01")
@pytest.mark.parametrize("through", ["itself", "link", "link of a link", "dots"])
@pytest.mark.parametrize("what", ["root", "home", "above home", "store", "worlds"])
def test_folders_that_are_no_workspace(
    another: Another, tmp_path: Path, what: str, through: str
) -> None:
    home = tmp_path / "users" / "me"
    home.mkdir(parents=True)
    sidecar = another(tmp_path / "s" / ".shepherd", env={"HOME": str(home)})
    sidecar.call("run/list", {})
    folder = {
        "root": Path("/"),
        "home": home,
        "above home": home.parent,
        "store": sidecar.store,
        "worlds": sidecar.store / "worlds",
    }[what]
    if through == "dots":
        folder = Path(os.path.join(folder, "..", folder.name)) if what != "root" else Path("/..")
    elif through != "itself":
        (tmp_path / "link").symlink_to(folder)
        folder = tmp_path / "link"
        if through == "link of a link":
            (tmp_path / "second").symlink_to(folder)
            folder = tmp_path / "second"
    for place in ("apart", "inPlace"):
        params = {"name": "x", "workspace": str(folder), "place": place}
        assert sidecar.refused("WorkspaceRefused", "run/start", params).data["why"]


@pytest.mark.requirement("WORKSPACE-01")
@pytest.mark.parametrize("name", ["nowhere", "file", "loop", "", "a\0b"])
def test_workspaces_that_are_no_folder(sidecar: Sidecar, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    given_ = str(tmp_path / name) if name else ""
    sidecar.refused("WorkspaceRefused", "run/start", {"name": "x", "workspace": given_})


def test_a_driver_that_is_not_there(sidecar: Sidecar, folder: Path) -> None:
    params = {"name": "x", "workspace": str(folder), "driver": "magic"}
    sidecar.refused("DriverUnavailable", "run/start", params)


@pytest.mark.requirement("SHAPE-04", "OBJECT-03")
def test_meta_is_accepted_everywhere_and_changes_no_id(sidecar: Sidecar, branch: str) -> None:
    [other] = sidecar.fork(branch)
    meta = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a": [1]}
    [plain] = sidecar.append(branch, message("x"))
    [traced] = sidecar.append(other, message("x"), _meta=meta)
    assert plain == traced
    params = {"branch": branch, "events": [message("x", _meta=meta)]}
    sidecar.refused("InvalidParams", "trace/append", params)


@pytest.mark.requirement("SHAPE-08")
def test_null_means_left_out(sidecar: Sidecar, branch: str) -> None:
    [fork] = sidecar.fork(branch)
    [plain] = sidecar.append(branch, message("x"))
    nulls = dict.fromkeys(["intent", "intentClientId", "effect", "clientId", "at", "usage"])
    [same] = sidecar.append(fork, message("x", **nulls), expectedHead=None)
    assert plain == same
    entry = sidecar.call("trace/get", {"commit": plain})
    assert None not in entry.values(), "what is absent is left out"


@pytest.mark.requirement("SHAPE-01", "SHAPE-09", "RPC-01")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(
        [
            "trace/append",
            "trace/log",
            "intent/propose",
            "intent/resolve",
            "branch/fork",
            "branch/rewind",
            "replay/open",
            "replay/next",
            "snapshot/read",
            "snapshot/restore",
            "intervene/decide",
            "blob/put",
            "memo/call",
            "world/exec",
            "trace/subscribe",
        ]
    ),
    params=st.dictionaries(
        st.sampled_from(
            [
                "branch",
                "events",
                "commit",
                "limit",
                "kind",
                "payload",
                "intent",
                "status",
                "at",
                "count",
                "to",
                "from",
                "mode",
                "replay",
                "path",
                "verdict",
                "by",
                "data",
                "name",
                "inputs",
                "sourceHash",
                "argv",
                "all",
                "cursor",
                "names",
                "kinds",
            ]
        ),
        json_values(),
        max_size=6,
    ),
)
def test_any_params_get_an_answer_by_name(
    sidecar: Sidecar, method: str, params: dict[str, Any]
) -> None:
    """Whatever is sent, it is no fault of ours (-32603), and the sidecar goes on."""
    [answer] = sidecar.expect(reply(sidecar.request(method, params)))
    if "error" in answer:
        assert answer["error"]["data"]["name"] not in ("InternalError", "MethodNotFound")
        assert answer["error"]["data"]["hint"]


def vectors(name: str) -> list[dict[str, Any]]:
    lines = (ROOT / "protocol" / "generated" / "vectors" / name).read_text("utf-8").split("\n")
    found = [json.loads(line) for line in lines[1:] if line]
    # Looking after the store is tested in tests/store; these would write files where they say.
    # Params that are no object are a matter of the envelope: tests/server.
    return [v for v in found if type(v.get("params")) is dict and v["method"][:6] != "store/"]


@pytest.mark.requirement("SHAPE-10", "SHAPE-07")
@pytest.mark.parametrize("name", ["valid.jsonl", "invalid.jsonl", "values.jsonl"])
def test_the_running_sidecar_takes_and_refuses_the_vectors(fresh: Sidecar, name: str) -> None:
    answered = {method.name for method in read().methods if method.direction == "request"}
    fresh.call("run/list", {})
    for vector in vectors(name):
        before = rows(fresh.store)
        if vector["method"] not in answered:
            continue
        [answer] = fresh.expect(reply(fresh.request(vector["method"], vector["params"])))
        got = answer.get("error", {}).get("data", {}).get("name")
        assert got not in ("InternalError", "MethodNotFound"), vector
        if name != "valid.jsonl":
            assert got == "InvalidParams", vector
            assert rows(fresh.store) == before, vector
