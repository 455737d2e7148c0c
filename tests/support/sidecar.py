"""The real sidecar over real pipes, with the few calls that nearly every test makes.

with Sidecar.on(store) as sidecar:
    branch = sidecar.begin()
    intent = sidecar.propose(branch, "bash")["commit"]
    sidecar.refused("IntentDenied", "intent/resolve", {...})
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.wire import Wire, WireError

ROOT = Path(__file__).resolve().parents[2]
NO_ID = "0" * 64
"""An id that nothing has."""


class Sidecar(Wire):
    """A connection to a ``shepherd-sidecar serve`` of one's own."""

    store: Path

    @classmethod
    @contextlib.contextmanager
    def on(
        cls,
        store: Path,
        role: str = "owner",
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Iterator[Sidecar]:
        """Serve a store; the sidecar ends with the block."""
        argv = [sys.executable, "-m", "shepherd_sidecar", "serve"]
        argv += ["--store", str(store), "--role", role]
        with cls.start(argv, env={"PYTHONPATH": str(ROOT), **(env or {})}, cwd=cwd) as wire:
            assert isinstance(wire, Sidecar)
            wire.store = store
            yield wire

    def begin(self, name: str = "run", **params: Any) -> str:
        """Start a run; returns its branch."""
        return str(self.call("run/start", {"name": name, **params})["branch"])

    def append(self, branch: str, *events: dict[str, Any], **params: Any) -> list[str]:
        """Report events; returns their commits."""
        sent = {"branch": branch, "events": list(events), **params}
        commits: list[str] = self.call("trace/append", sent)["commits"]
        return commits

    def say(self, branch: str, text: str, **more: Any) -> str:
        """Report one message; returns its commit."""
        return self.append(branch, message(text, **more))[0]

    def propose(self, branch: str, tool: str = "look", **params: Any) -> dict[str, Any]:
        """Propose a tool call; returns the reply. ``arguments`` goes into the payload."""
        return dict(self.call("intent/propose", proposal(branch, tool, **params)))

    def resolve(self, branch: str, intent: str, **params: Any) -> dict[str, Any]:
        """Report an outcome; returns the reply."""
        sent = {"branch": branch, "intent": intent, "payload": {}, "status": "ok", **params}
        return dict(self.call("intent/resolve", sent))

    def act(self, branch: str, tool: str = "look", **params: Any) -> tuple[str, str]:
        """A whole action: propose it, resolve it; returns both commits."""
        result = params.pop("result", {"of": tool})
        intent = self.propose(branch, tool, **params)["commit"]
        return intent, self.resolve(branch, intent, payload=result)["commit"]

    def log(self, branch: str) -> list[dict[str, Any]]:
        """Every entry of a branch's (or commit's) log, oldest first, payloads whole."""
        which = "commit" if len(branch) == 64 else "branch"
        asked = {which: branch, "order": "oldest", "limit": 1000, "maxPayload": 1 << 24}
        entries: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self.call("trace/log", {**asked, "cursor": cursor})
            entries += page["entries"]
            cursor = page.get("nextCursor")
            if cursor is None:
                return entries

    def commits(self, branch: str) -> list[str]:
        """The ids of a log, oldest first."""
        return [entry["commit"] for entry in self.log(branch)]

    def branch(self, branch: str) -> dict[str, Any]:
        """What branch/get says."""
        return dict(self.call("branch/get", {"branch": branch}))

    def head(self, branch: str) -> str:
        """The head of a branch."""
        return str(self.branch(branch)["head"])

    def fork(self, at: str, **params: Any) -> list[str]:
        """New branches; returns their names."""
        made = self.call("branch/fork", {"at": at, **params})["branches"]
        return [one["branch"] for one in made]

    def refused(self, name: str, method: str, params: Any) -> WireError:
        """Make a call that must be answered with the error of this name, and change nothing.

        Checks besides that the error says what to do and that the sidecar goes on.
        """
        self.call("run/list", {"limit": 1})  # the store is there once the sidecar answers
        before = rows(self.store)
        error = self.error(self.request(method, params))
        assert error.name == name, f"{method}: {error}"
        assert error.data["hint"], f"{name} has no hint"
        assert rows(self.store) == before, f"{name} left something behind"
        self.call("run/list", {"limit": 1})
        return error


def message(text: str, **more: Any) -> dict[str, Any]:
    """A message event."""
    return {"kind": "message", "payload": {"role": "user", "content": text}, **more}


def proposal(branch: str, tool: str = "look", **params: Any) -> dict[str, Any]:
    """Params of intent/propose for a tool call."""
    payload = {"name": tool, "arguments": params.pop("arguments", {})}
    return {"branch": branch, "kind": "tool_call", "payload": payload, **params}


def rows(store: Path) -> dict[str, int]:
    """How many rows each table of the store has, read beside the sidecar."""
    with contextlib.closing(sqlite3.connect(f"file:{store / 'store.db'}?mode=ro", uri=True)) as db:
        found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = [name for (name,) in found if not name.startswith("sqlite_")]
        counts: dict[str, int] = {}
        for name in names:
            (counts[name],) = db.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        return counts


def objects_in(store: Path) -> dict[str, int]:
    """The rows of immutable objects alone, and the files beside the database."""
    counts = {name: n for name, n in rows(store).items() if name in ("commits", "objects", "lists")}
    counts["files"] = sum(len(files) for _, _, files in os.walk(store / "objects"))
    return counts


def bytes_of(store: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a store, worlds included, with its content."""
    for folder, _, names in os.walk(store):
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path, path.read_bytes()
