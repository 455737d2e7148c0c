"""Playing keys in a branch's world: asked, typed, reported, and shown.

Knows the wire only through the client. Keeps: nothing is typed before its verdict; a denied
call types nothing; an override's keys are typed in place of the proposed ones.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from shepherd_client import Branch, Denied

from shepherd_terminal.room import Machine, Room
from shepherd_terminal.screen import Screen
from shepherd_terminal.session import Session
from shepherd_terminal.trajectory import Call, prompt_folder

EFFECT = "reversible"
"""In a room keys change the world only, and its snapshot undoes that."""


@dataclass(slots=True)
class Played:
    """What came of one call."""

    call: Call
    intent: str
    decision: str
    state: str | None = None
    """How the wait ended; None when nothing was typed."""
    seconds: float = 0.0
    tree: str | None = None
    changed: list[str] = field(default_factory=list)
    snapshot_ms: float | None = None

    @property
    def typed(self) -> str:
        """What was typed for it."""
        return self.call.keys or "" if self.state is not None else ""


class Player:
    """A shell in the world of a branch.

    Args:
        branch: it has a live world.
        machine: what of the recorded machine the shell is to see.
        concealed: folders that it must not see.
    """

    def __init__(self, branch: Branch, machine: Machine, concealed: list[Path]) -> None:
        if branch.world is None:
            raise ValueError(f"{branch.name} has no world")
        self.branch = branch
        self.machine = machine
        self.screen = Screen()
        self._concealed = concealed
        self._stage = Path(tempfile.mkdtemp(prefix="shepherd-room-"))
        try:
            world = Path(branch.world["path"])
            self._room = Room(self._stage / "room", world, machine, concealed)
            self._session = Session(self._room.command(), self.screen)
        except BaseException:
            shutil.rmtree(self._stage, ignore_errors=True)
            raise
        self.screen.news()

    def play(self, calls: tuple[Call, ...]) -> tuple[list[Played], str]:
        """Play the calls of one step; returns what came of each, and the screen after them."""
        played = [self._one(call) for call in calls]
        shown = self.screen.news()
        seen = {"content": shown, "calls": [call.id for call in calls]}
        self.branch.observation(seen)
        return played, shown

    def fork(self, at: str | None = None, name: str | None = None) -> Player:
        """A second shell in a fork of the world, where this one stands now.

        The shell's own state (variables, jobs) is not part of a world: the new shell starts
        in the folder that the last prompt names, with nothing else.
        """
        options: dict[str, Any] = {"names": [name]} if name is not None else {}
        [branch] = self.branch.fork(at, **options)
        folder = prompt_folder("\n".join(self.screen.rows())) or self.machine.folder
        return Player(branch, replace(self.machine, folder=folder), self._concealed)

    def close(self) -> None:
        """End the shell. The world stays with its branch."""
        self._session.close()
        self._room.close()
        shutil.rmtree(self._stage, ignore_errors=True)

    def _one(self, call: Call) -> Played:
        try:
            with self.branch.tool(call.name, call.arguments, effect=EFFECT) as asked:
                allowed = replace(call, arguments=asked.arguments)
                done = Played(allowed, asked.intent, asked.verdict["decision"])
                asked.result = self._type(done)
        except Denied as denied:
            return Played(call, denied.intent, "deny")
        snapshot = asked.outcome.get("snapshot") or {}
        done.tree = snapshot.get("tree")
        done.changed = snapshot.get("changed", [])
        done.snapshot_ms = snapshot.get("ms")
        return done

    def _type(self, done: Played) -> dict[str, Any]:
        keys = done.call.keys
        if keys is None:
            return {}
        row = self.screen.last_row()
        waited = self._session.send(keys, done.call.duration)
        done.state, done.seconds = waited.state, waited.seconds
        return {"content": self.screen.since(row), "state": waited.state}
