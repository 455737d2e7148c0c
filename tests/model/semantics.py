"""The operations as mathematics: pure, small, and nothing else.

``Store = (objects, branches, reflog)``. An operation either returns what the wire replies or
raises ``Refused`` and has changed nothing; the one exception is written where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tests.model.objects import EMPTY, Commit, Event, Id, Shape, changed, graft

INTENT_OF: Final = {"tool_result": "tool_call", "model_result": "model_call"}
OUTCOME_OF: Final = {call: result for result, call in INTENT_OF.items()}
ENDED: Final = {"finished", "failed", "exhausted", "stopped", "discarded"}
AUTHOR: Final = "owner"
REWOUND: Final = "the branch was rewound past this intent"


class Refused(Exception):
    """The error of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class Branch:
    """``{head, status, forkedFrom}`` with its facts of the reflog, and its live world."""

    name: str
    head: Id
    status: str = "live"
    forked_from: tuple[Branch, Id] | None = None
    client_ids: dict[str, Id] = field(default_factory=dict)
    held: dict[Id, str] = field(default_factory=dict)
    """Intents that wait, with the reason."""
    injected: list[Id] = field(default_factory=list)
    """Messages that wait for the agent."""
    world: Shape | None = None
    captured: Shape | None = None


class Store:
    """One store."""

    def __init__(self) -> None:
        self.objects: dict[Id, Commit] = {}
        self.branches: dict[str, Branch] = {}
        self.home: dict[Id, Branch] = {}

    # Reading

    def log(self, c: Id) -> list[Id]:
        """The first-parent path from the root to ``c``."""
        path = [c]
        while parents := self.objects[path[-1]].parents:
            path.append(parents[0])
        return path[::-1]

    def world(self, c: Id) -> Shape:
        """The tree of the nearest commit at or before ``c`` on its log that has one."""
        for at in reversed(self.log(c)):
            found = self.objects[at].world
            if found is not None:
                return found
        return EMPTY

    def branch(self, b: str) -> Branch:
        if b not in self.branches:
            raise Refused("UnknownBranch")
        return self.branches[b]

    def open_branch(self, b: str) -> Branch:
        branch = self.branch(b)
        if branch.status in ENDED:
            raise Refused("BranchClosed")
        return branch

    def outcome(self, branch: Branch, intent: Id) -> Event | None:
        """The outcome of an intent on the branch's path."""
        for at in self.log(branch.head):
            event = self.objects[at].event
            if event.intent == intent and event.kind in INTENT_OF:
                return event
        return None

    def verdict(self, branch: Branch, intent: Id) -> dict[str, Any]:
        """The last verdict on the branch's path, as it is answered."""
        said: dict[str, Any] = {"decision": "allow", "by": "default"}
        for at in self.log(branch.head):
            event = self.objects[at].event
            ruling = event.payload
            if event.intent == intent and ruling.get("action") == "verdict":
                said = {k: v for k, v in ruling.items() if k != "action"}
        return said

    # Writing

    def begin(self, name: str, workspace: Shape | None) -> Branch:
        root = Commit((), Event("run_start", {"name": name}), workspace)
        self.objects[root.id] = root
        branch = Branch(name, root.id, world=workspace, captured=workspace)
        self.branches[name] = self.home[root.id] = branch
        return branch

    def commit(self, branch: Branch, event: Event, world: Shape | None = None) -> Id:
        """A new commit with parent head(b); head(b) becomes it."""
        made = Commit((branch.head,), event, world)
        self.objects[made.id] = made
        self.home.setdefault(made.id, branch)
        branch.head = made.id
        if world is not None:
            branch.captured = world
        return made.id

    def append(
        self, b: str, events: list[tuple[Event, str | None]], expected: Id | None = None
    ) -> list[Id]:
        """All or none. ``events`` come with their clientIds."""
        branch = self.open_branch(b)
        if expected not in (None, branch.head):
            raise Refused("HeadMoved")
        for event, _ in events:
            self._check_veto(branch, event.intent)
        before = branch.head, dict(branch.client_ids), self.objects, self.home
        self.objects, self.home = dict(self.objects), dict(self.home)
        try:
            return [self._append(branch, event, client_id) for event, client_id in events]
        except Refused:
            branch.head, branch.client_ids, self.objects, self.home = before
            raise

    def _append(
        self, branch: Branch, event: Event, client_id: str | None, world: Shape | None = None
    ) -> Id:
        known = branch.client_ids.get(client_id or "")
        if known is not None:
            if known not in self.log(branch.head) or self.objects[known].event != event:
                raise Refused("ClientIdConflict")
            return known
        if event.intent is not None:
            if event.intent not in self.log(branch.head):
                raise Refused("UnknownIntent")
            if self.objects[event.intent].event.kind != INTENT_OF[event.kind]:
                raise Refused("UnknownIntent")
            if self.outcome(branch, event.intent) is not None:
                raise Refused("IntentAlreadyResolved")
        made = self.commit(branch, event, world)
        if client_id is not None:
            branch.client_ids[client_id] = made
        return made

    def _check_veto(self, branch: Branch, intent: Id | None) -> None:
        """After a deny, or before a decision: refused, and recorded as ``vetoIneffective``."""
        if intent is None or intent not in self.log(branch.head):
            return
        outcome = self.outcome(branch, intent)
        if outcome is not None and outcome.payload["status"] != "denied":
            return
        said = [
            event.payload["decision"]
            for event in map(self.event_at, self.log(branch.head))
            if event.intent == intent and event.payload.get("action") == "verdict"
        ]
        decided = [decision for decision in said if decision != "hold"]
        held = intent in branch.held or (said and not decided)  # on a fork nobody waits
        if outcome is not None or held or decided[-1:] == ["deny"]:
            state = "denied" if outcome is not None or not held else "held"
            why = f"an outcome was reported for a {state} intent"
            noted = {"action": "vetoIneffective", "by": "sidecar", "why": why}
            self.commit(branch, Event("intervention", noted, intent=intent))
            raise Refused("IntentDenied")

    def event_at(self, c: Id) -> Event:
        """The event of a commit."""
        return self.objects[c].event

    def fork(self, at: str, b: str, with_world: bool = True) -> Branch:
        """branches[b'] := {head: c, forkedFrom: (branch, c)}. No object is added."""
        if at in self.branches:
            origin, c = self.branches[at], self.branches[at].head
        elif at in self.objects:
            origin, c = self.home[at], at
        else:
            raise Refused("UnknownCommit" if len(at) == 64 else "UnknownBranch")
        if b in self.branches:
            raise Refused("NameTaken")
        has_world = with_world and any(self.objects[one].world is not None for one in self.log(c))
        world = self.world(c) if has_world else None
        made = Branch(b, c, forked_from=(origin, c), world=world, captured=world)
        self.branches[b] = made
        return made

    def discard(self, b: str) -> None:
        self.branch(b).status = "discarded"

    def take_back(self, b: str) -> None:
        if self.branch(b).status != "discarded":
            raise Refused("BranchClosed")
        self.branch(b).status = "live"

    def rename(self, b: str, new: str) -> None:
        branch = self.branch(b)
        if new != b and new in self.branches:
            raise Refused("NameTaken")
        del self.branches[b]
        self.branches[new] = branch
        branch.name = new

    def rewind(self, b: str, c: Id, tail: str) -> list[Id]:
        """The tail stays as a discarded branch; head(b) := c. Returns what is denied by it."""
        branch = self.open_branch(b)
        if c not in self.log(branch.head):
            raise Refused("UnknownCommit")
        cut = [intent for intent in branch.held if intent not in self.log(c)]
        for intent in cut:
            self.decide(b, intent, "deny", "rewind", REWOUND)
        kept = Branch(tail, branch.head, "discarded", (branch, c))
        self.branches[tail] = kept
        branch.head = c
        return cut

    def end(self, b: str, status: str) -> Id:
        branch = self.open_branch(b)
        made = self.commit(branch, Event("run_end", {"status": status}))
        branch.status = status
        return made

    # Intents

    def propose(
        self, b: str, intent: Event, client_id: str | None, ruling: dict[str, Any]
    ) -> tuple[Id, dict[str, Any] | None]:
        """The intent, then its verdict; None while it is held."""
        branch = self.open_branch(b)
        self._look_after_veto(branch)
        before = branch.head
        made = self._append(branch, intent, client_id)
        if branch.head == before:
            if made in branch.held:
                return made, None
            return made, self.deliver(branch, self.verdict(branch, made))
        if ruling["decision"] == "hold":
            self._write(branch, made, ruling)
            branch.held[made] = ruling["reason"]
            return made, None
        if ruling["decision"] != "allow":
            self._write(branch, made, ruling)
        return made, self.deliver(branch, ruling)

    def _look_after_veto(self, branch: Branch) -> None:
        """A tree that changed after a denied intent with nothing open: ``vetoIneffective``."""
        intents = self.intents(branch.head)
        outcomes = [self.outcome(branch, intent) for intent in intents]
        if not intents or None in outcomes or branch.world == branch.captured:
            return
        if outcomes[-1] is not None and outcomes[-1].payload["status"] == "denied":
            why = "the workspace changed after a denied intent"
            said: dict[str, Any] = {"action": "vetoIneffective", "by": "sidecar", "why": why}
            said["changed"] = changed(branch.captured or EMPTY, branch.world or EMPTY)
            self.commit(branch, Event("intervention", said, intent=intents[-1]), branch.world)

    def decide(self, b: str, intent: Id, decision: str, by: str, reason: str | None = None) -> Id:
        """One decision counts."""
        branch = self.branch(b)
        if intent not in branch.held:
            raise Refused("IntentAlreadyResolved")
        ruling = {"decision": decision, "by": by}
        if reason is not None:
            ruling["reason"] = reason
        made = self._write(branch, intent, ruling)
        del branch.held[intent]
        return made

    def _write(self, branch: Branch, intent: Id, ruling: dict[str, Any]) -> Id:
        """A verdict other than plain allow is a commit; deny makes the outcome ``denied``."""
        said = {"action": "verdict", **ruling}
        made = self.commit(branch, Event("intervention", said, intent=intent))
        if ruling["decision"] == "deny":
            denied = {"status": "denied", "by": ruling["by"], "reason": ruling["reason"]}
            kind = OUTCOME_OF[self.objects[intent].event.kind]
            self.commit(branch, Event(kind, denied, intent=intent))
        return made

    def inject(self, b: str, message: Any, by: str) -> Id:
        branch = self.open_branch(b)
        said = {"action": "inject", "by": by, "message": message}
        made = self.commit(branch, Event("intervention", said))
        if made not in branch.injected:  # said again after a rewind: one commit, told once
            branch.injected.append(made)
        return made

    def deliver(self, branch: Branch, verdict: dict[str, Any]) -> dict[str, Any]:
        """The verdict with the messages that wait; each is delivered once."""
        age = {c: n for n, c in enumerate(self.objects)}
        waiting, branch.injected = sorted(branch.injected, key=age.__getitem__), []
        if not waiting:
            return verdict
        said = [(c, self.objects[c].event.payload) for c in waiting]
        return verdict | {
            "injected": [{"message": p["message"], "by": p["by"], "commit": c} for c, p in said]
        }

    def resolve(
        self, b: str, intent: Id, result: Any, status: str, client_id: str | None, snapshot: bool
    ) -> Id:
        branch = self.branch(b)
        kind = self.objects[intent].event.kind if intent in self.objects else None
        if kind not in OUTCOME_OF:
            raise Refused("UnknownIntent")
        branch = self.open_branch(b)
        event = Event(OUTCOME_OF[kind], {"status": status, "result": result}, intent=intent)
        self._check_veto(branch, intent)
        return self._append(branch, event, client_id, branch.world if snapshot else None)

    # Worlds

    def take(self, b: str) -> Id:
        """A commit with the world as it is, when it changed."""
        branch = self.open_branch(b)
        assert branch.world is not None
        if branch.world == branch.captured:
            return branch.head
        return self._capture(branch, "snapshot")

    def _capture(self, branch: Branch, why: str) -> Id:
        assert branch.world is not None
        paths = changed(branch.captured or EMPTY, branch.world)
        said = {"why": why, "changed": paths, "changedCount": len(paths), "notCaptured": []}
        return self.commit(branch, Event("workspace_change", said, "reversible"), branch.world)

    def restore(self, b: str, c: Id, paths: list[str] | None = None) -> tuple[Id, Id]:
        """(1) the safety commit, (2) the commit whose tree is world(c), or the asked paths."""
        branch = self.open_branch(b)
        assert branch.world is not None
        target = self.world(c)
        if paths is not None:
            source, target = target, branch.world
            for path in paths:
                target = graft(target, source, path.encode().split(b"/"))
        safety = self._capture(branch, "safety")
        branch.world = target
        said: dict[str, Any] = {"action": "restore", "by": AUTHOR, "to": c}
        if paths is not None:
            said["paths"] = paths
        return safety, self.commit(branch, Event("intervention", said), target)

    # Replay

    def intents(self, c: Id) -> list[Id]:
        """The intents on a log, in order."""
        return [at for at in self.log(c) if self.objects[at].event.kind in OUTCOME_OF]

    def cached(self, c: Id, into: str) -> tuple[list[Event], bool]:
        """Replay the machine that made a log: the outcomes it gets, and whether it reached the end.

        The recorded commits are appended up to the first intent that has no outcome.
        """
        log = self.log(c)
        self.fork(log[0], into, with_world=False)
        given = []
        for intent in self.intents(c):
            outcome = self.outcome(Branch("", c), intent)
            if outcome is None:
                self.branches[into].head = log[log.index(intent) - 1]
                return given, False
            given.append(outcome)
        self.branches[into].head = c
        return given, True
