"""Spec/Care.lean: what becomes of a whole store: gc, and a crash."""

from __future__ import annotations

from dataclasses import replace

from tests.lean.spec import graph
from tests.lean.spec.graph import Commits
from tests.lean.spec.objects import Hash, Id
from tests.lean.spec.ops import Answer, Branch, Name, Op, Store, act

Stay = tuple[tuple[Name, Id], ...]


def kept(b: Branch) -> bool:
    return b.status != "discarded" or b.held != ()


def ends(b: Branch) -> tuple[Id, ...]:
    return (b.head, *(() if b.forked_from is None else (b.forked_from[1],)), *b.held)


def roots(s: Store) -> list[Id]:
    return [i for b in s.branches.values() if kept(b) for i in ends(b)]


def shorter(s: Store, after: Commits, n: Name, head: Id) -> bool:
    b = s.branch(n)
    return b is not None and not kept(b) and head in graph.log(s.commits, b.head) and head in after


def collect(s: Store, stay: Stay) -> Store | None:
    after = graph.gc(s.commits, set(roots(s)))
    cut = [(n, head) for n, head in stay if not ((b := s.branch(n)) and kept(b))]
    if not all(shorter(s, after, n, head) for n, head in cut):
        return None
    branches = {n: b for n, b in s.branches.items() if kept(b)}
    branches |= {n: replace(s.branches[n], head=head, folder=None) for n, head in cut}
    return Store(after, branches)


def step(h: Hash, s: Store, op: Op) -> Answer:
    """A request, a gc or a crash; the last two answer with the head of a branch."""
    if op.what not in ("gc", "crash"):
        return act(h, s, op)
    n = op.args[0]
    after = collect(s, op.args[1]) if op.what == "gc" else s
    if after is None:
        return s, "notKept"
    b = after.branch(n)
    return after, "unknownBranch" if b is None else b.head
