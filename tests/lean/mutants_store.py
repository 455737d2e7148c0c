"""Mutants of what happens to logs, intents, branches, worlds and the whole store."""

from __future__ import annotations

import dataclasses
from typing import Any

from shepherd_sidecar.engine import (
    branching,
    forking,
    gate,
    gate_rules,
    intents,
    record,
    restoring,
    verdicts,
)
from shepherd_sidecar.protocol.common import Verdict
from shepherd_sidecar.store import commits, gc, heads, holds, reach, reflog
from tests.lean.mutating import mutant, put

# Recording


@mutant
def drops_parents() -> None:
    """A commit's name is made without its parents."""
    put(record, "commit_bytes", lambda was, parents, *rest: was([], *rest))


@mutant
def drops_trees() -> None:
    """An outcome does not carry the workspace."""
    put(
        record,
        "append",
        lambda was, tx, head, event, *rest, tree=None, **more: was(
            tx, head, event, *rest, tree=None if event.kind == "tool_result" else tree, **more
        ),
    )


@mutant
def moves_no_head() -> None:
    """What is appended is recorded, but the branch stays where it was."""

    def stays(was: Any, tx: Any, head: Any, node: Any, what: str, *rest: Any) -> Any:
        return was(tx, head, head.node if what == "append" else node, what, *rest)

    put(heads, "log", stays)


@mutant
def ignores_expected_heads() -> None:
    """``expectedHead`` is not looked at."""
    put(record, "expect_head", lambda was, head, expected: None)


@mutant
def forgets_client_ids() -> None:
    """The same ``clientId`` again makes another commit."""
    put(reflog, "by_client", lambda was, *rest: None)


@mutant
def believes_client_ids() -> None:
    """A ``clientId`` with other content gives the first commit."""
    put(record, "_repeated", lambda was, tx, head, node, event: node)


@mutant
def writes_on_closed_branches() -> None:
    """A branch that ended, or was set aside, takes more."""
    put(heads, "load_open", lambda was, tx, name: heads.load(tx, name))


# Intents


@mutant
def lets_denied_outcomes_through() -> None:
    """An outcome after a deny is recorded."""
    put(intents.Intents, "refuse_denied", lambda was, *rest: None)
    put(record, "check_open", lambda was, *rest: None)


@mutant
def answers_twice() -> None:
    """An intent may have two outcomes."""

    def only_denied(was: Any, tx: Any, head: Any, intent: Any) -> None:
        try:
            was(tx, head, intent)
        except record.IntentAlreadyResolved:
            return

    put(record, "check_open", only_denied)


@mutant
def says_nothing_of_vain_vetoes() -> None:
    """An outcome after a deny is refused, but not written down."""
    put(intents.Intents, "refuse_denied", lambda was, *rest: None)


@mutant
def lets_held_outcomes_through() -> None:
    """What waits for a decision may be answered, here and on forks."""

    def found(was: Any, *rest: Any) -> Any:
        standing, depth = was(*rest)
        undecided = standing.reason == verdicts.UNDECIDED
        return (Verdict("allow", "default") if undecided else standing), depth

    def nobody_waits(was: Any, *rest: Any) -> Any:
        known, holds.of_intent = holds.of_intent, lambda *_: []
        try:
            return was(*rest)
        finally:
            holds.of_intent = known

    put(verdicts, "find", found)
    put(intents.Intents, "refuse_denied", nobody_waits)


@mutant
def denies_without_an_outcome() -> None:
    """A deny is not followed by the outcome ``denied``."""

    def written(was: Any, tx: Any, head: Any, event: Any, *rest: Any, **more: Any) -> Any:
        if event.kind == "tool_result" and b'"status":"denied"' in event.payload:
            return head.node
        return was(tx, head, event, *rest, **more)

    put(record, "append", written)


@mutant
def says_outcomes_before_verdicts() -> None:
    """After a deny the outcome stands before the verdict."""

    def turned(
        was: Any, tx: Any, preparer: Any, head: Any, intent: Any, decision: str, by: str, *rest: Any
    ) -> Any:
        if decision != "deny":
            return was(tx, preparer, head, intent, decision, by, *rest)
        reason, _, author = rest
        said = {"status": "denied", "by": by, "reason": reason}
        outcome = preparer.own(verdicts.OUTCOME_OF[intent.kind], said, intent.hex)
        record.append(tx, head, outcome, author)
        said = {"action": "verdict", "decision": "deny", "by": by, "reason": reason}
        return record.append(tx, head, preparer.own("intervention", said, intent.hex), author)

    put(verdicts, "write", turned)


