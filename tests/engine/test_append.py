"""Reporting: order, all or nothing, idempotency, conditions."""

from __future__ import annotations

import pytest

from tests.support.sidecar import NO_ID, Sidecar, message

CALL = {"kind": "tool_call", "payload": {"name": "look", "arguments": {}}}


def result_of(intent: str, **more: object) -> dict[str, object]:
    return {"kind": "tool_result", "payload": {"status": "ok"}, "intent": intent, **more}


@pytest.mark.requirement("APPEND-01")
def test_each_event_is_a_commit_on_the_head_before(sidecar: Sidecar, branch: str) -> None:
    root = sidecar.head(branch)
    reply = sidecar.call(
        "trace/append", {"branch": branch, "events": [message("a"), message("b"), message("c")]}
    )
    assert reply["head"] == reply["commits"][-1] == sidecar.head(branch)
    log = sidecar.log(branch)
    assert [entry["commit"] for entry in log] == [root, *reply["commits"]]
    assert [entry["parents"] for entry in log] == [[], *([c] for c in sidecar.commits(branch)[:-1])]
    assert [entry["payload"]["content"] for entry in log[1:]] == ["a", "b", "c"]


@pytest.mark.requirement("APPEND-02")
@pytest.mark.parametrize("bad_at", [0, 1, 2])
def test_one_bad_event_keeps_all_of_them_out(sidecar: Sidecar, branch: str, bad_at: int) -> None:
    events = [message("a"), message("b")]
    events.insert(bad_at, result_of(NO_ID))
    head = sidecar.head(branch)
    sidecar.refused("UnknownIntent", "trace/append", {"branch": branch, "events": events})
    assert sidecar.head(branch) == head


def test_an_event_may_answer_one_before_it_in_the_same_append(
    sidecar: Sidecar, branch: str
) -> None:
    commits = sidecar.append(
        branch,
        {**CALL, "clientId": "c-1"},
        {"kind": "tool_result", "payload": {"status": "ok"}, "intentClientId": "c-1"},
    )
    assert sidecar.log(branch)[-1]["intent"] == commits[0]


@pytest.mark.requirement("APPEND-02")
@pytest.mark.parametrize("count", [0, 10_001])
def test_an_append_has_one_to_ten_thousand_events(
    sidecar: Sidecar, branch: str, count: int
) -> None:
    events = [message("x")] * count
    sidecar.refused("InvalidParams", "trace/append", {"branch": branch, "events": events})


@pytest.mark.requirement("APPEND-03")
def test_a_stale_expected_head_changes_nothing(sidecar: Sidecar, branch: str) -> None:
    stale = sidecar.head(branch)
    head = sidecar.say(branch, "someone else was faster")
    error = sidecar.refused(
        "HeadMoved",
        "trace/append",
        {"branch": branch, "events": [message("late")], "expectedHead": stale},
    )
    assert (error.data["head"], error.data["expected"]) == (head, stale)
    assert sidecar.append(branch, message("now"), expectedHead=head)


@pytest.mark.requirement("APPEND-04", "SUB-04")
def test_the_same_client_id_and_event_return_the_first_commit(
    sidecar: Sidecar, branch: str
) -> None:
    event = message("once", clientId="id-1")
    [first] = sidecar.append(branch, event)
    last = sidecar.say(branch, "more")
    log = sidecar.commits(branch)
    again = sidecar.call("trace/append", {"branch": branch, "events": [event]})
    assert again == {"commits": [first], "head": last}
    assert sidecar.commits(branch) == log


@pytest.mark.requirement("APPEND-04")
def test_a_client_id_within_one_append_counts_too(sidecar: Sidecar, branch: str) -> None:
    event = message("once", clientId="id-1")
    first, other, again = sidecar.append(branch, event, message("x"), event)
    assert first == again != other
    assert len(sidecar.commits(branch)) == 3


@pytest.mark.requirement("APPEND-04")
def test_a_repeated_outcome_is_the_first_not_a_second(sidecar: Sidecar, branch: str) -> None:
    [intent] = sidecar.append(branch, CALL)
    [first] = sidecar.append(branch, result_of(intent, clientId="r"))
    assert sidecar.append(branch, result_of(intent, clientId="r")) == [first]


