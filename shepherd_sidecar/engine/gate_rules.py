"""Rules about intents, and what they say together.

Layer: engine, pure. Keeps: over all rules that match, deny wins over hold, hold over override,
override over allow; among equals the first in the file; without a match it is allow. What a
rule that denies, holds or pauses cannot look at counts as a match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal

from shepherd_sidecar.engine.gate_paths import Globs, Unreadable, places
from shepherd_sidecar.engine.gate_texts import texts_at
from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.events import Effect, Kind

if TYPE_CHECKING:
    from shepherd_sidecar.engine.rules.condition import Condition, Plain

Decision = Literal["allow", "deny", "override", "hold"]
Action = Literal["allow", "deny", "override", "hold", "inject", "pause"]
"""What a rule does: decides, puts a message before the agent, or pauses its branch."""
Fallback = Literal["allow", "deny"]

STRENGTH: Final[dict[Decision, int]] = {"deny": 3, "hold": 2, "override": 1, "allow": 0}
HOLD_TIMEOUT_MS: Final = 300_000
ON_TIMEOUT: Final[dict[Effect, Fallback]] = {
    "irreversible": "deny",
    "compensable": "allow",
    "reversible": "allow",
    "pure": "allow",
}
MOST_TEXT: Final = 64 * 1024
"""Characters of one text that an expression is searched in."""

Resolve = Callable[[str], str]
"""Gives the path that an absolute path leads to when links are followed."""


@dataclass(frozen=True, slots=True)
class IntentView:
    """What rules see of an intent."""

    kind: Kind
    payload: Mapping[str, Json]
    effect: Effect
    agent: str | None = None
    """Name of the run's agent."""
    workspace: str | None = None
    """Absolute path of the workspace as the action sees it; paths are told relative to it."""
    world: str | None = None
    """The same folder as the sidecar sees it, where that differs; links are looked up there."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say about one intent."""

    decision: Decision
    by: str = "default"
    """``default``, or ``rule:NAME``."""
    reason: str | None = None
    payload: dict[str, Any] | None = None
    """For an override: the whole payload that takes the place of the proposed one."""
    timeout_ms: int = HOLD_TIMEOUT_MS
    """For a hold: how long to wait."""
    on_timeout: Fallback = "deny"
    """For a hold: what applies then."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. It matches when every condition that it states does; None states nothing."""

    name: str
    decision: Action
    reason: str | None = None
    kinds: tuple[str, ...] | None = None
    tools: tuple[str, ...] | None = None
    arguments: tuple[tuple[str, re.Pattern[str]], ...] | None = None
    paths: Globs | None = None
    outside: bool = False
    effects: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None
    payload: Mapping[str, Json] | None = None
    timeout_ms: int | None = None
    on_timeout: Fallback | None = None
    plain: tuple[Plain, ...] = ()
    """Conditions of kinds of their own that look at the intent alone."""
    looks_back: tuple[Condition, ...] = ()
    """Conditions that look at what went before, too."""
    message: str | None = None
    """For an inject: what to say."""
    quiet: int | None = None
    """For an inject or a pause: how many matching intents pass before it may fire again."""

    @property
    def watches(self) -> bool:
        """Whether it must see the log, not the intent alone."""
        return bool(self.looks_back) or self.decision in ("inject", "pause")


@dataclass(frozen=True, slots=True)
class Rules:
    """A rule file as a value."""

    rules: tuple[Rule, ...] = ()
    hold_timeout_ms: int = HOLD_TIMEOUT_MS
    on_timeout: Mapping[Effect, Fallback] = field(default_factory=lambda: ON_TIMEOUT)


NO_RULES: Final = Rules()


