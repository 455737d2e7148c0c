"""Spec/Meta.lean: what others do with a run: messages, pauses, names, replays, merges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.lean.spec import care, graph, merge, ops
from tests.lean.spec.graph import Commits
from tests.lean.spec.graph import Path as Log
from tests.lean.spec.objects import Commit, Entry, Event, Hash, Id, Json, Path, Text, Tree
from tests.lean.spec.ops import Answer, Branch, Name, Op, Outcome, Refused, Ruling, Store


@dataclass(frozen=True)
class Desk:
    store: Store
    paused: tuple[Name, ...] = ()
    stopped: tuple[tuple[Name, Id, Ruling], ...] = ()
    asking: tuple[tuple[Name, Id], ...] = ()
    letters: tuple[tuple[Name, Id], ...] = ()

    def waiting(self, n: Name) -> tuple[Id, ...]:
        return tuple(i for i in self.store.commits if (n, i) in self.letters)

    def waits(self, n: Name, i: Id) -> bool:
        b = self.store.branch(n)
        return b is not None and i in b.held

    def tidy(self) -> Desk:
        def live(n: Name) -> bool:
            b = self.store.branch(n)
            return b is not None and b.status == "live"

        return replace(
            self,
            paused=tuple(n for n in self.paused if live(n)),
            stopped=tuple(one for one in self.stopped if self.waits(one[0], one[1])),
            asking=tuple(one for one in self.asking if self.waits(*one)),
            letters=tuple(
                (n, i)
                for n, i in self.letters
                if self.store.branch(n) is not None and i in self.store.commits
            ),
        )


@dataclass(frozen=True)
class Reply:
    commit: Id
    given: tuple[Id, ...] = ()
    paths: tuple[Path, ...] = ()
    ends: Id | None = None
    whole: bool = True


Replied = tuple[Desk, Reply | str]
StoreReplied = tuple[Store, Reply | str]


def with_(d: Desk, answer: Answer) -> Replied:
    s, said = answer
    return replace(d, store=s), said if isinstance(said, str) else Reply(said)


def acted(action: Text, by_: Text, **more: Json) -> Event:
    return Event("intervention", {"action": action, "by": by_, **more})


def noted(h: Hash, s: Store, n: Name, e: Event) -> Outcome:
    b = s.branch(n)
    if b is None:
        raise Refused("unknownBranch")
    if b.status != "live":
        raise Refused("branchClosed")
    return ops.record(h, s, n, e)


def stand(h: Hash, s: Store, n: Name, more: tuple[Id, ...], e: Event, tree: Tree | None) -> Outcome:
    b = s.branch(n)
    if b is None:
        raise Refused("unknownBranch")
    c = Commit((b.head, *more), e, tree)
    if not graph.admits(s.commits, c):
        raise ops.objection(s.commits, c)
    i = h.commit(c)
    return replace(s, commits=graph.insert(h, s.commits, c)).put(n, replace(b, head=i)), i


# Messages and pauses


def inject(h: Hash, d: Desk, n: Name, message: Json, by_: Text) -> Replied:
    s, i = noted(h, d.store, n, acted("inject", by_, message=message))
    return replace(d, store=s, letters=((n, i), *d.letters)), Reply(i)


def pause(h: Hash, d: Desk, n: Name, by_: Text) -> Replied:
    s, i = noted(h, d.store, n, acted("pause", by_))
    return replace(d, store=s, paused=(n, *d.paused)), Reply(i)


def release(h: Hash, these: Sequence[tuple[Name, Id, Ruling]], s: Store, i: Id) -> Outcome:
    for n, intent, r in these:
        if r.decision == "hold":
            s, _ = ops.rule(h, s, n, intent, r)
        else:
            s, _ = ops.decide_held(h, s, n, intent, r)
    return s, i


def resume(h: Hash, d: Desk, n: Name, by_: Text) -> Replied:
    if n not in d.paused:
        raise Refused("unknownBranch" if d.store.branch(n) is None else "branchClosed")
    s, i = noted(h, d.store, n, acted("resume", by_))
    s, i = release(h, [one for one in d.stopped if one[0] == n], s, i)
    paused = tuple(one for one in d.paused if one != n)
    stopped = tuple(one for one in d.stopped if one[0] != n)
    return replace(d, store=s, paused=paused, stopped=stopped), Reply(i)


HALT = Ruling("hold", "pause", "paused")


def ask(h: Hash, d: Desk, n: Name, intent: Event, rulings: Sequence[Ruling]) -> Replied:
    r = ops.combine(rulings)
    stops = n in d.paused and r.decision != "deny"
    s, i = ops.propose(h, d.store, n, intent, [HALT] if stops else rulings)
    if isinstance(i, str):
        return replace(d, store=s), i
    waits = stops or r.decision == "hold"
    said = r if rulings else replace(r, by_="default")
    stopped = (*d.stopped, (n, i, said)) if stops else d.stopped
    asking = ((n, i), *d.asking) if waits else d.asking
    return replace(d, store=s, stopped=stopped, asking=asking), Reply(i)


def deliver(names: Sequence[Name], d: Desk, reply: Reply) -> Replied:
    given = tuple(i for n in dict.fromkeys(names) for i in d.waiting(n))
    letters = tuple(one for one in d.letters if one[0] not in names)
    return replace(d, letters=letters), replace(reply, given=reply.given + given)


# Names


def rename(d: Desk, n: Name, new: Name) -> Replied:
    b = d.store.branch(n)
    if b is None:
        return d, "unknownBranch"
    if n != new and d.store.branch(new) is not None:
        return d, "nameTaken"

    def f(m: Name) -> Name:
        return new if m == n else m

    branches = {}
    for m, one in d.store.branches.items():
        at_ = one.forked_from
        branches[f(m)] = replace(one, forked_from=None if at_ is None else (f(at_[0]), at_[1]))
    return Desk(
        replace(d.store, branches=branches),
        tuple(map(f, d.paused)),
        tuple((f(m), *rest) for m, *rest in d.stopped),  # type: ignore[misc]
        tuple((f(m), i) for m, i in d.asking),
        tuple((f(m), i) for m, i in d.letters),
    ), Reply(b.head)


# Replay

Edit = tuple[Id, Json]


@dataclass(frozen=True)
class Asked:
    kind: str
    payload: Json
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True)
class Following:
    store: Store
    rest: Log
    asked: tuple[Id, ...] = ()
    renamed: dict[Id, Id] = field(default_factory=dict)


def edited(edit: Edit | None, i: Id, payload: Json) -> Json:
    return edit[1] if edit is not None and edit[0] == i else payload


def anew(edit: Edit | None, f: Following, i: Id, e: Event) -> Event:
    intent = None if e.intent is None else f.renamed.get(e.intent, e.intent)
    return replace(e, payload=edited(edit, i, e.payload), intent=intent)


def on_branch(h: Hash, into: Name, edit: Edit | None, f: Following, i: Id, c: Commit) -> Following:
    b = f.store.branch(into)
    if b is None:
        raise Refused("unknownBranch")
    e = anew(edit, f, i, c.event)
    if c.parents[:1] == (b.head,) and e == c.event and i in f.store.commits:
        return replace(f, store=f.store.put(into, replace(b, head=i)))
    s, j = stand(h, f.store, into, c.parents[1:], e, c.tree)
    return replace(f, store=s, renamed={**f.renamed, i: j})


def advance(h: Hash, into: Name, edit: Edit | None, rest: Log, f: Following) -> Following:
    for at, (i, c) in enumerate(rest):
        if c.event.is_intent and i not in f.asked:
            return replace(f, rest=rest[at:])
        f = on_branch(h, into, edit, f, i, c)
    return replace(f, rest=())


def together(asked: Sequence[Id], first: Id | None, rest: Log) -> Log:
    found = []
    for i, c in rest:
        if c.event.is_intent and i not in asked:
            found.append((i, c))
            first = i if first is None else first
        elif c.event.is_outcome and first is not None and c.event.intent == first:
            break
    return tuple(found)


@dataclass(frozen=True)
class Turn:
    """One of ``given`` (with ``outcome``, ``f``), ``real`` (``effect``), ``ends`` (``at_``)."""

    how: str
    outcome: Id = -1
    f: Following | None = None
    effect: str = ""
    at_: Id = -1


def beyond(whole: Log, real: bool, at_: Id, a: Asked) -> Turn:
    if not real:
        return Turn("ends", at_=at_)
    for i, c in whole:
        if c.event.kind == a.kind and c.event.payload == a.payload:
            if c.event.effect == "irreversible":
                return Turn("ends", at_=i)
            break
    return Turn("real", effect="irreversible")


def turn(
    h: Hash,
    into: Name,
    edit: Edit | None,
    whole: Log,
    real: bool,
    end_: Id,
    f: Following,
    a: Asked,
) -> Turn:
    following = together(f.asked, None, f.rest)
    for i, c in following:
        if c.event.kind == a.kind and edited(edit, i, c.event.payload) == a.payload:
            break
    else:
        return beyond(whole, real, following[0][0] if following else end_, a)
    outcome = graph.outcome(whole, i)
    if outcome is None:
        return beyond(whole, real, end_, a)
    if edit is not None and edit[0] == i:
        return Turn("real", effect=c.event.effect)
    f = advance(h, into, edit, f.rest, replace(f, asked=(i, *f.asked)))
    return Turn("given", f.renamed.get(outcome[0], outcome[0]), f)


def closed(
    s: Store, into: Name, given: tuple[Id, ...], ends: Id | None, whole: bool
) -> StoreReplied:
    b = s.branch(into)
    if b is None:
        return s, "unknownBranch"
    return s, Reply(b.head, given, (), ends, whole)


def turns(
    h: Hash,
    into: Name,
    edit: Edit | None,
    whole: Log,
    real: bool,
    end_: Id,
    asked: Sequence[Asked],
    f: Following,
) -> StoreReplied:
    given: tuple[Id, ...] = ()
    for a in asked:
        try:
            found = turn(h, into, edit, whole, real, end_, f, a)
        except Refused as refused:
            return f.store, refused.name
        if found.how == "given":
            assert found.f is not None
            f, given = found.f, (*given, found.outcome)
        elif found.how == "ends":
            return closed(f.store, into, given, found.at_, not f.rest)
        else:
            b = f.store.branch(into)
            if b is None:
                return f.store, "unknownBranch"
            folder = graph.nearest(graph.path(f.store.commits, b.head))
            s = f.store.put(into, replace(b, folder=folder))
            intent = Event(a.kind, a.payload, effect=found.effect)
            s, i = ops.propose(h, s, into, intent, a.rulings)
            if isinstance(i, str):
                return s, i
            return closed(s, into, (*given, i), None, not f.rest)
    return closed(f.store, into, given, None, not f.rest)


def replayed(
    h: Hash,
    s: Store,
    n: Name,
    end_: Id,
    into: Name,
    real: bool,
    edit: Edit | None,
    asked: Sequence[Asked],
) -> StoreReplied:
    whole = tuple(reversed(graph.path(s.commits, end_)))
    before = whole[:1]
    if edit is not None:
        ids = [i for i, _ in whole]
        before = whole[: ids.index(edit[0])] if edit[0] in ids else whole
    if not before or (len(before) == len(whole) and edit is not None):
        return s, "unknownCommit"
    s, said = ops.fork(s, n, before[-1][0], into, False)
    if isinstance(said, str):
        return s, said
    if edit is not None and s.commits[edit[0]].event.payload == edit[1]:
        edit = None
    rest = whole[len(before) :]
    try:
        f = advance(h, into, edit, rest, Following(s, rest))
    except Refused as refused:
        return s, refused.name
    return turns(h, into, edit, whole, real, end_, asked, f)


# Merge


def history(s: Commits, wanted: Sequence[Id]) -> list[Id]:
    found, need = [], set(wanted)
    for i, c in reversed(s.items()):
        if i in need:
            found.append(i)
            need.update(c.parents)
    return found


def nearest_common(s: Commits, onto: Id, other: Id) -> list[Id]:
    theirs = history(s, [other])
    common = [i for i in history(s, [onto]) if i in theirs]
    return [i for i in common if not any(i in s[j].parents for j in common)]


def merge_base(s: Commits, onto: Id, other: Id) -> Id | None:
    nearest = nearest_common(s, onto, other)
    length = {i: len(graph.log(s, i)) for i in nearest}
    on_log = (i for i in graph.log(s, onto) if i in nearest)
    longest = (i for i in nearest if length[i] == max(length.values()))
    return next(on_log, next(longest, None))


def three(base: Any, onto: Any, other: Any) -> Any:
    if onto in (other, base):
        return other
    return onto if other == base else None


def joined(
    base: Entry | None, ours: Entry | None, theirs: Entry | None
) -> tuple[Entry | None] | None:
    if base is None or ours is None or theirs is None:
        return None
    if not base[0] == ours[0] == theirs[0] == "file":
        return None
    mode, content = (three(base[at], ours[at], theirs[at]) for at in (1, 2))
    return None if mode is None or content is None else (("file", mode, content),)


def change(why: Text) -> Event:
    return Event("workspace_change", {"why": why}, effect="reversible")


def captured(h: Hash, s: Store, n: Name, why: Text) -> Outcome:
    b = s.branch(n)
    if b is None:
        raise Refused("unknownBranch")
    if b.folder is None or b.folder == graph.world(s.commits, b.head):
        return s, b.head
    return ops.record(h, s, n, change(why), b.folder)


def applied_(other: Id, base: Id) -> Event:
    said = {"action": "apply", "base": base, "by": "owner", "from": other}
    return Event("intervention", said)


def merging(h: Hash, s: Store, onto: Name, o: Branch, other: Id) -> StoreReplied:
    base = merge_base(s.commits, o.head, other)
    if base is None:
        return s, "unknownCommit"
    was, theirs = graph.world(s.commits, base), graph.world(s.commits, other)
    ours = graph.world(s.commits, o.head) if o.folder is None else o.folder
    found = merge.conflicts(joined, was, ours, theirs)
    if found or base == other:
        return s, Reply(o.head, (), found)
    after = merge.merged(joined, was, ours, theirs)
    both = graph.path(s.commits, o.head) + graph.path(s.commits, other)
    worked = any(c.tree is not None for _, c in both)

    def land(b: Branch) -> Branch:
        return b if b.folder is None else replace(b, folder=after)

    try:
        made, _ = captured(h, s, onto, "safety")
        made, i = stand(h, made, onto, (other,), applied_(other, base), after if worked else None)
        made, i = ops.amend(made, onto, i, land)
    except Refused as refused:
        return s, refused.name
    return made, Reply(i)


def apply(h: Hash, s: Store, n: Name, onto: Name) -> StoreReplied:
    b = s.branch(n)
    if b is None:
        return s, "unknownBranch"
    if b.status == "discarded":
        return s, "branchClosed"
    o = s.branch(onto)
    if o is None:
        return s, "unknownBranch"
    if o.status != "live":
        return s, "branchClosed"
    try:
        s, other = captured(h, s, n, "settle") if b.status == "live" else (s, b.head)
    except Refused as refused:
        return s, refused.name
    return merging(h, s, onto, o, other)


# Everything


def carry(h: Hash, d: Desk, op: Op) -> Replied:
    """What is done, before anybody is told."""
    acts: dict[str, Callable[..., Replied]] = {"inject": inject, "pause": pause, "resume": resume}
    if op.what == "propose":
        return ask(h, d, *op.args)
    if op.what in acts:
        try:
            return acts[op.what](h, d, *op.args)
        except Refused as refused:
            return d, refused.name
    if op.what == "rename":
        return rename(d, *op.args)
    if op.what in ("replay", "apply"):
        s, said = (replayed if op.what == "replay" else apply)(h, d.store, *op.args)
        return replace(d, store=s), said
    if op.what == "crash":
        d = replace(d, asking=())
    return with_(d, care.step(h, d.store, op))


def told(d: Desk, reply: Reply, op: Op) -> list[Name]:
    n = op.args[0]
    return [n] if op.what == "propose" and not d.waits(n, reply.commit) else []


def deed(h: Hash, d: Desk, op: Op) -> Replied:
    d, said = carry(h, d, op)
    if isinstance(said, str):
        return d.tidy(), said
    answered = [n for n, i in d.asking if not d.waits(n, i)]
    return deliver(told(d, said, op) + answered, d.tidy(), said)
