"""Waiting for what comes by itself, for as long as a busy machine may take."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

PATIENCE: Final = 60.0
"""Seconds until a test gives up; what is as it should be never takes them."""


def until(true: Callable[[], bool], what: str = "it did not come to that") -> None:
    """Ask again and again until something is true; ``what`` is said when it never is."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def becomes(ask: Callable[[], object], wanted: object) -> None:
    """Ask again and again until the answer is this one; the last answer is shown otherwise."""
    end = time.monotonic() + PATIENCE
    while (found := ask()) != wanted and time.monotonic() < end:
        time.sleep(0.005)
    assert found == wanted


def remove(folder: Path) -> None:
    """Remove a folder with a store, in which a keeper or what is laid ahead may be ending."""

    def removed() -> bool:
        try:
            for at, names, _ in os.walk(folder):
                for name in names:  # the kernel closes its work folders to everybody
                    if not os.path.islink(path := os.path.join(at, name)):
                        os.chmod(path, 0o700)
            shutil.rmtree(folder)
        except OSError:
            return not folder.exists()
        return True

    until(removed, f"{folder} cannot be removed")
