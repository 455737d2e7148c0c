"""Asking before something that is hard to take back, and reading what was given for ``-``.

Layer: cli. Keeps: without a terminal nothing is assumed.
"""

from __future__ import annotations

import getpass
import sys

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import BadInput, Unconfirmed
from shepherd_sidecar.cli.terminal import is_terminal


def sure(context: Context, question: str) -> bool:
    """Whether the person agrees; ``--yes`` answers beforehand.

    Raises:
        Unconfirmed: there is nobody to ask.
    """
    if context.arguments.yes:
        return True
    if context.json or not is_terminal(sys.stdin) or not is_terminal(sys.stderr):
        raise Unconfirmed("nobody said yes, and there is no terminal to ask on", "add --yes")
    sys.stdout.flush()
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def acting(context: Context) -> str:
    """Who acts: ``--by``, else the name of the user."""
    named: str | None = context.arguments.by
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "owner"


def given(text: str) -> str:
    """The text, or standard input for ``-``."""
    if text != "-":
        return text
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise BadInput(f"standard input is not text: {error.reason}") from None
