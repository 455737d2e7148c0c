"""Spec/Ops.lean: the operations on a store. A store is a value: every operation gives another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.lean.spec import graph
from tests.lean.spec.graph import Commits
from tests.lean.spec.objects import Commit, Event, Hash, Id, Json, Path, Text, Tree, graft

Name = Text


@dataclass(frozen=True)
class Branch:
    head: Id
    status: str = "live"
    forked_from: tuple[Name, Id] | None = None
    clients: tuple[tuple[Text, Id], ...] = ()
    held: tuple[Id, ...] = ()
    folder: Tree | None = None


@dataclass(frozen=True)
class Store:
    commits: Commits = field(default_factory=dict)
    branches: dict[Name, Branch] = field(default_factory=dict)

    def branch(self, n: Name) -> Branch | None:
        return self.branches.get(n)

    def put(self, n: Name, b: Branch) -> Store:
        return replace(self, branches={**self.branches, n: b})


class Refused(Exception):
    """``.error``; by name."""

    @property
    def name(self) -> str:
        return str(self.args[0])


Outcome = tuple[Store, Id]
"""Or ``Refused`` is raised."""
Answer = tuple[Store, Id | str]
"""The store after it, and a commit or the name of what was refused."""


def settle(s: Store, work: Callable[[], Outcome]) -> Answer:
    try:
        return work()
    except Refused as refused:
        return s, refused.name


def objection(s: Commits, c: Commit) -> Refused:
    intent = c.event.intent
    if intent is None:
        return Refused("unknownIntent")
    on_log = any(i == intent for i, _ in graph.below(s, c))
    fits = graph.asks(s, intent, c.event.kind)
    return Refused("alreadyResolved" if on_log and fits else "unknownIntent")


def record(h: Hash, s: Store, n: Name, e: Event, tree: Tree | None = None) -> Outcome:
    b = s.branch(n)
    if b is None:
        raise Refused("unknownBranch")
    c = Commit((b.head,), e, tree)
    if not graph.admits(s.commits, c):
        raise objection(s.commits, c)
    i = h.commit(c)
    return replace(s, commits=graph.insert(h, s.commits, c)).put(n, replace(b, head=i)), i


def amend(s: Store, n: Name, i: Id, f: Callable[[Branch], Branch]) -> Outcome:
    b = s.branch(n)
    if b is None:
        raise Refused("unknownBranch")
    return s.put(n, replace(f(b), head=b.head)), i


def ineffective(intent: Id, why: Text) -> Event:
    said = {"action": "vetoIneffective", "by": "sidecar", "why": why}
    return Event("intervention", said, intent)


def vetoed(s: Store, b: Branch, e: Event) -> tuple[Id, Text] | None:
    intent = e.intent
    if intent is None:
        return None
    path = graph.path(s.commits, b.head)
    if not e.is_outcome or not any(i == intent for i, _ in path):
        return None
    found = graph.outcome(path, intent)
    if found is not None:
        return (intent, "denied") if found[1].event.is_denied else None
    if graph.denied(path, intent):
        return intent, "denied"
    if graph.waits(path, intent) or intent in b.held:
        return intent, "held"
    return None


def append(
    h: Hash,
    s: Store,
    n: Name,
    e: Event,
    tree: Tree | None = None,
    expected: Id | None = None,
    client: Text | None = None,
) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    if b.status != "live":
        return s, "branchClosed"
    if expected is not None and expected != b.head:
        return s, "headMoved"
    if not e.reported:
        return s, "notReported"
    found = vetoed(s, b, e)
    if found is not None:
        intent, why = found
        after, _ = settle(s, lambda: record(h, s, n, ineffective(intent, why)))
        return after, "intentDenied"
    known = None if client is None else dict(reversed(b.clients)).get(client)
    if known is not None:
        same = known in graph.log(s.commits, b.head) and s.commits[known].event == e
        return s, known if same else "clientIdConflict"

    def work() -> Outcome:
        after, i = record(h, s, n, e, tree)
        if client is None:
            return amend(after, n, i, lambda b: b)
        return amend(after, n, i, lambda b: replace(b, clients=((client, i), *b.clients)))

    return settle(s, work)


def fork(s: Store, origin: Name, at_: Id | None, new: Name, world: bool) -> Answer:
    b = s.branch(origin)
    c = at_ if at_ is not None else None if b is None else b.head
    if c is None:
        return s, "unknownBranch"
    if c not in s.commits:
        return s, "unknownCommit"
    if s.branch(new) is not None:
        return s, "nameTaken"
    folder = graph.nearest(graph.path(s.commits, c)) if world else None
    return s.put(new, Branch(head=c, forked_from=(origin, c), folder=folder)), c


def discard(s: Store, n: Name) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    return s.put(n, replace(b, status="discarded")), b.head


def take_back(s: Store, n: Name) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    if b.status != "discarded":
        return s, "branchClosed"
    return s.put(n, replace(b, status="live")), b.head


def ending(status: Text) -> Event:
    return Event("run_end", {"status": status})


def finish(h: Hash, s: Store, n: Name, status: Text) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    if b.status != "live":
        return s, "branchClosed"

    def work() -> Outcome:
        after, i = record(h, s, n, ending(status))
        return amend(after, n, i, lambda b: replace(b, status="ended"))

    return settle(s, work)


def work(s: Store, n: Name, folder: Tree) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    if b.folder is None:
        return s, "noWorld"
    return s.put(n, replace(b, folder=folder)), b.head


# Intents

RANK = {"allow": 0, "override": 1, "hold": 2, "deny": 3}


@dataclass(frozen=True)
class Ruling:
    decision: str
    by_: Text
    reason: Text | None = None
    payload: Json | None = None


def combine(rulings: Sequence[Ruling]) -> Ruling:
    if not rulings:
        return Ruling("allow", "")
    one, rest = rulings[0], rulings[1:]
    if not rest:
        return one
    other = combine(rest)
    return other if RANK[other.decision] > RANK[one.decision] else one


def verdict(intent: Id, r: Ruling) -> Event:
    said = {"action": "verdict", "by": r.by_, "decision": r.decision}
    said |= {} if r.payload is None else {"payload": r.payload}
    said |= {} if r.reason is None else {"reason": r.reason}
    return Event("intervention", said, intent)


def denied_outcome(kind: str, intent: Id, r: Ruling) -> Event:
    said = {"by": r.by_, "reason": r.reason or "", "status": "denied"}
    return Event(kind, said, intent)


def rule(h: Hash, s: Store, n: Name, intent: Id, r: Ruling) -> Outcome:
    after, v = record(h, s, n, verdict(intent, r))
    if r.decision != "deny":
        return after, v
    kind = s.commits[intent].event.outcome if intent in s.commits else None
    if kind is None:
        raise Refused("unknownIntent")
    return record(h, after, n, denied_outcome(kind, intent, r))[0], v


def propose(h: Hash, s: Store, n: Name, intent: Event, rulings: Sequence[Ruling]) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    if b.status != "live":
        return s, "branchClosed"
    if not intent.is_intent:
        return s, "notReported"

    def work() -> Outcome:
        after, i = record(h, s, n, intent)
        r = combine(rulings)
        if r.decision == "allow":
            return after, i
        after, _ = rule(h, after, n, i, r)
        if r.decision in ("override", "deny"):
            return after, i
        return amend(after, n, i, lambda b: replace(b, held=(*b.held, i)))

    return settle(s, work)


def decide_held(h: Hash, s: Store, n: Name, intent: Id, r: Ruling) -> Outcome:
    b = s.branch(n)
    if b is None:
        raise Refused("unknownBranch")
    if intent not in s.commits or s.commits[intent].event.outcome is None:
        raise Refused("unknownIntent")
    if intent not in b.held or r.decision == "hold":
        raise Refused("alreadyResolved")
    after, v = rule(h, s, n, intent, r)
    return amend(
        after, n, v, lambda b: replace(b, held=tuple(one for one in b.held if one != intent))
    )


def deny_all(h: Hash, n: Name, r: Ruling, cut: Sequence[Id], s: Store, i: Id) -> Outcome:
    for intent in cut:
        s, i = decide_held(h, s, n, intent, r)
    return s, i


def rewind(h: Hash, s: Store, n: Name, c: Id, tail: Name) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    if b.status != "live":
        return s, "branchClosed"
    if c not in graph.log(s.commits, b.head):
        return s, "unknownCommit"
    if s.branch(tail) is not None:
        return s, "nameTaken"
    cut = [one for one in b.held if one not in graph.log(s.commits, c)]

    def work() -> Outcome:
        after, _ = deny_all(h, n, Ruling("deny", "rewind", "rewind"), cut, s, b.head)
        last = after.branch(n)
        if last is None:
            raise Refused("unknownBranch")
        kept = Branch(head=last.head, status="discarded", forked_from=(n, c))
        return after.put(tail, kept).put(n, replace(last, head=c)), c

    return settle(s, work)


# Restore

SAFETY = Event("workspace_change", {"why": "safety"}, effect="reversible")


def restored(to: Id, paths: tuple[Path, ...] | None) -> Event:
    said: dict[str, Any] = {"action": "restore", "by": "owner"}
    said |= {} if paths is None else {"paths": list(paths)}
    return Event("intervention", said | {"to": to})


def restoring(folder: Tree, was: Tree, paths: tuple[Path, ...] | None) -> Tree:
    return was if paths is None else graft(folder, was, paths)


def restore(h: Hash, s: Store, n: Name, c: Id, paths: tuple[Path, ...] | None) -> Answer:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    folder = b.folder
    if folder is None:
        return s, "noWorld"
    if c not in s.commits:
        return s, "unknownCommit"
    if b.status != "live":
        return s, "branchClosed"
    target = restoring(folder, graph.world(s.commits, c), paths)

    def work() -> Outcome:
        after, saved = record(h, s, n, SAFETY, folder)
        after, _ = record(h, after, n, restored(c, paths), target)
        return amend(after, n, saved, lambda b: replace(b, folder=target))

    return settle(s, work)


# Everything that can be asked of a store


@dataclass(frozen=True)
class Op:
    """A request: its name and what it takes, in Lean's order."""

    what: str
    args: tuple[Any, ...]


def act(h: Hash, s: Store, op: Op) -> Answer:
    match op.what:
        case "append":
            return append(h, s, *op.args)
        case "fork":
            return fork(s, *op.args)
        case "discard":
            return discard(s, *op.args)
        case "takeBack":
            return take_back(s, *op.args)
        case "finish":
            return finish(h, s, *op.args)
        case "work":
            return work(s, *op.args)
        case "propose":
            return propose(h, s, *op.args)
        case "decide":
            return settle(s, lambda: decide_held(h, s, *op.args))
        case "rewind":
            return rewind(h, s, *op.args)
        case "restore":
            return restore(h, s, *op.args)
    raise ValueError(op.what)


def begin(h: Hash, n: Name, payload: Json, folder: Tree | None) -> Store:
    c = Commit((), Event("run_start", payload), folder)
    return Store({h.commit(c): c}, {n: Branch(head=h.commit(c), folder=folder)})
