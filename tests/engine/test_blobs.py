"""Blobs: what was put is got back; what does not fit its name is not kept."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.conftest import Another
from tests.model.objects import h
from tests.support.sidecar import NO_ID, Sidecar, bytes_of

KIB = 1024
MIB = KIB * KIB


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def got(sidecar: Sidecar, name: str, **params: Any) -> bytes:
    return base64.b64decode(sidecar.call("blob/get", {"hash": name, **params})["data"])


@pytest.mark.requirement("BLOB-01", "OBJECT-01")
@pytest.mark.parametrize("random", [True, False])
@pytest.mark.parametrize("size", [0, 1, 4096, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 3 * MIB])
@pytest.mark.parametrize("way", ["data", "path"])
def test_any_size_comes_back_byte_for_byte(
    sidecar: Sidecar, tmp_path: Path, size: int, random: bool, way: str
) -> None:
    data = os.urandom(size) if random else b"\0" * size
    if way == "data":
        params = {"data": b64(data), "hash": h("blob", data)}
    else:
        (tmp_path / "file").write_bytes(data)
        params = {"path": str(tmp_path / "file"), "hash": h("blob", data)}
    put = sidecar.call("blob/put", params)
    assert put == {"hash": h("blob", data), "size": size}
    assert sidecar.call("blob/put", params) == put, "again changes nothing"
    assert got(sidecar, put["hash"]) == data
    half = size // 2
    assert got(sidecar, put["hash"], offset=half, length=7) == data[half : half + 7]
    assert got(sidecar, put["hash"], offset=size + 5) == b""


@pytest.mark.requirement("BLOB-01")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300), offset=st.integers(0, 350), length=st.integers(0, 350))
def test_any_range(sidecar: Sidecar, data: bytes, offset: int, length: int) -> None:
    name = sidecar.call("blob/put", {"data": b64(data)})["hash"]
    assert name == h("blob", data)
    assert got(sidecar, name, offset=offset, length=length) == data[offset : offset + length]


@pytest.mark.requirement("BLOB-02")
@pytest.mark.parametrize("way", ["data", "path"])
@pytest.mark.parametrize("size", [20, 100_000])
def test_data_that_does_not_hash_to_its_name_is_not_kept(
    sidecar: Sidecar, tmp_path: Path, way: str, size: int
) -> None:
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    source = {"data": b64(data)} if way == "data" else {"path": str(tmp_path / "file")}
    for wrong in (NO_ID, h("blob", data + b"x"), h("tree", data)):
        error = sidecar.refused("BlobHashMismatch", "blob/put", {**source, "hash": wrong})
        assert error.data["hash"] == h("blob", data)
    sidecar.refused("BlobMissing", "blob/get", {"hash": h("blob", data)})
    assert not [path for path, content in bytes_of(sidecar.store) if data[:20] in content]


@pytest.mark.requirement("BLOB-03")
def test_what_is_too_large_for_a_message_goes_by_path(sidecar: Sidecar, tmp_path: Path) -> None:
    data = os.urandom(MIB) * 33
    error = sidecar.refused("BlobTooLarge", "blob/put", {"data": b64(data)})
    assert error.data["limit"] == 32 * MIB
    (tmp_path / "file").write_bytes(data)
    put = sidecar.call("blob/put", {"path": str(tmp_path / "file")})
    assert put == {"hash": h("blob", data), "size": 33 * MIB}
    for offset in (0, 32 * MIB - 5, 33 * MIB - 10):
        assert got(sidecar, put["hash"], offset=offset, length=10) == data[offset : offset + 10]


@pytest.mark.requirement("BLOB-04")
@pytest.mark.parametrize(
    "params",
    [
        {"data": "not base64!"},
        {"data": "YQ"},
        {"data": "YQ==YQ=="},
        {"data": "YQ==\n"},
        {"data": "é"},
        {},
        {"data": "YQ==", "path": "/etc/hostname"},
        {"path": "relative"},
        {"path": "/nowhere/at/all"},
        {"path": "/dev/zero"},
        {"path": "/tmp"},
        {"path": "/tmp/\0"},
        {"data": "YQ==", "hash": "ABC"},
    ],
)
def test_what_cannot_be_put(sidecar: Sidecar, params: dict[str, Any]) -> None:
    sidecar.refused("InvalidParams", "blob/put", params)


@pytest.mark.parametrize(
    "params", [{"offset": -1}, {"length": -1}, {"hash": "x"}, {"hash": "A" * 64}]
)
def test_what_cannot_be_got(sidecar: Sidecar, params: dict[str, Any]) -> None:
    name = sidecar.call("blob/put", {"data": "YQ=="})["hash"]
    sidecar.refused("InvalidParams", "blob/get", {"hash": name, **params})
    assert sidecar.refused("BlobMissing", "blob/get", {"hash": NO_ID}).data["hash"] == NO_ID


@pytest.mark.requirement("APPEND-11")
def test_a_payload_may_hold_a_blob_in_place_of_any_part(sidecar: Sidecar, branch: str) -> None:
    name = sidecar.call("blob/put", {"data": b64(b"large")})["hash"]
    payload = {"a": [{"$blob": name}, {"b": {"$blob": name}}], "$blob": name}
    [commit] = sidecar.append(branch, {"kind": "message", "payload": payload})
    assert sidecar.call("trace/get", {"commit": commit})["payload"] == payload
    for missing in ({"a": [{"b": {"$blob": NO_ID}}]}, {"$blob": NO_ID}):
        events = [{"kind": "message", "payload": missing}]
        error = sidecar.refused("BlobMissing", "trace/append", {"branch": branch, "events": events})
        assert error.data["hash"] == NO_ID
    # Not a reference: another member beside it, or no id.
    for plain in ({"x": {"$blob": NO_ID, "and": 1}}, {"x": {"$blob": "here"}}):
        assert sidecar.append(branch, {"kind": "message", "payload": plain})


@pytest.mark.requirement("APPEND-11")
@pytest.mark.parametrize("way", ["propose", "resolve", "model"])
def test_a_missing_blob_is_named_wherever_it_is_referred_to(
    sidecar: Sidecar, branch: str, way: str
) -> None:
    ref = {"$blob": NO_ID}
    if way == "propose":
        method, params = "intent/propose", {"kind": "tool_call", "payload": {"name": "x", "a": ref}}
    elif way == "model":
        method, params = "intent/propose", {"kind": "model_call", "payload": {"messages": [ref]}}
    else:
        intent = sidecar.propose(branch)["commit"]
        method = "intent/resolve"
        params = {"intent": intent, "payload": {"out": ref}, "status": "ok"}
    assert sidecar.refused("BlobMissing", method, {"branch": branch, **params})


@pytest.mark.requirement("BLOB-02")
def test_an_agent_s_sidecar_reads_no_files_for_it(
    another: Another, store: Path, sidecar: Sidecar
) -> None:
    sidecar.call("run/list", {})
    agent = another(store, "agent")
    agent.refused("RoleForbidden", "blob/put", {"path": "/etc/hostname"})
    assert agent.call("blob/put", {"data": "YQ=="})["size"] == 1
