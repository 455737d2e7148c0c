"""Which processes live, told by their arguments: in a sandbox their numbers are others."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def living(argument: str) -> list[int]:
    """The processes anywhere on this machine that have this argument."""
    wanted, found = os.fsencode(argument), []
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if wanted in cmdline.read_bytes().split(b"\0"):
                found.append(int(cmdline.parent.name))
    return found
