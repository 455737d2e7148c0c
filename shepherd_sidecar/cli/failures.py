"""What can go wrong before the engine is asked, and how every error is told to a person.

Layer: cli. These never cross the wire, so they are not in the table of ``errors.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from shepherd_sidecar.engine.text import visible
from shepherd_sidecar.errors import ShepherdError

PROGRAM: Final = "shepherd-sidecar"
FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


_HINTS: Final[dict[str, str]] = {
    "InvalidParams": f"`{PROGRAM} COMMAND --help` says what it takes",
    "UnknownBranch": f"`{PROGRAM} branches` lists them",
    "UnknownCommit": f"`{PROGRAM} log` shows the ids; four digits or more are enough",
    "UnknownRun": f"`{PROGRAM} runs` lists them",
    "UnknownProcess": f"`{PROGRAM} ps` lists them",
    "UnknownSupervisor": f"`{PROGRAM} supervisors` lists them",
    "UnknownIntent": f"`{PROGRAM} held` lists the intents that wait",
    "ImportInvalid": "nothing of that file was kept",
    "BranchClosed": f"`{PROGRAM} fork BRANCH` makes one that goes on from there",
    "NoWorld": f"`{PROGRAM} fork BRANCH` gives the new branch a world, if its run has a workspace",
    "RestoreConflict": "look at the same command with --preview; --path restores single paths",
    "DriverUnavailable": "leave --driver out to have one chosen",
}
"""In place of the hints that speak of the wire."""
_PLACES: Final = ("file", "line", "path", "rule")
_SHOWN: Final = 20


class CliError(Exception):
    """An error of the command line's own.

    Args:
        message: what was wrong.
        hint: what to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = hint

    @property
    def name(self) -> str:
        """The stable name scripts match on."""
        return type(self).__name__


class NoStore(CliError):
    """There is no store where one was looked for; reading makes none."""


class AmbiguousCommit(CliError):
    """A short id begins more than one commit."""


class Unconfirmed(CliError):
    """Nobody said yes, and there is no terminal to ask on."""


class BadInput(CliError):
    """What was given on stdin or in a file cannot be used."""


class Unwritable(CliError):
    """The result has no place to go."""


class Fault(CliError):
    """A mistake of ours."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            f"{type(error).__name__}: {error}",
            "this should not happen: SHEPHERD_DEBUG=1 shows where it did",
        )


class Usage(Exception):
    """The arguments do not go together: exit code 2, with the usage line."""


def tell(error: ShepherdError | CliError) -> int:
    """Write an error to stderr; returns the exit code."""
    print(f"{PROGRAM}: {error.name}: {_lines(error.message)}", file=sys.stderr)
    if isinstance(error, ShepherdError):
        for line in _where(error):
            print(f"  {_lines(line)}", file=sys.stderr)
    advice = error.advice
    if isinstance(error, ShepherdError) and advice == type(error).hint:
        advice = _HINTS.get(error.name, advice)
    if advice:
        print(f"hint: {_lines(advice)}", file=sys.stderr)
    return FAILED


def _where(error: ShepherdError) -> Iterator[str]:
    """What the error's data says of the place, and the message does not."""
    for name in _PLACES:
        value = error.data.get(name)
        if isinstance(value, str | int) and str(value) not in error.message:
            yield f"{name}: {value}"
    for name in ("conflicts", "errors", "problems"):
        listed = error.data.get(name)
        if isinstance(listed, list) and len(listed) > (name == "errors"):
            yield from (_one(item) for item in listed[:_SHOWN])
            if len(listed) > _SHOWN:
                yield f"and {len(listed) - _SHOWN} more"


def _one(item: object) -> str:
    if isinstance(item, dict):
        return ", ".join(str(value) for value in item.values())
    return str(item)


def _lines(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))
