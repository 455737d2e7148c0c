"""Who wrote each line of a file: its versions on a log, followed from the oldest to the newest.

Layer: engine. Keeps: blame names the last commit on the log that wrote the line. What was found
for a commit is kept, so that the next question costs what happened since. Nothing here writes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from shepherd_sidecar.engine.batch import Batch
from shepherd_sidecar.engine.entries import entry as entry_of
from shepherd_sidecar.engine.entries import one_of, resolve
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.errors import InvalidParams, PathNotFound, PayloadForgotten
from shepherd_sidecar.protocol.traces import BlameParams, BlameResult, BlameSpan
from shepherd_sidecar.store import commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.blame import Line, begin, follow
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge_text import TEXT_BYTES, is_text
from shepherd_sidecar.trace.renames import renames
from shepherd_sidecar.trace.tree_diff import Read, find_entry, tree_diff
from shepherd_sidecar.trace.trees import (
    EMPTY_TREE,
    BadTree,
    Dir,
    Entry,
    File,
    Link,
    Tree,
    parse_tree,
    split_path,
)
from shepherd_sidecar.worlds.paths import parse_printable, printable

_WALK: Final = 1_000
"""Commits that are read at once."""
_KEPT: Final = 512
_KEPT_LINES: Final = 2_000_000
"""Versions of files that are remembered, and their lines together."""
_TREES: Final = 2_048
"""Folders that are parsed once while one file is followed."""
_RENAMES: Final = 5_000
"""In a commit that changes more paths than this no old name is looked for."""


Why = Literal["binary", "large", "link", "folder", "forgotten"]


class Source(NamedTuple):
    """A commit that wrote lines. Sources on one log rise by ``depth``."""

    depth: int
    seq: int
    path: bytes
    """Where the file stood in that commit's world."""


TYPED: Final = Source(1 << 62, 0, b"")
"""The source of lines that no commit has yet."""


@dataclass(frozen=True, slots=True)
class Blamed:
    """A file at a commit, line by line."""

    texts: tuple[bytes, ...]
    """The lines, without their ends."""
    lines: tuple[Line, ...]
    """Who wrote each; sources are ``Source``."""
    why: Why | None = None
    """Why a path has no lines: binary, large, link, folder, forgotten."""


class _Version(NamedTuple):
    """A commit that changed the file, and what stood there after it."""

    node: Node
    path: bytes
    entry: Entry


