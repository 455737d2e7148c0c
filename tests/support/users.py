"""Being somebody else for a moment: root is refused nothing, so refusals need another user."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

NOBODY = 65534


@contextlib.contextmanager
def another_user() -> Iterator[Path]:
    """An empty folder of an unprivileged user, who one is inside the block."""
    base = Path(tempfile.mkdtemp(prefix=f"shepherd-test-{os.getpid()}-"))
    root = os.geteuid() == 0
    try:
        if root:
            os.chown(base, NOBODY, NOBODY)
            os.setegid(NOBODY)
            os.seteuid(NOBODY)
        yield base
    finally:
        if root:
            os.seteuid(0)
            os.setegid(0)
        shutil.rmtree(base, ignore_errors=True)
