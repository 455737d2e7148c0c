"""The life of a run: its root commit, its first branch, its end.

Layer: engine.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.branching import check_name
from shepherd_sidecar.engine.gates import Gates
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.prepare import Prepared, Preparer
from shepherd_sidecar.engine.workspaces import Workspaces, world_view
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.runs import (
    RunEndParams,
    RunEndResult,
    RunStartParams,
    RunStartResult,
)
from shepherd_sidecar.store import branches, heads
from shepherd_sidecar.store.heads import Head
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.worlds.workspace import admit


class Runs:
    """The runs of one store."""

    def __init__(
        self,
        store: Store,
        preparer: Preparer,
        limits: Limits,
        gates: Gates,
        workspaces: Workspaces,
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._limits = limits
        self._gates = gates
        self._workspaces = workspaces

    def start(self, params: RunStartParams, author: str) -> RunStartResult:
        """Begin a run. Blocks: a workspace is captured, and perhaps copied."""
        check_name(params.name, "$.name", self._limits)
        root, facts = self._described(params)
        if params.gate is not None:
            if not Path(params.gate).is_absolute():
                raise InvalidParams.at("$.gate", "an absolute path")
            self._gates.file(params.gate).rules()
        if params.workspace is None:
            head, run = self._store.write(
                lambda tx: self._begin(tx, params, root, facts, None, None, author)
            )
            return RunStartResult(run=run, branch=head.branch.name, head=head.id)
        return self._start_in(params, root, facts, author)

    def end(self, tx: Tx, params: RunEndParams, author: str) -> RunEndResult:
        """End a branch's run; it takes no more events."""
        said: dict[str, Any] = {"status": params.status}
        if params.payload is not None:
            canonical.check(params.payload, "$.payload")
            said["payload"] = params.payload
        head = heads.load_open(tx, params.branch)
        node = record.append(tx, head, self._preparer.own("run_end", said), author)
        heads.set_status(tx, head, params.status, author)
        return RunEndResult(commit=node.hex)

    def _start_in(
        self, params: RunStartParams, root: Prepared, facts: dict[str, Any], author: str
    ) -> RunStartResult:
        assert params.workspace is not None
        folder = admit(params.workspace, self._store.root)
        workspaces = self._workspaces
        if params.driver is not None:
            workspaces.registry.choose(params.driver)
        user = workspaces.in_place(folder)
        with batch(self._store) as content:
            taken = workspaces.registry.plain.snapshot(content, user, None)
            workspaces.left_out.keep(taken)

            def begin(tx: Tx) -> tuple[Head, str]:
                row = content.insert(tx, taken.tree)
                return self._begin(tx, params, root, facts, folder, row, author)

            if params.place == "inPlace":

                def work(tx: Tx) -> tuple[Head, str]:
                    head, run = begin(tx)
                    workspaces.settle(tx, head.branch.seq, user, taken.tree)
                    return head, run

                head, run = self._store.write(work)
                workspaces.begin_in_place(head.branch.seq, str(folder), params.driver, taken)
                world = user
            else:
                # Its content is written first: what lays a world reads what is durable.
                head, run = self._store.write(begin)
                world = workspaces.lay(head.branch.seq, taken.tree, params.driver)
        return RunStartResult(
            run=run,
            branch=head.branch.name,
            head=head.id,
            world=world_view(world),
            not_captured=workspaces.left_out.of(taken.tree),
        )

    def _begin(
        self,
        tx: Tx,
        params: RunStartParams,
        root: Prepared,
        facts: dict[str, Any],
        folder: Path | None,
        tree: int | None,
        author: str,
    ) -> tuple[Head, str]:
        run_id = f"run-{secrets.token_hex(6)}"
        workspace = str(folder) if folder is not None else None
        run = branches.insert_run(tx.conn, run_id, params.name, tx.now, workspace, facts)
        node = record.insert(tx, None, root, None, tree=tree)
        name = branches.free_name(tx.conn, params.name)
        return heads.create(tx, name, run, node, "start", author), run_id

    def _described(self, params: RunStartParams) -> tuple[Prepared, dict[str, Any]]:
        """The root event, and the facts that stay out of it: paths differ between machines."""
        said: dict[str, Any] = {"name": params.name}
        facts: dict[str, Any] = {"place": params.place}
        if params.agent is not None:
            agent = {
                "name": params.agent.name,
                "version": params.agent.version,
                "language": params.agent.language,
            }
            said["agent"] = {key: value for key, value in agent.items() if value is not None}
            facts["agent"] = said["agent"]
        if params.meta is not None:
            canonical.check(params.meta, "$.meta")
            said["meta"] = params.meta
        if params.gate is not None:
            facts["gate"] = params.gate
        if params.driver is not None:
            facts["driver"] = params.driver
        canonical.check(said, "$")
        return self._preparer.own("run_start", said), facts
