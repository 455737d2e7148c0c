"""Cases: what is asked of a store, request after request, as values that a file can keep.

``choose`` makes one request from a few numbers and the store as it is, so that Hypothesis, or a
plain generator of numbers, decides what happens and most of it makes sense.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.lean.spec import graph, merge, meta, ops
from tests.lean.spec.meta import Asked, Desk, Reply
from tests.lean.spec.objects import Commit, Event, Id, Tree
from tests.lean.spec.ops import Op, Ruling, Store

FIRST: Final = "a"
DERIVED: Final = re.compile(r"(?<=.)(-(fork|tail|replay)(-\d+)?)+$")
"""What a name made from a branch's ends with; what is made from that branch in turn does not."""
NOBODY: Final = 999
"""An id that no commit has."""
RULES: Final = (
    Ruling("override", "rule:o", None, {"arguments": {"d": 1}}),
    Ruling("hold", "rule:h", "h"),
    Ruling("deny", "rule:n", "n"),
    Ruling("override", "rule:p", None, {"arguments": {"d": 2}}),
    Ruling("hold", "rule:k", "k"),
    Ruling("deny", "rule:m", "m"),
)
"""Each is for the tools that have its letter in their name."""
TOOLS: Final = ("g", "g", "n", "o", "h", "h", "op", "po", "nm", "mn", "hk", "kh", "oh", "hn")
START: Final[Tree] = {"a": ("file", 0o644, "1"), "l": ("link", "a")}
FOLDERS: Final[tuple[Tree, ...]] = (
    {},
    {"a": ("file", 0o644, "2")},
    {"a": ("file", 0o755, "1"), "l": ("link", "b")},
    {"a": ("file", 0o644, "1"), "d": ("dir", 0o755), "d/b": ("file", 0o644, "3")},
    {"b": ("file", 0o644, "1"), "l": ("link", "a")},
    {"a": ("file", 0o755, "2"), "l": ("link", "a")},
    {"a": ("file", 0o644, "1"), "l": ("link", "a"), "m": ("file", 0o644, "4")},
)


class Numbers:
    """How commits are named here: one, two, three, in order of appearance."""

    def __init__(self) -> None:
        self._known: dict[Any, Id] = {}

    def commit(self, c: Commit) -> Id:
        return self._known.setdefault(_frozen(dataclasses.asdict(c)), len(self._known))


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return frozenset((key, _frozen(part)) for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(part) for part in value)
    return (type(value).__name__, value)


@dataclass(frozen=True)
class Case:
    """A store that begins, and what is asked of it."""

    folder: Tree | None
    asked: tuple[Op, ...]


