"""Whether a supervisor of another process is still there.

Layer: store. Each holds an exclusive lock on a file of its own for as long as it lives. The
kernel lets go of it whichever way the process ends, so its death is seen at once, without
polling and without trusting process numbers.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from shepherd_sidecar.errors import StoreReadOnly
from shepherd_sidecar.store.layout import SUPERVISORS


class Lifeline:
    """The lock of one supervisor, held until ``release`` or the end of the process."""

    def __init__(self, root: Path, id_: str) -> None:
        """Take it.

        Raises:
            StoreReadOnly: the file cannot be made.
        """
        self._path = _path(root, id_)
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreReadOnly(
                f"a supervisor's lock cannot be made: {error.strerror}", path=str(self._path)
            ) from error
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def release(self) -> None:
        """Let go, and leave nothing behind."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        os.close(self._fd)


def alive(root: Path, id_: str) -> bool:
    """Whether a supervisor still holds its lock."""
    return not _locked(root, id_, fcntl.LOCK_SH | fcntl.LOCK_NB)


def wait_for_end(root: Path, id_: str) -> None:
    """Block until a supervisor holds its lock no more."""
    _locked(root, id_, fcntl.LOCK_SH)


def clean(root: Path, id_: str) -> None:
    """Remove what a crash left of one that is gone."""
    with suppress(OSError):
        _path(root, id_).unlink(missing_ok=True)


def _locked(root: Path, id_: str, how: int) -> bool:
    """Whether the lock could be taken; it is let go of again at once."""
    try:
        fd = os.open(_path(root, id_), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(fd, how)
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
    return True


def _path(root: Path, id_: str) -> Path:
    return root / SUPERVISORS / id_