def test_a_client_id_whose_commit_gc_removed_is_still_taken(fresh: Sidecar) -> None:
    branch = fresh.begin()
    event = message("once", clientId="id-1")
    fresh.append(branch, event)
    root = fresh.commits(branch)[0]
    fresh.call("branch/rewind", {"branch": branch, "to": root})
    fresh.call("store/gc", {"keepDiscardedDays": 0})
    error = fresh.refused("ClientIdConflict", "trace/append", {"branch": branch, "events": [event]})
    assert "new clientIds" in error.data["hint"]


@pytest.mark.requirement("APPEND-04")
def test_a_client_id_is_for_one_branch_only(sidecar: Sidecar, branch: str) -> None:
    [other] = sidecar.fork(branch)
    event = message("both", clientId="id-1")
    [here] = sidecar.append(branch, event)
    [there] = sidecar.append(other, event)
    assert here == there, "the same event after the same commit is the same commit"
    assert sidecar.head(branch) == sidecar.head(other) == here


@pytest.mark.requirement("APPEND-05")
@pytest.mark.parametrize(
    "other",
    [
        message("twice", clientId="id-1"),
        message("once", clientId="id-1", effect="reversible"),
        {"kind": "thought", "payload": {"role": "user", "content": "once"}, "clientId": "id-1"},
    ],
)
def test_the_same_client_id_with_other_content_is_an_error(
    sidecar: Sidecar, branch: str, other: dict[str, object]
) -> None:
    [first] = sidecar.append(branch, message("once", clientId="id-1"))
    error = sidecar.refused(
        "ClientIdConflict", "trace/append", {"branch": branch, "events": [message("a"), other]}
    )
    assert error.data["commit"] == first


@pytest.mark.requirement("APPEND-06")
def test_records_and_appends_are_kept_in_the_order_of_sending(
    sidecar: Sidecar, branch: str
) -> None:
    asked = []
    for number in range(0, 60, 2):
        sidecar.notify("trace/record", {"branch": branch, "events": [message(str(number))]})
        params = {"branch": branch, "events": [message(str(number + 1))]}
        asked.append(sidecar.request("trace/append", params))
    for request in asked:
        sidecar.result(request)
    said = [entry["payload"]["content"] for entry in sidecar.log(branch)[1:]]
    assert said == [str(number) for number in range(60)]


@pytest.mark.requirement("APPEND-06")
def test_a_record_is_durable_when_a_later_request_is_answered(
    sidecar: Sidecar, branch: str
) -> None:
    sidecar.notify("trace/record", {"branch": branch, "events": [message("quiet")]})
    assert sidecar.log(sidecar.say(branch, "loud"))[-2]["payload"]["content"] == "quiet"
    assert not [m for m in sidecar.rest() if "id" in m], "a notification is never answered"


@pytest.mark.requirement("APPEND-07")
def test_an_outcome_names_an_intent_of_its_own_path_and_kind(sidecar: Sidecar, branch: str) -> None:
    elsewhere = sidecar.begin("another")
    [theirs] = sidecar.append(elsewhere, {"kind": "tool_call", "payload": {"name": "theirs"}})
    [model] = sidecar.append(branch, {"kind": "model_call", "payload": {"model": "m"}})
    for wrong in (NO_ID, theirs, model, sidecar.head(branch), sidecar.commits(branch)[0]):
        params = {"branch": branch, "events": [message("before"), result_of(wrong)]}
        sidecar.refused("UnknownIntent", "trace/append", params)
    assert sidecar.head(branch) == model


@pytest.mark.requirement("APPEND-07")
def test_an_intent_of_a_sibling_fork_is_unknown(sidecar: Sidecar, branch: str) -> None:
    [left, right] = sidecar.fork(branch, count=2)
    intent = sidecar.propose(left)["commit"]
    sidecar.say(right, "elsewhere")
    params = {"branch": right, "intent": intent, "payload": {}, "status": "ok"}
    sidecar.refused("UnknownIntent", "intent/resolve", params)


@pytest.mark.requirement("APPEND-08")
def test_a_second_outcome_is_refused_but_a_fork_between_may_have_another(
    sidecar: Sidecar, branch: str
) -> None:
    [intent] = sidecar.append(branch, CALL)
    [fork] = sidecar.fork(intent)
    [outcome] = sidecar.append(branch, result_of(intent))
    params = {"branch": branch, "events": [result_of(intent)]}
    error = sidecar.refused("IntentAlreadyResolved", "trace/append", params)
    assert error.data["outcome"] == outcome
    other = {**result_of(intent), "payload": {"status": "error"}}
    assert sidecar.append(fork, other) != [outcome]
    [after] = sidecar.fork(outcome)
    params = {"branch": after, "intent": intent, "payload": {}, "status": "ok"}
    sidecar.refused("IntentAlreadyResolved", "intent/resolve", params)


