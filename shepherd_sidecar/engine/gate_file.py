"""What a ``gate.toml`` or ``supervisor.toml`` says, or why it cannot be used.

Layer: engine, pure. Keeps: a rule file never fails open. Anything that is not understood, down
to one unknown key, makes the whole file unusable, with file, rule and key in the error.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final, get_args

from shepherd_sidecar.engine import gate_values as values
from shepherd_sidecar.engine.gate_rules import (
    HOLD_TIMEOUT_MS,
    ON_TIMEOUT,
    Action,
    Fallback,
    Rule,
    Rules,
)
from shepherd_sidecar.engine.gate_values import Bad, Table
from shepherd_sidecar.engine.rules import kinds
from shepherd_sidecar.engine.rules.condition import Condition, Plain
from shepherd_sidecar.errors import GateInvalid, InvalidParams
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.events import EFFECTS, OUTCOME_OF

_ACTIONS: Final = get_args(Action)
_FALLBACKS: Final = get_args(Fallback)

_MEMBERS: Final = set(Rule.__dataclass_fields__) - {"plain", "looks_back"}


def parse(text: str, path: Path) -> Rules:
    """The rules of a file. ``path`` is for the errors.

    Raises:
        GateInvalid: with ``data.path`` and ``data.rule``.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise invalid(path, None, f"not TOML: {error}") from error
    rule: str | None = None
    try:
        values.only(data, {"defaults", "rule"})
        timeout, fallbacks = _defaults(data.get("defaults", {}))
        tables = data.get("rule", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise Bad("rule: write [[rule]]")
        rules: list[Rule] = []
        for number, table in enumerate(tables, 1):
            rule = f"#{number}"
            name = values.one(table, "name", values.name)
            if name is None:
                raise Bad("name: needed")
            rule = name
            if any(name == other.name for other in rules):
                raise Bad("name: another rule has it")
            rules.append(_rule(name, table))
    except Bad as error:
        raise invalid(path, rule, str(error)) from error
    return Rules(tuple(rules), timeout, fallbacks)


def invalid(path: Path, rule: str | None, why: str) -> GateInvalid:
    """The error that names file and rule."""
    place = f"{path}: rule {rule}: " if rule is not None else f"{path}: "
    return GateInvalid(place + why, path=str(path), rule=rule)


def _rule(name: str, table: Table) -> Rule:
    decision: Action | None = values.one(table, "decision", values.among(_ACTIONS))
    if decision is None:
        raise Bad("decision: needed")
    plain, looks_back = _conditions(table, decision)
    reason = values.one(table, "reason", values.text)
    if decision in ("deny", "hold", "pause") and reason is None and not (plain or looks_back):
        raise Bad(f"reason: a {decision} says why")
    message = values.one(table, "message", values.text)
    if (decision == "inject") != (message is not None):
        raise Bad("message: an inject needs one, and only it has one")
    payload = values.one(table, "payload", _payload)
    if (decision == "override") != (payload is not None):
        raise Bad("payload: an override needs one, and only it has one")
    timeout = values.one(table, "timeout_ms", values.milliseconds)
    fallback: Fallback | None = values.one(table, "on_timeout", values.among(_FALLBACKS))
    if decision != "hold" and (timeout is not None or fallback is not None):
        raise Bad("timeout_ms, on_timeout: only a hold waits")
    quiet = values.one(table, "quiet", values.count)
    if quiet is not None and decision not in ("inject", "pause"):
        raise Bad("quiet: only an inject or a pause may be silent for a while")
    paths = values.one(table, "paths", values.globs)
    outside = values.one(table, "outside", values.truth)
    if outside is not None and paths is None:
        raise Bad("outside: of which paths?")
    return Rule(
        name=name,
        decision=decision,
        reason=reason,
        kinds=values.one(table, "kinds", values.all_among(tuple(OUTCOME_OF))),
        tools=values.one(table, "tools", values.texts),
        arguments=values.one(table, "arguments", values.expressions),
        paths=paths,
        outside=bool(outside),
        effects=values.one(table, "effects", values.all_among(EFFECTS)),
        agents=values.one(table, "agents", values.texts),
        payload=payload,
        timeout_ms=timeout,
        on_timeout=fallback,
        plain=plain,
        looks_back=looks_back,
        message=message,
        quiet=quiet,
    )


def _conditions(table: Table, decision: str) -> tuple[tuple[Plain, ...], tuple[Condition, ...]]:
    """The conditions that are kinds of their own; refuses keys that nobody knows."""
    found = [
        values.one(table, key, kind.read)
        for key in table
        if key not in _MEMBERS and (kind := kinds.find(key)) is not None
    ]
    values.only(table, _MEMBERS | set(kinds.known()))
    plain = tuple(one for one in found if isinstance(one, Plain))
    return plain, tuple(one.under(decision) for one in found if isinstance(one, Condition))


def _defaults(table: Any) -> tuple[int, dict[Any, Fallback]]:
    if not isinstance(table, dict):
        raise Bad("defaults: write [defaults]")
    values.only(table, {"hold_timeout_ms", "on_timeout"}, "defaults.")
    timeout = values.one(table, "hold_timeout_ms", values.milliseconds)
    given = table.get("on_timeout", {})
    if not isinstance(given, dict):
        raise Bad("on_timeout: a table of effect class = decision")
    values.only(given, set(EFFECTS), "on_timeout.")
    fallbacks = {effect: values.one(given, effect, values.among(_FALLBACKS)) for effect in given}
    return timeout if timeout is not None else HOLD_TIMEOUT_MS, {**ON_TIMEOUT, **fallbacks}


def _payload(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise Bad("a table, not empty")
    try:
        canonical.check(value, "payload")
    except InvalidParams as error:
        raise Bad(error.message) from error
    name = value.get("name", "x")
    if not isinstance(name, str) or not name:
        raise Bad("name: a tool call names its tool")
    return value
