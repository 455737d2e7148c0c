"""Replaying a recorded log against an agent that runs again.

Layer: engine. The agent is a machine from outcomes to next intents; everything else it did is
in the record and is appended for it. Keeps: a cached replay of the machine that made a log
ends at the same head id; a strict replay stops at the first difference and shows both sides;
nothing irreversible is run a second time unless it was named.

While the replay has not left the record, its commits exist already: only the branch's head
moves, and that is written in groups. A crash leaves the head at an earlier commit of the same
log.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from shepherd_sidecar.engine import record, verdicts
from shepherd_sidecar.engine.prepare import LISTED, Prepared, Preparer
from shepherd_sidecar.engine.recorded import Recorded
from shepherd_sidecar.engine.replay_world import ReplayWorld
from shepherd_sidecar.errors import (
    Diverged,
    HeadMoved,
    InvalidParams,
    IrreversibleReplay,
    ShepherdError,
)
from shepherd_sidecar.protocol.common import Verdict
from shepherd_sidecar.store import branches, commits, heads, objects
from shepherd_sidecar.store.commits import OWN_TREE, Node
from shepherd_sidecar.store.objects import New
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.diff import first_difference
from shepherd_sidecar.trace.events import is_intent
from shepherd_sidecar.trace.ids import Id

Mode = Literal["verify", "cached", "live"]
_GROUP: Final = 256
"""Head moves kept in memory before they are written."""


@dataclass(slots=True)
class Step:
    """How an agent goes on after proposing."""

    intent: Node | None
    """The recorded intent that matched; None when the intent is new."""
    outcome: dict[str, Any] | None = None
    """The recorded outcome's payload."""
    commit: Id | None = None
    """The recorded outcome's commit, as it stands on the replay's branch."""
    live: bool = False
    """The action must really be done."""
    verdict: Verdict | None = None
    """The recorded verdict, when it says more than plain allow."""


