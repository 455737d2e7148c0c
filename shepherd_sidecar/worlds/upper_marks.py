"""What the kernel's overlay writes on the folders and names of an upper.

Layer: worlds. Only read here; ``layer_delta.py`` writes the same marks on layers.
"""

from __future__ import annotations

import os
import stat
from typing import Final, NamedTuple

from shepherd_sidecar.worlds.layer_delta import opaque_attribute, redirect_attribute


class Marks(NamedTuple):
    """The marks of one folder."""

    opaque: bool
    """Nothing shows through."""
    redirect: bytes | None
    """It was renamed: what it was called below, in the same folder or as a path from the root."""


NO_MARKS: Final = Marks(opaque=False, redirect=None)


def marks_of(fd: int, userxattr: bool) -> Marks:
    """The marks of an open folder. Of one that is opaque no other matters."""
    opaque, redirect = opaque_attribute(userxattr), redirect_attribute(userxattr)
    try:
        names = os.listxattr(fd)
        if opaque in names and os.getxattr(fd, opaque) == b"y":
            return Marks(True, None)
        return Marks(False, os.getxattr(fd, redirect)) if redirect in names else NO_MARKS
    except OSError:
        return NO_MARKS  # a file system without attributes holds no such folder


def is_whiteout(name: str, fd: int) -> bool:
    """Whether the name, in an open folder, says that what is below it is gone."""
    try:
        return says_gone(os.stat(name, dir_fd=fd, follow_symlinks=False))
    except FileNotFoundError:
        return False


def says_gone(found: os.stat_result) -> bool:
    """Whether what was found is a whiteout."""
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == 0
