"""What is known of a file in an editor, line by line: blame, followed into what is typed.

Layer: lsp. Keeps: a sheet is made once for a head and a version of the buffer; while neither
moves, every request of the editor is answered from it.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from shepherd_sidecar.engine.blaming import TYPED, Blamed, Source, spans, typed
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.engine.summary import tool_of
from shepherd_sidecar.engine.who import Who, who
from shepherd_sidecar.errors import PathNotFound
from shepherd_sidecar.lsp.places import Found, find, path_of
from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.blame import Line
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge_text import TEXT_BYTES, is_text

_KEPT: Final = 64
"""Sheets that are remembered."""
_LINES: Final = 500_000
"""Lines of all of them together, but for the newest."""
_FACTS: Final = 20_000


class Fact(NamedTuple):
    """What is known of a commit that wrote lines."""

    node: Node
    who: Who
    tool: str | None
    failed: bool
    before: Id | None
    """The commit before the whole action."""


class Region(NamedTuple):
    """Lines in one piece that agents wrote: ``first`` up to ``end``."""

    first: int
    end: int
    sources: tuple[Source, ...]
    """Who wrote them, the oldest first."""


@dataclass(frozen=True)
class Sheet:
    """A file in an editor."""

    place: Found
    texts: list[bytes]
    """The lines of the buffer."""
    lines: list[Line]
    """Who wrote each."""
    facts: dict[int, Fact]
    """By the source's row."""

    def agents(self, source: Source) -> bool:
        """Whether an agent wrote it in this trace."""
        fact = self.facts.get(source.seq)
        return fact is not None and not fact.who.began and not fact.who.person

    @cached_property
    def spans(self) -> list[tuple[int, int, Line]]:
        """Lines that came together, as (first, how many, the first of them)."""
        return list(spans(self.lines, 0, len(self.lines)))

    @cached_property
    def regions(self) -> list[Region]:
        """The pieces that agents wrote."""
        found: list[Region] = []
        start, held = 0, set[Source]()
        for first, count, line in [*self.spans, (len(self.lines), 0, Line(TYPED, 0))]:
            if count and self.agents(line.source):
                if not held:
                    start = first
                held.add(line.source)
            elif held:
                found.append(Region(start, first, tuple(sorted(held))))
                held = set()
        return found


class Sheets:
    """The sheets of one connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: OrderedDict[str, tuple[object, Sheet]] = OrderedDict()
        self._facts: dict[int, Fact] = {}
        self._lock = threading.Lock()
        self.chosen: str | None = None
        """The branch that the person wants to see, instead of the file's own."""

    def place(self, uri: str) -> Found | None:
        """The branch and path of a file, or None."""
        path = path_of(uri)
        if path is None:
            return None
        with self._engine.store.reading() as conn:
            return find(conn, path, self.chosen)

    def sheet(self, uri: str, version: int | None, texts: list[bytes] | None) -> Sheet | None:
        """What is known of a file. Blocks for what is not known yet.

        ``texts``: the buffer's lines and their version; without one the file is read.
        None: no branch has it, or there are no lines.
        """
        place = self.place(uri)
        if place is None:
            return None
        name = (place.branch, place.head.seq, place.path, version)
        if texts is not None:
            with self._lock:
                kept = self._kept.get(uri)
            if kept is not None and kept[0] == name:
                return kept[1]
        try:
            blamed = self._engine.blaming.file(place.head, place.path)
        except PathNotFound:
            return None
        if texts is None:
            texts = _read(uri)
        if blamed.why is not None or texts is None:
            return None
        made = self._made(place, blamed, texts)
        with self._lock:
            self._kept[uri] = name, made
            self._kept.move_to_end(uri)
            while len(self._kept) > _KEPT or (len(self._kept) > 1 and self._lines() > _LINES):
                self._kept.popitem(last=False)
        return made

    def _lines(self) -> int:
        return sum(len(sheet.lines) for _, sheet in self._kept.values())

    def forget(self, uri: str) -> None:
        """The editor closed it."""
        with self._lock:
            self._kept.pop(uri, None)

    def fact(self, conn: sqlite3.Connection, source: Source) -> Fact:
        """What is known of a commit."""
        found = self._facts.get(source.seq)
        if found is None:
            found = _fact(conn, self._engine, commits.get(conn, source.seq))
            if len(self._facts) > _FACTS:
                self._facts.clear()
            self._facts[source.seq] = found
        return found

    def _made(self, place: Found, blamed: Blamed, texts: list[bytes]) -> Sheet:
        lines = typed(blamed, texts)
        sources = {line.source for _, _, line in spans(lines, 0, len(lines))}
        sources.update(line.over for line in lines if line.over is not None)
        with self._engine.store.reading() as conn:
            facts = {one.seq: self.fact(conn, one) for one in sources if one != TYPED}
        return Sheet(place, texts, lines, facts)


def _fact(conn: sqlite3.Connection, engine: Engine, node: Node) -> Fact:
    root = engine.store.root
    said = entry(conn, root, node, 4096)
    failed = isinstance(said.payload, dict) and said.payload.get("status") == "error"
    action = commits.get(conn, node.intent) if node.intent is not None else node
    tool = tool_of(entry(conn, root, action, 64 * 1024))
    before = commits.get(conn, action.parent).hex if action.parent is not None else None
    return Fact(node, who(conn, root, node), tool, failed, before)


def _read(uri: str) -> list[bytes] | None:
    """The lines of a file that no buffer holds; None when it has none to show."""
    path = path_of(uri)
    try:
        fd = os.open(path or b"", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    with open(fd, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_size > TEXT_BYTES:
            return None
        data = file.read(TEXT_BYTES + 1)
    return data.splitlines() if is_text(data) else None
