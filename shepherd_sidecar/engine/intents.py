"""Proposing, deciding and resolving: the gap between intent and outcome.

Layer: engine. Keeps: the intent is durable before anyone decides; intents are gated before
they run; a denied intent has no outcome but ``denied``, and one that ran anyway is written
down as ``vetoIneffective``.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import asdict

from shepherd_sidecar.engine import record, verdicts
from shepherd_sidecar.engine.entries import entry, usage_dict
from shepherd_sidecar.engine.futures import done, then
from shepherd_sidecar.engine.gate import Ruling
from shepherd_sidecar.engine.gates import Gates
from shepherd_sidecar.engine.lives import Lives
from shepherd_sidecar.engine.prepare import Prepared, Preparer, rfc3339
from shepherd_sidecar.engine.questions import Questions
from shepherd_sidecar.engine.rules.live import Ruled, RuleSupervisor
from shepherd_sidecar.engine.waiting import Waiting
from shepherd_sidecar.errors import (
    IntentAlreadyResolved,
    IntentDenied,
    InvalidParams,
    UnknownIntent,
)
from shepherd_sidecar.protocol.common import Verdict
from shepherd_sidecar.protocol.intents import ProposeParams, ProposeResult, ResolveParams
from shepherd_sidecar.protocol.interventions import DecideParams, DecideResult, Held, HeldResult
from shepherd_sidecar.store import branches, commits, heads, holds, payloads
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.holds import Hold
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Refusal, Tx
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.events import OUTCOME_OF, default_effect, is_intent
from shepherd_sidecar.trace.ids import Id, is_id

PAUSED = "paused"
_REWOUND = "the branch was rewound past this intent"


class Intents:
    """The intents of one store."""

    def __init__(self, store: Store, preparer: Preparer, gates: Gates) -> None:
        self._store = store
        self._preparer = preparer
        self._gates = gates
        self._rules = RuleSupervisor(store, preparer, gates)
        self.questions = Questions(preparer)
        self.lives = Lives(store, self.questions)
        self.waiting = Waiting(store, self._expire, self.lives.watch)

    def propose(
        self, params: ProposeParams, author: str, *, eager: bool = False, inside: bool = False
    ) -> Future[ProposeResult]:
        """Record an intent and answer with its verdict, at once or when its hold is decided.

        ``inside``: see ``Gates.decide``.
        """
        if params.timeout_ms is not None and params.timeout_ms < 0:
            raise InvalidParams.at("$.timeoutMs", "a number of milliseconds, 0 or more")
        event = self._preparer.event(
            params.kind, params.payload, effect=params.effect, client_id=params.client_id
        )
        ruling = self._gates.decide(
            params.branch,
            params.kind,
            params.payload,
            params.effect or default_effect(params.kind),
            inside=inside,
        )
        recorded: Future[ProposeResult | tuple[Node, Hold]] = self._store.submit(
            lambda tx: self._proposed(tx, params, event, ruling, author), eager=eager
        )

        def answer(
            result: ProposeResult | tuple[Node, Hold],
        ) -> ProposeResult | Future[ProposeResult]:
            if isinstance(result, ProposeResult):
                return result
            node, hold = result
            decided: Future[ProposeResult | tuple[Node, Hold]] = then(
                self.waiting.wait(hold), lambda _: self._decided(hold.branch, node)
            )
            return then(decided, answer)

        return then(recorded, answer)

    def outcome(self, params: ResolveParams) -> Prepared:
        """The outcome event of a report, of the kind its intent asks for."""
        canonical.check(params.payload, "$.payload")
        with self._store.reading() as conn:
            branches.need(conn, params.branch)
            named = params.intent
            intent = commits.find(conn, bytes.fromhex(named)) if is_id(named) else None
        if intent is None or not is_intent(intent.kind):
            raise UnknownIntent(f"no intent {params.intent}", intent=params.intent)
        return self._preparer.event(
            OUTCOME_OF[intent.kind],
            {"status": params.status, "result": params.payload},
            intent=params.intent,
            client_id=params.client_id,
            usage=usage_dict(params.usage),
        )

    def refuse_denied(self, tx: Tx, head: Head, event: Prepared, author: str) -> Refusal | None:
        """Write down an outcome of a denied or held intent as what it is: a veto in vain."""
        if event.intent is None and event.intent_client_id is None:
            return None
        intent = record.find_intent(tx, head, event)
        if intent is None or not commits.on_log(tx.conn, intent, head.node):
            return None
        state = "denied"
        try:
            record.check_open(tx, head, intent)
            # Whatever the log says: it tells nothing yet of what supervisors are asked, or of a
            # pause, and nothing any more of a hold that a rewind cut off.
            waiting = holds.of_intent(tx.conn, intent.seq)
            waits = any(hold.branch == head.branch.seq for hold in waiting)
            standing, depth = verdicts.find(tx.conn, tx.root, head.node, intent)
            if depth == intent.depth and any(hold.asked is not None for hold in waiting):
                # Asked where this branch was forked from: what is answered counts only there.
                standing = Verdict(decision="deny", by="sidecar", reason=verdicts.UNDECIDED)
            if waits or standing.decision == "deny":
                state = "held" if waits or standing.reason == verdicts.UNDECIDED else "denied"
                raise _not_allowed(intent, standing, waits)
        except IntentDenied as error:
            said = {
                "action": "vetoIneffective",
                "by": "sidecar",
                "why": f"an outcome was reported for a {state} intent",
            }
            noted = self._preparer.own("intervention", said, intent.hex)
            error.data["commit"] = record.append(tx, head, noted, author).hex
            return Refusal(error)
        except IntentAlreadyResolved:
            return None
        return None

    def held(self) -> HeldResult:
        """The intents that wait, of every process on the store."""
        from shepherd_sidecar.engine.summary import wish  # a start does not wait for it

        with self._store.reading() as conn:
            rows = []
            for hold in holds.every(conn):
                if hold.asked is not None:  # supervisors are asked, and nobody else
                    continue
                branch = branches.by_seq(conn, hold.branch)
                node = commits.get(conn, hold.intent)
                rows.append(
                    Held(
                        intent=node.hex,
                        branch=branch.name,
                        run=branches.run_by_seq(conn, branch.run).id,
                        since=rfc3339(hold.since),
                        deadline=rfc3339(hold.deadline) if hold.deadline is not None else None,
                        default=hold.fallback,
                        reason=hold.reason,
                        by=hold.by,
                        entry=entry(conn, self._store.root, node, 16_384),
                        wish=wish(node.kind, payloads.read(conn, self._store.root, node)),
                    )
                )
        return HeldResult(held=rows)

    def decide(self, params: DecideParams, author: str) -> Future[DecideResult]:
        """Decide a held intent."""
        verdict = params.verdict
        if verdict.decision == "deny" and not verdict.reason:
            raise InvalidParams.at("$.verdict.reason", "a deny says why")
        if (verdict.decision == "override") != (verdict.payload is not None):
            raise InvalidParams.at("$.verdict.payload", "an override, and only it, has a payload")
        self._preparer.check_name(params.by, "$.by")

        def work(tx: Tx) -> DecideResult:
            hold = self._hold_of(tx, params)
            node = verdicts.settle(
                tx,
                self._preparer,
                hold,
                verdict.decision,
                params.by,
                verdict.reason,
                verdict.payload,
                author,
            )
            return DecideResult(commit=node.hex)

        return self._store.submit(work)

    def resume(self, tx: Tx, head: Head, author: str) -> None:
        """Let the proposals that a pause held go the way the gate said."""
        for hold in holds.of_branch(tx.conn, head.branch.seq):
            if hold.ruling is None:
                continue
            ruling = Ruling(**holds.ruling_of(hold))
            intent = commits.get(tx.conn, hold.intent)
            tool = payloads.read(tx.conn, tx.root, intent).get("name")
            whom = self.questions.whom(tx, head, intent, tool)
            if whom:
                self.questions.ask(tx, head, intent, whom, ruling, hold.deadline, hold)
            elif ruling.decision == "hold":
                self._turn(tx, head, hold, ruling, author)
            else:
                verdicts.settle(
                    tx,
                    self._preparer,
                    hold,
                    ruling.decision,
                    ruling.by,
                    ruling.reason,
                    ruling.payload,
                    author,
                )

    def cut_off(self, tx: Tx, branch: str, to: Id, author: str) -> None:
        """Deny what waits on the part of a log that a rewind to ``to`` is about to cut off."""
        head, target = heads.load_open(tx, branch), commits.need(tx.conn, to)
        for hold in holds.of_branch(tx.conn, head.branch.seq):
            if not commits.on_log(tx.conn, commits.get(tx.conn, hold.intent), target):
                verdicts.settle(tx, self._preparer, hold, "deny", "rewind", _REWOUND, None, author)

    def close(self) -> None:
        """Stop waiting."""
        self.waiting.close()

    def _proposed(
        self, tx: Tx, params: ProposeParams, event: Prepared, ruling: Ruling, author: str
    ) -> ProposeResult | tuple[Node, Hold]:
        head = heads.load_open(tx, params.branch)
        before = head.node
        intent = record.append(tx, head, event, author)
        if head.node is before:
            known = self._again(tx, head, intent)
            if known is not None:
                return known
        ruled = self._rules.rule(tx, head, intent, params.payload, ruling)
        ruling = ruled.ruling
        hold = self._waits(tx, params, head, intent, ruled, author)
        if hold is not None or ruling.decision == "hold":
            hold = hold or self._hold(tx, head, intent, ruling, params.timeout_ms, author)
            self._rules.act(tx, head, intent, ruled)
            return intent, hold
        if ruling.decision != "allow":
            verdicts.write(
                tx,
                self._preparer,
                head,
                intent,
                ruling.decision,
                ruling.by,
                ruling.reason,
                ruling.payload,
                author,
            )
        self._rules.act(tx, head, intent, ruled)
        verdict = Verdict(
            decision=ruling.decision, by=ruling.by, payload=ruling.payload, reason=ruling.reason
        )
        return ProposeResult(commit=intent.hex, verdict=verdicts.with_injections(tx, head, verdict))

    def _waits(
        self,
        tx: Tx,
        params: ProposeParams,
        head: Head,
        intent: Node,
        ruled: Ruled,
        author: str,
    ) -> Hold | None:
        """The hold of an intent that waits for a resume or for supervisors, or None."""
        ruling, limit = ruled.ruling, params.timeout_ms
        if ruling.decision == "deny":
            return None
        if head.branch.status == PAUSED or ruled.pauses:
            return self._pause(tx, head, intent, ruling, limit, author)
        whom = self.questions.whom(tx, head, intent, params.payload.get("name"))
        if whom:
            until = tx.now + limit if limit is not None else None
            return self.questions.ask(tx, head, intent, whom, ruling, until)
        return None

    def _again(self, tx: Tx, head: Head, intent: Node) -> ProposeResult | tuple[Node, Hold] | None:
        """The same client id proposed again: the same intent, and its verdict.

        None while nothing was said of it and nothing came of it: it may have been reported and
        never proposed, so the rules decide.
        """
        for hold in holds.of_intent(tx.conn, intent.seq):
            if hold.branch == head.branch.seq:
                return intent, hold
        standing, depth = verdicts.find(tx.conn, tx.root, head.node, intent)
        if depth == intent.depth:
            try:
                record.check_open(tx, head, intent)
            except (IntentDenied, IntentAlreadyResolved):
                pass
            else:
                return None
        verdict = verdicts.with_injections(tx, head, standing)
        return ProposeResult(commit=intent.hex, verdict=verdict)

    def _hold(
        self, tx: Tx, head: Head, intent: Node, ruling: Ruling, timeout_ms: int | None, author: str
    ) -> Hold:
        verdicts.write(
            tx, self._preparer, head, intent, "hold", ruling.by, ruling.reason, None, author
        )
        wait = min(ruling.timeout_ms, timeout_ms if timeout_ms is not None else ruling.timeout_ms)
        return holds.add(
            tx.conn,
            intent.seq,
            head.branch.seq,
            tx.now,
            tx.now + wait,
            ruling.on_timeout,
            None,
            ruling.reason or "held by a rule",
            ruling.by,
        )

    def _turn(self, tx: Tx, head: Head, hold: Hold, ruling: Ruling, author: str) -> Hold:
        """What a pause held is held by a rule from now on."""
        intent = commits.get(tx.conn, hold.intent)
        verdicts.write(
            tx, self._preparer, head, intent, "hold", ruling.by, ruling.reason, None, author
        )
        deadline = tx.now + ruling.timeout_ms
        if hold.deadline is not None:
            deadline = min(deadline, hold.deadline)
        reason = ruling.reason or "held by a rule"
        return holds.turn(tx.conn, hold.seq, tx.now, deadline, ruling.on_timeout, reason, ruling.by)

    def _pause(
        self, tx: Tx, head: Head, intent: Node, ruling: Ruling, timeout_ms: int | None, author: str
    ) -> Hold:
        reason = f"{head.branch.name} is paused"
        verdicts.write(tx, self._preparer, head, intent, "hold", "pause", reason, None, author)
        return holds.add(
            tx.conn,
            intent.seq,
            head.branch.seq,
            tx.now,
            tx.now + timeout_ms if timeout_ms is not None else None,
            "deny",
            asdict(ruling),
            reason,
            "pause",
        )

    def _decided(self, branch: int, intent: Node) -> Future[ProposeResult | tuple[Node, Hold]]:
        plain = self._decided_plainly(branch, intent)
        if plain is not None:
            return done(plain)

        def work(tx: Tx) -> ProposeResult | tuple[Node, Hold]:
            for hold in holds.of_intent(tx.conn, intent.seq):
                if hold.branch == branch:
                    return intent, hold
            head = heads.load(tx, branches.by_seq(tx.conn, branch).name)
            if commits.on_log(tx.conn, intent, head.node):
                verdict = verdicts.find(tx.conn, tx.root, head.node, intent)[0]
            else:
                verdict = Verdict(decision="deny", by="rewind", reason=_REWOUND)
            return ProposeResult(
                commit=intent.hex, verdict=verdicts.with_injections(tx, head, verdict)
            )

        return self._store.submit(work)

    def _decided_plainly(self, branch: int, intent: Node) -> ProposeResult | None:
        """The verdict, when it is there and nothing has to be written to give it out.

        A transaction would wake everybody who shares the store.
        """
        with self._store.frozen() as conn:
            found = branches.by_seq(conn, branch)
            head = commits.get(conn, found.head)
            if (
                any(hold.branch == branch for hold in holds.of_intent(conn, intent.seq))
                or holds.injected(conn, branch)
                or not commits.on_log(conn, intent, head)
            ):
                return None
            verdict = verdicts.find(conn, self._store.root, head, intent)[0]
        return ProposeResult(commit=intent.hex, verdict=verdict)

    def _expire(self, hold: Hold) -> None:
        def work(tx: Tx) -> None:
            for still in holds.of_intent(tx.conn, hold.intent):
                # It may have become another's hold, with another deadline.
                if still.seq != hold.seq or still.deadline is None or still.deadline > tx.now:
                    continue
                if still.asked is not None:
                    self.questions.expire(tx, still)
                    continue
                verdicts.settle(
                    tx,
                    self._preparer,
                    still,
                    still.fallback,
                    "timeout",
                    f"no decision in time ({still.reason})",
                    None,
                    "sidecar",
                )

        self._store.write(work)

    def _hold_of(self, tx: Tx, params: DecideParams) -> Hold:
        intent = commits.find(tx.conn, bytes.fromhex(params.intent))
        if intent is None or not is_intent(intent.kind):
            raise UnknownIntent(f"no intent {params.intent}", intent=params.intent)
        found = [
            hold
            for hold in holds.of_intent(tx.conn, intent.seq)
            if params.branch is None or branches.by_seq(tx.conn, hold.branch).name == params.branch
        ]
        if any(hold.asked is not None for hold in found):
            raise IntentAlreadyResolved(
                f"intent {params.intent} is not held: supervisors are being asked",
                hint="supervisor/decide answers it; the owner may detach one that does not",
                intent=params.intent,
            )
        if len(found) == 1:
            return found[0]
        if found:
            names = [branches.by_seq(tx.conn, hold.branch).name for hold in found]
            raise InvalidParams.at("$.branch", f"needed: the intent is held on {', '.join(names)}")
        raise IntentAlreadyResolved(
            f"intent {params.intent} is not held (any more)", intent=params.intent
        )


def _not_allowed(intent: Node, standing: Verdict, waits: bool) -> IntentDenied:
    if waits:
        return IntentDenied(
            f"intent {intent.hex} is held: nobody has decided yet",
            hint="act when intent/propose has answered; the same clientId finds the hold",
            intent=intent.hex,
        )
    return IntentDenied(
        f"intent {intent.hex} is denied on this branch: {standing.reason}",
        hint="propose it again on this branch: what is said elsewhere counts there only",
        intent=intent.hex,
    )
