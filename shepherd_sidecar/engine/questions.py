"""Intents that supervisors are asked about, from the question to the verdict.

Layer: engine. Runs inside write transactions, in whichever process an answer, a death or a
deadline shows itself. A question is a hold with ``asked``; whoever adds the last answer settles
it. Keeps: a deny ends the waiting at once, everything else waits for all; no answer counts as
the default of the supervisor, or of the effect class; every answer stands in the verdict.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import orjson

from shepherd_sidecar.engine import verdicts
from shepherd_sidecar.engine.gate_rules import Ruling
from shepherd_sidecar.engine.precedence import Said, combine
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.supervised import matches
from shepherd_sidecar.store import branches, commits, heads, holds, lifelines, supervisors
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.holds import Hold
from shepherd_sidecar.store.supervisors import Answer, Supervisor
from shepherd_sidecar.store.writer import Tx

ASKED_BY: Final = "supervisors"
_ATTACHED: Final = "supervisors"

Asked = dict[str, Any]
"""``until`` (milliseconds since the epoch, or None), ``ruling`` of the gate, and ``of``: for
each supervisor ``seq``, ``id``, ``name``, ``deadline``, ``fallback`` and ``limit``."""


def asked_of(hold: Hold) -> Asked:
    """What a question says."""
    assert hold.asked is not None
    found: Asked = orjson.loads(hold.asked)
    return found


class Questions:
    """Asks supervisors, and turns their answers into verdicts."""

    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer

    def whom(self, tx: Tx, head: Head, intent: Node, tool: str | None) -> list[Supervisor]:
        """The living supervisors that an intent waits for; the dead are let go of."""
        attached: list[Supervisor] | None = tx.cache.get(_ATTACHED)
        if attached is None:
            attached = tx.cache[_ATTACHED] = supervisors.every(tx.conn)
        found = [
            one for one in attached if matches(tx.conn, one.wants(), intent.kind, tool, head.branch)
        ]
        dead = [one for one in found if not lifelines.alive(tx.root, one.id)]
        for one in dead:
            self.gone(tx, one.id)
        return [one for one in found if one not in dead]

    def ask(
        self,
        tx: Tx,
        head: Head,
        intent: Node,
        whom: list[Supervisor],
        ruling: Ruling,
        until: int | None,
        turned: Hold | None = None,
    ) -> Hold:
        """Begin waiting for supervisors; ``turned`` is the hold that becomes the question."""
        asked = {
            "until": until,
            "ruling": asdict(ruling),
            "of": [
                {
                    "seq": one.seq,
                    "id": one.id,
                    "name": one.name,
                    "deadline": tx.now + one.timeout_ms,
                    "fallback": one.on_timeout or ruling.on_timeout,
                    "limit": one.timeout_ms,
                }
                for one in whom
            ],
        }
        deadline = _next(asked, {})
        reason = f"asked of {', '.join(one.name for one in whom)}"
        text = orjson.dumps(asked).decode()
        if turned is not None:
            return holds.turn(
                tx.conn, turned.seq, tx.now, deadline, ruling.on_timeout, reason, ASKED_BY, text
            )
        return holds.add(
            tx.conn,
            intent.seq,
            head.branch.seq,
            tx.now,
            deadline,
            ruling.on_timeout,
            None,
            reason,
            ASKED_BY,
            text,
        )

    def answer(self, tx: Tx, hold: Hold, said: Answer, author: str) -> Node | None:
        """Count one answer; returns the verdict's commit when it was the last one needed."""
        return self._count(tx, hold, [said], author)

    def expire(self, tx: Tx, hold: Hold) -> None:
        """Go on without those whose time is up."""
        asked, got = asked_of(hold), supervisors.answers(tx.conn, hold.seq)
        until = asked["until"]
        missing = []
        for one in asked["of"]:
            if one["seq"] in got:
                continue
            if one["deadline"] <= tx.now:
                why = f"{one['name']} gave no answer within {one['limit']} ms"
                missing.append(_default(one, one["fallback"], why, "timeout"))
            elif until is not None and until <= tx.now:
                # The agent's own limit must not get it past a supervisor that would deny.
                strict = "deny" in (one["fallback"], asked["ruling"]["on_timeout"])
                why = f"{one['name']} gave no answer before the agent's own time was up"
                missing.append(_default(one, "deny" if strict else "allow", why, "timeout"))
        self._count(tx, hold, missing, "sidecar")

    def gone(self, tx: Tx, id_: str, why: str = "is gone") -> bool:
        """Let go of a supervisor; what waits for it goes on. False: it was let go of before."""
        found = supervisors.by_id(tx.conn, id_)
        if found is None:
            return False
        supervisors.remove(tx.conn, found.seq)
        tx.cache.pop(_ATTACHED, None)
        root = tx.root
        tx.after_commit(lambda: lifelines.clean(root, id_))
        for hold in holds.questions(tx.conn):
            asked = [one for one in asked_of(hold)["of"] if one["seq"] == found.seq]
            if asked and found.seq not in supervisors.answers(tx.conn, hold.seq):
                reason = f"{found.name} {why}"
                missing = _default(asked[0], asked[0]["fallback"], reason, "gone")
                self._count(tx, hold, [missing], "sidecar")
        return True

    def refuse(self, tx: Tx, hold: Hold, supervisor: int, why: str, author: str) -> None:
        """Count what cannot be an answer as none."""
        [one] = [one for one in asked_of(hold)["of"] if one["seq"] == supervisor]
        reason = f"{one['name']} gave no usable answer: {why}"
        self._count(tx, hold, [_default(one, one["fallback"], reason, "invalid")], author)

    def _count(self, tx: Tx, hold: Hold, new: list[Answer], author: str) -> Node | None:
        asked, got = asked_of(hold), supervisors.answers(tx.conn, hold.seq)
        got |= {one.supervisor: one for one in new}
        denied = any(one.decision == "deny" for one in got.values())
        if not denied and len(got) < len(asked["of"]):
            for one in new:  # the last ones need not be kept: the verdict tells them
                supervisors.answer(tx.conn, hold.seq, one)
            holds.postpone(tx.conn, hold.seq, _next(asked, got))
            return None
        ruling = Ruling(**asked["ruling"])
        said = [Said(ruling.decision, ruling.by, ruling.reason, ruling.payload)]
        if ruling.by == "default":
            said = []
        said += [_said(one["name"], got[one["seq"]]) for one in asked["of"] if one["seq"] in got]
        chosen, answers = combine(said), [one.told() for one in said]
        if chosen.decision == "hold":
            return self._hold(tx, hold, chosen, ruling, asked["until"], answers, author)
        return verdicts.settle(
            tx,
            self._preparer,
            hold,
            chosen.decision,
            chosen.decider,
            chosen.reason,
            dict(chosen.payload) if chosen.payload is not None else None,
            author,
            answers,
        )

    def _hold(
        self,
        tx: Tx,
        hold: Hold,
        chosen: Said,
        ruling: Ruling,
        until: int | None,
        answers: list[dict[str, Any]],
        author: str,
    ) -> Node:
        """The supervisors leave it to a person."""
        head = heads.load(tx, branches.by_seq(tx.conn, hold.branch).name)
        intent = commits.get(tx.conn, hold.intent)
        node = verdicts.write(
            tx,
            self._preparer,
            head,
            intent,
            "hold",
            chosen.decider,
            chosen.reason,
            None,
            author,
            answers,
        )
        wait = chosen.timeout_ms if chosen.timeout_ms is not None else ruling.timeout_ms
        deadline = tx.now + wait if until is None else min(tx.now + wait, until)
        reason = chosen.reason or f"held by {chosen.decider}"
        holds.turn(tx.conn, hold.seq, tx.now, deadline, ruling.on_timeout, reason, chosen.decider)
        return node


def forget_attached(tx: Tx) -> None:
    """Somebody attached: the list is read again."""
    tx.cache.pop(_ATTACHED, None)


def unanswered(conn: sqlite3.Connection, hold: Hold) -> list[str]:
    """Ids of the supervisors that a question still waits for."""
    got = supervisors.answers(conn, hold.seq)
    return [one["id"] for one in asked_of(hold)["of"] if one["seq"] not in got]


def _default(one: Mapping[str, Any], decision: str, reason: str, fault: str) -> Answer:
    return Answer(one["seq"], decision, reason, None, None, fault)


def _said(name: str, answer: Answer) -> Said:
    payload = orjson.loads(answer.payload) if answer.payload is not None else None
    return Said(
        answer.decision,  # type: ignore[arg-type]  # written by us, from the wire's four
        name,
        answer.reason,
        payload,
        answer.timeout_ms,
        answer.fault,
    )


def _next(asked: Asked, got: Mapping[int, Answer]) -> int:
    """When the next one's time is up."""
    due = [one["deadline"] for one in asked["of"] if one["seq"] not in got]
    if asked["until"] is not None:
        due.append(asked["until"])
    return int(min(due))
