"""The laws of the semantics as properties of the running sidecar, for any small history.

Laws 2, 4 and 10 are also what ``test_machine`` looks at after every step; 5 and 6 are in
tests/engine/test_restore.py, where the folders are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.redaction import Redactor
from tests.support.sidecar import Sidecar, message, objects_in, proposal
from tests.trace.values import PAYLOADS

NUMBERS = itertools.count()
REDACTOR = Redactor()
GATE = '[[rule]]\nname="no"\ndecision="deny"\nreason="never"\ntools=["no"]\n'
Step = tuple[str, str, Any]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.just(""), PAYLOADS),
        st.tuples(st.just("act"), st.sampled_from(["go", "look", "no"]), st.integers(0, 3)),
    ),
    min_size=1,
    max_size=6,
)


def tells_no_secret(payload: dict[str, Any]) -> bool:
    """Whether a payload is kept as it is; Hypothesis knows words that redaction knows, too."""
    return REDACTOR.clean(payload, encode(payload)) is None


some = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sidecar, Sidecar]]:
    """Sidecars on two stores, with one gate."""
    first = tmp_path_factory.mktemp("first") / ".shepherd"
    second = tmp_path_factory.mktemp("second") / ".shepherd"
    with Sidecar.on(first) as one, Sidecar.on(second) as other:
        for sidecar in (one, other):
            sidecar.call("run/list", {})
            (sidecar.store / "gate.toml").write_text(GATE)
        yield one, other


def name() -> str:
    return f"law {next(NUMBERS)}"


def do(sidecar: Sidecar, branch: str, history: list[Step]) -> list[tuple[dict[str, Any], str]]:
    """Carries a history out; the proposals with their intents."""
    asked = []
    for what, tool, value in history:
        if what == "say":
            sidecar.append(branch, {"kind": "observation", "payload": value})
            continue
        params = proposal(branch, tool, arguments={"n": value}, effect="reversible")
        got = sidecar.call("intent/propose", params)
        asked.append(({"kind": "tool_call", "payload": params["payload"]}, got["commit"]))
        if got["verdict"]["decision"] != "deny":
            sidecar.resolve(branch, got["commit"], payload={"n": value})
    return asked


def essence(entry: dict[str, Any]) -> dict[str, Any]:
    """What is in the objects, without the facts of the reflog."""
    return {k: v for k, v in entry.items() if k not in ("at", "branch", "usage", "clientId")}


@pytest.mark.requirement("OBJECT-06", "OBJECT-03")
@some
@given(left=steps, right=steps)
def test_1_same_head_same_history(
    two: tuple[Sidecar, Sidecar], left: list[Step], right: list[Step]
) -> None:
    run = name()
    for sidecar, history in zip(two, (left, right), strict=True):
        do(sidecar, sidecar.begin(run), history)
    logs = [[essence(entry) for entry in sidecar.log(run)] for sidecar in two]
    same = two[0].head(run) == two[1].head(run)
    assert same == (logs[0] == logs[1])
    again = name()
    for sidecar in two:
        do(sidecar, sidecar.begin(again), left)
    assert two[0].head(again) == two[1].head(again)


@pytest.mark.requirement("FORK-01", "APPEND-14", "BRANCH-01", "BRANCH-02")
@some
@given(history=steps, more=steps, at=st.integers(0, 100))
def test_2_and_3_a_fork_adds_no_object_and_what_is_done_to_it_touches_no_other(
    two: tuple[Sidecar, Sidecar], history: list[Step], more: list[Step], at: int
) -> None:
    sidecar = two[0]
    branch = sidecar.begin(name())
    do(sidecar, branch, history)
    log = sidecar.log(branch)
    point = log[at % len(log)]["commit"]
    before = objects_in(sidecar.store)
    [fork, other] = sidecar.fork(point, count=2)
    assert objects_in(sidecar.store) == before
    assert sidecar.log(fork) == sidecar.log(point)
    kept = sidecar.log(branch), sidecar.branch(branch), sidecar.log(other), sidecar.branch(other)
    do(sidecar, fork, more)
    sidecar.call("branch/rewind", {"branch": fork, "to": point})
    sidecar.call("branch/discard", {"branch": fork})
    assert kept == (
        sidecar.log(branch),
        sidecar.branch(branch),
        sidecar.log(other),
        sidecar.branch(other),
    )


@pytest.mark.requirement("REPLAY-01")
@some
@given(history=steps)
def test_4_a_cached_replay_ends_at_the_same_head(
    two: tuple[Sidecar, Sidecar], history: list[Step]
) -> None:
    sidecar = two[0]
    branch = sidecar.begin(name())
    asked = do(sidecar, branch, history)
    before = objects_in(sidecar.store)
    assert replayed(sidecar, branch, [step for step, _ in asked])["head"] == sidecar.head(branch)
    assert objects_in(sidecar.store) == before


def replayed(
    sidecar: Sidecar, branch: str, asked: list[dict[str, Any]], **params: Any
) -> dict[str, Any]:
    """Replays, every intent answered from the record; what close says, with the branch."""
    opened = sidecar.call("replay/open", {"from": branch, "mode": "cached", **params})
    for step in asked:
        assert sidecar.call("replay/next", {"replay": opened["replay"], **step})["hit"]
    closed = dict(sidecar.call("replay/close", {"replay": opened["replay"]}))
    assert closed["complete"]
    return {**closed, "branch": opened["branch"]}


@pytest.mark.requirement("REPLAY-06")
@some
@given(history=steps, more=steps, other=PAYLOADS.filter(tells_no_secret))
def test_7_and_8_an_edit_keeps_what_is_before_and_an_edit_to_the_same_is_none(
    two: tuple[Sidecar, Sidecar], history: list[Step], more: list[Step], other: dict[str, Any]
) -> None:
    sidecar = two[0]
    branch = sidecar.begin(name())
    first = do(sidecar, branch, history)
    [at] = sidecar.append(branch, {"kind": "observation", "payload": {"a": 1}})
    rest = do(sidecar, branch, more)
    log = sidecar.log(branch)
    position = [entry["commit"] for entry in log].index(at)
    after = [step for step, _ in rest]

    edits = [{"at": at, "payload": {"edited": other}}]
    edited = replayed(sidecar, branch, after, mode="live", edits=edits)
    new = sidecar.log(edited["branch"])
    assert [e["commit"] for e in new[:position]] == [e["commit"] for e in log[:position]]
    assert new[position]["payload"] == {"edited": other}
    assert edited["head"] != log[-1]["commit"]
    assert sidecar.log(branch) == log
    whole = [step for step, _ in (*first, *rest)]
    assert replayed(sidecar, branch, whole)["head"] == log[-1]["commit"]

    before = objects_in(sidecar.store)
    edits = [{"at": at, "payload": {"a": 1}}]
    same = replayed(sidecar, branch, after, mode="live", edits=edits)
    assert same["head"] == log[-1]["commit"]
    assert objects_in(sidecar.store) == before


@pytest.mark.requirement("SUB-04")
@some
@given(history=steps, looks=st.lists(st.integers(0, 6), max_size=6))
def test_9_observers_change_nothing(
    two: tuple[Sidecar, Sidecar], history: list[Step], looks: list[int]
) -> None:
    """The same history with and without somebody who looks at every turn."""
    run = name()
    quiet, watched = two
    do(quiet, quiet.begin(run), history)
    branch = watched.begin(run)
    for step in history:
        for look in looks:
            look_at(watched, branch, look)
        do(watched, branch, [step])
    assert watched.head(run) == quiet.head(run)
    assert [essence(e) for e in watched.log(run)] == [essence(e) for e in quiet.log(run)]


def look_at(sidecar: Sidecar, branch: str, how: int) -> None:
    head = sidecar.head(branch)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("trace/log", {"branch": branch}),
        ("trace/get", {"commit": head}),
        ("trace/search", {"query": "n", "branches": [branch]}),
        ("trace/diff", {"left": branch, "right": head}),
        ("intervene/held", {}),
        ("branch/list", {}),
        ("snapshot/diff", {"left": head, "right": branch}),
    ]
    opened = sidecar.call("trace/subscribe", {"branches": [branch], "from": "0"})
    sidecar.call(*calls[how])
    sidecar.call("trace/unsubscribe", {"subscription": opened["subscription"]})


@pytest.mark.requirement("INTENT-04")
@some
@given(history=steps, status=st.sampled_from(["ok", "error"]), says=PAYLOADS)
def test_10_no_denied_intent_has_another_outcome(
    two: tuple[Sidecar, Sidecar], history: list[Step], status: str, says: dict[str, Any]
) -> None:
    sidecar = two[0]
    branch = sidecar.begin(name())
    intents = [intent for _, intent in do(sidecar, branch, history)]
    for intent in intents:
        params = {"branch": branch, "intent": intent, "payload": says, "status": status}
        error = sidecar.error(sidecar.request("intent/resolve", params))
        assert error.name in ("IntentDenied", "IntentAlreadyResolved")
    sidecar.append(branch, message("after all"))
    log = sidecar.log(branch)
    denied = {e["intent"] for e in log if e["payload"].get("decision") == "deny" and "intent" in e}
    outcomes = [(e["intent"], e["payload"]["status"]) for e in log if e["kind"] == "tool_result"]
    assert len(outcomes) == len(intents), "one each"
    assert all((status_ == "denied") == (intent in denied) for intent, status_ in outcomes)
