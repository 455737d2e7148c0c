"""Reading the trace: pages, whole entries, search, comparing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.support.sidecar import NO_ID, Sidecar, message


@pytest.mark.requirement("TRACE-01")
@pytest.mark.parametrize("order", ["oldest", "newest"])
@pytest.mark.parametrize("limit", [1, 3, 7, 1000])
def test_paging_gives_every_entry_once_also_while_the_branch_grows(
    sidecar: Sidecar, branch: str, order: str, limit: int
) -> None:
    sidecar.append(branch, *(message(str(n)) for n in range(20)))
    expected = sidecar.commits(branch)
    found: list[str] = []
    cursor = None
    while True:
        page = sidecar.call(
            "trace/log", {"branch": branch, "order": order, "limit": limit, "cursor": cursor}
        )
        assert len(page["entries"]) <= limit
        found += [entry["commit"] for entry in page["entries"]]
        cursor = page.get("nextCursor")
        if cursor is None:
            break
        sidecar.say(branch, "grown meanwhile")
    assert found == (expected if order == "oldest" else expected[::-1])


@pytest.mark.requirement("TRACE-07")
@pytest.mark.parametrize("order", ["oldest", "newest"])
@pytest.mark.parametrize("skip", [0, 1, 13, 20, 21, 10**9])
def test_a_log_is_entered_anywhere_from_either_end(
    sidecar: Sidecar, branch: str, order: str, skip: int
) -> None:
    sidecar.append(branch, *(message(str(n)) for n in range(20)))
    whole = sidecar.commits(branch)[:: 1 if order == "oldest" else -1]
    asked = {"branch": branch, "order": order, "skip": skip, "limit": 5}
    page = sidecar.call("trace/log", asked)
    assert [entry["commit"] for entry in page["entries"]] == whole[skip : skip + 5]
    of_kind = sidecar.call("trace/log", {**asked, "kinds": ["run_start"]})["entries"]
    assert [entry["commit"] for entry in of_kind] == [
        commit for commit in whole[skip:] if commit == sidecar.commits(branch)[0]
    ]


@pytest.mark.requirement("TRACE-08")
def test_what_a_run_cost_is_summed_by_branch(sidecar: Sidecar, branch: str) -> None:
    spent = {"inputTokens": 100, "outputTokens": 20, "costUsd": 0.25, "durationMs": 1.5}
    sidecar.say(branch, "dear", usage=spent)
    sidecar.say(branch, "dearer", usage={"costUsd": 0.5, "cachedTokens": 7})
    (fork,) = sidecar.fork(branch, world=False)
    sidecar.say(fork, "for nothing")
    sidecar.say(fork, "cheap", usage={"costUsd": 0.125})
    (unused,) = sidecar.fork(branch, world=False)
    run = sidecar.branch(branch)["run"]

    found = sidecar.call("run/usage", {"run": run})["branches"]

    assert [(one["branch"], one["events"], one["usage"]) for one in found] == [
        (branch, 3, {**spent, "costUsd": 0.75, "cachedTokens": 7}),
        (fork, 2, {"costUsd": 0.125}),
        (unused, 0, {}),
    ]
    assert found[0]["firstAt"] <= found[0]["lastAt"] <= found[1]["firstAt"]
    assert "firstAt" not in found[2]


@pytest.mark.requirement("TRACE-01")
def test_a_page_of_kinds_pages_as_well(sidecar: Sidecar, branch: str) -> None:
    wanted = []
    for number in range(9):
        wanted.append(sidecar.say(branch, str(number)))
        sidecar.append(branch, {"kind": "thought", "payload": {}})
    found: list[str] = []
    cursor = None
    while True:
        asked = {"branch": branch, "order": "oldest", "limit": 2, "kinds": ["message"]}
        page = sidecar.call("trace/log", {**asked, "cursor": cursor})
        found += [entry["commit"] for entry in page["entries"]]
        cursor = page.get("nextCursor")
        if cursor is None:
            break
    assert found == wanted


@pytest.mark.requirement("TRACE-02")
def test_a_long_payload_is_left_out_with_its_size_and_got_whole(
    sidecar: Sidecar, branch: str
) -> None:
    payload = {"content": "x" * 5000, "role": "user"}
    size = len('{"content":"","role":"user"}') + 5000
    [commit] = sidecar.append(branch, {"kind": "message", "payload": payload})
    asked: dict[str, Any] = {"branch": branch, "limit": 1}
    for bound in (0, 4096, size - 1):
        [entry] = sidecar.call("trace/log", {**asked, "maxPayload": bound})["entries"]
        assert "payload" not in entry
        assert entry["payloadSize"] == size
    [entry] = sidecar.call("trace/log", {**asked, "maxPayload": size})["entries"]
    assert entry["payload"] == payload
    assert sidecar.call("trace/get", {"commit": commit})["payload"] == payload
    assert "payload" not in sidecar.call("trace/get", {"commit": commit, "maxPayload": 10})


@pytest.mark.requirement("TRACE-03")
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("trace/log", {"branch": "nobody's"}),
        ("trace/search", {"query": "x", "branches": ["nobody's"]}),
        ("trace/diff", {"left": "nobody's", "right": "nobody's"}),
        ("trace/subscribe", {"branches": ["nobody's"]}),
        ("trace/append", {"branch": "nobody's", "events": [message("x")]}),
        ("run/end", {"branch": "nobody's", "status": "finished"}),
        ("intent/propose", {"branch": "nobody's", "kind": "tool_call", "payload": {"name": "x"}}),
        (
            "intent/resolve",
            {"branch": "nobody's", "intent": NO_ID, "payload": {}, "status": "ok"},
        ),
        ("world/exec", {"branch": "nobody's", "argv": ["true"]}),
        ("snapshot/take", {"branch": "nobody's"}),
        ("snapshot/diff", {"left": "nobody's", "right": "nobody's"}),
        ("snapshot/restore", {"branch": "nobody's", "to": NO_ID}),
        ("branch/fork", {"at": "nobody's"}),
        ("branch/get", {"branch": "nobody's"}),
        ("branch/rename", {"branch": "nobody's", "name": "x"}),
        ("branch/rewind", {"branch": "nobody's", "to": NO_ID}),
        ("branch/discard", {"branch": "nobody's"}),
        ("replay/open", {"from": "nobody's", "mode": "cached"}),
        ("intervene/inject", {"branch": "nobody's", "message": "x", "by": "ana"}),
        ("intervene/pause", {"branch": "nobody's", "by": "ana"}),
        ("intervene/resume", {"branch": "nobody's", "by": "ana"}),
    ],
)
def test_an_unknown_branch_is_named_by_every_method(
    sidecar: Sidecar, method: str, params: dict[str, Any]
) -> None:
    error = sidecar.refused("UnknownBranch", method, params)
    assert error.data["branch"] == "nobody's"


@pytest.mark.requirement("TRACE-03")
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("trace/log", {"commit": NO_ID}),
        ("trace/get", {"commit": NO_ID}),
        ("trace/diff", {"left": NO_ID, "right": NO_ID}),
        ("snapshot/read", {"commit": NO_ID, "path": "x"}),
        ("snapshot/diff", {"left": NO_ID, "right": NO_ID}),
        ("branch/fork", {"at": NO_ID}),
        ("replay/open", {"from": NO_ID, "mode": "cached"}),
    ],
)
def test_an_unknown_commit_is_named_by_every_method(
    sidecar: Sidecar, method: str, params: dict[str, Any]
) -> None:
    assert sidecar.refused("UnknownCommit", method, params).data["commit"] == NO_ID


@pytest.mark.requirement("TRACE-03")
def test_an_unknown_commit_of_a_known_branch(sidecar: Sidecar, branch: str) -> None:
    elsewhere = sidecar.say(sidecar.begin("other"), "x")
    for to in (NO_ID, elsewhere):
        sidecar.refused("UnknownCommit", "branch/rewind", {"branch": branch, "to": to})
        edits = [{"at": to, "payload": {}}]
        params = {"from": branch, "mode": "live", "edits": edits}
        sidecar.refused("UnknownCommit", "replay/open", params)


@pytest.mark.requirement("TRACE-03")
@pytest.mark.parametrize(
    ("name", "method", "params"),
    [
        ("UnknownRun", "branch/list", {"run": "run-none"}),
        ("UnknownRun", "trace/subscribe", {"runs": ["run-none"]}),
        (
            "UnknownIntent",
            "intervene/decide",
            {"intent": NO_ID, "by": "ana", "verdict": {"decision": "allow"}},
        ),
        ("UnknownReplay", "replay/next", {"replay": "replay-99"}),
        ("UnknownReplay", "replay/check", {"replay": "replay-99", "payload": {}}),
        ("UnknownReplay", "replay/close", {"replay": "replay-99"}),
        ("UnknownSubscription", "trace/unsubscribe", {"subscription": "sub-99"}),
        ("InvalidParams", "trace/log", {}),
        ("InvalidParams", "trace/log", {"branch": "a", "commit": NO_ID}),
        ("InvalidParams", "trace/log", {"commit": NO_ID, "skip": -1}),
        ("InvalidParams", "trace/log", {"commit": NO_ID, "skip": 1, "cursor": "x"}),
        ("UnknownRun", "run/usage", {"run": "none"}),
        ("InvalidParams", "trace/subscribe", {}),
        ("InvalidParams", "trace/subscribe", {"all": True, "branches": []}),
        ("InvalidParams", "trace/subscribe", {"all": True, "from": "999999999"}),
        ("InvalidParams", "trace/subscribe", {"all": True, "from": "yesterday"}),
        ("InvalidParams", "trace/subscribe", {"all": True, "from": "²"}),
        ("InvalidParams", "branch/list", {"cursor": "x"}),
        ("InvalidParams", "branch/list", {"cursor": "²"}),
        ("InvalidParams", "branch/list", {"cursor": "9" * 30}),
        ("InvalidParams", "run/list", {"cursor": "9" * 30}),
        ("InvalidParams", "branch/list", {"limit": 0}),
        ("InvalidParams", "run/list", {"limit": 1001}),
        ("InvalidParams", "trace/search", {"query": "x", "limit": 0}),
    ],
)
def test_other_names_that_nothing_has(
    sidecar: Sidecar, name: str, method: str, params: dict[str, Any]
) -> None:
    sidecar.refused(name, method, params)


@pytest.mark.parametrize("cursor", ["x", "1", "0:0", f"{NO_ID}:1", NO_ID, "é" * 64, "g" * 64])
@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_a_cursor_that_no_page_gave_is_refused(
    sidecar: Sidecar, branch: str, cursor: str, order: str
) -> None:
    params = {"branch": branch, "order": order, "cursor": cursor}
    error = sidecar.error(sidecar.request("trace/log", params))
    assert error.name in ("InvalidParams", "UnknownCommit")
    error = sidecar.error(
        sidecar.request("trace/log", {**params, "cursor": f"{sidecar.head(branch)}:²"})
    )
    assert error.name == "InvalidParams"


@pytest.mark.requirement("TRACE-04")
def test_a_diff_has_the_base_both_sides_and_the_first_divergence(
    sidecar: Sidecar, branch: str
) -> None:
    base = sidecar.say(branch, "shared")
    [fork] = sidecar.fork(branch)
    same = {"kind": "thought", "payload": {"same": [1, {"a": 1}]}}
    other = {"kind": "thought", "payload": {"same": [1, {"a": 2}]}}
    left = sidecar.append(branch, message("both"), same, message("end"))
    right = sidecar.append(fork, message("both"), other)
    found = sidecar.call("trace/diff", {"left": branch, "right": fork})
    # The first of each side is one commit: the same event after the same head.
    assert found["base"] == left[0] == right[0] != base
    assert [entry["commit"] for entry in found["left"]] == left[1:]
    assert [entry["commit"] for entry in found["right"]] == right[1:]
    assert found["firstDivergence"] == {
        "path": "$.payload.same[1].a",
        "left": left[1],
        "right": right[1],
    }


@pytest.mark.requirement("TRACE-04")
def test_a_diff_of_one_log_with_a_longer_one_and_with_itself(sidecar: Sidecar, branch: str) -> None:
    base = sidecar.say(branch, "shared")
    more = sidecar.say(branch, "more")
    found = sidecar.call("trace/diff", {"left": base, "right": branch})
    assert (found["base"], found["left"]) == (base, [])
    assert found["firstDivergence"] == {"path": "$", "right": more}
    same = sidecar.call("trace/diff", {"left": branch, "right": branch})
    assert (same["base"], same["left"], same["right"]) == (more, [], [])
    assert "firstDivergence" not in same
    elsewhere = sidecar.begin("unrelated", meta={"of": branch})
    apart = sidecar.call("trace/diff", {"left": branch, "right": elsewhere})
    assert "base" not in apart
    assert len(apart["left"]) == 3
    assert len(apart["right"]) == 1


@pytest.mark.requirement("TRACE-05")
def test_search_ignores_case_and_stays_within_branches_and_kinds(
    fresh: Sidecar, another: Another
) -> None:
    here, there = fresh.begin("here"), fresh.begin("there")
    first = fresh.say(here, "The Straße has a NEEDLE in it")
    [thought] = fresh.append(here, {"kind": "thought", "payload": {"text": "needle again"}})
    other = fresh.say(there, "a needle elsewhere")
    fresh.say(here, "nothing")

    def found(query: str, **params: Any) -> list[str]:
        entries = fresh.call("trace/search", {"query": query, **params})["entries"]
        return [entry["commit"] for entry in entries]

    assert found("needle") == found("NEEDLE") == [other, thought, first]
    assert found("needle", limit=2) == [other, thought]
    assert found("needle", branches=[here]) == [thought, first]
    assert found("needle", branches=[here], kinds=["message"]) == [first]
    assert found("STRASSE") == [first]
    assert found("needles") == []


@pytest.mark.requirement("TRACE-09")
def test_a_list_needs_no_payloads_to_say_what_each_entry_is_about(
    sidecar: Sidecar, branch: str
) -> None:
    def ran(arguments: dict[str, object], result: object, status: str = "ok") -> None:
        call = sidecar.propose(branch, "exec", arguments=arguments)["commit"]
        sidecar.resolve(branch, call, payload=result, status=status)

    script = {"argv": ["sh", "-c", "cat > app.py\n# and more"]}
    ran(script, {"exitCode": 0, "stdout": "", "stderr": ""})
    ran(script, {"exitCode": 0, "stdout": "said\n", "stderr": ""})
    ran({"argv": ["make", "it so"]}, {"exitCode": 2, "stdout": "", "stderr": "x" * 5000}, "error")
    sidecar.propose(branch, "edit", arguments={"text": "new", "path": "a.py"})
    asked = {"branch": branch, "order": "oldest", "skip": 1, "maxPayload": 0, "about": True}
    found = sidecar.call("trace/log", asked)["entries"]
    assert [one["about"][:60] for one in found] == [
        "$ cat > app.py # and more",
        "exit 0: $ cat > app.py # and more",
        "$ cat > app.py # and more",
        "exec: said",
        "$ make 'it so'",
        f"exec: exit 2 {'x' * 60}"[:60],
        "edit path=a.py text=new",
    ]
    assert [one.get("flag") for one in found] == [None] * 5 + ["failed", None]
    assert not any("payload" in one for one in found)
    for one in found:
        params = {"commit": one["commit"], "maxPayload": 0, "about": True}
        assert sidecar.call("trace/get", params)["about"] == one["about"]
    assert "about" not in sidecar.call("trace/log", {"branch": branch})["entries"][0]
    [said] = sidecar.call("trace/search", {"query": "it so", "about": True})["entries"]
    assert said["about"] == "$ make 'it so'"


@pytest.mark.requirement("TRACE-04")
def test_answers_to_different_calls_are_not_the_same_row(sidecar: Sidecar, branch: str) -> None:
    open_call = sidecar.propose(branch, "asked before they part")["commit"]
    [fork] = sidecar.fork(branch)
    for side, path in ((branch, "a.py"), (fork, "b.py")):
        sidecar.resolve(side, open_call)
        sidecar.act(side, "edit", arguments={"path": path}, result={})
        sidecar.act(side, "edit", arguments={"path": "c.py"}, result={})
        sidecar.say(side, path)
    rows = sidecar.call("trace/diff", {"left": branch, "right": fork})["rows"]
    alike = [row for row in rows if row.get("same")]
    assert len(alike) == 2, "the call of c.py and its answer; the first answer is one commit"
    apart = [row for row in rows if not row.get("same")]
    assert not any("left" in row and "right" in row for row in apart)
