"""Mounting a world at its place in its home, by the keeper or in its stead.

Layer: worlds. As root a mount is the machine's own, whoever makes it; the keeper takes it away at
its end all the same. Who sees the keeper's mounts is so spared the way to it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from shepherd_sidecar.worlds import mounts
from shepherd_sidecar.worlds.confine import calls

ROOT: Final = "root"
"""Name of the folder, in a world's home, that the world is mounted at."""


def mount_world(
    home: str,
    lowers: Sequence[str],
    upper: str,
    work: str,
    *,
    userxattr: bool,
    volatile: bool,
) -> str:
    """Mount a world's overlay, unless it is mounted; where.

    Raises:
        MountFailed, OSError: nothing is mounted.
    """
    root = os.path.join(home, ROOT)
    at = os.fsencode(root)
    if not mounts.is_mounted(at):
        if not os.path.isdir(root):
            os.mkdir(root, 0o700)
        mounts.mount_overlay(
            at,
            [os.fsencode(lower) for lower in lowers],
            os.fsencode(upper),
            os.fsencode(work),
            userxattr=userxattr,
            volatile=volatile,
        )
    return root


def clone_world(files: str) -> int:
    """A descriptor of a mount of these files that is in no place yet. Raises OSError."""
    at = calls.open_path(files, calls.NO_SYMLINKS)
    try:
        mount = calls.clone_mount(at)
    finally:
        os.close(at)
    calls.set_mount(mount, calls.NOSUID | calls.NODEV)
    return mount