@mutant
def loses_what_an_override_says() -> None:
    """The verdict override is written without its payload."""
    put(
        verdicts,
        "write",
        lambda was, tx, preparer, head, intent, decision, by, reason, payload, author: was(
            tx, preparer, head, intent, decision, by, reason, None, author
        ),
    )


@mutant
def obeys_the_weakest_rule() -> None:
    """Allow is stronger than override, that than hold, that than deny."""
    for decision in gate_rules.STRENGTH:
        gate_rules.STRENGTH[decision] *= -1


@mutant
def obeys_the_last_rule() -> None:
    """Of rules that say equally much the last counts."""
    put(
        gate,
        "parse",
        lambda was, *rest: dataclasses.replace(
            rules := was(*rest), rules=tuple(reversed(rules.rules))
        ),
    )


@mutant
def decides_again() -> None:
    """What was decided may be decided once more."""
    put(holds, "remove", lambda was, *rest: None)


@mutant
def takes_any_intent() -> None:
    """An outcome may name an intent that is not on its log."""

    class AnyLog:
        def __getattr__(self, name: str) -> Any:
            return (lambda *_: True) if name == "on_log" else getattr(commits, name)

    record.commits = AnyLog()  # type: ignore[assignment]


# Branches


@mutant
def rewinds_nothing() -> None:
    """A rewind keeps the tail, but the branch stays where it was."""

    def stays(was: Any, tx: Any, head: Any, node: Any, what: str, *rest: Any) -> Any:
        return None if what == "rewind" else was(tx, head, node, what, *rest)

    put(heads, "log", stays)


@mutant
def keeps_tails_open() -> None:
    """What a rewind cuts off is left as a branch that goes on."""
    put(
        heads,
        "set_status",
        lambda was, tx, head, status, *rest: (
            None if "-tail" in head.branch.name else was(tx, head, status, *rest)
        ),
    )


@mutant
def leaves_those_cut_off_waiting() -> None:
    """A rewind does not deny what waits on the part that it cuts off."""
    put(intents.Intents, "cut_off", lambda was, *rest: None)


@mutant
def forks_one_too_early() -> None:
    """A fork starts at the parent of the commit that was asked for."""

    def earlier(was: Any, tx: Any, *rest: Any) -> Any:
        *first, node = rest
        parent = commits.get(tx.conn, node.parent) if node.parent is not None else node
        return was(tx, *first, parent)

    put(branching, "fork", earlier)


@mutant
def takes_back_what_ended() -> None:
    """A branch that was not set aside can be taken back, and goes on."""

    def back(was: Any, tx: Any, name: str, author: str) -> Any:
        head = heads.load(tx, name)
        heads.set_status(tx, head, "live", author)
        return head

    put(branching, "take_back", back)


# Worlds


@mutant
def skips_the_safety_commit() -> None:
    """A restore does not record the folder as it was."""

    def only_after(was: Any, self: Any, name: str, branch: int, event: Any, *rest: Any) -> Any:
        if event.kind == "workspace_change":
            return self._store.write(lambda tx: heads.load_open(tx, name).id)
        return was(self, name, branch, event, *rest)

    put(restoring.Restoring, "_record", only_after)


@mutant
def restores_everything() -> None:
    """A restore of some paths is one of all."""

    def all_of_it(
        was: Any, content: Any, path: Any, now: Any, target: Any, paths: Any, **more: Any
    ) -> Any:
        return was(content, path, now, target, None, **more)

    put(restoring, "plan", all_of_it)


@mutant
def forks_the_newest_world() -> None:
    """A fork's world starts as the origin's is now, not as it was at the commit."""

    def newest(was: Any, self: Any, params: Any, *rest: Any) -> Any:
        origin = was(self, params, *rest)
        with self._store.reading() as conn:
            home = branching.home_of(conn, params.at, origin.node)
            head = commits.get(conn, home.head)
            tree = forking.world_tree(conn, head) if origin.tree is not None else None
        return dataclasses.replace(origin, tree=tree)

    put(forking.Forking, "_origin", newest)


# Care


@mutant
def collects_what_waits() -> None:
    """gc does not look at intents that are held."""
    put(gc, "roots", lambda was, *rest: None)


@mutant
def collects_parents() -> None:
    """gc keeps the heads of branches, and not what they stand on."""

    def alone(was: Any, self: Any, conn: Any, seq: int) -> None:
        self.commits.add(seq)
        row = conn.execute("SELECT world, logged FROM commits WHERE seq = ?", (seq,)).fetchone()
        self.logged.add(row[1])
        if row[0] is not None:
            self.object(conn, row[0])

    put(reach.Reach, "commit", alone)
