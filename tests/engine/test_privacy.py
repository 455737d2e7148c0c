"""Secrets are gone before anything is hashed; what is kept, only its user may read."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from tests.engine.conftest import Another
from tests.engine.worlds import Run
from tests.model.objects import h_json
from tests.support.sidecar import Sidecar, bytes_of, message

# Put together here, so that no scanner takes this file for a leak.
SECRET = "ghp_" + "Ab3" * 12
KEY = "AKIA" + "Q7" * 8


@pytest.mark.requirement("PRIVATE-02")
def test_no_byte_of_a_secret_is_in_the_store_or_the_log(
    another: Another, tmp_path: Path, folder: Path
) -> None:
    sidecar = another(tmp_path / ".shepherd")
    text = f"use {SECRET} and {KEY} please " + "long " * 20_000
    run = Run.start(sidecar, folder, meta={"token": SECRET})
    branch = run.branch
    sidecar.say(branch, text)
    sidecar.notify("trace/record", {"branch": branch, "events": [message(text)]})
    messages = [{"role": "user", "content": f"my key is {SECRET}"}]
    payload = {"model": "m", "messages": messages, "tools": [{"auth": SECRET}]}
    sidecar.call("intent/propose", {"branch": branch, "kind": "model_call", "payload": payload})
    intent = sidecar.propose(branch, "curl", arguments={"header": f"Bearer {SECRET}"})["commit"]
    sidecar.resolve(branch, intent, payload={"stdout": text})
    run.exec("echo", SECRET, env={"TOKEN": SECRET}, stdin=f"{KEY}\n")
    sidecar.call("blob/put", {"data": base64.b64encode(text.encode()).decode()})
    sidecar.call("intervene/inject", {"branch": branch, "message": text, "by": "ana"})
    sidecar.call("intervene/pause", {"branch": branch, "by": "ana", "reason": SECRET})
    sidecar.call("run/end", {"branch": branch, "status": "failed", "payload": {"why": text}})
    sidecar.error(sidecar.request("trace/append", {"branch": branch, "events": [message(text)]}))
    sidecar.close()
    for path, content in bytes_of(sidecar.store):
        assert SECRET.encode() not in content, path
        assert KEY.encode() not in content, path
    log = sidecar.stderr()
    assert SECRET not in log
    assert KEY not in log
    assert "please" not in log


@pytest.mark.requirement("PRIVATE-02", "OBJECT-01")
def test_an_id_does_not_depend_on_the_secret(sidecar: Sidecar, branch: str) -> None:
    """What is hashed is what is kept: whoever reads it can recompute the id."""
    [other] = sidecar.fork(branch)
    first = sidecar.say(branch, f"use {SECRET} now")
    second = sidecar.say(other, f"use {SECRET.replace('Ab3', 'Xy9')} now")
    assert first == second
    entry = sidecar.call("trace/get", {"commit": first})
    assert SECRET not in entry["payload"]["content"]
    assert entry["payload"]["content"].startswith("use ")
    said = {"kind": "message", "payload": entry["payload"], "effect": "pure"}
    assert entry["event"] == h_json("event", said)


@pytest.mark.requirement("PRIVATE-02", "APPEND-04", "REPLAY-01")
def test_a_secret_is_the_same_secret_to_idempotency_and_replay(
    sidecar: Sidecar, branch: str
) -> None:
    event = message(f"use {SECRET}", clientId="c")
    assert sidecar.append(branch, event) == sidecar.append(branch, event)
    call = {"name": "curl", "arguments": {"header": f"Bearer {SECRET}"}}
    params = {"branch": branch, "kind": "tool_call", "payload": call}
    intent = sidecar.call("intent/propose", params)["commit"]
    sidecar.resolve(branch, intent)
    opened = sidecar.call("replay/open", {"from": branch, "mode": "cached"})
    params = {"replay": opened["replay"], "kind": "tool_call", "payload": call}
    assert sidecar.call("replay/next", params)["hit"]
    assert sidecar.call("replay/close", {"replay": opened["replay"]})["complete"]


@pytest.mark.requirement("PRIVATE-03")
def test_only_its_user_may_read_a_store(another: Another, tmp_path: Path, folder: Path) -> None:
    """Worlds keep the modes of what they are made from; the folder above them is closed."""
    store = tmp_path / ".shepherd"
    sidecar = another(store)
    run = Run.start(sidecar, folder)
    sidecar.say(run.branch, "x" * 100_000)
    data = base64.b64encode(bytes(range(256)) * 1000).decode()
    sidecar.call("blob/put", {"data": data})
    run.exec("touch", "made")
    opened = [store, store / "worlds", *(store / "objects").rglob("*"), *store.glob("*")]
    assert any(path.is_file() for path in (store / "objects").rglob("*"))
    for path in opened:
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    assert (store / ".gitignore").read_text() == "*\n"


@pytest.mark.requirement("PRIVATE-01")
def test_nothing_but_messages_reaches_stdout(
    another: Another, tmp_path: Path, folder: Path
) -> None:
    """The wire client fails at any byte that is no message; a library that prints is one."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import atexit, os, sys, threading\n"
        "def talk():\n"
        "    print('noise on stdout', flush=True)\n"
        "    os.write(1, b'noise on descriptor 1')\n"
        "atexit.register(talk)\n"
        "_start = threading.Thread.start\n"
        "def start(self):\n"
        "    talk() if sys.modules.get('shepherd_sidecar.engine.engine') else None\n"
        "    return _start(self)\n"
        "threading.Thread.start = start\n"
    )
    from tests.support.sidecar import ROOT

    sidecar = another(tmp_path / ".shepherd", env={"PYTHONPATH": f"{site}:{ROOT}"})
    run = Run.start(sidecar, folder)
    run.exec("echo", "noise of a child")
    sidecar.say(run.branch, "x")
    sidecar.close_input()
    assert not sidecar.until_closed()
    assert "noise on stdout" in sidecar.stderr(), "it went where the log goes"
