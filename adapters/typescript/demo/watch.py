"""Looking on: every commit of the store as it is recorded, and the agents' processes."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from screen import Broken, Screen
from shepherd_client import Sidecar

PATIENCE: Final = 60.0
"""Seconds that may pass before something that is waited for."""

Entry = dict[str, Any]
Agent = subprocess.Popen[str]


class Watch:
    """A subscription to all that is recorded, which shows the steps of agents."""

    def __init__(self, sidecar: Sidecar, screen: Screen) -> None:
        self._screen = screen
        self._pushes = sidecar.subscribe(all=True)
        self.entries: dict[str, Entry] = {}
        """Every commit seen, by its id, in the store's order."""

    def follow(self, agents: dict[str, Agent]) -> None:
        """Show what agents do, until the branch of each has ended.

        Raises:
            Broken: one failed, or nothing was heard of it.
        """
        self.wait_for(lambda: all(map(self._ended, agents)), agents)
        for agent in agents.values():
            result(agent)

    def catch_up(self, commit: str) -> None:
        """Show what is recorded up to a commit."""
        self.wait_for(lambda: commit in self.entries, {})

    def on(self, branch: str) -> list[Entry]:
        """What was recorded on a branch itself, oldest first."""
        return [entry for entry in self.entries.values() if entry.get("branch") == branch]

    def close(self) -> None:
        """Look on no longer."""
        self._pushes.close()

    def wait_for(self, seen: Callable[[], bool], agents: dict[str, Agent]) -> None:
        """Show what is recorded, until enough was seen.

        Raises:
            Broken: an agent failed, or it takes too long.
        """
        deadline = time.monotonic() + PATIENCE
        while not seen():
            try:
                news = self._pushes.next(timeout=0.25)
            except TimeoutError:
                news = []
            for entry in news:
                if entry["commit"] not in self.entries:  # a replay comes by the same commits
                    self.entries[entry["commit"]] = entry
                    self._show(entry)
            for agent in agents.values():
                if agent.poll() not in (None, 0):
                    result(agent)
            if time.monotonic() > deadline:
                raise Broken(f"an answer within {PATIENCE:.0f} s")

    def _ended(self, branch: str) -> bool:
        return any(entry["kind"] == "run_end" for entry in self.on(branch))

    def _show(self, entry: Entry) -> None:
        branch, payload, usage = entry["branch"], entry.get("payload") or {}, entry.get("usage", {})
        step = self._screen.step
        if entry["kind"] == "thought":
            step(branch, "thinks", payload["text"], None, {})
        elif entry["kind"] == "model_result":
            step(branch, "model", payload["result"]["text"], usage.get("durationMs"), usage)
        elif entry["kind"] == "tool_result":
            intent = self.entries[entry["intent"]]
            tool, ms = words(intent["payload"]), usage.get("durationMs")
            if payload["status"] == "denied":
                step(branch, "denied", f"{tool}: {payload['reason']}", elapsed(intent, entry), {})
            else:
                step(branch, "tool", f"{tool}{outcome(payload)}", ms, {})
        elif entry["kind"] == "intervention" and payload["action"] == "inject":
            step(branch, "says", f"{payload['by']}: {payload['message']}", None, {})
        elif entry["kind"] == "run_end":
            step(branch, "end", payload["status"], None, {})


def result(agent: Agent) -> dict[str, Any]:
    """What an agent's process printed, once it has ended.

    Raises:
        Broken: it failed, or does not end.
    """
    try:
        said, wrong = agent.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        agent.kill()
        raise Broken("the agent's process ends") from None
    if agent.returncode != 0:
        raise Broken(f"the agent's process ends well\n{wrong.strip()}")
    found: dict[str, Any] = json.loads(said)
    return found


def words(call: dict[str, Any]) -> str:
    """A tool call as a person would write it."""
    arguments = call["arguments"]
    if "argv" in arguments:
        return shlex.join(arguments["argv"])
    shown = arguments.get("command") or arguments.get("path") or ""
    return f"{call['name']} {shown}".rstrip()


def outcome(payload: dict[str, Any]) -> str:
    """What is worth saying of a tool's outcome."""
    result_ = payload["result"]
    if "failures" in result_:
        names = ", ".join(f'"{failure["name"]}"' for failure in result_["failures"])
        passed, all_ = result_["passed"], result_["passed"] + result_["failed"]
        return f": {passed} of {all_} pass" + (f", not {names}" if names else "")
    if result_.get("exitCode"):
        return f": exit {result_['exitCode']}"
    return "" if payload["status"] == "ok" else ": failed"


def elapsed(first: Entry, last: Entry) -> float:
    """Milliseconds between two commits."""
    began, ended = (datetime.fromisoformat(entry["at"]) for entry in (first, last))
    return (ended - began).total_seconds() * 1000
