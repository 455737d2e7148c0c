"""What a ``redaction.toml`` says, or why it cannot be used.

Layer: trace. Keeps: a file that cannot be used stops the recording; it is never half applied.

    disable = ["jwt"]                 # built-in rules to leave out
    keys = ["x-internal-token"]       # more names whose values are secrets

    [[rule]]
    name = "badge"                    # stands in the mark: [redacted:badge]
    pattern = "BADGE-(?P<secret>[0-9]{8})"
    anchors = ["badge-"]              # lowercase; one of them is in every match
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.errors import GateInvalid
from shepherd_sidecar.trace.redaction_rules import BUILT_IN, KEY, NAME, SENSITIVE_KEYS, Rule, fold

HINT: Final = "repair the file or move it away; nothing is recorded until then"


def parse(text: str, path: Path) -> tuple[list[Rule], frozenset[str]]:
    """The rules and sensitive names of a file: the built-in ones with its changes.

    A rule without anchors is tried on every text. ``path`` is for the errors.

    Raises:
        GateInvalid: with ``data.path`` and ``data.rule``.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise invalid(path, None, f"not TOML: {error}") from error
    _known(path, None, data, ("rule", "keys", "disable"))
    disabled = _texts(path, None, data, "disable")
    for name in disabled:
        if all(rule.name != name for rule in BUILT_IN):
            raise invalid(path, None, f"disable: there is no built-in rule {name!r}")
    keys = _texts(path, None, data, "keys")
    for key in keys:
        if not fold(key.encode()) or not key.isprintable() or set(key) & set("\"'\\:=["):
            raise invalid(path, None, f"keys: {key!r} cannot be a name")
    own = data.get("rule", [])
    if not isinstance(own, list):
        raise invalid(path, None, "rule: write [[rule]]")
    rules = [rule for rule in BUILT_IN if rule.name not in disabled]
    taken = {KEY}
    for index, item in enumerate(own):
        rule = _user_rule(path, index, item)
        if rule.name in taken:
            raise invalid(path, rule.name, "name: there is another rule of this name")
        taken.add(rule.name)
        rules.append(rule)
    return rules, SENSITIVE_KEYS | set(keys)


def _user_rule(path: Path, index: int, item: Any) -> Rule:
    name = item.get("name") if isinstance(item, dict) else None
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise invalid(path, f"#{index + 1}", "name: letters a-z, digits, - _ . are needed")
    _known(path, name, item, ("name", "pattern", "anchors"))
    if not isinstance(item.get("pattern"), str):
        raise invalid(path, name, "pattern: a regular expression is needed")
    try:
        pattern = re.compile(item["pattern"])
    except re.error as error:
        raise invalid(path, name, f"pattern: {error}") from error
    if pattern.search(""):
        raise invalid(path, name, "pattern: it matches the empty text")
    anchors = _texts(path, name, item, "anchors")
    for anchor in anchors:
        plain = anchor.isascii() and anchor.isprintable() and not set(anchor) & set('"\\')
        if not plain or anchor != anchor.lower() or not fold(anchor.encode()):
            raise invalid(
                path, name, f"anchors: {anchor!r} is not a lowercase ASCII text without quotes"
            )
    return Rule(name, item["pattern"], tuple(anchors))


def _known(path: Path, rule: str | None, table: dict[str, Any], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise invalid(path, rule, f"{key}: unknown; known are {', '.join(known)}")


def _texts(path: Path, rule: str | None, table: dict[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise invalid(path, rule, f"{key}: a list of texts is needed")
    return value


def invalid(path: Path, rule: str | None, why: str) -> GateInvalid:
    """The error that names file and rule."""
    place = f"{path}: rule {rule}: " if rule is not None else f"{path}: "
    return GateInvalid(place + why, hint=HINT, path=str(path), rule=rule)
