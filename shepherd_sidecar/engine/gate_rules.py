"""Rules about intents, and what they say together.

Layer: engine, pure. Keeps: over all rules that match, deny wins over hold, hold over override,
override over allow; among equals the first in the file; without a match it is allow. What a
rule that denies or holds cannot look at counts as a match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

from shepherd_sidecar.engine.gate_paths import Globs, Unreadable, places
from shepherd_sidecar.engine.gate_texts import texts_at
from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.events import Effect, Kind

Decision = Literal["allow", "deny", "override", "hold"]
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
    decision: Decision
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


@dataclass(frozen=True, slots=True)
class Rules:
    """A rule file as a value."""

    rules: tuple[Rule, ...] = ()
    hold_timeout_ms: int = HOLD_TIMEOUT_MS
    on_timeout: Mapping[Effect, Fallback] = field(default_factory=lambda: ON_TIMEOUT)


NO_RULES: Final = Rules()


def decide(rules: Rules, view: IntentView, resolve: Resolve | None = None) -> Ruling:
    """The ruling on an intent. ``resolve`` follows links; without it paths are as spelt."""
    timeout, fallback = rules.hold_timeout_ms, rules.on_timeout[view.effect]
    found: tuple[Rule, str | None] | None = None
    for rule in rules.rules:
        if found is not None and STRENGTH[rule.decision] <= STRENGTH[found[0].decision]:
            continue  # it could not win any more
        matched = matches(rule, view, resolve)
        if matched is not None:
            found = rule, matched
    if found is None:
        return Ruling("allow", timeout_ms=timeout, on_timeout=fallback)
    rule, unchecked = found
    return Ruling(
        rule.decision,
        f"rule:{rule.name}",
        f"{rule.reason} ({unchecked})" if unchecked else rule.reason,
        merge_patch(view.payload, rule.payload) if rule.payload is not None else None,
        rule.timeout_ms if rule.timeout_ms is not None else timeout,
        rule.on_timeout or fallback,
    )


def matches(rule: Rule, view: IntentView, resolve: Resolve | None = None) -> str | None:
    """None when a rule does not match; else what could not be checked, mostly nothing: ``""``."""
    if rule.kinds is not None and view.kind not in rule.kinds:
        return None
    if rule.effects is not None and view.effect not in rule.effects:
        return None
    if rule.tools is not None and not any_glob(rule.tools, view.payload.get("name")):
        return None
    if rule.agents is not None and not any_glob(rule.agents, view.agent):
        return None
    strict = rule.decision in ("deny", "hold")
    unchecked = ""
    for path, expression in rule.arguments or ():
        said = _searched(expression, texts_at(view.payload.get("arguments"), path), strict)
        if said is None:
            return None
        unchecked = unchecked or said
    if rule.paths is not None:
        said = _on_paths(rule.paths, rule.outside, view, resolve, strict)
        if said is None:
            return None
        unchecked = unchecked or said
    return unchecked


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
