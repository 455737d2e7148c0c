"""Subscriptions: every commit once, in order, across connections and deaths."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.engine.following import pushed
from tests.support.sidecar import Sidecar, message, rows


class Reader:
    """What one subscription has told so far."""

    def __init__(self, sidecar: Sidecar, **params: Any) -> None:
        self.sidecar = sidecar
        opened = sidecar.call("trace/subscribe", params)
        self.subscription, self.cursor = opened["subscription"], opened["cursor"]
        self.seen: list[str] = []

    def until(self, commit: str) -> list[str]:
        """Reads up to and with a commit."""
        while commit not in self.seen:
            push = pushed(self.sidecar, self.subscription)
            self.seen += [entry["commit"] for entry in push["entries"]]
            self.cursor = push["cursor"]
        return self.seen


@pytest.mark.requirement("SUB-01")
def test_every_commit_that_matches_is_pushed_once_and_in_order(sidecar: Sidecar) -> None:
    here, there = sidecar.begin("here"), sidecar.begin("there")
    run = sidecar.branch(there)["run"]
    by_branch = Reader(sidecar, branches=[here])
    by_run = Reader(sidecar, runs=[run])
    everything = Reader(sidecar, all=True)
    mine, theirs = [], []
    for number in range(30):
        mine += sidecar.append(here, message(f"{number}"), message(f"{number}!"))
        theirs.append(sidecar.say(there, f"{number}"))
    [fork] = sidecar.fork(there)
    theirs.append(sidecar.say(fork, "a fork belongs to its run"))
    end = sidecar.say(here, "end")
    assert by_branch.until(end) == [*mine, end]
    assert by_run.until(theirs[-1]) == theirs
    assert sorted(everything.until(end)) == sorted([*mine, *theirs, end])


@pytest.mark.requirement("SUB-01")
def test_what_is_damaged_is_left_out_and_what_follows_is_told(
    sidecar: Sidecar, branch: str
) -> None:
    good, bad, last = (sidecar.say(branch, text) for text in ("one", "two", "three"))
    conn = sqlite3.connect(sidecar.store / "store.db")
    with conn:
        conn.execute("UPDATE commits SET payload = x'7b7d' WHERE id = ?", (bytes.fromhex(bad),))
    conn.close()
    reader = Reader(sidecar, branches=[branch], **{"from": "0"})
    assert reader.until(last)[-2:] == [good, last]
    after = sidecar.say(branch, "four")
    assert reader.until(after)[-1] == after


@pytest.mark.requirement("SUB-01")
def test_what_moves_a_branch_without_a_commit_is_not_pushed(sidecar: Sidecar, branch: str) -> None:
    kept = sidecar.say(branch, "kept")
    sidecar.say(branch, "cut off")
    reader = Reader(sidecar, branches=[branch], **{"from": "0"})
    reader.until(sidecar.head(branch))
    seen = list(reader.seen)
    sidecar.call("branch/rewind", {"branch": branch, "to": kept})
    sidecar.call("branch/discard", {"branch": branch})
    sidecar.call("branch/discard", {"branch": branch, "restore": True})
    last = sidecar.say(branch, "last")
    assert reader.until(last) == [*seen, last]


@pytest.mark.requirement("SUB-02")
def test_from_a_cursor_it_goes_on_after_exactly_what_was_seen(
    another: Another, tmp_path: Path
) -> None:
    """Killed and started again in the middle, several times."""
    store = tmp_path / ".shepherd"
    writer = another(store)
    branch = writer.begin()
    told = [writer.head(branch)]
    seen: list[str] = []
    cursor = "0"
    for turn in range(3):
        watcher = another(store, "observer")
        reader = Reader(watcher, all=True, **{"from": cursor})
        told += [writer.say(branch, f"{turn} {number}") for number in range(300)]
        # Stop in the middle of it: at a push that is not the last.
        seen += reader.until(told[-150])
        cursor = reader.cursor
        assert watcher.process is not None
        watcher.process.send_signal(signal.SIGKILL)
        watcher.wait()
    final = Reader(another(store, "observer"), all=True, **{"from": cursor})
    last = writer.say(branch, "last")
    assert seen + final.until(last) == [*told, last]


@pytest.mark.requirement("SUB-03")
def test_commits_of_another_process_are_pushed(
    sidecar: Sidecar, branch: str, another: Another, store: Path
) -> None:
    reader = Reader(sidecar, branches=[branch])
    beside = another(store)
    told = [beside.say(branch, str(number)) for number in range(20)]
    assert reader.until(told[-1]) == told


@pytest.mark.requirement("SUB-04")
def test_observers_change_nothing(fresh: Sidecar, another: Another) -> None:
    """Law 9: with everything that an observer may do, and everything refused to it."""
    branch = fresh.begin()
    intent, outcome = fresh.act(branch)
    beside = another(fresh.store, "observer")

    def everything() -> tuple[object, ...]:
        counts = rows(fresh.store)
        del counts["totals"]  # sums that stat keeps for itself
        return counts, fresh.log(branch), fresh.branch(branch)

    before = everything()
    Reader(beside, all=True, **{"from": "0"}).until(outcome)
    beside.log(branch)
    beside.call("trace/get", {"commit": intent})
    beside.call("trace/diff", {"left": intent, "right": branch})
    beside.call("trace/search", {"query": "look"})
    beside.call("intervene/held", {})
    beside.call("run/list", {})
    beside.call("branch/list", {})
    beside.call("store/stat", {})
    assert everything() == before


def test_an_ended_subscription_pushes_no_more(sidecar: Sidecar, branch: str) -> None:
    ended, going = Reader(sidecar, branches=[branch]), Reader(sidecar, branches=[branch])
    sidecar.call("trace/unsubscribe", {"subscription": ended.subscription})
    told = [sidecar.say(branch, str(number)) for number in range(5)]
    assert going.until(told[-1]) == told
    pushes = [m for m in sidecar.rest() if m.get("method") == "trace/didCommit"]
    assert not [m for m in pushes if m["params"]["subscription"] == ended.subscription]
    params = {"subscription": ended.subscription}
    sidecar.refused("UnknownSubscription", "trace/unsubscribe", params)


@pytest.mark.requirement("SUB-01", "RPC-08")
def test_a_reader_that_stops_stalls_only_itself(fresh: Sidecar, another: Another) -> None:
    branch = fresh.begin()
    slow, quick = another(fresh.store, "observer"), another(fresh.store, "observer")
    params: dict[str, Any] = {"all": True, "maxPayload": 1 << 20}
    stalled, going = Reader(slow, **params), Reader(quick, **params)
    slow.stop_reading()
    text = "x" * 100_000
    told = [fresh.say(branch, f"{number} {text}") for number in range(120)]
    assert going.until(told[-1]) == told
    slow.go_on_reading()
    assert stalled.until(told[-1]) == told


@pytest.mark.requirement("TRACE-02")
def test_a_push_leaves_out_long_payloads_with_their_size(sidecar: Sidecar, branch: str) -> None:
    short = sidecar.call("trace/subscribe", {"branches": [branch], "maxPayload": 40})
    sidecar.say(branch, "x" * 1000)
    [entry] = pushed(sidecar, short["subscription"])["entries"]
    assert "payload" not in entry
    assert entry["payloadSize"] == len('{"content":"","role":"user"}') + 1000
