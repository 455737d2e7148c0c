"""Making the parser: commands in groups, options that all of them share.

Layer: cli.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from math import isfinite
from textwrap import dedent
from typing import TYPE_CHECKING

from shepherd_sidecar import PROTOCOL_VERSION, __version__
from shepherd_sidecar.cli.failures import PROGRAM

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_ABOUT = "A durable, forkable, replayable trace of running agents."


class Parser(argparse.ArgumentParser):
    """A parser whose help shows the commands by what they are for."""

    groups: dict[str, list[tuple[str, str]]]

    @property
    def commands(self) -> list[str]:
        """Their names."""
        return [name for group in self.groups.values() for name, _ in group]

    def format_help(self) -> str:
        """The help of the program; of a command, argparse's own."""
        groups = getattr(self, "groups", None)
        if groups is None:
            return super().format_help()
        lines = [f"usage: {PROGRAM} [--store DIR] [--json] COMMAND ...", "", _ABOUT, ""]
        for title, commands in groups.items():
            lines.append(f"{title}:")
            lines += [f"  {name:<12}{said}" for name, said in commands]
            lines.append("")
        lines += [
            "everywhere:",
            "  --store DIR  the store; else $SHEPHERD_STORE, else the nearest .shepherd/ upward",
            "  --json       one JSON document, as the protocol has it",
            "  --color WHEN auto, always or never (also: $NO_COLOR)",
            "  --version    what this is",
            "",
            "Where a commit is wanted, a branch name, the first 4 or more digits of an id, and",
            "NAME~3 (three commits before) do as well.",
            f"`{PROGRAM} COMMAND --help` tells more, with examples.",
        ]
        return "\n".join(lines) + "\n"


class Grammar:
    """The parser being made."""

    def __init__(self) -> None:
        self.parser = Parser(prog=PROGRAM, allow_abbrev=False)
        self.parser.groups = {}
        self.parser.add_argument(
            "--version",
            action="version",
            version=f"{PROGRAM} {__version__} (protocol {PROTOCOL_VERSION})",
        )
        _common(self.parser, top=True)
        self._commands: _SubParsersAction[Parser] = self.parser.add_subparsers(
            metavar="COMMAND", dest="command", required=True, parser_class=Parser
        )
        self._group = ""

    def group(self, title: str) -> None:
        """The commands that follow are for this."""
        self._group = title
        self.parser.groups[title] = []

    def command(
        self, name: str, does: str, handler: str, about: str = "", examples: str = ""
    ) -> argparse.ArgumentParser:
        """Add a command.

        Args:
            name: as typed.
            does: one line.
            handler: ``module:function`` under ``cli.commands``.
            about: more lines.
            examples: command lines, with what they do.
        """
        self.parser.groups[self._group].append((name, does))
        text = f"{does[0].upper()}{does[1:]}." + (f"\n\n{dedent(about).strip()}" if about else "")
        shown = dedent(examples).strip().replace("\n", "\n  ")
        made = self._commands.add_parser(
            name,
            help=does,
            description=text,
            epilog=f"examples:\n  {shown}" if shown else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        made.set_defaults(handler=handler)
        _common(made, top=False)
        return made

    def finish(self) -> Parser:
        """The parser, each command with a usage line that fits on one."""
        for name, command in self._commands.choices.items():
            command.usage = " ".join([PROGRAM, name, "[options]", *_needed(command)])
        return self.parser


def _needed(parser: argparse.ArgumentParser) -> Iterator[str]:
    """What a command line must, or may, say beside options."""
    for action in parser._actions:
        if action.option_strings and not action.required:
            continue
        said = action.metavar if isinstance(action.metavar, str) else "|".join(action.choices or ())
        if action.option_strings:
            yield f"{action.option_strings[0]} {said}"
        elif action.nargs == "?":
            yield f"[{said}]"
        elif action.nargs in ("*", "+") and not said.endswith("..."):
            yield f"[{said}...]" if action.nargs == "*" else f"{said}..."
        else:
            yield said


def limited(parser: argparse.ArgumentParser, default: int, what: str) -> None:
    """Options of lists: how many, and where to go on."""
    parser.add_argument(
        "-n",
        "--limit",
        type=natural,
        default=default,
        metavar="N",
        help=f"how many {what} at most (default {default}; 0: all)",
    )
    parser.add_argument("--cursor", metavar="C", help="go on at nextCursor of a --json before")


def signed(parser: argparse.ArgumentParser) -> None:
    """Who acts."""
    parser.add_argument("--by", metavar="NAME", help="who acts (default: your user name)")


def natural(text: str) -> int:
    """A number, 0 or more."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("0 or more")
    return value


def positive(text: str) -> int:
    """A number, 1 or more."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return value


def number(text: str) -> float:
    """A finite number."""
    value = float(text)
    if not isfinite(value):
        raise argparse.ArgumentTypeError("a finite number")
    return value


def days(text: str) -> float:
    """A number of days, 0 or more."""
    value = number(text)
    if value < 0:
        raise argparse.ArgumentTypeError("0 or more")
    return value


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    value = number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("above 0")
    return value


def _common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Said before the command or after it, these mean the same."""
    everywhere = parser.add_argument_group("everywhere")
    hidden = argparse.SUPPRESS
    everywhere.add_argument(
        "--store",
        metavar="DIR",
        default=None if top else hidden,
        help="the store; else $SHEPHERD_STORE, else the nearest .shepherd/ upward",
    )
    everywhere.add_argument(
        "--json",
        action="store_true",
        default=False if top else hidden,
        help="print the protocol's result object, one JSON document",
    )
    everywhere.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        metavar="WHEN",
        default="auto" if top else hidden,
        help="auto (on a terminal, unless $NO_COLOR), always or never",
    )
