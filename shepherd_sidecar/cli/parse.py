"""From an argument vector to what was asked.

Layer: cli. Keeps: what follows ``--`` reaches the command that is to be run untouched.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from shepherd_sidecar.cli.grammar import acting, deciding, processes, reading, settling, store
from shepherd_sidecar.cli.grammar.build import Grammar, Parser

_RUNNING = ("exec", "launch", "enter")
_WITH_VALUE = ("--store", "--color")


def parser() -> Parser:
    """The parser of the whole program."""
    grammar = Grammar()
    for part in (reading, acting, processes, settling, deciding, store):
        part.add(grammar)
    return grammar.finish()


def parse(argv: Sequence[str], using: Parser) -> argparse.Namespace:
    """What was asked. Exits with code 2 and the usage line when it makes no sense."""
    given = list(argv)
    named = _command(given)
    if named is not None and named not in using.commands:
        from difflib import get_close_matches

        near = get_close_matches(named, using.commands, 1)
        using.error(f"no command {named!r}" + (f"; did you mean {near[0]}?" if near else ""))
    if "--" in given and named in _RUNNING:
        # argparse would take away a second "--", which is the command's own.
        at = given.index("--")
        arguments = using.parse_args(given[:at])
        arguments.words += given[at + 1 :]
        return arguments
    return using.parse_args(given)


def _command(argv: Sequence[str]) -> str | None:
    """The first word that is neither an option nor the value of one."""
    words = iter(argv)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None
