"""Commits, one by one in the order of recording: id, parents, intent, and what follows from them.

Layer: store. Parents come first, so each is checked against rows that were checked before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import zstandard

from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.store import commits, objects, payloads
from shepherd_sidecar.store.bits import Bits
from shepherd_sidecar.store.commits import (
    COLUMNS,
    EFFECT_NUMBER,
    GONE,
    HAS_REFS,
    KIND_NUMBER,
    OWN_TREE,
    PACKED,
    Node,
)
from shepherd_sidecar.store.findings import Finding, paged
from shepherd_sidecar.trace.commits import commit_bytes
from shepherd_sidecar.trace.events import INTENT_OF, KINDS, blob_refs, frame
from shepherd_sidecar.trace.ids import Id, digest

_FLAGS: Final = OWN_TREE | HAS_REFS | PACKED | GONE
_UNREADABLE: Final = (
    ShepherdError,
    zstandard.ZstdError,
    TypeError,
    ValueError,
    AttributeError,
    LookupError,
    OverflowError,
)
_REMEMBERED: Final = 8192
_OUTCOMES: Final = ", ".join(str(KIND_NUMBER[kind]) for kind in INTENT_OF)


class CommitCheck:
    """Checks commits against the rows before them.

    Args:
        conn: to read with.
        root: the store's folder.
    """

    def __init__(self, conn: sqlite3.Connection, root: Path) -> None:
        self._conn = conn
        self._root = root
        self._nodes: dict[int, Node] = {}
        self._strides: commits.Strides = {}
        self._right: dict[int, Node] = {}
        """Commits whose row is wrong in what follows from other rows, as they should be."""
        self._sure = True
        """Whether logs can be walked: what was found so far leaves depths and jumps as they are."""

    def every(self, seen: Callable[[str], None], after: int = 0) -> Iterator[Finding]:
        """Every commit after row ``after``."""
        for row in paged(self._conn, "commits", COLUMNS, after):
            seen("commits")
            node = Node._make(row)
            yield from self.one(node)
            if len(self._nodes) > _REMEMBERED:
                self._nodes.clear()
            self._nodes[node.seq] = self._right.get(node.seq, node)

    def one(self, node: Node) -> Iterator[Finding]:
        """One commit."""
        if node.flags & GONE and self._forgotten(node) == payloads.UNKNOWN:
            yield Finding("missing", _shown(node.id), "its event was damaged and is set aside")
            return
        if not isinstance(node.id, bytes) or len(node.id) != 32:
            yield Finding(
                "row", _shown(node.id), f"commit row {node.seq} has no id", commit=node.seq
            )
            return
        parents: list[Node] = []
        for seq in (node.parent, node.second):
            if seq is None:
                continue
            parent = self._node(seq)
            if parent is None or seq >= node.seq:
                self._sure = False
                yield self._lacks(node, f"parent (row {seq})")
                return
            parents.append(parent)
        if (node.second is not None and node.parent is None) or not self._sane(node):
            yield Finding("row", node.hex, "kind, effect, flags or parents", commit=node.seq)
            return
        yield from self._derived(node, parents[0] if parents else None)
        intent = self._node(node.intent) if node.intent is not None else None
        if node.intent is not None and (intent is None or node.intent >= node.seq):
            yield self._lacks(node, f"intent (row {node.intent})")
            return
        named = [parent.hex for parent in parents]
        fault = yield from self._identity(node, named, intent.hex if intent is not None else None)
        if fault is not None:
            yield Finding("hash", node.hex, fault, commit=node.seq)
        elif node.parent is not None:
            if self._sure:
                yield from self._answers(node, intent, parents[0])
        elif intent is not None or node.kind in INTENT_OF:
            yield Finding("intent", node.hex, "a root answers no intent")

    def _identity(
        self, node: Node, parents: list[Id], intent: Id | None
    ) -> Generator[Finding, None, str | None]:
        """Recompute the ids of event and commit; returns what is wrong with them, or None."""
        tree: Id | None = None
        payload = b""
        if node.flags & OWN_TREE:
            row = self._conn.execute(
                "SELECT id, kind FROM objects WHERE seq = ?", (node.world,)
            ).fetchone()
            if row is None or row[1] != 1:
                yield self._lacks(node, f"tree (row {node.world})")
                return None
            tree = bytes(row[0]).hex()
        if node.flags & GONE:
            event = self._forgotten(node)
            if event is None:
                return "its payload is gone, and nothing says that it was forgotten"
        else:
            try:
                payload = payloads.canonical_bytes(self._conn, self._root, node)
            except _UNREADABLE as error:
                return f"its payload cannot be read: {error}"
            event = digest("event", frame(node.kind, node.effect, intent, payload))
        if digest("commit", commit_bytes(parents, event.hex(), tree)) != node.id:
            return "parents, event and tree do not hash to the name"
        if not node.flags & GONE:
            yield from self._refs(node, payload)
        return None

    def _derived(self, node: Node, parent: Node | None) -> Iterator[Finding]:
        """Columns that follow from other rows."""
        right: dict[str, Any] = {
            "depth": parent.depth + 1 if parent is not None else 0,
            "jump": self._jump(node, parent),
        }
        if not node.flags & OWN_TREE:
            right["world"] = parent.world if parent is not None else None
        for column, value in right.items():
            if getattr(node, column) != value:
                self._sure = self._sure and column == "world"
                yield self._differs(node, column, getattr(node, column), value)
        if any(getattr(node, column) != value for column, value in right.items()):
            self._right[node.seq] = node._replace(**right)

    def _jump(self, node: Node, parent: Node | None) -> int | None:
        for seq, known in self._right.items():
            self._strides[seq] = known.depth, known.jump
        try:
            return commits.jump_for(self._conn, parent, self._strides)
        except TypeError:  # an ancestor is gone, which is told there
            self._sure = False
            return node.jump

    def _refs(self, node: Node, payload: bytes) -> Iterator[Finding]:
        listed = self._conn.execute(
            "SELECT lists FROM commits WHERE seq = ?", (node.seq,)
        ).fetchone()[0]
        has = False
        if b'"$blob"' in payload:
            for ref in dict.fromkeys(blob_refs(orjson.loads(payload))):
                has = True
                if objects.find(self._conn, "blob", bytes.fromhex(ref)) is None:
                    yield Finding(
                        "missing", ref, f"blob named by commit {node.hex}", needs=node.seq
                    )
        # With lists the flag tells of what else is named, which the ids alone do not show.
        if listed is None and has != bool(node.flags & HAS_REFS):
            yield self._differs(
                node, "flags", node.flags, node.flags | HAS_REFS if has else node.flags & ~HAS_REFS
            )

    def _answers(self, node: Node, intent: Node | None, parent: Node) -> Iterator[Finding]:
        wanted = INTENT_OF.get(node.kind)
        if intent is None:
            if wanted is not None:
                yield Finding("intent", node.hex, f"a {node.kind} names no intent")
            return
        if wanted is None and node.kind != "intervention":
            yield Finding("intent", node.hex, f"a {node.kind} names an intent")
        elif wanted is not None and intent.kind != wanted:
            yield Finding(
                "intent", node.hex, f"a {node.kind} answers the {intent.kind} {intent.hex}"
            )
        elif not self._in_history(intent, parent):
            yield Finding("intent", node.hex, f"intent {intent.hex} is not in its history")
        elif wanted is not None:
            yield from self._only_outcome(node, intent, parent)
        elif self._said(node, "decision") == "deny":
            yield from self._too_late(node, intent, parent)

    def _only_outcome(self, node: Node, intent: Node, parent: Node) -> Iterator[Finding]:
        """No other outcome before it on its log; denied, or still held, none but ``denied``."""
        decisions = set()
        for other in self._naming(intent, parent):
            if other.kind in INTENT_OF:
                detail = f"{other.hex} answers {intent.hex} before it"
                yield Finding("outcome", node.hex, detail)
            else:
                decisions.add(self._said(other, "decision"))
        decisions.discard(None)
        if node.flags & GONE or self._said(node, "status") == "denied":
            return
        if "deny" in decisions:
            yield Finding("denied", node.hex, f"intent {intent.hex} was denied, and has an outcome")
        elif decisions == {"hold"}:
            detail = f"intent {intent.hex} was held, nobody decided, and it has an outcome"
            yield Finding("denied", node.hex, detail)

    def _too_late(self, node: Node, intent: Node, parent: Node) -> Iterator[Finding]:
        """Before a deny there is no outcome but ``denied``."""
        for other in self._naming(intent, parent):
            if other.kind not in INTENT_OF or other.flags & GONE:
                continue
            if self._said(other, "status") != "denied":
                detail = f"intent {intent.hex} was denied, and has the outcome {other.hex}"
                yield Finding("denied", node.hex, detail)

    def _naming(self, intent: Node, head: Node) -> Iterator[Node]:
        """The commits on the log of ``head`` that name an intent; forks beside it cost little."""
        depths = self._conn.execute(
            "SELECT DISTINCT depth FROM commits WHERE intent = ? AND depth <= ?"
            f" AND kind IN ({_OUTCOMES}, {KIND_NUMBER['intervention']})",
            (intent.seq, head.depth),
        ).fetchall()
        for (depth,) in depths:
            found = commits.at_depth(self._conn, head, depth)
            if found.intent == intent.seq:
                yield found

    def _in_history(self, intent: Node, head: Node) -> bool:
        if commits.on_log(self._conn, intent, head):
            return True
        found, waiting = Bits(), [head.seq]
        while waiting:
            seq = waiting.pop()
            if seq == intent.seq:
                return True
            if seq > intent.seq and found.add(seq) and (node := self._node(seq)) is not None:
                waiting += [above for above in (node.parent, node.second) if above is not None]
        return False

    def _said(self, node: Node, member: str) -> object:
        if node.flags & GONE:
            return None
        try:
            return payloads.read(self._conn, self._root, node).get(member)
        except _UNREADABLE:
            return None  # said already, at that commit

    def _sane(self, node: Node) -> bool:
        stored, external, listed = self._conn.execute(
            "SELECT payload, external, lists FROM commits WHERE seq = ?", (node.seq,)
        ).fetchone()
        if node.flags & GONE:
            whole = stored is None and external is None and listed is None
        else:
            whole = (stored is None) != (external is None)
        return (
            whole
            and 0 <= node.kind_number < len(KINDS)
            and 0 <= node.effect_number < len(EFFECT_NUMBER)
            and not node.flags & ~_FLAGS
        )

    def _forgotten(self, node: Node) -> bytes | None:
        row = self._conn.execute(
            "SELECT event FROM forgotten WHERE commit_seq = ?", (node.seq,)
        ).fetchone()
        return bytes(row[0]) if row else None

    def _node(self, seq: int) -> Node | None:
        found = self._right.get(seq) or self._nodes.get(seq)
        if found is None:
            row = self._conn.execute(
                f"SELECT {COLUMNS} FROM commits WHERE seq = ?", (seq,)
            ).fetchone()
            found = Node._make(row) if row else None
        return found

    def _lacks(self, node: Node, what: str) -> Finding:
        return Finding("missing", node.hex, f"its {what} is not there", needs=node.seq)

    def _differs(self, node: Node, column: str, found: object, right: int | None) -> Finding:
        return Finding(
            "row",
            node.hex,
            f"{column} is {found}, {right} follows from other rows",
            derived=("commits", node.seq, column, right),
        )


def _shown(name: object) -> str:
    return name.hex() if isinstance(name, bytes) else repr(name)
