"""Which rules hold for a branch: its run's own or the store's, and always the supervisor's.

Layer: engine. Keeps: ``supervisor.toml`` is the store owner's; no run can name another.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from shepherd_sidecar.engine.gate import GateFile, IntentView, Rules, Ruling
from shepherd_sidecar.engine.rules.fold import combined
from shepherd_sidecar.store import branches, places
from shepherd_sidecar.store.layout import GATE, SUPERVISOR
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.events import Effect, Kind
from shepherd_sidecar.worlds.registry import path_of


class Gates:
    """The gates of one store; rule files are read again when they change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files: dict[Path, GateFile] = {}

    def decide(
        self,
        branch: str,
        kind: Kind,
        payload: dict[str, Any],
        effect: Effect,
        *,
        inside: bool = False,
    ) -> Ruling:
        """What the rules say about an intent.

        ``inside``: whoever acts is held in the world and sees it where it is mounted. To
        anybody else the same path is the user's own folder.

        Raises:
            UnknownBranch: there is no such branch.
            GateInvalid: the rules cannot be used; the intent is not recorded.
        """
        with self._store.reading() as conn:
            found = branches.need(conn, branch)
            run = branches.run_by_seq(conn, found.run)
            place = places.get(conn, found.seq) if run.workspace is not None else None
        path = path_of(place.driver, place.path) if place is not None else None
        seen = place.mounted_at if place is not None and inside else path
        agent = (run.facts.get("agent") or {}).get("name")
        view = IntentView(
            kind=kind,
            payload=payload,
            effect=effect,
            agent=agent,
            workspace=seen if place is not None else run.workspace,
            world=path,
        )
        return combined(self.files(run.facts.get("gate")), view, os.path.realpath)

    def files(self, named: str | None) -> list[Rules]:
        """The rules for runs that name this gate, or none: the gate's, then the supervisor's.

        Raises:
            GateInvalid: one of them cannot be used.
        """
        return [self.file(named).rules(), self._at(self._store.root / SUPERVISOR).rules()]

    def file(self, named: str | None) -> GateFile:
        """The rule file of this path, or the store's own."""
        if named is None:
            return self._at(self._store.root / GATE)
        return self._at(Path(named), required=True)

    def _at(self, path: Path, *, required: bool = False) -> GateFile:
        found = self._files.get(path)
        if found is None:
            found = self._files[path] = GateFile(path, required=required)
        return found