@dataclass
class Playing:
    """The desk of a case, and what it answered."""

    folder: Tree | None
    h: Numbers = field(default_factory=Numbers)
    asked: list[Op] = field(default_factory=list)
    answers: list[Reply | str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = Desk(ops.begin(self.h, FIRST, {"name": "r"}, self.folder))

    @property
    def store(self) -> Store:
        """Its store."""
        return self.desk.store

    def play(self, op: Op) -> Reply | str:
        """One request."""
        self.desk, answer = meta.deed(self.h, self.desk, op)
        self.asked.append(op)
        self.answers.append(answer)
        return answer


def rulings(tool: str, arguments: dict[str, Any]) -> tuple[Ruling, ...]:
    """What the rules say of a call of this tool."""
    found = []
    for rule in RULES:
        if rule.by_[-1] in tool:
            whole = None
            if rule.payload is not None:
                whole = {"name": tool, "arguments": arguments | rule.payload["arguments"]}
            found.append(dataclasses.replace(rule, payload=whole))
    return tuple(found)


KINDS: Final = (
    *("append", "append", "outcome", "outcome", "outcome", "fork", "fork", "discard", "takeBack"),
    *(
        "finish",
        "work",
        "work",
        "work",
        "propose",
        "propose",
        "propose",
        "decide",
        "decide",
        "rewind",
    ),
    *("restore", "restore", "gc"),
    *("inject", "pause", "pause", "resume", "resume", "rename"),
    *("replay", "replay", "replay", "apply", "apply", "apply"),
)
"""And ``crash``, which costs the start of a sidecar."""


def choose(d: Desk, kind: str, numbers: Sequence[int]) -> Op | None:
    """A request of this kind; None when there is none now that can be asked over the wire."""
    op = _chosen(d.store, kind, numbers)
    return op if op is not None and askable(d, op) else None


def _chosen(s: Store, kind: str, numbers: Sequence[int]) -> Op | None:
    at: Iterator[int] = iter(numbers)

    def pick(among: Sequence[Any]) -> Any:
        return among[next(at) % len(among)]

    if not s.branches:
        return None
    n = pick(list(s.branches))
    b = s.branches[n]
    log = graph.log(s.commits, b.head)
    somewhere = [*log, *log, *s.commits, NOBODY]
    match kind:
        case "append":
            event = Event(pick(("message", "message", "thought")), {"c": pick("ab")})
            expected = pick((None, None, None, b.head, pick(somewhere)))
            return Op("append", (n, event, None, expected, pick((None, None, "x", "y"))))
        case "outcome":
            return _outcome(s, n, pick)
        case "fork":
            c = pick((None, *somewhere))
            if c is not None and c in s.commits:
                n = _home(s, c) or n
            new = pick(("b", "c", "d", "e", "f", "g", FIRST))
            return Op("fork", (n, c, new, bool(next(at) % 4)))
        case "discard" | "takeBack":
            return Op(kind, (n,))
        case "finish":
            return Op("finish", (n, pick(("finished", "failed"))))
        case "work":
            return Op("work", (n, pick(FOLDERS)))
        case "propose":
            tool = pick(TOOLS)
            if pick(range(6)) == 0:
                return Op("propose", (n, Event("model_call", {"model": "m"}), ()))
            payload = {"name": tool, "arguments": {}}
            event = Event("tool_call", payload, effect=pick(("pure", "irreversible")))
            return Op("propose", (n, event, rulings(tool, {})))
        case "gc":
            return Op("gc", (FIRST, ()))
        case "crash":
            return Op("crash", (n,))
        case "decide":
            waiting = [one for each in s.branches.values() for one in each.held]
            intent = pick([*waiting, *waiting, pick(somewhere)])
            if intent in waiting and pick(range(3)):
                n = next(name for name, one in s.branches.items() if intent in one.held)
            said = pick(("allow", "allow", "deny", "override"))
            payload = {"name": "z", "arguments": {}} if said == "override" else None
            return Op("decide", (n, intent, Ruling(said, "u", pick("xy"), payload)))
        case "rewind":
            return Op("rewind", (n, pick(somewhere), _tail(s, n)))
        case "restore":
            return Op("restore", (n, pick(somewhere), pick((None, None, ("a",), ("b",)))))
        case "inject":
            return Op("inject", (n, pick("ab"), "u"))
        case "pause" | "resume":
            return Op(kind, (n, "u"))
        case "rename":
            return Op("rename", (n, pick(("r", "s", "t", FIRST, n))))
        case "replay":
            return _replay(s, n, pick)
        case "apply":
            return Op("apply", (n, pick([m for m in s.branches if m != n] or ["g"])))
    raise ValueError(kind)


def askable(d: Desk, op: Op) -> bool:
    """Whether this can be asked over the wire now, and is what the Spec speaks of."""
    s, n = d.store, op.args[0]
    b = s.branch(n)
    if op.what == "gc":  # it keeps messages that wait on no log any more; the Spec does not
        logs = {m: graph.log(s.commits, one.head) for m, one in s.branches.items()}
        return all(i in logs[m] for m, i in d.letters)
    if b is None:
        return True
    match op.what:
        case "append":
            _, e, tree, _, _ = op.args
            fits = e.intent in s.commits and s.commits[e.intent].event.outcome == e.kind
            return tree is None or (fits and tree == b.folder and len(_open(s, n)) < 2)
        case "propose" | "finish":
            return not _ran_anyway(s, n)
        case "work":
            return b.folder is not None
        case "restore":
            _, c, paths = op.args
            there = {*(b.folder or {}), *(graph.world(s.commits, c) if c in s.commits else ())}
            return paths is None or there.issuperset(paths)
        case "rewind":
            return bool(op.args[2] == _tail(s, n))
        case "replay":
            return _replayable(s, op)
        case "apply":
            return n != op.args[1] and _mergeable(s, b, s.branch(op.args[1]))
    return True


def _tail(s: Store, n: str) -> str:
    """What the sidecar calls the tail of a rewind."""
    base = DERIVED.sub("", n)
    tail, number = f"{base}-tail", 1
    while tail in s.branches:
        number += 1
        tail = f"{base}-tail-{number}"
    return tail


def _replay(s: Store, n: str, pick: Any) -> Op:
    """A replay: of an agent that asks what it asked, up to somewhere, or then something else."""
    end = pick([*graph.log(s.commits, s.branches[n].head), NOBODY, *s.commits])
    log = [(i, s.commits[i].event) for i in reversed(graph.log(s.commits, end))]
    edit = None
    if pick(range(3)) == 0:
        at, e = pick([*log[1:], (NOBODY, Event("message", {})), *log[1:]])
        payload = {**e.payload, "c": pick("ac")}
        if e.is_intent and "name" in e.payload:
            payload = {**e.payload, "arguments": {"e": pick("ac")}}
        elif e.is_outcome:
            payload = {**e.payload, "result": {"c": pick("ac")}}
        edit = at, payload
    calls = [(i, e) for i, e in log if e.is_intent]
    places = {i: at for at, (i, _) in enumerate(log)}
    if edit is not None:
        calls = [(i, e) for i, e in calls if places[i] >= places.get(edit[0], 0)]
    payloads = [(e.kind, meta.edited(edit, i, e.payload)) for i, e in calls]
    if len(payloads) > 1 and pick(range(4)) == 0:  # open together, and asked the other way round
        payloads[0], payloads[1] = payloads[1], payloads[0]
    if payloads and pick(range(3)) == 0:
        payloads = payloads[: pick(range(len(payloads)))]
    if pick(range(3)) == 0:
        payloads.append(("tool_call", {"name": pick("gno"), "arguments": {"w": pick("ab")}}))
    asked = [
        Asked(kind, said, rulings(said.get("name", ""), said.get("arguments", {})))
        for kind, said in payloads
    ]
    into = pick(("p", "q", "b", FIRST))
    return Op("replay", (n, end, into, pick((False, False, True)), edit, tuple(asked)))


def _replayable(s: Store, op: Op) -> bool:
    """Only what an agent, or somebody who edits what it was told, would ask."""
    _, end, into, real, edit, asked = op.args
    log = graph.log(s.commits, end)
    b = s.branch(into)
    if real and edit is None and b is not None and b.head == end:
        return False  # it goes on, on that very branch
    if edit is not None and edit[0] in log:
        e = s.commits[edit[0]].event
        told = e.reported and e.kind != "workspace_change"
        if len(log) < 2 or edit[0] == log[-1] or not told or e.is_denied:
            return False
    holds = any(ops.combine(one.rulings).decision == "hold" for one in asked)
    return not holds or (not real and edit is None)


def _mergeable(s: Store, b: ops.Branch, o: ops.Branch | None) -> bool:
    """Whether the files of both can be compared path by path: no renames, no lost folders."""
    if o is None or b.status == "discarded" or o.status != "live":
        return True
    nearest = meta.nearest_common(s.commits, o.head, b.head)
    if not any(i in graph.log(s.commits, o.head) for i in nearest) and len(nearest) != 1:
        return False
    base = meta.merge_base(s.commits, o.head, b.head)
    was = graph.world(s.commits, o.head if base is None else base)
    ours = graph.world(s.commits, o.head) if o.folder is None else o.folder
    theirs = b.folder if b.folder is not None and b.status == "live" else None
    theirs = graph.world(s.commits, b.head) if theirs is None else theirs
    for side in (ours, theirs):
        if was.keys() - side.keys() and side.keys() - was.keys():
            return False
    found = merge.merged(meta.joined, was, ours, theirs)
    folders = {path.rpartition("/")[0] for path in found} - {""}
    return all(found.get(path, ("",))[0] == "dir" for path in folders)


def _outcome(s: Store, n: str, pick: Any) -> Op:
    b = s.branches[n]
    everything = [*graph.log(s.commits, b.head), *s.commits]
    calls = [i for i in everything if s.commits[i].event.is_intent]
    intent = pick([*calls, *calls, pick([*everything, NOBODY])])
    kind = s.commits[intent].event.outcome if intent in s.commits else None
    kind = kind or "tool_result"
    if pick(range(8)) == 0:
        kind = pick(("tool_result", "model_result"))
    status = pick(("ok", "ok", "error"))
    event = Event(kind, {"status": status, "result": {"c": pick("ab")}}, intent)
    tree = pick((b.folder, None))
    return Op("append", (n, event, tree, None, pick((None, None, None, "x"))))


def _open(s: Store, n: str) -> list[Id]:
    """The tool calls without an outcome; of several, the sidecar says first whose a change is."""
    path = graph.path(s.commits, s.branches[n].head)
    calls = [i for i, c in path if c.event.kind == "tool_call"]
    return [i for i in calls if graph.outcome(path, i) is None]


def _home(s: Store, c: Id) -> str | None:
    """The branch on which a commit was recorded, where the log shows it without a doubt."""
    names = [n for n, b in s.branches.items() if c in graph.log(s.commits, b.head)]
    return FIRST if FIRST in names else None


def _ran_anyway(s: Store, n: str) -> bool:
    """Whether the folder changed: after a deny the sidecar says so first, which is not here."""
    b = s.branches[n]
    return b.folder is not None and b.folder != graph.nearest(graph.path(s.commits, b.head))


# As a file keeps them


def to_json(value: Any) -> Any:
    """Tuples as lists, the rest by its members; what is None, or as it mostly is, is left out."""
    if isinstance(value, Event):
        plain = {"kind": value.kind, "payload": value.payload}
        plain |= {"intent": value.intent} if value.intent is not None else {}
        return plain | ({"effect": value.effect} if value.effect != "pure" else {})
    if isinstance(value, Asked):
        return [value.kind, value.payload, to_json(value.rulings)]
    if isinstance(value, Ruling):
        return {k: v for k, v in dataclasses.asdict(value).items() if v is not None}
    if isinstance(value, Op):
        return [value.what, *map(to_json, value.args)]
    if isinstance(value, Case):
        return {"folder": value.folder, "asked": list(map(to_json, value.asked))}
    if isinstance(value, tuple):
        return list(map(to_json, value))
    return value


def from_json(plain: Any) -> Case:
    """The case that ``to_json`` made this of."""
    return Case(_tree(plain["folder"]), tuple(map(_op, plain["asked"])))


def _tree(plain: Any) -> Tree | None:
    return None if plain is None else {path: tuple(entry) for path, entry in plain.items()}


def _op(plain: Any) -> Op:
    what, *args = plain
    if what == "append":
        args[1], args[2] = Event(**args[1]), _tree(args[2])
    elif what == "propose":
        args[1], args[2] = Event(**args[1]), tuple(Ruling(**one) for one in args[2])
    elif what == "decide":
        args[2] = Ruling(**args[2])
    elif what == "work":
        args[1] = _tree(args[1])
    elif what == "restore" and args[2] is not None:
        args[2] = tuple(args[2])
    elif what == "gc":
        args[1] = tuple((name, head) for name, head in args[1])
    elif what == "replay":
        args[4] = None if args[4] is None else tuple(args[4])
        args[5] = tuple(
            Asked(kind, said, tuple(Ruling(**one) for one in ruled))
            for kind, said, ruled in args[5]
        )
    return Op(what, tuple(args))
