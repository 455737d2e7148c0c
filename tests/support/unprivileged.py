"""Running something as a user without any right, also when the tests run as root.

``as_user`` runs a function in a fork, ``command`` makes an argument vector; both in a mount
namespace of their own, in which this Python and the project can be read by that user even when
they lie in a home that is closed to others. Where the tests do not run as root, nothing changes.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

_PROJECT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(_PROJECT))

from shepherd_sidecar.worlds import namespaces  # noqa: E402
from tests.support.waiting import remove  # noqa: E402

UID = 12345
_BIND, _REC = 0x1000, 0x4000
T = TypeVar("T")


@contextlib.contextmanager
def user_folder() -> Iterator[Path]:
    """An empty folder of that user, which every user may reach."""
    base = Path(tempfile.mkdtemp(prefix="shepherd-user-"))
    try:
        if os.geteuid() == 0:
            os.chown(base, UID, UID)
        yield base
    finally:
        remove(base)


def as_user(work: Callable[[], T]) -> T:
    """Call ``work`` as that user, in a fork; its result, which must be picklable.

    Raises:
        AssertionError: it raised; with its traceback.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forks beside threads
        child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            try:
                become_user()
                answer = (work(), None)
            except BaseException:
                answer = (None, traceback.format_exc())
            with os.fdopen(writing, "wb") as out:
                pickle.dump(answer, out)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as answered:
            data = answered.read()
    finally:
        status = os.waitpid(child, 0)[1]
    if status or not data:
        raise AssertionError(f"the child ended with {os.waitstatus_to_exitcode(status)}")
    result, failure = pickle.loads(data)
    if failure is not None:
        raise AssertionError(f"as user {UID}:\n{failure}")
    return result


def command(argv: Sequence[str]) -> list[str]:
    """An argument vector that runs ``argv`` as that user."""
    if os.geteuid() != 0:
        return list(argv)
    return [sys.executable, __file__, *argv]


def become_user() -> None:
    """Turn this process into one of that user's. Only for a process with nothing to lose."""
    if os.geteuid() != 0:
        return
    namespaces.unshare(namespaces.NEW_MOUNTS)
    namespaces.keep_mounts_private()
    _open_up([Path(sys.prefix), Path(sys.base_prefix), _PROJECT])
    os.setgroups([])
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)
    # Changing users hid this process from itself: its own files in /proc would be root's.
    namespaces.hide_from_tracers(False)
    os.environ["HOME"] = "/nonexistent"
    os.chdir("/")


def _open_up(needed: Sequence[Path]) -> None:
    """Let everybody reach these folders, in this mount namespace."""
    closed = {path: top for path in needed if (top := _closed_above(path)) is not None}
    if not closed:
        return
    stage = Path(tempfile.mkdtemp(prefix="shepherd-stage-"))
    _mount("tmpfs", stage, "tmpfs", 0)
    held = []
    for number, path in enumerate(closed):
        copy = stage / str(number)
        copy.mkdir()
        _mount(str(path), copy, None, _BIND | _REC)
        held.append((copy, path))
    for top in set(closed.values()):
        _mount("tmpfs", top, "tmpfs", 0)
    for copy, path in held:
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
        _mount(str(copy), path, None, _BIND | _REC)
    _libc.umount2(os.fsencode(stage), 2)
    stage.rmdir()


def _closed_above(path: Path) -> Path | None:
    """The outermost folder at or above ``path`` that others may not enter."""
    for folder in (*reversed(path.parents), path):
        if folder.stat().st_mode & 0o005 != 0o005:
            return folder
    return None


_libc = ctypes.CDLL(None, use_errno=True)


def _mount(source: str, at: Path, kind: str | None, flags: int) -> None:
    done = _libc.mount(
        os.fsencode(source),
        os.fsencode(at),
        os.fsencode(kind) if kind else None,
        ctypes.c_ulong(flags),
        b"mode=755" if kind else None,
    )
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), os.fspath(at))


if __name__ == "__main__":
    become_user()
    os.execvp(sys.argv[1], sys.argv[1:])
