"""Taking secrets out of payloads, before anything is hashed or written.

Layer: trace. Keeps: what is recorded holds a mark ``[redacted:RULE]`` where a secret was, and
``clean`` of what is clean changes nothing.

The second follows from how a text is cleaned: it is cut at its marks, rules are applied to the
pieces only, and this is done until no piece changes. No rule ever sees a mark, or across one.
Everything is a function of its arguments but ``load``, which reads one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.redaction_file import invalid, parse
from shepherd_sidecar.trace.redaction_rules import (
    BUILT_IN,
    KEY,
    SENSITIVE_KEYS,
    Rule,
    assigned_value,
    fold,
    named_value,
)
from shepherd_sidecar.trace.redaction_sieve import Sieve

_PASSES: Final = 8
"""A text that still changes after so many is made to be awkward: all of it is redacted."""


class Redactor:
    """Takes secrets out.

    Args:
        rules: what a secret looks like.
        keys: names whose values are secrets, in any case, with ``-`` and ``_`` or without.
    """

    def __init__(
        self, rules: Iterable[Rule] = BUILT_IN, keys: Iterable[str] = SENSITIVE_KEYS
    ) -> None:
        self._keys = frozenset(fold(key.encode()) for key in keys)
        named = sorted(key.decode() for key in self._keys)
        derived = (named_value(named), assigned_value(named)) if named else ()
        self._rules: tuple[Rule, ...] = (*rules, *derived)
        names = "|".join(sorted({re.escape(rule.name) for rule in self._rules} | {KEY}))
        self._mark = re.compile(rf"(\[redacted:(?:{names})\])")
        self._sieve = Sieve(self._rules)

    def clean(self, payload: Json, canonical: bytes) -> Json | None:
        """The payload without its secrets; None when there is nothing to take out.

        ``canonical`` are its canonical bytes.
        """
        rules = self._sieve.suspects(canonical)
        if not rules:
            return None
        cleaned = _Walk(self, rules).value(payload)
        return None if cleaned is payload else cleaned

    def clean_text(self, data: bytes) -> bytes:
        """UTF-8 text without its secrets; other bytes as they are."""
        rules = self._sieve.suspects(data)
        if not rules:
            return data
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return data
        cleaned = self.scrub(text, rules)
        return data if cleaned is text else cleaned.encode()

    def scrub(self, text: str, rules: Sequence[Rule]) -> str:
        """A text after these rules; the same object when nothing changed."""
        for _ in range(_PASSES):
            before = text
            for rule in rules:
                text = self._apply(rule, text)
            if text == before:
                return before
        return f"[redacted:{rules[-1].name}]"

    def is_sensitive(self, name: str) -> bool:
        """Whether values under this name are secrets."""
        return fold(name.encode()) in self._keys

    def is_mark(self, text: str) -> bool:
        """Whether a text is a mark and nothing else."""
        return self._mark.fullmatch(text) is not None

    def _apply(self, rule: Rule, text: str) -> str:
        if "[redacted:" not in text:
            return rule.pattern.sub(_Mark(rule), text)
        pieces = self._mark.split(text)
        pieces[::2] = [rule.pattern.sub(_Mark(rule), piece) for piece in pieces[::2]]
        return "".join(pieces)


class _Mark:
    """What stands in place of a match."""

    def __init__(self, rule: Rule) -> None:
        self._mark = f"[redacted:{rule.name}]"
        self._groups = [name for name in rule.pattern.groupindex if name.startswith("secret")]

    def __call__(self, match: re.Match[str]) -> str:
        start, end = match.span()
        whole = match[0]
        if self._groups:
            spans = [match.span(group) for group in self._groups]
            inner = next(((a, b) for a, b in spans if a >= 0), (start, start))
        else:
            inner = (start, end)
        if inner[0] == inner[1]:
            return whole
        return whole[: inner[0] - start] + self._mark + whole[inner[1] - start :]


class _Walk:
    """Through a payload; what did not change is the same object."""

    def __init__(self, redactor: Redactor, rules: Sequence[Rule]) -> None:
        self._redactor = redactor
        self._rules = rules

    def value(self, value: Json) -> Json:
        kind = type(value)
        if kind is str:
            return self._redactor.scrub(value, self._rules)
        if kind is dict:
            return self._object(value)
        if kind is list:
            return self._list(value)
        return value

    def _object(self, value: dict[str, Json]) -> dict[str, Json]:
        pair = _pair_name(value)
        hot_pair = pair is not None and self._redactor.is_sensitive(value[pair])
        cleaned: dict[str, Json] = {}
        changed = False
        for key in sorted(value):  # the result does not depend on the order of members
            part = value[key]
            name = self.value(key)
            if self._redactor.is_sensitive(key) or (hot_pair and key == "value"):
                new = self._secret(part)
            else:
                new = self.value(part)
            if name is not key:
                name = _free(name, value, cleaned)
            changed = changed or name is not key or new is not part
            cleaned[name] = new
        return cleaned if changed else value

    def _list(self, value: list[Json]) -> list[Json]:
        cleaned: list[Json] = []
        hot = False
        for part in value:
            if hot and type(part) is str:
                cleaned.append(self._secret(part))
            elif _is_header(part) and self._redactor.is_sensitive(part[0]):
                secret = self._secret(part[1])
                cleaned.append(part if secret is part[1] else [part[0], secret])
            else:
                cleaned.append(self.value(part))
            hot = type(part) is str and part[:2] == "--" and self._redactor.is_sensitive(part[2:])
        same = all(new is old for new, old in zip(cleaned, value, strict=True))
        return value if same else cleaned

    def _secret(self, value: Json) -> Json:
        """What stands under a sensitive name: texts and numbers go whole, at any depth of list."""
        kind = type(value)
        if kind is str:
            return value if not value or self._redactor.is_mark(value) else f"[redacted:{KEY}]"
        if kind is int or kind is float:
            return f"[redacted:{KEY}]"
        if kind is list:
            cleaned = list(map(self._secret, value))
            same = all(new is old for new, old in zip(cleaned, value, strict=True))
            return value if same else cleaned
        return self.value(value)


def load(path: Path) -> Redactor:
    """The redactor of a ``redaction.toml``; the built-in one when there is no such file.

    Raises:
        GateInvalid: the file cannot be used, with ``data.path`` and ``data.rule``.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Redactor()
    except (OSError, UnicodeDecodeError) as error:
        raise invalid(path, None, f"cannot be read: {error}") from error
    return Redactor(*parse(text, path))


def _pair_name(value: dict[str, Json]) -> str | None:
    """The member that names what ``value`` holds, in ``{"name": …, "value": …}``."""
    if "value" in value:
        for name in ("name", "key", "header"):
            if type(value.get(name)) is str:
                return name
    return None


def _is_header(part: Json) -> bool:
    return type(part) is list and len(part) == 2 and type(part[0]) is str and type(part[1]) is str


def _free(name: str, taken: dict[str, Json], also: dict[str, Json]) -> str:
    """``name``, or with a number when members would fall together."""
    free, number = name, 1
    while free in taken or free in also:
        number += 1
        free = f"{name}#{number}"
    return free
