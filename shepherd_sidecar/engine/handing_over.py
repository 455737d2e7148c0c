"""Handoff: one branch's state becomes another's start.

Layer: engine. Keeps: the state that is handed over is the giver's as it is now, not as it was
last captured; what the taker had is in a safety commit; the event stands on both, and nothing
is recorded of a handoff that cannot be carried out.
"""

from __future__ import annotations

from typing import Any

from shepherd_sidecar.engine import branching, record
from shepherd_sidecar.engine.forking import Forking
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.restoring import Restoring
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.branches import ForkParams
from shepherd_sidecar.protocol.common import NotCaptured
from shepherd_sidecar.protocol.interventions import HandoffParams, HandoffResult
from shepherd_sidecar.protocol.snapshots import RestoreParams, SnapshotTakeParams
from shepherd_sidecar.store import branches, commits, heads, holds
from shepherd_sidecar.store.branches import ENDED
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.ids import Id


class HandingOver:
    """Handoffs between the branches of one store."""

    def __init__(
        self,
        store: Store,
        preparer: Preparer,
        workspaces: Workspaces,
        forking: Forking,
        restoring: Restoring,
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces
        self._forking = forking
        self._restoring = restoring

    def handoff(self, params: HandoffParams, author: str) -> HandoffResult:
        """Give the taker the giver's workspace and a word about it. Blocks for the writing.

        Raises:
            UnknownBranch, BranchClosed: the giver is not there, or the taker takes no events.
            RestoreConflict: the taker's world holds what no snapshot does; nothing was changed.
        """
        canonical.check(params.guidance, "$.guidance")
        self._preparer.check_name(params.by, "$.by")
        if params.from_ == params.to:
            raise InvalidParams.at("$.to", "another branch than the one that gives")
        with self._store.reading() as conn:
            giver = branches.need(conn, params.from_)
            known = branches.by_name(conn, params.to)
            taker = branches.need_open(conn, params.to) if known is not None else None
        if giver.status not in ENDED and self._workspaces.find(params.from_) is not None:
            self._restoring.take(SnapshotTakeParams(params.from_), author)
        with self._store.reading() as conn:
            at = commits.get(conn, branches.need(conn, params.from_).head)

        safety: Id | None = None
        left: list[NotCaptured] = []
        if taker is None:
            forked = self._forking.fork(ForkParams(at=at.hex, names=[params.to]), author)
            left = forked.not_captured
        elif at.world is not None and self._workspaces.find(params.to) is not None:
            restored = self._restoring.restore(RestoreParams(params.to, at.hex), author)
            safety, left = restored.safety, restored.not_captured
        commit, given = self._store.write(lambda tx: self._note(tx, params, at.hex, author))
        with self._store.reading() as conn:
            world = branching.world_of(conn, branches.need(conn, params.to).seq)
        return HandoffResult(
            commit=commit,
            given=given,
            not_captured=left,
            safety=safety,
            world=world,
        )

    def _note(self, tx: Tx, params: HandoffParams, at: Id, author: str) -> tuple[Id, Id]:
        """The event on both branches, and the guidance before the taker."""
        said: dict[str, Any] = {
            "action": "handoff",
            "by": params.by,
            "from": params.from_,
            "to": params.to,
            "at": at,
            "guidance": params.guidance,
        }
        if params.reason is not None:
            said["reason"] = params.reason
        event = self._preparer.own("intervention", said)
        given = record.append(tx, heads.load(tx, params.from_), event, author)
        head = heads.load_open(tx, params.to)
        handed = commits.need(tx.conn, at)
        tree = handed.world if head.node.world is None else None
        # Its second parent: what the taker does from here on is compared with what it was given.
        second = None if commits.on_log(tx.conn, handed, head.node) else handed
        taken = record.append(tx, head, event, author, tree=tree, second=second)
        message = {"action": "inject", "by": params.by, "message": params.guidance}
        injected = record.append(tx, head, self._preparer.own("intervention", message), author)
        holds.add_injection(tx.conn, injected.seq, head.branch.seq)
        return taken.hex, given.hex