@pytest.mark.requirement("APPEND-10")
def test_unknown_ended_and_discarded_branches_take_no_event(sidecar: Sidecar, branch: str) -> None:
    def params(name: str) -> dict[str, object]:
        return {"branch": name, "events": [message("late")]}

    sidecar.refused("UnknownBranch", "trace/append", params("nobody's"))
    [fork] = sidecar.fork(branch)
    sidecar.call("branch/discard", {"branch": fork})
    assert sidecar.refused("BranchClosed", "trace/append", params(fork)).data["status"] == (
        "discarded"
    )
    end = sidecar.call("run/end", {"branch": branch, "status": "failed", "payload": {"why": "x"}})
    assert sidecar.refused("BranchClosed", "trace/append", params(branch)).data["status"] == (
        "failed"
    )
    last = sidecar.log(branch)[-1]
    assert (last["commit"], last["kind"]) == (end["commit"], "run_end")
    assert sidecar.say(sidecar.fork(branch)[0], "a fork goes on")


@pytest.mark.requirement("APPEND-13")
def test_an_action_that_names_no_effect_is_irreversible(sidecar: Sidecar, branch: str) -> None:
    sidecar.append(branch, CALL, {"kind": "model_call", "payload": {"model": "m"}})
    sidecar.propose(branch)
    sidecar.append(branch, {**CALL, "effect": "pure"}, message("x"))
    sidecar.append(branch, {"kind": "workspace_change", "payload": {}})
    effects = [entry["effect"] for entry in sidecar.log(branch)[1:]]
    assert effects == ["irreversible"] * 3 + ["pure", "pure", "reversible"]


@pytest.mark.requirement("APPEND-14")
def test_appending_to_one_branch_changes_no_other(sidecar: Sidecar, branch: str) -> None:
    """Law 2; the machine in tests/model looks at it after every step."""
    sidecar.say(branch, "shared")
    [fork] = sidecar.fork(branch)
    before = sidecar.log(branch), sidecar.branch(branch)
    sidecar.act(fork)
    sidecar.say(fork, "mine")
    assert (sidecar.log(branch), sidecar.branch(branch)) == before


@pytest.mark.requirement("APPEND-15")
@pytest.mark.parametrize("kind", ["run_start", "run_end", "intervention"])
@pytest.mark.parametrize("method", ["trace/append", "trace/record"])
def test_what_only_the_sidecar_records_cannot_be_reported(
    sidecar: Sidecar, branch: str, kind: str, method: str
) -> None:
    forged = {"kind": kind, "payload": {"action": "verdict", "decision": "allow", "by": "ana"}}
    params = {"branch": branch, "events": [forged]}
    head = sidecar.head(branch)
    if method == "trace/append":
        error = sidecar.refused("InvalidParams", method, params)
        assert error.data["errors"][0]["path"] == "$.events[0].kind"
    else:
        sidecar.notify(method, params)
    assert sidecar.head(branch) == head


@pytest.mark.requirement("OBJECT-03")
def test_the_same_events_in_another_store_have_the_same_ids(
    sidecar: Sidecar, fresh: Sidecar
) -> None:
    def record(where: Sidecar, branch: str) -> list[str]:
        where.act(branch, "look", arguments={"at": "x"})
        where.append(branch, message("é", at="2020-01-01T00:00:00Z", usage={"costUsd": 1.5}))
        where.call("run/end", {"branch": branch, "status": "finished"})
        return where.commits(branch)

    here, there = sidecar.begin("ids"), fresh.begin("ids")
    fresh.call("branch/rename", {"branch": there, "name": "another name"})
    assert record(sidecar, here) == record(fresh, "another name")


def test_time_and_usage_are_told_of_an_entry_and_are_not_in_it(
    sidecar: Sidecar, branch: str
) -> None:
    usage = {"inputTokens": 3, "outputTokens": 4, "costUsd": 0.5, "durationMs": 1.25}
    [commit] = sidecar.append(
        branch, message("x", at="2020-02-29T12:00:00.5+02:00", usage=usage, clientId="c")
    )
    entry = sidecar.call("trace/get", {"commit": commit})
    assert entry["at"] == "2020-02-29T10:00:00.500Z"
    assert (entry["usage"], entry["clientId"], entry["branch"]) == (usage, "c", branch)
    assert entry["payload"] == {"role": "user", "content": "x"}
