"""What a ``gate.toml`` says, or why it cannot be used.

Layer: engine, pure. Keeps: a rule file never fails open. Anything that is not understood, down
to one unknown key, makes the whole file unusable, with file, rule and key in the error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from shepherd_sidecar.engine.gate_globs import Globs, parse_globs
from shepherd_sidecar.engine.gate_rules import (
    HOLD_TIMEOUT_MS,
    ON_TIMEOUT,
    Decision,
    Fallback,
    Rule,
    Rules,
)
from shepherd_sidecar.errors import GateInvalid, InvalidParams
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.events import EFFECTS, OUTCOME_OF

_DECISIONS: Final = get_args(Decision)
_FALLBACKS: Final = get_args(Fallback)
_LONGEST_WAIT_MS: Final = 366 * 24 * 3600 * 1000

Table = Mapping[str, Any]


class _Bad(ValueError):
    """What is wrong with one value."""


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
        _only(data, {"defaults", "rule"})
        timeout, fallbacks = _defaults(data.get("defaults", {}))
        tables = data.get("rule", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise _Bad("rule: write [[rule]]")
        rules: list[Rule] = []
        for number, table in enumerate(tables, 1):
            rule = f"#{number}"
            name = _one(table, "name", _name)
            if name is None:
                raise _Bad("name: needed")
            rule = name
            if any(name == other.name for other in rules):
                raise _Bad("name: another rule has it")
            rules.append(_rule(name, table))
    except _Bad as error:
        raise invalid(path, rule, str(error)) from error
    return Rules(tuple(rules), timeout, fallbacks)


def invalid(path: Path, rule: str | None, why: str) -> GateInvalid:
    """The error that names file and rule."""
    place = f"{path}: rule {rule}: " if rule is not None else f"{path}: "
    return GateInvalid(place + why, path=str(path), rule=rule)


def _rule(name: str, table: Table) -> Rule:
    _only(table, set(Rule.__dataclass_fields__))
    decision: Decision | None = _one(table, "decision", _among(_DECISIONS))
    if decision is None:
        raise _Bad("decision: needed")
    reason = _one(table, "reason", _text)
    if decision in ("deny", "hold") and reason is None:
        raise _Bad(f"reason: a {decision} says why")
    payload = _one(table, "payload", _payload)
    if (decision == "override") != (payload is not None):
        raise _Bad("payload: an override needs one, and only it has one")
    timeout = _one(table, "timeout_ms", _milliseconds)
    fallback: Fallback | None = _one(table, "on_timeout", _among(_FALLBACKS))
    if decision != "hold" and (timeout is not None or fallback is not None):
        raise _Bad("timeout_ms, on_timeout: only a hold waits")
    paths = _one(table, "paths", _globs)
    outside = _one(table, "outside", _truth)
    if outside is not None and paths is None:
        raise _Bad("outside: of which paths?")
    return Rule(
        name=name,
        decision=decision,
        reason=reason,
        kinds=_one(table, "kinds", _all_among(tuple(OUTCOME_OF))),
        tools=_one(table, "tools", _texts),
        arguments=_one(table, "arguments", _expressions),
        paths=paths,
        outside=bool(outside),
        effects=_one(table, "effects", _all_among(EFFECTS)),
        agents=_one(table, "agents", _texts),
        payload=payload,
        timeout_ms=timeout,
        on_timeout=fallback,
    )


def _defaults(table: Any) -> tuple[int, dict[Any, Fallback]]:
    if not isinstance(table, dict):
        raise _Bad("defaults: write [defaults]")
    _only(table, {"hold_timeout_ms", "on_timeout"}, "defaults.")
    timeout = _one(table, "hold_timeout_ms", _milliseconds)
    given = table.get("on_timeout", {})
    if not isinstance(given, dict):
        raise _Bad("on_timeout: a table of effect class = decision")
    _only(given, set(EFFECTS), "on_timeout.")
    fallbacks = {effect: _one(given, effect, _among(_FALLBACKS)) for effect in given}
    return timeout if timeout is not None else HOLD_TIMEOUT_MS, {**ON_TIMEOUT, **fallbacks}


def _only(table: Table, known: set[str], within: str = "") -> None:
    for key in table:
        if key not in known:
            raise _Bad(f"{within}{key}: unknown; known are {', '.join(sorted(known))}")


def _one(table: Table, key: str, read: Callable[[Any], Any]) -> Any:
    if key not in table:
        return None
    try:
        return read(table[key])
    except _Bad as error:
        raise _Bad(f"{key}: {error}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Bad("a text is needed")
    return value


def _name(value: Any) -> str:
    if not _text(value).isprintable() or len(value) > 200:
        raise _Bad("one line of at most 200 characters")
    return str(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Bad("true or false")
    return value


def _milliseconds(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LONGEST_WAIT_MS:
        raise _Bad(f"whole milliseconds, 0 to {_LONGEST_WAIT_MS}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _Bad("a list of texts, not empty")
    return tuple(map(_text, value))


def _among(known: tuple[str, ...]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value not in known:
            raise _Bad(f"{value!r} is none of {', '.join(known)}")
        return value

    return read


def _all_among(known: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(map(_among(known), _texts(value)))


def _expressions(value: Any) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if not isinstance(value, dict) or not value:
        raise _Bad("a table of path = regular expression, not empty")
    read = []
    for path, expression in value.items():
        try:
            read.append((path, re.compile(_text(expression))))
        except (re.error, _Bad, OverflowError, RecursionError) as error:
            raise _Bad(f"{path}: {error}") from error
    return tuple(read)


def _globs(value: Any) -> Globs:
    globs = list(_texts(value))
    if all(glob.startswith("!") for glob in globs):
        raise _Bad("with ! alone nothing is ever among them")
    try:
        return parse_globs(globs)
    except ValueError as error:
        raise _Bad(str(error)) from error


def _payload(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise _Bad("a table, not empty")
    try:
        canonical.check(value, "payload")
    except InvalidParams as error:
        raise _Bad(error.message) from error
    name = value.get("name", "x")
    if not isinstance(name, str) or not name:
        raise _Bad("name: a tool call names its tool")
    return value
