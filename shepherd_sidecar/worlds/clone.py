"""Files that share their bytes until one is written: the kernel's FICLONE.

Layer: worlds. Knows the kernel, nothing of worlds. XFS, btrfs and bcachefs can; whether a
folder's file system does is found by trying.
"""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
from pathlib import Path
from typing import Final

_FICLONE: Final = 0x40049409
_WORDS: Final = {
    errno.EOPNOTSUPP: "its file system cannot share bytes between files (FICLONE)",
    errno.ENOTTY: "its file system cannot share bytes between files (FICLONE)",
    errno.EINVAL: "its file system cannot share bytes between files (FICLONE)",
}


def clone(source: int, target: int) -> None:
    """Give the empty open file ``target`` the content of the open file ``source``.

    Raises:
        OSError: EXDEV, EOPNOTSUPP and others: it cannot be shared.
    """
    fcntl.ioctl(target, _FICLONE, source)


def why_not(folder: Path) -> str | None:
    """Why files in a folder cannot be cloned; None when they can."""
    try:
        with (
            tempfile.TemporaryFile(dir=folder, buffering=0) as source,
            tempfile.TemporaryFile(dir=folder) as target,
        ):
            source.write(b"x" * 4096)
            clone(source.fileno(), target.fileno())
            if os.fstat(target.fileno()).st_size != 4096:
                return "its file system clones files wrongly"
    except OSError as error:
        why = _WORDS.get(error.errno or 0, error.strerror)
        return f"{folder}: {why}"
    return None
