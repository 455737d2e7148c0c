"""Which redaction rules can match a text at all, found in a few microseconds.

Layer: trace. Keeps: a rule that is left out has no match. Each shortcut is a map of bytes to
bytes (some to nothing), so that a part of a text goes to a part of its image; a text whose
image lacks a word's image lacks the word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from shepherd_sidecar.trace.redaction_rules import FOLD, RUN, Rule, fold

_TOKEN: Final = bytes(
    ord("x") if (chr(byte).isascii() and chr(byte).isalnum()) or byte in b"-_" else ord(" ")
    for byte in range(256)
)
_LONG: Final = b"x" * RUN
_BEFORE: Final = 12
"""So many bytes before a run are looked at with it: ``Bearer`` stands there."""

# The letters that are kept: few, so that images are short, yet they tell the words apart.
# Found by trying, on sources and prose; the choice has no influence on what is found.
_DROPPED: Final = bytes(byte for byte in range(256) if FOLD[byte] not in b'"cdehjkpsuwxz')
_TAIL: Final = 6
_SHORTEST: Final = 3


class Sieve:
    """The necessary conditions of many rules, tested together."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._always = {i for i, rule in enumerate(rules) if not (rule.words or rule.literals)}
        self._in_runs = _literals(rules, run=True)
        self._anywhere = _literals(rules, run=False)
        words = [(fold(w.encode()), i) for i, rule in enumerate(rules) for w in rule.words]
        images = {word: word.translate(FOLD, _DROPPED)[-_TAIL:] for word, _ in words}
        kept = tuple(_shortest({im for im in images.values() if len(im) >= _SHORTEST}))
        # Image → the words that it stands for. Words whose image says too little stand alone.
        self._words: dict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        self._lone: list[tuple[bytes, int]] = []
        for word, rule in words:
            image = next((im for im in kept if im in images[word]), None)
            (self._lone if image is None else self._words[image]).append((word, rule))
        self._images = tuple(self._words)

    def suspects(self, data: bytes) -> list[Rule]:
        """The rules that may match somewhere in ``data``, in their order."""
        found = set(self._always) if self._always else None
        tokens = data.translate(_TOKEN)
        if _LONG in tokens:
            runs = b" ".join(_runs(data, tokens))
            for literal, rule in self._in_runs:
                if literal in runs:
                    found = found or set()
                    found.add(rule)
        for literal, rule in self._anywhere:
            if literal in data:
                found = found or set()
                found.add(rule)
        image = data.translate(FOLD, _DROPPED)
        folded = None
        for part in self._images:
            if part in image:
                folded = folded or fold(data)
                for word, rule in self._words[part]:
                    if word in folded:
                        found = found or set()
                        found.add(rule)
        if self._lone:
            folded = folded or fold(data)
            found = (found or set()) | {rule for word, rule in self._lone if word in folded}
        return [self._rules[i] for i in sorted(found)] if found else []


def _runs(data: bytes, tokens: bytes) -> Iterator[bytes]:
    """Every run of ``RUN`` or more token characters, with a little of what stands before it."""
    at = tokens.find(_LONG)
    while at >= 0:
        end = tokens.find(b" ", at)
        end = len(data) if end < 0 else end
        yield data[max(at - _BEFORE, 0) : end]
        at = tokens.find(_LONG, end)


def _literals(rules: Sequence[Rule], *, run: bool) -> tuple[tuple[bytes, int], ...]:
    return tuple(
        (literal.encode(), i)
        for i, rule in enumerate(rules)
        if rule.run == run
        for literal in rule.literals
    )


def _shortest(texts: Iterable[bytes]) -> list[bytes]:
    """Without those that hold another."""
    kept: list[bytes] = []
    for text in sorted(texts, key=lambda text: (len(text), text)):
        if not any(short in text for short in kept):
            kept.append(text)
    return kept
