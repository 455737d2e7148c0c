"""What is known of the terminal: whether there is one, its width, its colours, its letters.

Layer: cli. Keeps: no escape sequence goes where nobody looks (pipes, files, ``NO_COLOR``).
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from typing import Final, Literal, TextIO

Colour = Literal["auto", "always", "never"]

_CODES: Final[dict[str, str]] = {
    "id": "33",
    "branch": "1;32",
    "ended": "2;32",
    "time": "2",
    "good": "32",
    "bad": "31",
    "warn": "33",
    "title": "1",
    "faint": "2",
    "message": "36",
    "model": "35",
    "tool": "34",
    "change": "32",
    "intervention": "1;31",
    "key": "36",
}
REFUSED: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF))
"""Why a stream takes no more."""
_LANES: Final = ("31", "32", "33", "34", "35", "36")


class Paint:
    """Puts words in the colours of their roles, or leaves them alone."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, role: str, text: str) -> str:
        """The text in the colour of a role; as it is for the role ``""``."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.on and role and text else text

    def lanes(self, text: str, lanes: tuple[int, ...]) -> str:
        """A row of a graph, each lane in a colour of its own."""
        if not self.on:
            return text
        return "".join(
            char if char in " *" else f"\x1b[{_LANES[lane % len(_LANES)]}m{char}\x1b[0m"
            for char, lane in zip(text, lanes, strict=True)
        )


def wants_colour(choice: Colour, stream: TextIO) -> bool:
    """Whether to colour what goes to a stream (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and _term() != "dumb"


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at the stream."""
    return not stream.closed and stream.isatty()


def width(stream: TextIO) -> int | None:
    """Columns to fit lines into; None when the stream is no terminal: then nothing is cut."""
    return shutil.get_terminal_size().columns if is_terminal(stream) else None


def ellipsis(stream: TextIO) -> str:
    """The mark of something cut, in letters that the reader's locale has."""
    locale = next((v for k in ("LC_ALL", "LC_CTYPE", "LANG") if (v := os.environ.get(k))), "")
    both = (stream.encoding + locale).replace("-", "").lower()
    return "…" if both.count("utf8") == 2 else "..."


def prepare() -> None:
    """Have both streams there, and letters they cannot write come out as escapes."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # started with it closed
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # to the end
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def hush() -> None:
    """Send whatever is still written to stdout nowhere: its reader is gone."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _term() -> str:
    return os.environ.get("TERM", "dumb")
