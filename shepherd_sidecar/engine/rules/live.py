"""Rules that look back, asked when an intent is proposed.

Layer: engine. Runs inside the transaction that records the intent, so that what it is judged
by is the log as it stands there. Keeps: every action is an event with its author and reason;
where no rule fires, nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.gate_rules import Rules, Ruling, said
from shepherd_sidecar.engine.gates import Gates
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.rules.fold import Firing, Watch, strongest, view_of
from shepherd_sidecar.engine.rules.logs import Facts, Memories, seen
from shepherd_sidecar.engine.rules.touches import Touches
from shepherd_sidecar.store import branches, commits, heads, holds, reflog
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx


@dataclass(frozen=True, slots=True)
class Ruled:
    """What all rules say about an intent, and do besides."""

    ruling: Ruling
    acting: list[Firing] = field(default_factory=list)
    """Messages to put before the agent, and the pause."""

    @property
    def pauses(self) -> bool:
        """Whether the branch is paused by it."""
        return any(firing.action == "pause" for firing in self.acting)


class RuleSupervisor:
    """The rules of one store that look back."""

    def __init__(self, store: Store, preparer: Preparer, gates: Gates) -> None:
        self._store = store
        self._preparer = preparer
        self._gates = gates
        self._facts = Facts()
        self._touches = Touches(store.root, self._facts)
        self._memories: dict[str | None, Memories] = {}
        """By the gate file that a run names."""

    def rule(
        self, tx: Tx, head: Head, intent: Node, payload: dict[str, Any], ruling: Ruling
    ) -> Ruled:
        """The ruling on an intent that was recorded just now, with what the rules make of the log.

        ``payload`` is the intent's as proposed, secrets included: what an override changes.

        Raises:
            GateInvalid: a file cannot be used.
        """
        run = branches.run_by_seq(tx.conn, head.branch.run)
        memories = self._remembered(run.facts.get("gate"))
        if not memories.watch.rules:
            return Ruled(ruling)
        parent = commits.get(tx.conn, intent.parent) if intent.parent is not None else None
        event = seen(tx.conn, self._store.root, intent, self._facts, self._row(tx, head, intent))
        if event.kind == "tool_call":
            near = self._touches.before(tx.conn, head.branch.tip, event.workspace, tx.after_commit)
            event = replace(event, near=near)
        fired = memories.watch.fired(memories.at(tx.conn, parent, tx.after_commit), event)
        ruling = strongest(ruling, fired, replace(view_of(event), payload=payload))
        acting = [firing for firing in fired if firing.action == "inject"]
        pause = next((firing for firing in fired if firing.action == "pause"), None)
        if pause is not None and ruling.decision != "deny":
            acting.append(pause)
        return Ruled(ruling, acting)

    def act(self, tx: Tx, head: Head, intent: Node, ruled: Ruled) -> None:
        """Write down what rules do besides ruling; after the verdict, which comes first."""
        for firing in ruled.acting:
            if firing.action == "inject":
                message = said(firing.rule.message, firing.why)
                self._write(tx, head, intent, "inject", firing, {"message": message})
                holds.add_injection(tx.conn, head.node.seq, head.branch.seq)
                continue
            self._write(tx, head, intent, "pause", firing, {})
            if head.branch.status != "paused":
                heads.set_status(tx, head, "paused", _author(firing))

    def _row(self, tx: Tx, head: Head, intent: Node) -> reflog.Row | None:
        """The row that tells of the intent on this branch, when it is the newest."""
        row = reflog.get(tx.conn, head.branch.tip)
        return row if row is not None and row.head == intent.seq else None

    def _remembered(self, named: str | None) -> Memories:
        files: list[Rules] = self._gates.files(named)
        found = self._memories.get(named)
        if found is None or any(
            new is not old for new, old in zip(files, found.watch.files, strict=True)
        ):
            found = Memories(self._store.root, Watch(files), self._facts)
            self._memories[named] = found
        return found

    def _write(
        self,
        tx: Tx,
        head: Head,
        intent: Node,
        action: str,
        firing: Firing,
        more: dict[str, str | None],
    ) -> None:
        told = {"action": action, "by": _author(firing), **more}
        reason = said(firing.rule.reason, firing.why)
        if reason is not None:
            told["reason"] = reason
        record.append(
            tx, head, self._preparer.own("intervention", {**told}, intent.hex), _author(firing)
        )


def _author(firing: Firing) -> str:
    return f"rule:{firing.rule.name}"
