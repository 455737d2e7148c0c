"""When a store is well-formed (``WF``): what every operation keeps.

Layer: trace. The clauses are those of the definition, in its order:

``missing``   every id that an object names is present;
``order``     a commit's parents are older than it (no commit is its own ancestor);
``intent``    an outcome's intent is in its history and of its kind;
``twice``     no path holds two outcomes of one intent;
``veto``      an intent whose verdict on a path is deny has no outcome there but ``denied``,
              whichever stands first; nor has one that was held and on which nobody decided.

A path is a log: the first-parent path to some commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from shepherd_sidecar.trace.commits import Commit
from shepherd_sidecar.trace.events import INTENT_OF, Event, blob_refs
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.log import Commits, is_ancestor
from shepherd_sidecar.trace.trees import EMPTY_TREE, Dir, File, Tree

Clause = Literal["missing", "order", "intent", "twice", "veto"]
Events = Mapping[Id, Event]


@dataclass(frozen=True, slots=True)
class Violation:
    """One clause that does not hold, and where."""

    clause: Clause
    commit: Id
    """The commit at which it shows."""
    about: Id
    """The object that is missing, or the intent that is treated wrongly."""


def violations(
    commits: Commits,
    events: Events,
    trees: Callable[[Id], Tree | None] | None = None,
    has_blob: Callable[[Id], bool] | None = None,
) -> list[Violation]:
    """Every way in which the objects are not well-formed; none for a well-formed store.

    Without ``trees`` or ``has_blob`` those objects are taken to be present.
    """
    found = list(_missing(commits, events, trees, has_blob))
    if found:
        return found  # the other clauses speak of objects that are there
    found = [Violation("order", at, at) for at in sorted(_in_circles(commits))]
    if found:
        return found
    return [*_foreign(commits, events), *_twice_or_vetoed(commits, events)]


def _missing(
    commits: Commits,
    events: Events,
    trees: Callable[[Id], Tree | None] | None,
    has_blob: Callable[[Id], bool] | None,
) -> Iterator[Violation]:
    whole: set[Id] = {EMPTY_TREE}
    for at, commit in commits.items():
        for parent in commit.parents:
            if parent not in commits:
                yield Violation("missing", at, parent)
        event = events.get(commit.event)
        if event is None:
            yield Violation("missing", at, commit.event)
        else:
            if event.intent is not None and event.intent not in commits:
                yield Violation("missing", at, event.intent)
            if has_blob is not None:
                for blob in blob_refs(event.payload):
                    if not has_blob(blob):
                        yield Violation("missing", at, blob)
        if commit.tree is not None and trees is not None:
            for name in _missing_below(commit.tree, trees, has_blob, whole):
                yield Violation("missing", at, name)


def _missing_below(
    root: Id,
    trees: Callable[[Id], Tree | None],
    has_blob: Callable[[Id], bool] | None,
    whole: set[Id],
) -> Iterator[Id]:
    """What a tree names and is not there. ``whole`` remembers trees that were looked at."""
    ahead = [root]
    while ahead:
        at = ahead.pop()
        if at in whole:
            continue
        tree = trees(at)
        if tree is None:
            yield at
            continue
        whole.add(at)
        for entry in tree.values():
            if isinstance(entry, Dir):
                ahead.append(entry.tree)
            elif isinstance(entry, File) and has_blob is not None and not has_blob(entry.blob):
                yield entry.blob


def _in_circles(commits: Commits) -> set[Id]:
    """The commits that are left when those whose parents are all gone are taken away."""
    children: dict[Id, list[Id]] = {at: [] for at in commits}
    waits = {at: len(commit.parents) for at, commit in commits.items()}
    for at, commit in commits.items():
        for parent in commit.parents:
            children[parent].append(at)
    ready = [at for at, count in waits.items() if count == 0]
    while ready:
        at = ready.pop()
        del waits[at]
        for child in children[at]:
            waits[child] -= 1
            if waits[child] == 0:
                ready.append(child)
    return set(waits)


def _foreign(commits: Commits, events: Events) -> Iterator[Violation]:
    for at, commit in commits.items():
        outcome = events[commit.event]
        if outcome.kind not in INTENT_OF:
            continue
        if outcome.intent is None:
            yield Violation("intent", at, at)
            continue
        intent = events[commits[outcome.intent].event]
        fits = intent.kind == INTENT_OF[outcome.kind]
        if not fits or not is_ancestor(commits, outcome.intent, at):
            yield Violation("intent", at, outcome.intent)


def _twice_or_vetoed(commits: Commits, events: Events) -> Iterator[Violation]:
    """What goes wrong on some log shows at its last commit, so each is looked at once."""
    for at, commit in commits.items():
        last = events[commit.event]
        answers = last.kind in INTENT_OF
        if last.intent is None or not (answers or is_denial(last)):
            continue
        outcomes: list[Event] = []
        verdicts: list[Event] = []
        for before in _since(commits, last.intent, commit):
            event = events[before.event]
            if event.intent == last.intent and event.kind in INTENT_OF:
                outcomes.append(event)
            elif event.intent == last.intent and is_verdict(event):
                verdicts.append(event)
        if not answers:
            if any(outcome.payload.get("status") != "denied" for outcome in outcomes):
                yield Violation("veto", at, last.intent)
            continue
        yield from (Violation("twice", at, last.intent) for _ in outcomes)
        waits = bool(verdicts) and all(is_hold(verdict) for verdict in verdicts)
        vetoed = waits or any(map(is_denial, verdicts))
        if vetoed and last.payload.get("status") != "denied":
            yield Violation("veto", at, last.intent)


def is_verdict(event: Event) -> bool:
    """Whether an event is a verdict."""
    return event.kind == "intervention" and event.payload.get("action") == "verdict"


def is_denial(event: Event) -> bool:
    """Whether an event is the verdict deny."""
    return is_verdict(event) and event.payload.get("decision") == "deny"


def is_hold(event: Event) -> bool:
    """Whether an event is the verdict hold."""
    return is_verdict(event) and event.payload.get("decision") == "hold"


def _since(commits: Commits, intent: Id, commit: Commit) -> Iterator[Commit]:
    """The commits above one on its log, up to the intent: before it, nothing can name it."""
    while commit.parents and commit.parents[0] != intent:
        commit = commits[commit.parents[0]]
        yield commit
