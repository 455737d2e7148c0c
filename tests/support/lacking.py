"""What a machine may lack: a test that cannot run there says why; in CI nothing is skipped."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """Skip a test that this machine cannot run; where CI is set it fails instead."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def needed(name: str) -> str:
    """The path of a program that a test needs; ``make test`` installs what can be had."""
    found = shutil.which(name)
    return found or lacking(f"{name} is not on this machine")


def root(why: str) -> None:
    """Only root can do what a test does."""
    if os.geteuid() != 0:
        lacking(f"only root can {why}")
