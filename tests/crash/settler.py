"""A program to be killed: it applies a branch to a folder, and dies at the Nth thing it does.

The things are those that the interpreter announces (files opened, renamed, removed, made; modes
set), so no code knows that it is being tested.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from shepherd_sidecar.errors import MergeConflict
from shepherd_sidecar.protocol.settling import ApplyParams
from tests.support.traces import AUTHOR, Traces

COUNTED = frozenset(
    ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.listdir")
)


def settle(root: str, branch: str, onto: str, die_at: int, midway: bool) -> None:
    """Apply and exit with 0; or die on the way. ``midway``: only files put in place count."""
    made = Traces(Path(root))
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event not in COUNTED or (midway and (event != "os.rename" or arguments[3] == -1)):
            return
        count += 1
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    made.engine.apply(ApplyParams(branch=branch, onto=onto), AUTHOR)
    os._exit(0)


def settle_beside_an_editor(root: str, branch: str, onto: str, path: str, told: str) -> None:
    """Apply while somebody writes ``path`` just as the first file is put in its place."""
    _settle_beside(root, branch, onto, told, lambda: Path(path).write_text("under its hands\n"))


def settle_beside_a_mover(
    root: str, branch: str, onto: str, path: str, away: str, told: str
) -> None:
    """As above; the folder ``path`` is moved ``away``, and a link to there stands in its place."""

    def move() -> None:
        Path(path).rename(away)
        Path(path).symlink_to(away)

    _settle_beside(root, branch, onto, told, move)


def _settle_beside(
    root: str, branch: str, onto: str, told: str, somebody: Callable[[], object]
) -> None:
    made = Traces(Path(root))
    acted = False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal acted
        if event == "os.rename" and not acted:
            acted = True
            somebody()

    sys.addaudithook(hook)
    try:
        made.engine.apply(ApplyParams(branch=branch, onto=onto), AUTHOR)
    except MergeConflict as conflict:
        Path(told).write_text(json.dumps(conflict.data["conflicts"]))
    made.close()
