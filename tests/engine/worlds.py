"""Runs that have a workspace."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.sidecar import Sidecar


@dataclass
class Run:
    """A run with its world, and what is done to it again and again."""

    sidecar: Sidecar
    branch: str
    root: str
    world: Path
    not_captured: list[dict[str, str]]
    """What its start left out."""

    @classmethod
    def start(cls, sidecar: Sidecar, folder: Path, **params: Any) -> Run:
        """Begin a run on a folder; apart unless said otherwise."""
        asked = {"name": f"run {folder.parent.name}", "workspace": str(folder), **params}
        got = sidecar.call("run/start", asked)
        world = Path(got["world"]["path"])
        return cls(sidecar, got["branch"], got["head"], world, got["notCaptured"])

    def take(self) -> dict[str, Any]:
        return dict(self.sidecar.call("snapshot/take", {"branch": self.branch}))

    def restore(self, to: str, **params: Any) -> dict[str, Any]:
        asked = {"branch": self.branch, "to": to, **params}
        return dict(self.sidecar.call("snapshot/restore", asked))

    def exec(self, *argv: str, **params: Any) -> dict[str, Any]:
        asked = {"branch": self.branch, "argv": list(argv), **params}
        return dict(self.sidecar.call("world/exec", asked))

    def read(self, commit: str, path: str, **params: Any) -> bytes:
        asked = {"commit": commit, "path": path, **params}
        return base64.b64decode(self.sidecar.call("snapshot/read", asked)["data"])

    def log(self) -> list[dict[str, Any]]:
        return self.sidecar.log(self.branch)
