"""gc while others write, and gc that is broken off: nothing in between is ever wrong."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.engine import branching
from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.errors import StoreLocked
from shepherd_sidecar.store import gc
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.sweep import _Sweep, collect
from shepherd_sidecar.trace.ids import object_id
from shepherd_sidecar.trace.trees import File, tree_bytes
from tests.store.kept import contents, everything, reachable, sound, with_tree
from tests.support.traces import AUTHOR, Traces, sample, traces


def test_content_that_is_needed_again_while_gc_is_at_work_stays(made: Traces) -> None:
    """Another process finds in the store what gc was about to remove."""
    main = made.start()
    (drop,) = made.fork(main, "drop")
    tree = with_tree(made, drop, b"content of a file")
    (event,) = made.append(
        drop, {"model": "m", "messages": [{"a": 1}, {"b": 2}]}, kind="model_call"
    )
    made.append(drop, {"content": "c" * 70_000})
    made.discard(drop)
    before = everything(made)
    plan = gc.plan(made.store, 0)
    assert plan.counts.commits == 3
    sweep = _Sweep(made.store, plan)

    other = Store(made.root)
    try:
        with traces(made.root) as second:
            (again,) = second.fork(main, "again")
            assert with_tree(second, again, b"content of a file") == tree
            sweep.run(lambda branch: None)
            sound(made)
            payload = {"model": "m", "messages": [{"a": 1}, {"b": 2}]}
            second.append(again, payload, kind="model_call")
            second.append(again, {"content": "c" * 70_000})
    finally:
        other.close()
    assert everything(made) == before
    assert made.log("again")[-2] == event
    sound(made)


def test_a_snapshot_that_relied_on_what_gc_removed_is_refused(made: Traces) -> None:
    main = made.start()
    (drop,) = made.fork(main, "drop")
    with_tree(made, drop, b"content of a file")
    made.discard(drop)
    with batch(made.store) as content:
        blob = object_id("blob", b"content of a file")
        assert content.has("blob", blob)
        tree = content.add("tree", tree_bytes({b"file": File(0o644, 17, blob)}))
        collect(made.store, 0)
        with pytest.raises(StoreLocked):
            made.store.write(lambda tx: content.insert(tx, tree))
    sound(made)


def test_a_branch_that_is_taken_back_meanwhile_stays(made: Traces) -> None:
    main = made.start()
    (drop,) = made.fork(main, "drop")
    made.append(drop, {"n": 1})
    made.discard(drop)
    sweep = _Sweep(made.store, gc.plan(made.store, 0))
    made.store.write(lambda tx: branching.take_back(tx, drop, AUTHOR) and None)
    assert sweep.run(lambda branch: None).branches == 0
    made.append(drop, {"n": 2})
    assert len(made.log(drop)) == 3
    sound(made)


@pytest.mark.parametrize("steps", range(1, 32, 2))
def test_wherever_it_stops_nothing_is_wrong_and_the_next_goes_on(
    made: Traces, tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a crash would: after each of its transactions."""
    main = sample(made, tmp_path / "work")
    made.append("side", {"content": "s" * 70_000})
    made.discard("side")
    log = contents(made, main)
    write, left = made.store.write, steps

    class Stopped(Exception):
        pass

    def counted(work: Any) -> Any:
        nonlocal left
        if not left:
            raise Stopped
        left -= 1
        return write(work)

    monkeypatch.setattr("shepherd_sidecar.store.sweep._STEP", 2)
    monkeypatch.setattr(made.store, "write", counted)
    with contextlib.suppress(Stopped):
        collect(made.store, 0)
    monkeypatch.undo()
    sound(made)
    assert contents(made, main) == log
    collect(made.store, 0)
    sound(made)
    assert everything(made) == reachable(made, 2**60)


def test_others_write_while_gc_is_at_work(made: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes so many rows at a time, and lets others write in between."""
    main = made.start()
    (drop,) = made.fork(main, "drop")
    for number in range(20):
        made.append(drop, *({"n": [number, index]} for index in range(400)))
    made.discard(drop)
    stop = threading.Event()
    sent: list[str] = []
    write, sweeping, turns = made.store.write, threading.get_ident(), 0

    def writer() -> None:
        while not stop.is_set():
            sent.extend(made.append(main, {"n": len(sent)}))

    def counted(work: Any) -> Any:
        nonlocal turns
        turns += threading.get_ident() == sweeping
        return write(work)

    monkeypatch.setattr(made.store, "write", counted)
    thread = threading.Thread(target=writer)
    thread.start()
    try:
        done = collect(made.store, 0)
    finally:
        stop.set()
        thread.join()
    assert done.commits == 8000
    assert made.log(main)[1:] == sent
    assert turns > 8, "none of its transactions is long"
    sound(made)
