"""What went wrong with a file: vetoed, failed, overwritten, in conflict; and what can be done.

Layer: lsp. What the log says of a path is read once and then followed, commit by commit.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, Literal, NamedTuple

from shepherd_sidecar.engine import uris
from shepherd_sidecar.engine.attribution import files_of
from shepherd_sidecar.engine.batch import Batch
from shepherd_sidecar.engine.blaming import TYPED, Source
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import clean, fit
from shepherd_sidecar.engine.who import who
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.lsp.places import Found
from shepherd_sidecar.lsp.sheets import Fact, Sheet
from shepherd_sidecar.lsp.showing import command, line_end, spot
from shepherd_sidecar.store import branches, commits, payloads
from shepherd_sidecar.store.commits import GONE, Node
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.merge_text import is_text, merge_text
from shepherd_sidecar.trace.tree_diff import find_entry
from shepherd_sidecar.trace.trees import File, split_path
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.paths import printable

Code = Literal["vetoed", "failed", "ineffective", "overwritten", "conflict"]
_SEVERITY: Final = {"vetoed": 2, "failed": 2, "ineffective": 1, "overwritten": 2, "conflict": 2}
_LOOK: Final = 2_000
"""Commits at the end of a log that are looked at."""
_SHOWN: Final = 50
"""Problems of one file; the newest."""
_BRANCHES: Final = 8
"""Branches beside one's own that are compared."""
_COMPARED: Final = 256
_LONG: Final = 300


_LOGS: Final = 64
"""Branches whose logs are remembered."""


class Problem(NamedTuple):
    """One thing that went wrong."""

    code: Code
    message: str
    commit: Id
    before: Id | None
    first: int = 0
    lines: int = 1


def _newest() -> deque[Problem]:
    return deque(maxlen=_SHOWN)


@dataclass
class _Log:
    """What the log of a branch says went wrong, by path."""

    seen: int = 0
    found: dict[str, deque[Problem]] = field(default_factory=lambda: defaultdict(_newest))


class Problems:
    """The problems of the files of one connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._logs: dict[str, _Log] = {}
        self._lock = threading.Lock()
        self._compared: dict[int, list[tuple[int, int]]] = {}

    def of(self, place: Found, sheet: Sheet | None) -> list[Problem]:
        """All of a file's problems. Blocks for what is new on the log."""
        with self._lock, self._engine.store.reading() as conn:
            told = list(self._follow(conn, place).found.get(printable(place.path), ()))
            if sheet is not None:
                told += _written(sheet)
                told += self._conflicts(conn, place, sheet)
        return told

    def _follow(self, conn: sqlite3.Connection, place: Found) -> _Log:
        known = self._logs.get(place.branch)
        path = commits.walk(conn, place.head.seq, _LOOK)
        fresh: list[Node] = []
        for node in path:
            if known is not None and node.seq == known.seen:
                break
            fresh.append(node)
        if known is None or len(fresh) == len(path):
            self._logs.pop(place.branch, None)
            known = self._logs[place.branch] = _Log()
            while len(self._logs) > _LOGS:
                del self._logs[next(iter(self._logs))]
        branch = branches.need(conn, place.branch)
        workspace = branches.run_by_seq(conn, branch.run).workspace or "/"
        for node in reversed(fresh):
            if not node.flags & GONE:
                self._look(conn, node, known, workspace)
        known.seen = place.head.seq
        return known

    def _look(self, conn: sqlite3.Connection, node: Node, known: _Log, workspace: str) -> None:
        root = self._engine.store.root
        if node.kind == "intervention":
            said = payloads.read(conn, root, node)
            if said.get("action") == "vetoIneffective":
                text = _cut(f"changed although it was denied: {said.get('why')}")
                for path in said.get("changed") or ():
                    known.found[path].append(Problem("ineffective", text, node.hex, None))
        if node.kind != "tool_result" or node.intent is None:
            return
        said = payloads.read(conn, root, node)
        if said.get("status") not in ("denied", "error"):
            return
        call = commits.get(conn, node.intent)
        if call.flags & GONE:
            return
        asked = payloads.read(conn, root, call)
        named = files_of(asked.get("arguments"), workspace, workspace)
        before = commits.get(conn, call.parent).hex if call.parent is not None else None
        by = f"{who(conn, root, call).name}: {asked.get('name')}"
        if said["status"] == "denied":
            text, code = f"{by} was denied by {said.get('by')}: {said.get('reason')}", "vetoed"
        else:
            text, code = f"{by} failed", "failed"
        for path in named or ():
            known.found[path].append(Problem(code, _cut(text), node.hex, before))  # type: ignore[arg-type]

    def _conflicts(self, conn: sqlite3.Connection, place: Found, sheet: Sheet) -> list[Problem]:
        """Where other branches of the run changed the same lines in another way."""
        own = branches.need(conn, place.branch)
        found = []
        content = Batch(conn, self._engine.store.root)
        ours = b"".join(line + b"\n" for line in sheet.texts)
        beside = [one for one in branches.of_run(conn, own.run) if one.seq != own.seq]
        for other in [one for one in beside if one.status != "discarded"][-_BRANCHES:]:
            head = commits.get(conn, other.head)
            base = commits.fork_point(conn, place.head, head)
            if base is None or base.world in (head.world, place.head.world):
                continue
            old, theirs = (self._read(conn, content, at, place.path) for at in (base, head))
            if old is None or theirs is None or old in (theirs, ours):
                continue
            for first, end in self._hunks(old, ours, theirs):
                text = f"branch {other.name} changes these lines in another way"
                count = max(end - first, 1)
                found.append(Problem("conflict", text, head.hex, base.hex, first, count))
        return found

    def _hunks(self, old: bytes, ours: bytes, theirs: bytes) -> list[tuple[int, int]]:
        """The places that both sides changed; comparing takes long, so it is remembered."""
        name = hash((old, ours, theirs))
        found = self._compared.get(name)
        if found is None:
            if len(self._compared) > _COMPARED:
                self._compared.clear()
            found = [hunk.onto for hunk in merge_text(old, ours, theirs).hunks]
            self._compared[name] = found
        return found

    def _read(
        self, conn: sqlite3.Connection, content: Batch, node: Node, path: bytes
    ) -> bytes | None:
        entry = find_entry(tree_reader(content), world_tree(conn, node), split_path(path))
        if not isinstance(entry, File):
            return None
        try:
            data = content.read("blob", entry.blob)
        except ShepherdError:
            return None
        return b"".join(line + b"\n" for line in data.splitlines()) if is_text(data) else None


