"""What agents report: events, and the outcomes of intents with the workspace after them.

Layer: engine. Keeps: events are recorded in order, all or none; an outcome that came before its
verdict, or after a deny, is refused and written down as what it is; an outcome is recorded also
when its workspace cannot be captured.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Final

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.attribution import Attribution
from shepherd_sidecar.engine.entries import usage_dict
from shepherd_sidecar.engine.intents import Intents
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.workspaces import Workspaces, snapshot_view
from shepherd_sidecar.errors import BudgetExceeded, InvalidParams, SnapshotFailed, UnknownBranch
from shepherd_sidecar.protocol.common import Failure
from shepherd_sidecar.protocol.intents import ResolveParams, ResolveResult
from shepherd_sidecar.protocol.traces import AppendParams, AppendResult
from shepherd_sidecar.store import heads
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Refusal, Tx

FEW: Final = 8
"""So many events are recorded as fast as one; more are worth a thread of their own."""


class Reporting:
    """Takes reports on the branches of one store."""

    def __init__(
        self,
        store: Store,
        preparer: Preparer,
        intents: Intents,
        workspaces: Workspaces,
        attribution: Attribution,
        limits: Limits,
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._intents = intents
        self._workspaces = workspaces
        self._attribution = attribution
        self._limits = limits

    def append(
        self, params: AppendParams, author: str, *, eager: bool = False
    ) -> Future[AppendResult]:
        """Record events on a branch, in order, all or none. ``eager``: see ``Writer.submit``."""
        events = params.events
        if not 1 <= len(events) <= self._limits.events:
            raise InvalidParams.at("$.events", f"1 to {self._limits.events} events")
        prepared = [
            self._preparer.event(
                event.kind,
                event.payload,
                effect=event.effect,
                intent=event.intent,
                intent_client_id=event.intent_client_id,
                client_id=event.client_id,
                usage=usage_dict(event.usage),
                at=event.at,
                where=f"$.events[{index}]",
            )
            for index, event in enumerate(events)
        ]

        def work(tx: Tx) -> AppendResult | Refusal:
            head = heads.load_open(tx, params.branch)
            record.expect_head(head, params.expected_head)
            for event in prepared:
                refusal = self._intents.refuse_denied(tx, head, event, author)
                if refusal is not None:
                    return refusal
            commits = [record.append(tx, head, event, author).hex for event in prepared]
            return AppendResult(commits=commits, head=head.id)

        return self._store.submit(work, eager=eager and len(events) <= FEW)

    def has_world(self, branch: str) -> bool:
        """Whether a branch has a live world: then ``resolve`` captures it."""
        try:
            return self._workspaces.find(branch) is not None
        except UnknownBranch:
            return False

    def resolve_only(
        self, params: ResolveParams, author: str, *, eager: bool = False
    ) -> Future[ResolveResult]:
        """Record an outcome without its workspace."""
        event = self._intents.outcome(params)

        def work(tx: Tx) -> ResolveResult | Refusal:
            head = heads.load_open(tx, params.branch)
            refusal = self._intents.refuse_denied(tx, head, event, author)
            if refusal is not None:
                return refusal
            return ResolveResult(commit=record.append(tx, head, event, author).hex)

        return self._store.submit(work, eager=eager)

    def resolve(self, params: ResolveParams, author: str) -> ResolveResult:
        """Record an outcome with the workspace after it. Blocks for a walk.

        When the workspace cannot be captured the outcome is recorded all the same, the failure
        is an event of its own, and the result says so.
        """
        if not params.snapshot or not self.has_world(params.branch):
            return self.resolve_only(params, author).result()
        event = self._intents.outcome(params)
        try:
            self._attribution.share(params.branch, params.intent, author)
            taken, commit = self._workspaces.capture(
                params.branch,
                lambda _: event,
                author,
                around=lambda tx, head, event: self._intents.refuse_denied(tx, head, event, author),
            )
        except (SnapshotFailed, BudgetExceeded) as error:
            result = self.resolve_only(params, author).result()
            return ResolveResult(
                commit=result.commit, snapshot_failed=Failure(error.name, error.message)
            )
        return ResolveResult(commit=commit, snapshot=snapshot_view(taken))
