"""Makes tests/lean/corpus.json: few requests each, and together all that was found to happen.

    python -m tests.lean.collecting [--seeds N] [--more N]     beside those that are there

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
from tests.lean.spec.meta import Desk, Reply
from tests.lean.spec.objects import Event, Tree
from tests.lean.spec.ops import Op, Store, combine
from tests.lean.vectors import CORPUS, corpus

_LATER: Final[Tree] = {"a": ("file", 0o644, "2")}


def _said(branch: str, text: str) -> Op:
    return Op("append", (branch, Event("message", {"c": text}), None, None, None))


_FORK: Final = Op("fork", ("a", None, "b", True))
_APPLY: Final = Op("apply", ("b", "a"))
_CALL: Final = Op("propose", ("a", Event("tool_call", {"name": "g", "arguments": {}}), ()))
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
    # Two verdicts after a message.
    Case(None, (Op("inject", ("a", "a", "u")), _CALL, _CALL)),
    # A file is changed on one side and removed on the other; changed on both; its mode on one.
    *(
        Case(START, (_FORK, Op("work", ("a", ours)), Op("work", ("b", theirs)), _APPLY))
        for ours, theirs in (
            (_LATER, {}),
            (_LATER, {"a": ("file", 0o644, "3"), "l": ("link", "b")}),
            ({**START, **_LATER}, {"a": ("file", 0o755, "1"), "l": ("link", "b")}),
        )
    ),
    # The second time, what was merged before counts as seen by both.
    Case(
        START,
        (
            *(_FORK, Op("work", ("b", {**START, **_LATER})), _APPLY),
            *(Op("work", ("b", START)), _APPLY),
        ),
    ),
    # Each of two took the other's first commits: of two common ancestors the one on the log.
    Case(
        None,
        (
            *(Op("fork", ("a", None, "b", False)), _said("a", "a"), _said("b", "b")),
            *(Op("fork", ("a", None, "c", False)), Op("fork", ("b", None, "d", False))),
            *(_APPLY, Op("apply", ("c", "b")), Op("apply", ("b", "a"))),
        ),
    ),
)
"""What the numbers did not find, and a mutant needed."""
Happened = tuple[Any, ...]
Shows = Callable[[Case], set[Happened]]


def happened(desk: Desk, op: Op, answer: Reply | str) -> Happened:
    """What kind of thing a request was, there and then."""
    before, what = desk.store, "ok" if isinstance(answer, Reply) else answer
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
    elif op.what == "rename":
        near = (b is not None and bool(b.held),)
    elif op.what == "apply" and what == "ok":
        near = both(before, op)
    elif op.what == "replay":
        return (
            "replay",
            what,
            *(replayed(before, op, answer) if isinstance(answer, Reply) else ()),
        )
    if op.args[0] in desk.paused and what == "ok":
        near = (*near, "paused")
    if isinstance(answer, Reply):
        near = (*near, *(["given"] if answer.given else []))
        near = (*near, *(["conflict"] if answer.paths else []))
    return (op.what, what, status, b is not None and b.folder is not None, *near)


def both(before: Store, op: Op) -> tuple[Any, ...]:
    """The two sides of a merge: whether each has a folder, and one that no commit has yet."""
    found: list[Any] = []
    for n in op.args:
        b = before.branch(n)
        if b is None or b.folder is None:
            found.append("none" if b is None else "no folder")
        else:
            found.append("new" if b.folder != graph.world(before.commits, b.head) else "known")
    merged = any(len(c.parents) > 1 for c in before.commits.values())
    return (*found, merged)


def replayed(before: Store, op: Op, answer: Reply | str) -> tuple[Any, ...]:
    """A replay: how, of what, what was edited, and how it ended."""
    if isinstance(answer, str):
        return ()
    _, end, _, real, edit, _ = op.args
    log = graph.log(before.commits, end)
    at = "none"
    if edit is not None and edit[0] in log:
        c = before.commits[edit[0]]
        at = c.event.kind if c.event.payload != edit[1] else "same"
    verdicts = any(before.commits[i].event.is_verdict for i in log)
    merged = any(len(before.commits[i].parents) > 1 for i in log)
    stop = answer.ends and (answer.ends == end, answer.ends in log)
    return real, at, bool(answer.given), stop, answer.whole, verdicts or merged


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
        before = playing.desk
        found.append(happened(before, op, playing.play(op)))
    return found


def shrunk(case: Case, wanted: Happened, shows: Shows) -> Case:
    """The fewest requests, as far as leaving out one after the other leads."""
    index = len(case.asked) - 1
    while index >= 0:
        fewer = dataclasses.replace(case, asked=case.asked[:index] + case.asked[index + 1 :])
        if wanted in shows(fewer) and all(map(askable, *_desks(fewer))):
            case = fewer
        index -= 1
    return case


def _desks(case: Case) -> tuple[list[Desk], tuple[Op, ...]]:
    """The desk before each request."""
    playing, found = Playing(case.folder), []
    for op in case.asked:
        found.append(playing.desk)
        playing.play(op)
    return found, case.asked


def invented(seed: int) -> Case:
    """A history out of a number."""
    draw = random.Random(seed)
    playing = Playing(START if draw.random() < 0.4 else None)
    for _ in range(14):
        kind = draw.choice((*KINDS, "crash") if seed % 40 == 0 else KINDS)
        op = choose(playing.desk, kind, [draw.randrange(64) for _ in range(16)])
        if op is not None:
            playing.play(op)
    return Case(playing.folder, tuple(playing.asked))


def main() -> None:
    """Collect; the count of cases on stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3000)
    parser.add_argument("--more", type=int, default=150)
    asked = parser.parse_args()
    cases = [invented(seed) for seed in range(asked.seeds)]
    kept = corpus() if CORPUS.exists() else []
    most = len(kept) + asked.more
    shows: Shows
    for shows in (singles, pairs):
        known = set().union(*map(shows, kept))
        for case in cases:
            for wanted in sorted(shows(case) - known, key=repr):
                if wanted not in known and len(kept) < most:
                    small = shrunk(case, wanted, shows)
                    kept.append(small)
                    known |= shows(small)
        sys.stdout.write(f"{len(kept)} cases for {len(known)} {shows.__name__}\n")
    kept += [case for case in CHOSEN if case not in kept]
    lines = ",\n".join(json.dumps(to_json(case), separators=(",", ":")) for case in kept)
    CORPUS.write_text(f"[\n{lines}\n]\n", "utf-8")
    sys.stdout.write(f"{sum(len(case.asked) for case in kept)} requests\n")


if __name__ == "__main__":
    main()