def _written(sheet: Sheet) -> list[Problem]:
    """What can be seen in the lines: written over another's, or by what failed."""
    found = []
    for first, count, line in sheet.spans:
        if line.source == TYPED or not sheet.agents(line.source):
            continue
        fact = sheet.facts[line.source.seq]
        if fact.failed:
            text = f"{fact.who.name}: {fact.tool or 'a command'} failed and left this behind"
            found.append(Problem("failed", text, fact.node.hex, fact.before, first, count))
        over = [sheet.lines[at].over for at in range(first, first + count)]
        for lost, run in groupby(range(count), key=over.__getitem__):
            at = next(run)
            problem = _overwritten(sheet, fact, lost)
            if problem is not None:
                size = 1 + sum(1 for _ in run)
                found.append(problem._replace(first=first + at, lines=size))
    return found


def _overwritten(sheet: Sheet, fact: Fact, over: Source | None) -> Problem | None:
    """Whether a commit wrote over somebody else's lines."""
    lost = sheet.facts.get(over.seq) if over is not None and over != TYPED else None
    if lost is None or lost.who.began or lost.who == fact.who:
        return None
    whose = "yours" if lost.who.person else f"{lost.who.name}'s"
    text = f"{fact.who.name} wrote over {whose}"
    return Problem("overwritten", text, fact.node.hex, fact.before)


def _cut(text: str) -> str:
    """A message as it is shown: what is remembered is no longer than that."""
    return fit(clean(text), _LONG)


def diagnostic(problem: Problem, sheet: Sheet | None, encoding: str) -> dict[str, Any]:
    """A problem as LSP has it."""
    lines = len(sheet.texts) if sheet is not None else 0
    first = min(problem.first, max(lines - 1, 0))
    last = min(problem.first + problem.lines, lines) - 1
    where = spot(first)
    if sheet is not None and lines:
        last = max(first, last)
        where["end"] = {"line": last, "character": line_end(sheet, last, encoding)}
    return {
        "range": where,
        "severity": _SEVERITY[problem.code],
        "source": "shepherd",
        "code": problem.code,
        "message": _cut(problem.message),
        "data": {"commit": problem.commit, "before": problem.before},
    }


def commands(place: Found, commit: Id, before: Id | None) -> list[dict[str, Any]]:
    """What can be done about an event that touched a file."""
    found = []
    if before is not None:
        path = printable(place.path)
        found += [
            command("Fork before it", "shepherd.fork", at=before),
            command(
                "Restore this file as it was before it",
                "shepherd.restore",
                branch=place.branch,
                to=before,
                paths=[path],
            ),
        ]
    found += [
        command("Replay up to here", "shepherd.replay", **{"from": commit, "mode": "cached"}),
        command("Show the event", "shepherd.show", uri=uris.event(commit)),
    ]
    return found
