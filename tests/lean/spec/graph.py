"""Spec/Graph.lean: commits as a graph."""

from __future__ import annotations

from tests.lean.spec.objects import Commit, Hash, Id, Tree

Commits = dict[Id, Commit]
"""Named commits, oldest first (Lean's list has the newest first)."""
Path = tuple[tuple[Id, Commit], ...]


def path(s: Commits, head: Id) -> Path:
    """The commits on the first-parent path to a commit, from it down to its root."""
    found = []
    at: Id | None = head
    while at is not None and at in s:
        found.append((at, s[at]))
        at = s[at].parents[0] if s[at].parents else None
    return tuple(found)


def log(s: Commits, head: Id) -> tuple[Id, ...]:
    return tuple(i for i, _ in path(s, head))


def nearest(path: Path) -> Tree | None:
    return next((c.tree for _, c in path if c.tree is not None), None)


def world(s: Commits, head: Id) -> Tree:
    found = nearest(path(s, head))
    return {} if found is None else found


def names(c: Commit) -> tuple[Id, ...]:
    return c.parents + (() if c.event.intent is None else (c.event.intent,))


def gc(s: Commits, wanted: set[Id]) -> Commits:
    kept = {}
    wanted = set(wanted)
    for i, c in reversed(s.items()):
        if i in wanted:
            kept[i] = c
            wanted.update(names(c))
    return dict(reversed(kept.items()))


def outcome(path: Path, intent: Id) -> tuple[Id, Commit] | None:
    return next(
        (one for one in path if one[1].event.is_outcome and one[1].event.intent == intent), None
    )


def denied(path: Path, intent: Id) -> bool:
    return any(c.event.is_denial and c.event.intent == intent for _, c in path)


def waits(path: Path, intent: Id) -> bool:
    return any(c.event.is_hold and c.event.intent == intent for _, c in path) and all(
        not c.event.is_verdict or c.event.is_hold or c.event.intent != intent for _, c in path
    )


def below(s: Commits, c: Commit) -> Path:
    return path(s, c.parents[0]) if c.parents else ()


def asks(s: Commits, intent: Id, kind: str) -> bool:
    return intent in s and s[intent].event.outcome == kind


def admits(s: Commits, c: Commit) -> bool:
    e = c.event

    def outcome_fits() -> bool:
        intent = e.intent
        if intent is None:
            return False
        return (
            asks(s, intent, e.kind)
            and any(i == intent for i, _ in below(s, c))
            and outcome(below(s, c), intent) is None
            and (not (denied(below(s, c), intent) or waits(below(s, c), intent)) or e.is_denied)
        )

    return (
        all(i in s for i in names(c))
        and (not e.is_outcome or outcome_fits())
        and (not e.is_denial or (e.intent is not None and outcome(below(s, c), e.intent) is None))
    )


def insert(h: Hash, s: Commits, c: Commit) -> Commits:
    return s if h.commit(c) in s else {**s, h.commit(c): c}
