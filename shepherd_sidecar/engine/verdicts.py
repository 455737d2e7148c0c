"""Verdicts written down: the one place that turns a decision into commits.

Layer: engine. Runs inside a write transaction. Keeps: a verdict other than plain allow is an
``intervention`` right after the intent (or after the hold); a deny is at once followed by the
outcome ``denied``, so that no other outcome can follow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.errors import RoleForbidden
from shepherd_sidecar.protocol.common import Injected, Verdict
from shepherd_sidecar.store import branches, commits, heads, holds, payloads
from shepherd_sidecar.store.commits import GONE, Node
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.holds import Hold
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.events import OUTCOME_OF, is_intent

UNDECIDED: Final = "held, and never decided"
"""Why an intent is denied on a log where it was held: on a fork nobody waits for a decision."""


def write(
    tx: Tx,
    preparer: Preparer,
    head: Head,
    intent: Node,
    decision: str,
    by: str,
    reason: str | None,
    payload: dict[str, Any] | None,
    author: str,
    answers: list[dict[str, Any]] | None = None,
) -> Node:
    """Record a verdict on an intent; returns the intervention's commit.

    ``answers``: what each supervisor said, when several voices made it.
    """
    said: dict[str, Any] = {"action": "verdict", "decision": decision, "by": by}
    if reason is not None:
        said["reason"] = reason
    if payload is not None:
        said["payload"] = payload
    if answers is not None:
        said["answers"] = answers
    node = record.append(tx, head, preparer.own("intervention", said, intent.hex), author)
    if decision == "deny":
        denied = {"status": "denied", "by": by, "reason": reason or "no reason given"}
        record.append(tx, head, preparer.own(OUTCOME_OF[intent.kind], denied, intent.hex), author)
    return node


def settle(
    tx: Tx,
    preparer: Preparer,
    hold: Hold,
    decision: str,
    by: str,
    reason: str | None,
    payload: dict[str, Any] | None,
    author: str,
    answers: list[dict[str, Any]] | None = None,
) -> Node:
    """End a hold with a decision; whoever waits for it finds it in the log."""
    head = heads.load(tx, branches.by_seq(tx.conn, hold.branch).name)
    intent = commits.get(tx.conn, hold.intent)
    node = write(tx, preparer, head, intent, decision, by, reason, payload, author, answers)
    holds.remove(tx.conn, hold.seq)
    return node


def find(conn: sqlite3.Connection, root: Path, head: Node, intent: Node) -> tuple[Verdict, int]:
    """The verdict that stands for an intent on a log, and its depth there.

    It is the last one written, else a plain allow, which stands where the intent does (by that
    it is known: who decides may be called anything). What was held and never decided is denied.
    """
    held: int | None = None
    for node in reversed(commits.naming(conn, intent.seq)):
        if node.kind != "intervention" or not commits.on_log(conn, node, head):
            continue
        if node.flags & GONE:
            gone = Verdict(decision="deny", by="sidecar", reason="the verdict was forgotten")
            return gone, node.depth
        said = payloads.read(conn, root, node)
        if said.get("action") == "verdict" and said["decision"] != "hold":
            verdict = Verdict(
                decision=said["decision"],
                by=said["by"],
                payload=said.get("payload"),
                reason=said.get("reason"),
            )
            return verdict, node.depth
        if said.get("action") == "verdict":
            held = node.depth
    if held is not None:
        return Verdict(decision="deny", by="sidecar", reason=UNDECIDED), held
    return Verdict(decision="allow", by="default"), intent.depth


def keep_together(conn: sqlite3.Connection, node: Node) -> None:
    """Refuse an agent a place between an intent and what was said of it.

    A log that ends there reads as if nothing had been said: its outcome would be taken.

    Raises:
        RoleForbidden: something was said of this intent, or is waited for.
    """
    if not is_intent(node.kind):
        return
    said = any(naming.kind == "intervention" for naming in commits.naming(conn, node.seq))
    if said or holds.of_intent(conn, node.seq):
        raise RoleForbidden(
            f"{node.hex} is an intent, and what was said of it comes after it",
            hint="start before the intent and propose it again, or after its verdict",
            role="agent",
            intent=node.hex,
        )


def with_injections(tx: Tx, head: Head, verdict: Verdict) -> Verdict:
    """The verdict, with the messages that wait for the agent; they wait no more."""
    waiting = [commits.get(tx.conn, seq) for seq in holds.deliver(tx.conn, head.branch.seq)]
    return carrying(tx.conn, tx.root, verdict, waiting)


def carrying(
    conn: sqlite3.Connection, root: Path, verdict: Verdict, interventions: Iterable[Node]
) -> Verdict:
    """The verdict with the messages that these interventions put before the agent."""
    injected = []
    for node in interventions:
        if node.flags & GONE:
            continue
        said = payloads.read(conn, root, node)
        if said.get("action") == "inject":
            injected.append(Injected(message=said.get("message"), by=said["by"], commit=node.hex))
    if not injected:
        return verdict
    return Verdict(
        decision=verdict.decision,
        by=verdict.by,
        payload=verdict.payload,
        reason=verdict.reason,
        injected=injected,
    )
