"""Opening, driving and closing replays.

Layer: engine. An open replay belongs to the connection that opened it.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Collection
from typing import Any

from shepherd_sidecar.engine import branching, verdicts
from shepherd_sidecar.engine.entries import entry, resolve
from shepherd_sidecar.engine.intents import Intents
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.prepare import Preparer
from shepherd_sidecar.engine.recorded import Recorded
from shepherd_sidecar.engine.replay import Replay
from shepherd_sidecar.engine.replay_world import ReplayWorld
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import (
    InvalidParams,
    RoleForbidden,
    UnknownCommit,
    UnknownReplay,
)
from shepherd_sidecar.protocol.intents import ProposeParams
from shepherd_sidecar.protocol.replays import (
    ReplayCheckParams,
    ReplayCheckResult,
    ReplayCloseParams,
    ReplayCloseResult,
    ReplayNextParams,
    ReplayNextResult,
    ReplayOpenParams,
    ReplayOpenResult,
)
from shepherd_sidecar.store import branches, commits, payloads
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import canonical


class View:
    """A replay that only reads."""

    def __init__(self, record: Recorded) -> None:
        self.record = record
        self.position = 0


class Replays:
    """The open replays of one connection."""

    def __init__(
        self,
        store: Store,
        preparer: Preparer,
        intents: Intents,
        workspaces: Workspaces,
        limits: Limits,
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._intents = intents
        self._workspaces = workspaces
        self._limits = limits
        self._open: dict[str, Replay | View] = {}
        self._serial = itertools.count(1)
        self._turn = threading.Lock()

    def open(
        self, params: ReplayOpenParams, author: str, own: Collection[str] | None = None
    ) -> ReplayOpenResult:
        """Begin a replay; makes its branch. Blocks.

        Args:
            params: as asked.
            author: who asks.
            own: the branches on which a replay may go on; None: any.
        """
        if params.until is not None and (params.mode != "live" or params.until < 0):
            raise InvalidParams.at("$.until", "0 or more, and only for mode live")
        for index, edit in enumerate(params.edits or ()):
            canonical.check(edit.payload, f"$.edits[{index}].payload")
        with self._store.reading() as conn:
            end = resolve(conn, params.from_)
            home = _home(conn, params.from_, end)
            edits = self._edits(conn, params, end)
            first = min(edits) - 1 if edits else 0
            if first < 0:
                raise InvalidParams.at("$.edits", "the root cannot be exchanged")
            start = commits.at_depth(conn, end, first)
            onto = self._goes_on(conn, params, end)
            if own is not None:
                verdicts.keep_together(conn, start)
            if onto and own is not None and params.into not in own:
                raise RoleForbidden(f"{params.into!r} is not a branch of this agent", role="agent")
            edits = {at: new for at, new in edits.items() if self._differs(conn, end, at, new)}
        name = f"replay-{next(self._serial)}"
        record = Recorded(self._store, end)
        if params.mode == "view":
            self._open[name] = View(record)
            return ReplayOpenResult(replay=name)

        def work(tx: Tx) -> str:
            into = params.into or branching.derived_name(tx.conn, home, "replay", self._limits)
            made = branching.fork(tx, start.hex, 1, [into], author, self._limits, start)
            return made[0].branch.name

        branch = params.into if onto and params.into else self._store.write(work)
        replay = Replay(
            self._store,
            self._preparer,
            record,
            params.mode,
            branch,
            start,
            author,
            ReplayWorld(self._store, self._workspaces, branch, author),
            params.until,
            edits,
            frozenset(params.rerun or ()),
            onto,
        )
        replay.begin()
        if params.mode == "verify":
            replay.flush()
            replay.world.make_live(branch, replay.head)
        self._open[name] = replay
        return ReplayOpenResult(replay=name, branch=branch, head=start.hex)

    def next(self, params: ReplayNextParams, author: str) -> ReplayNextResult:
        """Match the agent's next intent. Blocks unless ``brief`` says otherwise."""
        canonical.check(params.payload, "$.payload")
        replay = self._find(params.replay)
        with self._turn:
            return self._next(replay, params, author)

    def _next(
        self, replay: Replay | View, params: ReplayNextParams, author: str
    ) -> ReplayNextResult:
        if isinstance(replay, View):
            return self._view(replay)
        if params.kind is None or params.payload is None:
            raise InvalidParams.at("$", "kind and payload say what the agent wants to do")
        event = self._preparer.event(params.kind, params.payload)
        step = replay.next(event)
        if replay.mode == "verify" or not step.live:
            if replay.mode != "cached" and not step.live:
                replay.world.follow(replay.head)
            return ReplayNextResult(True, step.live, step.outcome, step.commit, step.verdict)
        effect = step.intent.effect if step.intent is not None else None
        proposed = self._intents.propose(
            ProposeParams(replay.branch, params.kind, params.payload, effect), author
        ).result()
        replay.proposed()
        return ReplayNextResult(False, True, commit=proposed.commit, verdict=proposed.verdict)

    def brief(self, replay: str) -> bool:
        """Whether ``next`` on this replay only reads and counts."""
        found = self._open.get(replay)
        return isinstance(found, Replay) and found.faithful

    def check(self, params: ReplayCheckParams) -> ReplayCheckResult:
        """Compare what a verified action really gave. Blocks for a walk."""
        canonical.check(params.payload, "$.payload")
        replay = self._find(params.replay)
        if isinstance(replay, View) or replay.mode != "verify":
            raise InvalidParams.at("$.replay", "only a replay in mode verify checks")
        with self._turn:
            said = {"status": params.status, "result": params.payload}
            path, expected, actual = replay.check(self._preparer.clean(said))
            replay.world.follow(replay.head)
        return ReplayCheckResult(
            same=path is None,
            path=path,
            expected=expected,
            actual=actual,
            commit=replay.head.hex if path is None else None,
        )

    def close(self, params: ReplayCloseParams) -> ReplayCloseResult:
        """End a replay. Blocks."""
        replay = self._find(params.replay)
        del self._open[params.replay]
        if isinstance(replay, View):
            done = replay.position > replay.record.end.depth
            return ReplayCloseResult(matched=0, live=0, complete=done)
        replay.close()
        with self._store.reading() as conn:
            head = commits.get(conn, branches.need(conn, replay.branch).head)
        return ReplayCloseResult(
            matched=replay.pairs,
            live=replay.live,
            complete=replay.complete,
            head=head.hex,
            diverged={"message": replay.diverged.message, **replay.diverged.data}
            if replay.diverged is not None
            else None,
        )

    def close_all(self) -> None:
        """The connection ended. Blocks."""
        for replay in self._open.values():
            if isinstance(replay, Replay):
                replay.close()
        self._open.clear()

    def _find(self, name: str) -> Replay | View:
        replay = self._open.get(name)
        if replay is None:
            raise UnknownReplay(f"no replay {name!r} is open here", replay=name)
        return replay

    def _view(self, view: View) -> ReplayNextResult:
        if view.position > view.record.end.depth:
            return ReplayNextResult(hit=False)
        node = view.record.at(view.position)
        view.record.forget_before(view.position)
        view.position += 1
        with self._store.reading() as conn:
            return ReplayNextResult(hit=True, entry=entry(conn, self._store.root, node))

    @staticmethod
    def _goes_on(conn: Any, params: ReplayOpenParams, end: Node) -> bool:
        """Whether the branch to write to is there, holds just this record, and takes more."""
        if params.mode != "live" or params.into is None:
            return False
        if params.edits or params.until is not None:
            return False
        found = branches.by_name(conn, params.into)
        return found is not None and found.head == end.seq and found.status == "live"

    def _differs(self, conn: Any, end: Node, depth: int, payload: dict[str, Any]) -> bool:
        """Whether an edit changes anything."""
        node = commits.at_depth(conn, end, depth)
        new = self._preparer.own(node.kind, payload).payload
        return new != payloads.canonical_bytes(conn, self._store.root, node)

    def _edits(self, conn: Any, params: ReplayOpenParams, end: Node) -> dict[int, dict[str, Any]]:
        edits: dict[int, dict[str, Any]] = {}
        for edit in params.edits or ():
            node = commits.need(conn, edit.at)
            if not commits.on_log(conn, node, end):
                raise UnknownCommit(f"{edit.at} is not on the log that is replayed", commit=edit.at)
            edits[node.depth] = edit.payload
        return edits


def _home(conn: Any, named: str, end: Node) -> str:
    """A name to make the replay's branch name from."""
    branch = branches.by_name(conn, named)
    if branch is not None:
        return branch.name
    return branches.name_of(conn, branches.home_of(conn, end.logged)) or "trace"
