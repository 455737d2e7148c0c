"""A disk that is full or may not be written: a named error, and nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.lacking import lacking, root
from tests.support.wire import Wire, WireError

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "tests.crash.disk"]
MOUNTS = {
    "ext4": "dd if=/dev/zero of={0}.image bs=1M count=16 status=none"
    " && mkfs.ext4 -q -F {0}.image && mount -o loop {0}.image {0}",
    "tmpfs": "mount -t tmpfs -o size=12m none {0}",
}


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)


def mounted(kind: str, folder: Path, command: str) -> list[str]:
    """A command in a mount namespace of its own, where ``folder`` is a small file system."""
    root("mount")
    folder.mkdir()
    enter = ["unshare", "--mount", "--propagation", "private", "sh", "-c"]
    mount = MOUNTS[kind].format(folder)
    tried = run([*enter, mount])
    if tried.returncode:
        lacking(f"{kind} cannot be mounted here: {tried.stderr.strip()}")
    return [*enter, f"{mount} && {command}"]


@pytest.mark.requirement("CRASH-03")
def test_files_that_may_not_grow(tmp_path: Path) -> None:
    done = run([*PROGRAM, "limit", str(tmp_path)])
    assert done.stdout == "ok\n", done.stderr


@pytest.mark.requirement("CRASH-03")
def test_a_sidecar_lives_on_when_the_disk_is_full(tmp_path: Path) -> None:
    """Over the wire: a named error, reading goes on, and writing once there is room."""
    command = [sys.executable, "-m", "shepherd_sidecar", "serve", "--store", str(tmp_path / "s")]
    with Wire.start(command) as wire:
        assert wire.process is not None
        branch = wire.call("run/start", {"name": "run"})["branch"]
        soft, hard = resource.prlimit(wire.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(wire.process.pid, resource.RLIMIT_FSIZE, (1 << 20, hard))
        event = {"kind": "message", "payload": {"content": os.urandom(4_000).hex()}}
        params = {"branch": branch, "events": [event]}
        told = []
        with pytest.raises(WireError) as error:
            while True:
                told += wire.call("trace/append", params)["commits"]
        assert error.value.name == "StoreFull"
        assert "gc" in error.value.data["hint"]
        page = wire.call("trace/log", {"branch": branch, "order": "oldest", "limit": 1000})
        assert [entry["commit"] for entry in page["entries"]][1:] == told
        resource.prlimit(wire.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
        told += wire.call("trace/append", params)["commits"]
        assert wire.call("store/verify")["ok"]


@pytest.mark.requirement("CRASH-03")
@pytest.mark.parametrize("kind", MOUNTS)
@pytest.mark.parametrize("scenario", ["full", "full_from_the_start"])
def test_a_full_file_system(tmp_path: Path, kind: str, scenario: str) -> None:
    folder = tmp_path / "disk"
    program = " ".join([*PROGRAM, scenario, str(folder)])
    done = run(mounted(kind, folder, program))
    assert done.stdout == "ok\n", done.stderr


@pytest.mark.requirement("CRASH-04")
@pytest.mark.parametrize("kind", MOUNTS)
def test_a_file_system_that_may_only_be_read(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "disk"
    program = " ".join([*PROGRAM, "read_only", str(folder)])
    done = run(mounted(kind, folder, program))
    assert done.stdout == "ok\n", done.stderr


@pytest.mark.requirement("CRASH-04")
def test_a_store_that_belongs_to_somebody_else(tmp_path: Path) -> None:
    """Without the right to write, not even as root, which has every right."""
    root("be another user")
    nobody = 65534
    program = f"""
import os, sys
from pathlib import Path
from shepherd_sidecar.errors import StoreReadOnly
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.engine.engine import Engine
root = Path(sys.argv[1])
Store(root).close()
for path in [root, *root.rglob("*")]:
    path.chmod(0o755 if path.is_dir() else 0o644)
os.setuid({nobody})
from tests.support.traces import Traces
made = Traces(root)
try:
    made.start("run")
except StoreReadOnly as error:
    assert error.data["path"].startswith(str(root)), error.data
    print("ok")
made.close()
"""
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(0o755)
    done = run([sys.executable, "-c", program, str(tmp_path / "store")])
    assert done.stdout == "ok\n", done.stderr