@dataclass(slots=True)
class Replay:
    """One open replay. Not for two threads at once.

    ``position`` is where the record goes on; everything before it is on the branch.
    """

    store: Store
    preparer: Preparer
    record: Recorded
    mode: Mode
    branch: str
    head: Node
    author: str
    world: ReplayWorld
    until: int | None = None
    edits: dict[int, dict[str, Any]] = field(default_factory=dict)
    rerun: frozenset[Id] = frozenset()
    onto: bool = False
    """Whether the branch holds the whole record already, and its world is as it was then: the
    agent finds its place in it and goes on."""
    position: int = 0
    matched: set[int] = field(default_factory=set)
    pairs: int = 0
    live: int = 0
    diverged: Diverged | None = None
    checking: Node | None = None
    _faithful: bool = True
    _moves: list[Node] = field(default_factory=list)
    _renamed: dict[int, Node] = field(default_factory=dict)
    _replaced: set[int] = field(default_factory=set)
    _heard: int = 0

    def begin(self) -> None:
        """Append what stands before the first intent."""
        self.position = self._heard = self.head.depth + 1
        self._advance()

    @property
    def faithful(self) -> bool:
        """Whether the branch still is a prefix of the record: then nothing here blocks."""
        return self._faithful and not self.edits and self.mode == "cached"

    @property
    def complete(self) -> bool:
        """Whether the whole record was replayed."""
        return self.position > self.record.end.depth

    def next(self, event: Prepared) -> Step:
        """Match the agent's next intent against the record.

        Raises:
            Diverged: the record says something else, or has ended.
            IrreversibleReplay: it would repeat an irreversible effect that was not named.
        """
        if self.diverged is not None:
            raise self.diverged
        if self.checking is not None:
            raise InvalidParams.at("$.replay", "the intent before waits for replay/check")
        if self.onto and self.complete:
            return self._go_on(None)
        found = self._match(event)
        if self.onto and found is not None and self.record.outcome(found) is None:
            return self._go_on(found)
        if self.mode == "live" and (self._past_until or (found is None and not self._strict)):
            return self._go_live(event, found)
        if found is None:
            raise self._diverge(event)
        outcome = self.record.outcome(found)
        if outcome is None:
            if self.mode == "live":
                return self._go_live(event, None)
            raise self._diverge(event, "the record ends before this intent's outcome")
        if not self._reusable(found, outcome):
            return self._go_live(event, found)
        payload, verdict = self._payload(outcome), self._verdict(found)
        if self.mode == "verify" and not self._only_recorded(found, payload):
            self.checking = found
            return Step(found, payload, outcome.hex, live=True, verdict=verdict)
        self._take(found)
        commit = self._renamed.get(outcome.seq, outcome).hex
        return Step(found, payload, commit, verdict=verdict)

    def _verdict(self, intent: Node) -> Verdict | None:
        """The recorded verdict of a matched intent, with what was put before the agent by then."""
        with self.store.reading() as conn:
            verdict, depth = verdicts.find(conn, self.store.root, self.record.end, intent)
            first, self._heard = self._heard, max(self._heard, depth + 1)
            between = (self.record.at(position) for position in range(first, depth + 1))
            said = [node for node in between if node.kind == "intervention"]
            verdict = verdicts.carrying(conn, self.store.root, verdict, said)
        return verdict if verdict.decision != "allow" or verdict.injected else None

    def check(self, actual: dict[str, Any]) -> tuple[str | None, Any, Any]:
        """Compare what a verified action really gave; ``(path, expected, actual)``.

        ``path`` is None when they are equal. The replay goes on from the record either way.
        """
        if self.checking is None:
            raise InvalidParams.at("$.replay", "no intent waits to be checked")
        found, self.checking = self.checking, None
        outcome = self.record.outcome(found)
        assert outcome is not None
        expected = self._payload(outcome)
        path = first_difference(expected, actual)
        if path is None and outcome.flags & OWN_TREE:
            recorded, present = self.world.compare(outcome)
            if recorded != present:
                path, expected, actual = "tree", {"tree": recorded}, {"tree": present}
        self.live += 1
        if path is None:
            self._take(found)
            return None, None, None
        self.diverged = self._difference(found, path, expected, actual)
        self.flush()
        return path, expected, actual

    def flush(self) -> None:
        """Write the head moves that are only in memory. Blocks."""
        moves, self._moves = self._moves, []
        if not moves or self.onto:
            return
        start = moves[0].parent

        def work(tx: Tx) -> None:
            head = heads.load_open(tx, self.branch)
            if head.node.seq != start:
                raise HeadMoved(
                    f"{self.branch!r} was moved by somebody else during its replay",
                    head=head.id,
                    hint="report nothing on a replay's branch while it follows the record",
                )
            for node in moves:
                heads.log(tx, head, node, "replay", self.author)

        self.store.write(work)

    def close(self) -> None:
        """Write everything down. Blocks."""
        self.flush()

    def _match(self, event: Prepared) -> Node | None:
        for node in self.record.open_together(self.position, self.matched):
            if node.kind == event.kind and self._proposed(node) == event.payload:
                return node
        return None

    def _proposed(self, node: Node) -> bytes:
        """The canonical payload that an intent has here: the edited one, where it was edited."""
        if node.depth in self.edits:
            return self.preparer.own(node.kind, self.edits[node.depth]).payload
        return self.record.payload(node)

    def _take(self, intent: Node) -> None:
        self.matched.add(intent.depth)
        self.pairs += 1
        self._advance()

    def _advance(self) -> None:
        """Append recorded commits up to the next intent that was not proposed yet."""
        while self.position <= self.record.end.depth:
            node = self.record.at(self.position)
            if is_intent(node.kind) and node.depth not in self.matched:
                if not (self.onto and self._is_launch(node)):
                    break
                self.matched.add(node.depth)
            self._append(node)
            self.matched.discard(self.position)
            self.position += 1
        self.record.forget_before(self.position)
        if len(self._moves) >= _GROUP:
            self.flush()

    def _is_launch(self, node: Node) -> bool:
        """Whether somebody launched an agent there: no agent proposes its own launch."""
        said = orjson.loads(self.record.payload(node))
        return node.kind == "tool_call" and said.get("name") == "launch"

    def _append(self, node: Node) -> None:
        if self._faithful and node.depth not in self.edits and node.parent == self.head.seq:
            self.head = node
            self._moves.append(node)
            return
        self._faithful = False
        self.flush()
        if node.seq in self._replaced or (
            node.intent is not None and node.intent in self._replaced
        ):
            return
        self.head = self._rewrite(node)
        self._renamed[node.seq] = self.head

    def _rewrite(self, node: Node) -> Node:
        """The recorded event as a new commit on the branch, its intent and payload exchanged."""
        event = self._event(node)
        with self.world.carried(node, self.head) as (content, tree):

            def work(tx: Tx) -> Node:
                head = heads.load_open(tx, self.branch)
                row = content.insert(tx, tree) if tree is not None else None
                other = commits.get(tx.conn, node.second) if node.second is not None else None
                return record.append(tx, head, event, self.author, tree=row, second=other)

            return self.store.write(work)

    def _event(self, node: Node) -> Prepared:
        intent = None
        with self.store.reading() as conn:
            if node.intent is not None:
                renamed = self._renamed.get(node.intent)
                intent = (renamed or commits.get(conn, node.intent)).hex
        payload = self._payload(node)
        if node.depth in self.edits:
            return self.preparer.own(node.kind, payload, intent, node.effect)
        return self.preparer.again(node.kind, payload, node.effect, intent)

    def _payload(self, node: Node) -> dict[str, Any]:
        edited = self.edits.get(node.depth)
        if edited is not None:
            return edited
        payload: dict[str, Any] = orjson.loads(self.record.payload(node))
        return payload

    @property
    def _strict(self) -> bool:
        """Whether a difference here stops the replay: within ``until``, unless edits made it."""
        return self.onto or (self.until is not None and not self.edits)

    @property
    def _past_until(self) -> bool:
        return self.until is not None and self.pairs >= self.until

    def _reusable(self, intent: Node, outcome: Node) -> bool:
        """Whether the recorded outcome still holds: after an edit, what was read must too."""
        if intent.depth in self.edits:
            return False
        if self._faithful or outcome.depth in self.edits:
            return True
        return self.world.same_reads(intent, self.head, self._payload(outcome)) and (
            not outcome.flags & OWN_TREE or self.world.fits(outcome, self.head)
        )

    def _only_recorded(self, intent: Node, outcome: dict[str, Any]) -> bool:
        denied = outcome.get("status") == "denied"
        return denied or (intent.effect == "irreversible" and intent.hex not in self.rerun)

    def _go_live(self, event: Prepared, found: Node | None) -> Step:
        """The real thing, unless it would repeat an irreversible effect."""
        # The agent names no effect class here: the record knows it, of what was done before.
        again = found or self._recorded_twin(event)
        if again is not None and again.effect == "irreversible" and again.hex not in self.rerun:
            outcome = self.record.outcome(again)
            if found is not None and outcome is not None and found.depth not in self.edits:
                self._faithful = self._faithful and found.parent == self.head.seq
                self._take(found)
                return Step(found, self._payload(outcome), outcome.hex)
            if found is None or found.depth not in self.edits:
                raise IrreversibleReplay(
                    f"{again.hex} did this already, and it cannot be undone",
                    intent=again.hex,
                    hint=f'name it to run it again: "rerun": ["{again.hex}"]',
                )
        self.flush()
        self._faithful = False
        if found is not None:
            self._replaced.add(found.seq)
            self.matched.add(found.depth)
        self.world.make_live(self.branch, self.head)
        self.live += 1
        return Step(found, live=True)

    def _go_on(self, found: Node | None) -> Step:
        """The record has nothing more to say: the real thing, in the world as it is."""
        if found is not None and found.effect == "irreversible" and found.hex not in self.rerun:
            raise IrreversibleReplay(
                f"{found.hex} may have been done, and its outcome was not recorded",
                intent=found.hex,
                hint=f'name it to run it again: "rerun": ["{found.hex}"]',
            )
        self.position = self.record.end.depth + 1
        self._moves, self._faithful = [], False
        self.live += 1
        return Step(found, live=True)

    def proposed(self) -> None:
        """The live intent was recorded on the branch by the gate: go on from there."""
        with self.store.reading() as conn:
            self.head = commits.get(conn, branches.need(conn, self.branch).head)

    def _recorded_twin(self, event: Prepared) -> Node | None:
        """A recorded intent that did exactly this, anywhere in the record."""
        for node in self.record.from_(0):
            if node.kind == event.kind and self.record.payload(node) == event.payload:
                return node
        return None

    def _diverge(self, event: Prepared, why: str | None = None) -> Diverged:
        candidates = self.record.open_together(self.position, self.matched)
        actual = {"kind": event.kind, "payload": orjson.loads(event.payload)}
        if not candidates or why is not None:
            message = why or "the record ends here; the agent goes on"
            error = Diverged(
                message, at=self.record.end.hex, expected=None, actual=actual, path="$"
            )
        else:
            first = candidates[0]
            expected = {"kind": first.kind, "payload": self._payload(first)}
            path = first_difference(expected, actual) or "$"
            if path.endswith(".$blob"):
                # Messages are kept as blobs: show what they say, not what they are called.
                expected, actual = (self._opened(side, event) for side in (expected, actual))
                path = first_difference(expected, actual) or path
            error = self._difference(first, path, expected, actual)
        self.diverged = error
        self.flush()
        return error

    def _opened(self, said: dict[str, Any], event: Prepared) -> dict[str, Any]:
        """An intent with the lists that are kept as blobs spelt out."""
        payload = dict(said["payload"])
        sent = {new.id: new for new in event.blobs}
        with self.store.reading() as conn:
            for member in LISTED:
                items = payload.get(member)
                if isinstance(items, list):
                    payload[member] = [_read_item(conn, self.store.root, i, sent) for i in items]
        return {**said, "payload": payload}

    def _difference(self, at: Node, path: str, expected: Any, actual: Any) -> Diverged:
        return Diverged(
            f"the record and the agent differ first at {path}",
            at=at.hex,
            expected=expected,
            actual=actual,
            path=path,
        )


def _read_item(conn: sqlite3.Connection, root: Path, item: Any, sent: dict[Id, New]) -> Any:
    """What a listed blob says; the reference itself when it is not JSON or was forgotten."""
    name = item.get("$blob") if isinstance(item, dict) else None
    if name is None:
        return item
    try:
        new = sent.get(name)
        data = (
            objects.content_of(root, new)
            if new is not None
            else objects.read(conn, root, "blob", name)
        )
        return orjson.loads(data)
    except (ShepherdError, orjson.JSONDecodeError):
        return item