def decide(rules: Rules, view: IntentView, resolve: Resolve | None = None) -> Ruling:
    """The ruling on an intent by the rules that look at it alone.

    ``resolve`` follows links; without it paths are as spelt.
    """
    found: tuple[Decision, Rule, str] | None = None
    for rule in rules.rules:
        decision = rule.decision
        if decision == "inject" or decision == "pause" or rule.looks_back:
            continue  # rules/fold.py asks these
        if found is not None and STRENGTH[decision] <= STRENGTH[found[0]]:
            continue  # it could not win any more
        matched = matches(rule, view, resolve)
        if matched is not None:
            found = decision, rule, matched
    if found is None:
        fallback = rules.on_timeout[view.effect]
        return Ruling("allow", timeout_ms=rules.hold_timeout_ms, on_timeout=fallback)
    return ruling_of(rules, found[1], found[0], view, found[2])


def ruling_of(rules: Rules, rule: Rule, decision: Decision, view: IntentView, why: str) -> Ruling:
    """What a rule that fires says; ``why`` goes behind its reason."""
    return Ruling(
        decision,
        f"rule:{rule.name}",
        said(rule.reason, why),
        merge_patch(view.payload, rule.payload) if rule.payload is not None else None,
        rule.timeout_ms if rule.timeout_ms is not None else rules.hold_timeout_ms,
        rule.on_timeout or rules.on_timeout[view.effect],
    )


def said(reason: str | None, why: str) -> str | None:
    """A rule's reason with why it fired."""
    return f"{reason} ({why})" if reason and why else reason or why or None


def matches(rule: Rule, view: IntentView, resolve: Resolve | None = None) -> str | None:
    """None when a rule does not match; else why, where that needs words, mostly ``""``.

    What a rule that looks back makes of the log is not asked here.
    """
    if rule.kinds is not None and view.kind not in rule.kinds:
        return None
    if rule.effects is not None and view.effect not in rule.effects:
        return None
    if rule.tools is not None and not any_glob(rule.tools, view.payload.get("name")):
        return None
    if rule.agents is not None and not any_glob(rule.agents, view.agent):
        return None
    strict = rule.decision in ("deny", "hold", "pause")
    unchecked = ""
    for path, expression in rule.arguments or ():
        doubt = _searched(expression, texts_at(view.payload.get("arguments"), path), strict)
        if doubt is None:
            return None
        unchecked = unchecked or doubt
    if rule.paths is not None:
        doubt = _on_paths(rule.paths, rule.outside, view, resolve, strict)
        if doubt is None:
            return None
        unchecked = unchecked or doubt
    whys = [unchecked] if unchecked else []
    for condition in rule.plain:
        why = condition.look(view, resolve, strict)
        if why is None:
            return None
        whys.append(why)
    return "; ".join(whys)


def merge_patch(value: Json, patch: Json) -> Json:
    """JSON Merge Patch (RFC 7396): members are replaced one by one, null takes one out."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(value) if isinstance(value, Mapping) else {}
    for key, part in patch.items():
        if part is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), part)
    return merged


def any_glob(globs: Iterable[str], name: Json) -> bool:
    """Whether a name is text that one of the globs matches."""
    return isinstance(name, str) and any(fnmatchcase(name, glob) for glob in globs)


def _searched(
    expression: re.Pattern[str], texts: Iterator[str | Unreadable], strict: bool
) -> str | None:
    unchecked = None
    for text in texts:
        if isinstance(text, Unreadable):
            unchecked = f"cannot be checked: {text.why}"
        elif expression.search(text, 0, MOST_TEXT):
            return ""
        elif len(text) > MOST_TEXT:
            unchecked = f"cannot be checked: a text of {len(text)} characters"
    return unchecked if strict else None


def _on_paths(
    globs: Globs, outside: bool, view: IntentView, resolve: Resolve | None, strict: bool
) -> str | None:
    unchecked = None
    arguments = view.payload.get("arguments")
    for place in places(arguments, view.workspace, view.world, resolve, MOST_TEXT):
        if isinstance(place, Unreadable):
            unchecked = f"cannot be checked: {place.why}"
        elif globs.match(place) != outside:
            return ""
    return unchecked if strict else None
