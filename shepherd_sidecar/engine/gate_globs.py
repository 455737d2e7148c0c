"""Globs over paths of a workspace.

Layer: engine, pure. ``*`` and ``?`` stay within a name, ``**`` crosses names, ``[…]`` is one of
some characters. As in ``.gitignore``: a glob without a slash matches a name at any depth, a
glob also matches everything below what it matches, and one that begins with ``!`` takes out
again; the last that matches counts. ``src/**`` matches ``src`` itself as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A path that an action names. Both are None when it cannot be known (``$DIR/x``)."""

    inside: str | None
    """Relative to the workspace, ``.`` for itself; None when it lies elsewhere."""
    absolute: str | None
    """As an absolute path, or one below ``~``; None when no workspace is known."""


@dataclass(frozen=True, slots=True)
class Globs:
    """Globs in the order of the file."""

    globs: tuple[tuple[bool, bool, re.Pattern[str]], ...]
    """Whether it adds (or takes out), whether it is absolute, and its expression."""

    def match(self, place: Place) -> bool:
        """Whether a place is among those that the globs mean."""
        matched = False
        for adds, absolute, expression in self.globs:
            path = place.absolute if absolute else place.inside
            if path is not None and expression.fullmatch(path):
                matched = adds
        return matched


def parse_globs(globs: list[str]) -> Globs:
    """Globs as they stand in a file.

    Raises:
        ValueError: with what is wrong.
    """
    parsed = []
    for glob in globs:
        takes_out = glob.startswith("!")
        body = glob[takes_out:]
        absolute = body.startswith(("/", "~"))
        parsed.append((not takes_out, absolute, _expression(body, absolute)))
    return Globs(tuple(parsed))


def _expression(glob: str, absolute: bool) -> re.Pattern[str]:
    names = [name for name in glob.split("/") if name not in ("", ".")]
    if ".." in names:
        raise ValueError(f"{glob!r} goes up; name the place itself")
    if not names and not glob:
        raise ValueError("'!' names nothing")
    if names in ([], ["**"]):
        return re.compile(".*", re.DOTALL)
    if "/" not in glob.rstrip("/") and not absolute:
        names.insert(0, "**")
    parts = ["/" if glob.startswith("/") else ""]
    for position, name in enumerate(names):
        last = position == len(names) - 1
        if name == "**":
            if last and position > 0:
                parts[-1] = parts[-1].removesuffix("/")
            parts.append("" if last else "(?:[^/]+/)*")
        else:
            parts.append(_name(name, glob) + ("" if last else "/"))
    return re.compile("".join(parts) + "(?:/.*)?", re.DOTALL)


def _name(name: str, glob: str) -> str:
    out, at = "", 0
    while at < len(name):
        character = name[at]
        at += 1
        if character == "*":
            out += "" if out.endswith("[^/]*") else "[^/]*"
        elif character == "?":
            out += "[^/]"
        elif character == "[":
            end = name.find("]", at + 1)
            if end < 0:
                raise ValueError(f"{glob!r} has a [ without ]")
            inner, at = name[at:end], end + 1
            negated = inner[0] in "!^" and len(inner) > 1
            out += f"[{'^/' if negated else ''}{_class(inner[negated:], glob)}]"
        else:
            out += re.escape(character)
    return out


def _class(inner: str, glob: str) -> str:
    """The inside of ``[…]``: characters, and ranges of them."""
    out, at = "", 0
    while at < len(inner):
        low, high = inner[at], inner[at]
        if inner[at + 1 : at + 2] == "-" and at + 2 < len(inner):
            high = inner[at + 2]
            at += 2
        if low > high:
            raise ValueError(f"{glob!r} has a range from {low!r} down to {high!r}")
        out += f"{re.escape(low)}-{re.escape(high)}"
        at += 1
    return out
