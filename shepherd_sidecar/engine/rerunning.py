"""Doing recorded actions again: the commands that ``exec`` ran, in a replay's world.

Layer: engine. What cannot be done from here is taken from the record, files included.
"""

from __future__ import annotations

from typing import Any, Literal

from shepherd_sidecar.engine import executing
from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.recorded_steps import Step
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.errors import ExecFailed, SandboxInvalid
from shepherd_sidecar.store import commits
from shepherd_sidecar.worlds import restore
from shepherd_sidecar.worlds.restore_plan import plan
from shepherd_sidecar.worlds.run import run

Said = tuple[dict[str, Any], Literal["ok", "error"]]
"""An outcome's result and status."""
_TIME_LIMIT = 120.0


class Rerun:
    """Does things again in the world of one replay's branch."""

    def __init__(self, engine: Engine, branch: str, author: str) -> None:
        self._engine = engine
        self._branch = branch
        self._author = author

    async def again(self, step: Step) -> Said | None:
        """What doing it again gives; None when it cannot be done from here."""
        given = step.effective.get("arguments")
        place = self._engine.workspaces.find(self._branch)
        if place is None or step.payload.get("name") != "exec" or not isinstance(given, dict):
            return None
        argv = given.get("argv")
        if not isinstance(argv, list) or not all(isinstance(word, str) for word in argv):
            return None
        try:
            ran = await run(
                self._engine.workspaces.world(place),
                argv,
                sandbox=self._engine.executing.sandbox(),
                cwd=given.get("cwd") or "",
                env=given.get("env"),
                stdin=given["stdin"].encode() if given.get("stdin") is not None else None,
                time_limit=_TIME_LIMIT,
                output_limit=self._engine.limits.output_bytes,
            )
        except (ExecFailed, SandboxInvalid) as error:
            return {"error": error.message}, "error"
        return executing._payload(ran), "ok" if ran.exit_code == 0 else "error"

    def from_record(self, step: Step) -> Said:
        """What the record says, with the world brought to what it was after it."""
        assert step.outcome is not None and step.outcome_commit is not None
        engine = self._engine
        place = engine.workspaces.find(self._branch)
        if place is not None:
            with engine.workspaces.taking_turns(place.branch), batch(engine.store) as content:
                with engine.store.reading() as conn:
                    tree = world_tree(conn, commits.need(conn, step.outcome_commit))
                now = engine.workspaces.snapshot(self._branch, place, content, self._author).tree
                folder = engine.workspaces.world(place).path
                restore.apply(content, plan(content, folder, now, tree, keep=True))
        return step.outcome.get("result", {}), step.outcome["status"]
