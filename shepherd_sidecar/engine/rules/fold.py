"""Rules that look back, folded over a log.

Layer: engine, pure. Keeps: what is said about an intent is a function of the rules, the log
before it and the intent; folding one event more is the same as folding all again. Here paths
are as they are spelt, and calls as they were recorded: nothing outside the log is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from shepherd_sidecar.engine import gate_rules
from shepherd_sidecar.engine.gate_rules import (
    STRENGTH,
    Action,
    IntentView,
    Rule,
    Rules,
    Ruling,
    matches,
    ruling_of,
)
from shepherd_sidecar.engine.rules.condition import Seen
from shepherd_sidecar.trace.ids import Id

QUIET: Final = 10
"""Matching intents that pass before an inject or a pause fires again."""
_OPEN: Final = 64
"""Intents whose outcomes are waited for; older ones count as never answered."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fires at an intent."""

    rules: Rules
    """The file that it stands in."""
    rule: Rule
    why: str

    @property
    def action(self) -> Action:
        """What it does."""
        return self.rule.decision


class _One(NamedTuple):
    """What one rule remembers."""

    matched: int
    """How many intents."""
    fired: int | None
    """Which of them it fired at last; kept where it matters."""
    open: tuple[Id, ...]
    memories: tuple[Any, ...]


Memory = tuple[_One, ...]
"""What all rules remember of a log."""


class Watch:
    """The rules of some files that look back.

    Args:
        files: in order of precedence.
    """

    def __init__(self, files: Sequence[Rules]) -> None:
        self.files = tuple(files)
        self.rules = [(rules, rule) for rules in files for rule in rules.rules if rule.watches]

    def begin(self) -> Memory:
        """The memory of an empty log."""
        return tuple(
            _One(0, None, (), tuple(one.begin() for one in rule.looks_back))
            for _, rule in self.rules
        )

    def see(self, memory: Memory, event: Seen) -> Memory:
        """The memory of a log with one event more."""
        view = view_of(event) if event.is_intent else None
        return tuple(
            _see(rule, one, event, view) for (_, rule), one in zip(self.rules, memory, strict=True)
        )

    def fired(self, memory: Memory, intent: Seen) -> list[Firing]:
        """The rules that fire at an intent that comes next, in order."""
        view = view_of(intent)
        found = []
        for (rules, rule), one in zip(self.rules, memory, strict=True):
            why = _why(rule, one, intent, view)
            if why is not None:
                found.append(Firing(rules, rule, why))
        return found


def view_of(intent: Seen) -> IntentView:
    """A recorded intent as rules about single intents see it."""
    return IntentView(intent.kind, intent.payload, intent.effect, intent.agent, intent.workspace)


def strongest(ruling: Ruling, firings: Iterable[Firing], view: IntentView) -> Ruling:
    """A ruling together with what fires besides; among equals the ruling, then the first."""
    for firing in firings:
        action = firing.action
        if action == "inject" or action == "pause":
            continue
        # An allow wins over nothing, but is named where otherwise nobody said anything.
        if STRENGTH[action] > STRENGTH[ruling.decision] or (
            action == ruling.decision == "allow" and ruling.by == "default"
        ):
            ruling = ruling_of(firing.rules, firing.rule, action, view, firing.why)
    return ruling


def decide(files: Sequence[Rules], log: Iterable[Seen], intent: Seen) -> Ruling | None:
    """What rules say about an intent after a log, from the beginning; None: nothing.

    Injects and pauses are no verdicts: ``Watch.fired`` tells of them.
    """
    watch = Watch(files)
    memory = watch.begin()
    for event in log:
        memory = watch.see(memory, event)
    view = view_of(intent)
    ruling = combined(files, view)
    ruling = strongest(ruling, watch.fired(memory, intent), view)
    return None if ruling.by == "default" else ruling


def combined(
    files: Iterable[Rules], view: IntentView, resolve: gate_rules.Resolve | None = None
) -> Ruling:
    """The ruling of several files by their rules that look at the intent alone."""
    rulings = [gate_rules.decide(rules, view, resolve) for rules in files]
    named = [ruling for ruling in rulings if ruling.by != "default"]
    if not named:
        return rulings[0] if rulings else Ruling("allow")
    return max(named, key=lambda ruling: STRENGTH[ruling.decision])  # the first of the greatest


def _see(rule: Rule, one: _One, event: Seen, view: IntentView | None) -> _One:
    opened, matched, fired = one.open, one.matched, one.fired
    if view is not None:
        if matches(rule, view) is None:
            return one
        matched += 1
        if _quiet(rule) and _why(rule, one, event, view) is not None:
            fired = matched
        opened = (*opened, event.commit)[-_OPEN:]
    elif event.is_outcome:
        if event.intent not in opened:
            return one
        opened = tuple(name for name in opened if name != event.intent)
    memories = tuple(
        condition.see(memory, event)
        for condition, memory in zip(rule.looks_back, one.memories, strict=True)
    )
    return _One(matched, fired, opened, memories)


def _why(rule: Rule, one: _One, intent: Seen, view: IntentView) -> str | None:
    """Why a rule fires; None when it does not."""
    if one.fired is not None and one.matched + 1 - one.fired <= _quiet(rule):
        return None
    matched = matches(rule, view)
    if matched is None:
        return None
    whys = [matched] if matched else []
    for condition, memory in zip(rule.looks_back, one.memories, strict=True):
        why = condition.why(memory, intent)
        if why is None:
            return None
        whys.append(why)
    return "; ".join(whys)


def _quiet(rule: Rule) -> int:
    if rule.decision not in ("inject", "pause"):
        return 0
    return rule.quiet if rule.quiet is not None else QUIET
