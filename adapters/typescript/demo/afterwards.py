"""What the demo shows when its story is told: costs, the trace, and where to look on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from screen import Broken, Screen

_TOKENS: Final = ("inputTokens", "cachedTokens", "outputTokens")


def costs(screen: Screen, branches: dict[str, list[dict[str, Any]]]) -> None:
    """What each branch cost, beyond what it was forked from.

    Args:
        screen: where to show it.
        branches: the outcomes recorded on each branch, by its name.
    """
    rows = [["branch", "steps", "denied", "time", "tokens in", "cached", "out", "cost"]]
    for name, outcomes in branches.items():
        denied = [entry["payload"]["status"] for entry in outcomes].count("denied")
        ms, *tokens, money = (
            sum(entry.get("usage", {}).get(key, 0) for entry in outcomes)
            for key in ("durationMs", *_TOKENS, "costUsd")
        )
        row = [name, str(len(outcomes)), str(denied), f"{ms:.1f} ms"]
        rows.append([*row, *(f"{count:.0f}" for count in tokens), f"${money:.4f}"])
    screen.section("5  What it cost", "the model is scripted; prices and tokens: see model.ts")
    screen.table(rows, (14, 7, 9, 13, 12, 10, 8, 12))


def trace(screen: Screen, command: Sequence[str], store: Path, run: str) -> None:
    """The trace as the command line draws it.

    Raises:
        Broken: it does not.
    """
    screen.section("6  The trace", "every event of the agents' run, newest first")
    log = [*command, "--store", str(store), "log", "--graph", run]
    if sys.stdout.isatty():
        code = subprocess.run(log).returncode
    else:
        done = subprocess.run(log, stdout=subprocess.PIPE)
        code = done.returncode
        for line in done.stdout.decode(errors="replace").splitlines():
            screen.line(line[: screen.width].rstrip())
    if code != 0:
        raise Broken("`shepherd-sidecar log --graph` draws the run")


def look_around(screen: Screen, store: Path, commands: Sequence[str]) -> None:
    """Commands to type next, as they work from here."""
    screen.section("Look around", f"{screen.facts} facts checked in {screen.seconds():.1f} s")
    screen.line(f"  export SHEPHERD_STORE={near(store)}")
    for words in commands:
        screen.line(f"  {program()} {words}")


def program() -> str:
    """The command line's name, as it can be typed here."""
    script = Path(sys.executable).with_name("shepherd-sidecar")
    return near(script) if script.is_file() else f"{near(Path(sys.executable))} -m shepherd_sidecar"


def near(path: Path) -> str:
    """A path as seen from here, when it is below."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
