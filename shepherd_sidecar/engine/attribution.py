"""Whose change it is: in the user's own folder, and when several tool calls are open.

Layer: engine. Keeps: what changes inside an open tool call belongs to that call; with several
open, to all of them together; outside any, in the user's own folder, to the user. What is
dirty is written down before the next tool call begins, so that it is not blamed for it.

Nobody can see who wrote in a folder that the user works in too. So after a denied call there
the changes are told apart by what the call names: one whose arguments name its files is blamed
for those only, the rest is the user's; one that could do anything (it runs a command, or names
no file) is blamed for all of it, and the trace says that it may have been the user.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine import gate_paths, record
from shepherd_sidecar.engine.prepare import Prepared, Preparer
from shepherd_sidecar.engine.veto_watch import LOOK_BACK, VetoWatch
from shepherd_sidecar.engine.workspaces import NAMED, Workspaces, change_payload
from shepherd_sidecar.errors import BudgetExceeded, SnapshotFailed
from shepherd_sidecar.store import branches, commits, heads, objects, payloads, places
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.places import Place
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.events import INTENT_OF
from shepherd_sidecar.trace.ids import Id, is_id
from shepherd_sidecar.worlds.driver import Snapshot
from shepherd_sidecar.worlds.paths import parse_printable

USER: Final = "user"
"""The author of what the user did, and the word for why."""
Theirs = Callable[[Snapshot], Prepared | None]
"""The event, by ``USER``, of what a snapshot found changed; None when nothing is."""
_DOES_ANYTHING: Final = frozenset(
    ("command", "commands", "cmd", "argv", "args", "script", "shell", "code", "input")
)


class Attribution:
    """Says whose changes they are, on the branches of one store."""

    def __init__(
        self, store: Store, preparer: Preparer, workspaces: Workspaces, vetoes: VetoWatch
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces
        self._vetoes = vetoes

    def due(self, branch: str) -> bool:
        """Whether ``look`` has something to look at before the next call. Brief."""
        with self._store.reading() as conn:
            found = branches.by_name(conn, branch)
            place = places.get(conn, found.seq) if found is not None else None
            if found is None or place is None:
                return False
            if place.place == "apart":
                return self._vetoes.denied(conn, commits.get(conn, found.head)) is not None
            if place.captured is not None:
                captured = objects.id_of(conn, place.captured)
                watch = self._workspaces.registry.plain.watch_of(Path(place.path))
                if watch is not None and watch.is_clean(captured):
                    return False
            return not open_calls(conn, commits.get(conn, found.head))

    def look(self, branch: str, author: str) -> None:
        """Write down what changed with no tool call open. Blocks for a capture.

        A folder that cannot be captured keeps nobody from going on: the failure is an event.
        """
        with self._store.reading() as conn:
            found = branches.need(conn, branch)
            place = places.get(conn, found.seq)
            head = commits.get(conn, found.head)
            if place is None or open_calls(conn, head):
                return
            denied = self._vetoes.denied(conn, head)
            payload = payloads.read(conn, self._store.root, denied) if denied else None
        if place.place == "apart":
            self._vetoes.look(branch, author)
            return
        try:
            if denied is None or payload is None:
                self._workspaces.capture(branch, self._by_user, USER)
            else:
                self._after_denial(branch, place, denied, payload, author)
        except (SnapshotFailed, BudgetExceeded):
            return

    def catch_up(self, branch: str, author: str) -> None:
        """Write down the user's changes, if any, before a fork, a restore or the end of a run.

        Does nothing for what is no branch, or has no world in place. May block for a capture.
        """
        if not is_id(branch) and self._in_place(branch) and self.due(branch):
            self.look(branch, author)

    def before_capture(self, branch: str, author: str) -> Theirs | None:
        """As ``catch_up``, for who captures at once: gives what says whose the changes then are.

        None when they are nobody else's. After a denied call it is written down now.
        """
        with self._store.reading() as conn:
            found = branches.by_name(conn, branch)
            place = places.get(conn, found.seq) if found is not None else None
            if found is None or place is None or place.place != "inPlace":
                return None
            head = commits.get(conn, found.head)
            if open_calls(conn, head):
                return None
            denied = self._vetoes.denied(conn, head)
        if denied is None:
            return self._by_user
        self.look(branch, author)
        return None

    def share(self, branch: str, intent: Id, author: str) -> None:
        """Before the outcome of ``intent``: what changed belongs to all tool calls that are open.

        Does nothing when no other is. Blocks for a capture.

        Raises:
            SnapshotFailed, BudgetExceeded: the failure is an event.
        """
        with self._store.reading() as conn:
            found = branches.need(conn, branch)
            together = [call.hex for call in open_calls(conn, commits.get(conn, found.head))]
        if len(together) < 2 or intent not in together:
            return

        def event(taken: Snapshot) -> Prepared | None:
            if not taken.changed:
                return None
            said = {**change_payload(taken, "calls"), "intents": [*together]}
            return self._preparer.own("workspace_change", said)

        self._workspaces.capture(branch, event, author)

    def _in_place(self, branch: str) -> bool:
        with self._store.reading() as conn:
            found = branches.by_name(conn, branch)
            place = places.get(conn, found.seq) if found is not None else None
        return place is not None and place.place == "inPlace"

    def _by_user(self, taken: Snapshot) -> Prepared | None:
        if not taken.changed:
            return None
        return self._preparer.own("workspace_change", change_payload(taken, USER))

    def _after_denial(
        self, branch: str, place: Place, denied: Node, payload: dict[str, Json], author: str
    ) -> None:
        own = files_of(payload.get("arguments"), place.mounted_at, place.path)
        ineffective: list[Prepared] = []

        def event(taken: Snapshot) -> Prepared | None:
            blamed = [path for path in taken.changed if own is None or _touches(path, own)]
            if not blamed:
                return self._by_user(taken)
            why = "the workspace changed after a denied intent"
            if own is None:
                why += "; in the user's own folder it may have been the user"
            said: dict[str, Any] = {
                "action": "vetoIneffective",
                "by": "sidecar",
                "why": why,
                "changed": blamed[:NAMED],
            }
            noted = self._preparer.own("intervention", said, denied.hex)
            others = tuple(path for path in taken.changed if path not in set(blamed))
            if not others:
                return noted
            ineffective.append(noted)
            return self._by_user(replace(taken, changed=others))

        self._workspaces.capture(branch, event, author)
        for noted in ineffective:

            def work(tx: Tx, noted: Prepared = noted) -> None:
                record.append(tx, heads.load_open(tx, branch), noted, author)

            self._store.write(work)


def open_calls(conn: sqlite3.Connection, head: Node) -> list[Node]:
    """The tool calls on the last part of a log that have no outcome, the oldest first."""
    path = commits.walk(conn, head.seq, LOOK_BACK)
    answered = {node.intent for node in path if node.kind in INTENT_OF}
    return [
        node for node in reversed(path) if node.kind == "tool_call" and node.seq not in answered
    ]


def files_of(arguments: Json, workspace: str, world: str) -> set[str] | None:
    """The paths in the workspace that a call's arguments name; None when that is not all."""
    if isinstance(arguments, str) or any(name in _DOES_ANYTHING for name in _names(arguments)):
        return None
    named: set[str] = set()
    for place in gate_paths.places(arguments, workspace, world):
        if isinstance(place, gate_paths.Unreadable):
            return None
        if place.inside is not None:
            named.add(place.inside)
        elif place.absolute is None:
            return None
    return named or None


def _names(value: Json) -> Iterator[str]:
    ahead: list[Json] = [value]
    while ahead:
        part = ahead.pop()
        if isinstance(part, dict):
            yield from (name.lower() for name in part)
            ahead.extend(part.values())
        elif isinstance(part, list):
            ahead.extend(part)


def _touches(shown: str, named: set[str]) -> bool:
    """Whether a changed path is one of those named, lies below one, or was made for one."""
    path = parse_printable(shown).decode("utf-8", "surrogateescape")
    return any(
        name == "." or path == name or path.startswith(name + "/") or name.startswith(path + "/")
        for name in named
    )
