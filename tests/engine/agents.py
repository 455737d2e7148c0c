"""Processes launched over the wire, and waiting for what they do."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar


@dataclass
class Agent:
    """One process."""

    sidecar: Sidecar
    id: str
    pid: int
    said: dict[str, Any]
    """As the reply described it."""

    @classmethod
    def launch(cls, run: Run, *argv: str, **params: Any) -> Agent:
        """Start it in the run's world, or in that of another ``branch``."""
        asked = {"branch": run.branch, "argv": list(argv), **params}
        return cls.of(run.sidecar, run.sidecar.call("world/launch", asked)["process"])

    @classmethod
    def of(cls, sidecar: Sidecar, said: dict[str, Any]) -> Agent:
        """One that a reply tells of."""
        return cls(sidecar, said["process"], said["pid"], said)

    def output(self, stream: str = "stdout") -> str:
        """What it wrote."""
        got = self.sidecar.call("world/output", {"process": self.id, "stream": stream})
        return base64.b64decode(got["data"]).decode()


def end_all(store: Path) -> None:
    """Kill every process that a store remembers, until there are no more."""
    seen: set[Path] = set()
    while fresh := set((store / "processes").glob("*/process.json")) - seen:
        seen |= fresh
        for path in fresh:
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                os.kill(json.loads(path.read_bytes())["pid"], signal.SIGKILL)
