"""Text for terminals: made harmless, measured in columns, cut to fit, sized for people.

Layer: engine. Pure. Keeps: whatever an agent reported, no control character reaches a reader.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Final

from shepherd_sidecar.trace.ids import Id

SHORT: Final = 8
"""Digits of an id as people see it."""
_LONGEST: Final = 4000
"""Characters looked at for one line."""
_STEP: Final = 1024


def clean(text: str) -> str:
    r"""One line, with runs of white space as one space and what does not print as ``\xNN``."""
    line = " ".join(text[:_LONGEST].split())
    return line if line.isprintable() else visible(line)


def visible(line: str) -> str:
    r"""The line with what does not print as ``\xNN`` or ``\uNNNN``; a tab as four spaces."""
    return "".join(
        char if char.isprintable() else "    " if char == "\t" else _escape(char) for char in line
    )


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def fit(text: str, width: int, mark: str = "…") -> str:
    """The text, cut to at most ``width`` columns; ``mark`` says that something is missing."""
    if width <= 0:
        return ""
    if columns(text) <= width:
        return text
    left = width - columns(mark)
    if left < 0:
        return mark[:width]
    kept = []
    for char in text:
        left -= _columns_of(char)
        if left < 0:
            break
        kept.append(char)
    return "".join(kept) + mark


def pad(text: str, width: int) -> str:
    """The text, filled with spaces to ``width`` columns."""
    return text + " " * (width - columns(text))


def short(commit: Id) -> str:
    """An id as people see it."""
    return commit[:SHORT]


def size(count: float) -> str:
    """A number of bytes: ``512 B``, ``1.5 KiB``, ``3.2 GiB``."""
    if count < _STEP:
        return f"{count:.0f} B"
    for unit in ("KiB", "MiB", "GiB"):
        count /= _STEP
        if count < _STEP:
            return f"{count:.1f} {unit}"
    return f"{count / _STEP:.1f} TiB"


def duration(ms: float) -> str:
    """A length of time: ``3ms``, ``1.2s``, ``4m05s``, ``2h10m``."""
    if ms < 999.5:
        return f"{ms:.0f}ms"
    seconds = ms / 1000
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, seconds = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m{seconds:02}s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02}m"


def money(dollars: float) -> str:
    """An amount: two decimals, or as many as a small one needs."""
    return f"${dollars:.2f}" if dollars >= 1 or dollars == 0 else f"${dollars:.2g}"


def count(number: int) -> str:
    """A number: ``950``, ``1.5k``, ``2.0M``."""
    if number < 1000:
        return str(number)
    return f"{number / 1000:.1f}k" if number < 999_950 else f"{number / 1_000_000:.1f}M"


def plural(number: int, noun: str, many: str | None = None) -> str:
    """``1 file``, ``2 files``, ``3 branches``."""
    return f"{number} {noun if number == 1 else many or noun + 's'}"


def when(at: str, form: str = "%m-%d %H:%M:%S") -> str:
    """A time of the wire (RFC 3339) in the reader's own time zone."""
    return datetime.fromisoformat(at).astimezone().strftime(form)


def ago(at: str, now: datetime | None = None) -> str:
    """How long ago a time of the wire was, or in how long it will be."""
    away = ((now or datetime.now(UTC)) - datetime.fromisoformat(at)).total_seconds()
    said = _rough(abs(away))
    return f"{said} ago" if away >= 0 else f"in {said}"


def _rough(seconds: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return plural(int(seconds // length), unit)
    return plural(int(seconds), "second")


def _columns_of(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _escape(char: str) -> str:
    number = ord(char)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
