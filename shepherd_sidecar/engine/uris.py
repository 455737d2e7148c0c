"""The addresses of documents that stand in no folder: ``shepherd:///event/COMMIT.md``.

Layer: engine. Pure. Editors write them anew in their own ways (one slash or three, other letters
percent-encoded), so what is read is more than what is written. An editor shows an address's path to
people, as the name of a tab; one that wants words there puts them into the path, and the commit
into the query: ``shepherd:///src/app.py?file=COMMIT``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qs, quote, unquote, unquote_to_bytes, urlsplit

from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.trace.ids import Id, is_id
from shepherd_sidecar.trace.trees import BadTree, split_path

SCHEME: Final = "shepherd"


@dataclass(frozen=True, slots=True)
class Target:
    """What an address means."""

    kind: Literal["runs", "branch", "event", "file"]
    branch: str = ""
    commit: Id = ""
    path: bytes = b""
    until: Id | None = None


def runs() -> str:
    """Every run."""
    return f"{SCHEME}:///runs"


def branch(name: str, until: Id | None = None) -> str:
    """The log of a branch, or what of it ends at a commit."""
    return f"{SCHEME}:///branch/{quote(name, safe='')}" + (f"?until={until}" if until else "")


def event(commit: Id) -> str:
    """One event."""
    return f"{SCHEME}:///event/{commit}.md"


def file(commit: Id, path: bytes) -> str:
    """A file as it was at a commit."""
    return f"{SCHEME}:///file/{commit}/{quote(path)}"


def is_ours(uri: str) -> bool:
    """Whether an address is of this scheme."""
    return uri.startswith(f"{SCHEME}:")


def parse(uri: str) -> Target:
    """What an address means.

    Raises:
        InvalidParams: nothing of ours.
    """
    try:
        found = urlsplit(uri)
        asked = _asked(found.query)
    except ValueError:
        raise _unknown(uri) from None
    if found.scheme != SCHEME or found.netloc:
        raise _unknown(uri)
    kind, _, rest = found.path.lstrip("/").partition("/")
    if "event" in asked:
        kind, rest = "event", asked["event"]
    elif "file" in asked:
        path = quote(asked["path"]) if "path" in asked else found.path.lstrip("/")
        kind, rest = "file", f"{asked['file']}/{path}"
    if kind == "runs" and not rest:
        return Target("runs")
    if kind == "branch" and rest:
        until = asked.get("until")
        if until is None or is_id(until):
            return Target("branch", branch=unquote(rest), until=until)
    if kind == "event" and is_id(rest.removesuffix(".md")):
        return Target("event", commit=rest.removesuffix(".md"))
    commit, _, path = rest.partition("/")
    if kind == "file" and is_id(commit):
        try:
            names = split_path(unquote_to_bytes(path))
        except BadTree:
            raise _unknown(uri) from None
        return Target("file", commit=commit, path=b"/".join(names))
    raise _unknown(uri)


def _asked(query: str) -> dict[str, str]:
    """What a query names. VS Code encodes all of it once more, ``=`` and ``&`` as well."""
    plain = query if "=" in query else unquote(query)
    return {name: values[0] for name, values in parse_qs(plain).items()}


def _unknown(uri: str) -> InvalidParams:
    known = "shepherd:///runs, /branch/NAME, /event/COMMIT.md or /file/COMMIT/PATH"
    return InvalidParams.at("$.uri", f"no document {uri[:200]!r}; there are {known}")
