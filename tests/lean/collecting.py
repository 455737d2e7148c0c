"""Makes tests/lean/corpus.json: few requests each, and together all that was found to happen.

    python -m tests.lean.collecting [--seeds N]

Histories are invented from seeds and played on the Spec alone. A history that shows something
for the first time is cut down to the fewest requests that still show it, and kept: first single
things with all that they depend on, then pairs, this and later that.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import random
import sys
from collections.abc import Callable
from typing import Any, Final

from tests.lean.cases import KINDS, START, Case, Playing, askable, choose, to_json
from tests.lean.spec import graph
from tests.lean.spec.objects import Event, Tree
from tests.lean.spec.ops import Op, Store, combine
from tests.lean.vectors import CORPUS

_LATER: Final[Tree] = {"a": ("file", 0o644, "2")}
CHOSEN: Final = (
    # A fork at a commit whose workspace is not the newest.
    Case(
        START,
        (
            Op("work", ("a", _LATER)),
            Op("propose", ("a", Event("tool_call", {"name": "g", "arguments": {}}), ())),
            Op(
                "append",
                ("a", Event("tool_result", {"status": "ok", "result": {}}, 1), _LATER, None, None),
            ),
            Op("fork", ("a", 0, "b", True)),
        ),
    ),
)
"""What the numbers did not find, and a mutant needed."""
Happened = tuple[Any, ...]
Shows = Callable[[Case], set[Happened]]


def happened(before: Store, op: Op, answer: Any) -> Happened:
    """What kind of thing a request was, there and then."""
    what = "ok" if isinstance(answer, int) else answer
    b = before.branch(op.args[0])
    status = "none" if b is None else b.status
    near: tuple[Any, ...] = ()
    if op.what == "append":
        _, event, tree, expected, client = op.args
        known = None if b is None or client is None else client in dict(b.clients)
        near = event.kind, tree is not None, expected is not None, known, state(before, op)
    elif op.what == "fork":
        near = op.args[1] is None, op.args[3]
    elif op.what == "propose":
        near = combine(op.args[2]).decision, len(op.args[2])
    elif op.what == "decide":
        near = (op.args[2].decision, state(before, op))
    elif op.what == "rewind":
        near = (b is not None and bool(b.held), b is not None and op.args[1] == b.head)
    elif op.what == "restore":
        near = (op.args[2] is not None,)
    elif op.what == "gc":
        near = (len(op.args[1]), len(before.branches))
    return (op.what, what, status, b is not None and b.folder is not None, *near)


def state(before: Store, op: Op) -> str:
    """What became of the intent that a request names, on its branch."""
    b, named = before.branch(op.args[0]), op.args[1]
    intent = named if isinstance(named, int) else named.intent
    if intent is None or b is None:
        return "no"
    path = graph.path(before.commits, b.head)
    if not any(i == intent for i, _ in path):
        return "elsewhere" if intent in before.commits else "nowhere"
    found = graph.outcome(path, intent)
    if found is not None:
        return "denied" if found[1].event.is_denied else "resolved"
    here = "here" if intent in b.held else "there"
    return f"waits {here}" if graph.waits(path, intent) else "open"


def singles(case: Case) -> set[Happened]:
    """What happens in a case."""
    return set(_in_order(case))


def pairs(case: Case) -> set[Happened]:
    """What happens in a case after what."""
    return {(one[:2], other[:2]) for one, other in itertools.combinations(_in_order(case), 2)}


def _in_order(case: Case) -> list[Happened]:
    playing, found = Playing(case.folder), []
    for op in case.asked:
        before = playing.store
        found.append(happened(before, op, playing.play(op)))
    return found


def shrunk(case: Case, wanted: Happened, shows: Shows) -> Case:
    """The fewest requests, as far as leaving out one after the other leads."""
    index = len(case.asked) - 1
    while index >= 0:
        fewer = dataclasses.replace(case, asked=case.asked[:index] + case.asked[index + 1 :])
        if wanted in shows(fewer) and all(map(askable, *_stores(fewer))):
            case = fewer
        index -= 1
    return case


def _stores(case: Case) -> tuple[list[Store], tuple[Op, ...]]:
    """The store before each request."""
    playing, found = Playing(case.folder), []
    for op in case.asked:
        found.append(playing.store)
        playing.play(op)
    return found, case.asked


def invented(seed: int) -> Case:
    """A history out of a number."""
    draw = random.Random(seed)
    playing = Playing(START if draw.random() < 0.4 else None)
    for _ in range(14):
        kind = draw.choice((*KINDS, "crash") if seed % 40 == 0 else KINDS)
        op = choose(playing.store, kind, [draw.randrange(64) for _ in range(12)])
        if op is not None:
            playing.play(op)
    return Case(playing.folder, tuple(playing.asked))


def main() -> None:
    """Collect; the count of cases on stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3000)
    parser.add_argument("--most", type=int, default=360)
    asked = parser.parse_args()
    cases = [invented(seed) for seed in range(asked.seeds)]
    kept: list[Case] = []
    shows: Shows
    for shows in (singles, pairs):
        known = set().union(*map(shows, kept))
        for case in cases:
            for wanted in sorted(shows(case) - known, key=repr):
                if wanted not in known and len(kept) < asked.most:
                    small = shrunk(case, wanted, shows)
                    kept.append(small)
                    known |= shows(small)
        sys.stdout.write(f"{len(kept)} cases for {len(known)} {shows.__name__}\n")
    kept += CHOSEN
    lines = ",\n".join(json.dumps(to_json(case), separators=(",", ":")) for case in kept)
    CORPUS.write_text(f"[\n{lines}\n]\n", "utf-8")
    sys.stdout.write(f"{sum(len(case.asked) for case in kept)} requests\n")


if __name__ == "__main__":
    main()
