"""Who still holds what a restore is about to replace."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shepherd_sidecar.trace.tree_diff import TreeChange
from shepherd_sidecar.trace.trees import EMPTY_TREE, Dir, File
from shepherd_sidecar.worlds.held_open import held_open

FILE = File(0o644, 3, "0" * 64)
EDITED = TreeChange(b"file", FILE, File(0o644, 3, "1" * 64))
REMOVED = TreeChange(b"inner", Dir(0o755, EMPTY_TREE), None)


@contextmanager
def a_process(program: str, *arguments: str) -> Iterator[int]:
    """Runs until the block ends; it has said a line by then."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
        process.stdin.close()
        process.stdout.close()


HOLD = (
    "import sys; f = open(sys.argv[1], sys.argv[2]); print('ready', flush=True); sys.stdin.read()"
)
STAY = "import sys, os; os.chdir(sys.argv[1]); print('ready', flush=True); sys.stdin.read()"


def test_a_writer_is_named_and_a_reader_is_not(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("abc")
    assert held_open(tmp_path, [EDITED]) == ()
    with a_process(HOLD, str(file), "r"):
        assert held_open(tmp_path, [EDITED]) == ()
    with a_process(HOLD, str(file), "a") as pid:
        [told] = held_open(tmp_path, [EDITED])
        assert told.path == "file"
        assert told.why.startswith("heldOpen by ") and told.why.endswith(f"({pid})")
    assert held_open(tmp_path, [EDITED]) == ()


def test_who_works_in_a_folder_that_goes_is_named(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    with a_process(STAY, str(tmp_path / "inner")) as pid:
        [told] = held_open(tmp_path, [REMOVED])
        assert told.path == "inner"
        assert told.why.startswith("cwd of ") and told.why.endswith(f"({pid})")
    assert held_open(tmp_path, [REMOVED]) == ()


def test_what_is_not_there_or_no_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").symlink_to("/etc/hostname")
    assert held_open(tmp_path, [EDITED, REMOVED]) == ()


def test_a_writable_mapping_counts_while_its_file_is_open(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("abc")
    program = (
        "import sys, mmap; f = open(sys.argv[1], 'r+b'); m = mmap.mmap(f.fileno(), 0);"
        "print('ready', flush=True); sys.stdin.read()"
    )
    with a_process(program, str(file)):
        assert [told.path for told in held_open(tmp_path, [EDITED])] == ["file"]


OPEN = (
    "import os, sys\n"
    "print('ready', flush=True)\n"
    "os.set_blocking(0, False)\n"
    "while sys.stdin.buffer.read(1) is None:\n"
    "    os.close(os.open(sys.argv[1], os.O_WRONLY))\n"
)


def test_who_opens_a_file_at_that_very_moment_does_not_end_the_sidecar(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("abc")
    with a_process(OPEN, str(file)):
        looking = os.fork()
        if looking == 0:
            code = 1
            try:
                held_open(tmp_path, [EDITED] * 100_000)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(looking, 0)
    assert os.waitstatus_to_exitcode(status) == 0