class Blaming:
    """Blame in one store. May be asked from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[tuple[int, bytes], Blamed] = OrderedDict()
        self._lines = 0
        self._lock = threading.Lock()

    def blame(self, params: BlameParams) -> BlameResult:
        """What ``trace/blame`` answers. Blocks for what is not known yet."""
        one_of((("branch", params.branch), ("commit", params.commit)))
        try:
            path = b"/".join(split_path(parse_printable(params.path)))
        except BadTree as error:
            raise InvalidParams.at("$.path", str(error)) from None
        with self._store.reading() as conn:
            head = resolve(conn, params.branch or params.commit or "")
        found = self.file(head, path)
        count = len(found.lines)
        first, last = 0, count
        if params.line is not None:
            if not 1 <= params.line <= count:
                raise InvalidParams.at("$.line", f"1 to {count}: the lines of the file")
            first, last = params.line - 1, params.line
        with self._store.reading() as conn:
            nodes: dict[int, Node] = {}
            for line in found.lines[first:last]:
                if line.source.seq not in nodes:
                    nodes[line.source.seq] = commits.get(conn, line.source.seq)
            return BlameResult(
                head=head.hex,
                path=printable(path),
                lines=count,
                spans=[
                    BlameSpan(
                        start + 1,
                        length,
                        nodes[line.source.seq].hex,
                        line.at + 1,
                        printable(line.source.path) if line.source.path != path else None,
                    )
                    for start, length, line in spans(found.lines, first, last)
                ],
                entries=[entry_of(conn, self._store.root, node, 4096) for node in nodes.values()],
                why=found.why,
            )

    def file(self, head: Node, path: bytes) -> Blamed:
        """A file in the world of a commit. Blocks for what is not known yet.

        Raises:
            PathNotFound: nothing stands there.
        """
        found = self._recall(head.seq, path)
        if found is not None:
            return found
        with self._store.reading() as conn:
            content = Batch(conn, self._store.root)
            found, versions = self._versions(conn, content, head, path)
            for version in reversed(versions):
                found = _next(content, version, found)
                self._keep(version.node.seq, version.path, found)
        if found is None:
            shown = printable(path)
            raise PathNotFound(f"nothing at {shown!r}", path=shown, commit=head.hex)
        self._keep(head.seq, path, found)
        return found

    def _versions(
        self, conn: sqlite3.Connection, content: Batch, head: Node, path: bytes
    ) -> tuple[Blamed | None, list[_Version]]:
        """The newest version that is known, and the versions since, the newest first."""

        @lru_cache(_TREES)
        def read(tree: Id) -> Tree:
            return parse_tree(content.read("tree", tree)) if tree != EMPTY_TREE else {}

        def at(tree: Id, path: bytes) -> Entry | None:
            names = split_path(path)
            return find_entry(read, tree, names) if names else Dir(0o755, tree)

        versions: list[_Version] = []
        tree = world_tree(conn, head)
        entry = at(tree, path)
        for node, older in _log(conn, head):
            known = self._recall(node.seq, path)
            if entry is None or known is not None:
                return known, versions
            if older is not None and older.world == node.world:
                continue
            was_tree = world_tree(conn, older) if older is not None else EMPTY_TREE
            was = at(was_tree, path)
            if not _same(was, entry):
                versions.append(_Version(node, path, entry))
            if was is None:
                old = _old_name(content, read, was_tree, tree, path)
                if old is None:
                    return None, versions
                path, was = old, at(was_tree, old)
            tree, entry = was_tree, was
        return None, versions

    def _recall(self, seq: int, path: bytes) -> Blamed | None:
        with self._lock:
            found = self._known.get((seq, path))
            if found is not None:
                self._known.move_to_end((seq, path))
            return found

    def _keep(self, seq: int, path: bytes, found: Blamed) -> None:
        with self._lock:
            if (seq, path) in self._known:
                return
            self._known[seq, path] = found
            self._lines += len(found.lines)
            while len(self._known) > _KEPT or self._lines > _KEPT_LINES:
                _, old = self._known.popitem(last=False)
                self._lines -= len(old.lines)


def typed(found: Blamed, texts: Sequence[bytes]) -> list[Line]:
    """The lines of an editor's buffer; what was typed since is of ``TYPED``."""
    return follow(found.texts, found.lines, texts, TYPED)


def spans(lines: Sequence[Line], first: int, last: int) -> Iterator[tuple[int, int, Line]]:
    """Lines that came together, as (first, how many, the first of them)."""
    start = first
    for at in range(first + 1, last + 1):
        known = lines[start]
        if at == last or lines[at].source != known.source or lines[at].at != known.at + at - start:
            yield start, at - start, known
            start = at


def _log(conn: sqlite3.Connection, head: Node) -> Iterator[tuple[Node, Node | None]]:
    """The commits of a log, newest first, each with the one before it."""
    at: int | None = head.seq
    held: Node | None = None
    while at is not None:
        page = commits.walk(conn, at, _WALK)
        for node in page:
            if held is not None:
                yield held, node
            held = node
        at = page[-1].parent
    if held is not None:
        yield held, None


def _same(left: Entry | None, right: Entry | None) -> bool:
    if isinstance(left, File) and isinstance(right, File):
        return left.blob == right.blob
    return left == right


def _old_name(content: Batch, read: Read, before: Id, after: Id, path: bytes) -> bytes | None:
    """Under which name a file that is new in ``after`` stood in ``before``."""
    if before == EMPTY_TREE:
        return None
    changes = tree_diff(read, before, after)
    if len(changes) > _RENAMES:
        return None
    found = renames(lambda blob: content.read("blob", blob), changes)
    return next((old for old, new in found.items() if new == path), None)


def _next(content: Batch, version: _Version, before: Blamed | None) -> Blamed:
    """The file after a commit that changed it."""
    texts = _texts(content, version.entry)
    if isinstance(texts, str):
        return Blamed((), (), texts)
    source = Source(version.node.depth, version.node.seq, version.path)
    if before is None:
        return Blamed(texts, tuple(begin(texts, source)))
    return Blamed(texts, tuple(follow(before.texts, before.lines, texts, source)))


def _texts(content: Batch, entry: Entry) -> tuple[bytes, ...] | Why:
    """The lines of a file, or why it has none."""
    if isinstance(entry, Dir):
        return "folder"
    if isinstance(entry, Link):
        return "link"
    if entry.size > TEXT_BYTES:
        return "large"
    try:
        data = content.read("blob", entry.blob)
    except PayloadForgotten:
        return "forgotten"
    return tuple(data.splitlines()) if is_text(data) else "binary"
