"""Overlaps: seen while both are at work, told once on both sides, and only where asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Another
from tests.engine.following import pushed
from tests.engine.test_settling import Team, lines  # noqa: F401
from tests.support.sidecar import Sidecar, rows

LINES = [f"line {number}\n" for number in range(1, 21)]


@pytest.fixture
def team(sidecar: Sidecar, lines: Path) -> Team:  # noqa: F811
    (lines / "src" / "app.py").write_text("".join(LINES))
    return Team(sidecar, lines, "a", "b")


def edit(team: Team, branch: str, number: int, text: str) -> None:
    """Change one line in a branch's world and have it captured."""
    at = team.world(branch) / "src" / "app.py"
    text_lines = at.read_text().splitlines(keepends=True)
    text_lines[number - 1] = text + "\n"
    at.write_text("".join(text_lines))


def told(sidecar: Sidecar, branch: str) -> list[dict[str, Any]]:
    log = sidecar.log(branch)
    return [one["payload"] for one in log if one["payload"].get("what") == "overlap"]


def wait_for(sidecar: Sidecar, branches: list[str], count: int) -> None:
    """Until each of the branches was told so often."""
    params = {"branches": branches}
    sent = sidecar.call("trace/subscribe", params)["subscription"]
    while any(len(told(sidecar, branch)) < count for branch in branches):
        pushed(sidecar, sent)
    sidecar.call("trace/unsubscribe", {"subscription": sent})


@pytest.mark.requirement("OVERLAP-02")
def test_both_are_told_once_of_each_place(
    sidecar: Sidecar, team: Team, another: Another, store: Path
) -> None:
    left, right = team.names
    beside = another(store)  # the right one's agent has a sidecar of its own
    first = sidecar.call("branch/overlaps", {"branch": left, "watch": True})
    assert first == {"overlaps": [], "watched": True}
    edit(team, left, 3, "mine")
    sidecar.call("snapshot/take", {"branch": left})
    edit(team, right, 3, "theirs")
    beside.call("snapshot/take", {"branch": right})
    wait_for(sidecar, [left, right], 1)
    [on_left], [on_right] = told(sidecar, left), told(sidecar, right)
    assert on_left == {
        "what": "overlap",
        "with": right,
        "theirs": on_left["theirs"],
        "base": team.run.root,
        "path": "src/app.py",
        "why": "content",
        "hunks": [
            {
                "base": {"from": 3, "to": 3},
                "mine": {"from": 3, "to": 3},
                "theirs": {"from": 3, "to": 3},
            }
        ],
    }
    assert on_right["with"] == left
    # It grows: no news. Another place is news.
    edit(team, left, 4, "mine too")
    sidecar.call("snapshot/take", {"branch": left})
    edit(team, right, 12, "elsewhere")
    beside.call("snapshot/take", {"branch": right})
    edit(team, left, 12, "elsewhere as well")
    sidecar.call("snapshot/take", {"branch": left})
    wait_for(sidecar, [left, right], 2)
    second = told(sidecar, right)[1]
    assert [hunk["base"] for hunk in second["hunks"]] == [{"from": 12, "to": 12}]
    found = sidecar.call("branch/overlaps", {"branch": right})["overlaps"]
    assert [(one["left"], one["right"], len(one["hunks"])) for one in found] == [(left, right, 2)]
    assert sidecar.call("branch/overlaps", {"branch": right, "watch": False})["watched"] is False


@pytest.mark.requirement("OVERLAP-01", "OVERLAP-03")
def test_asking_changes_nothing_and_who_is_not_watched_is_told_nothing(
    sidecar: Sidecar, team: Team, another: Another, store: Path
) -> None:
    left, right = team.names
    edit(team, left, 3, "mine")
    edit(team, right, 17, "theirs")
    (team.world(left) / "notes.txt").unlink()
    (team.world(right) / "notes.txt").write_text("kept\n")
    for branch in (left, right):
        sidecar.call("snapshot/take", {"branch": branch})
    before = rows(sidecar.store)
    run = sidecar.branch(left)["run"]
    for asked in ({"run": run}, {"branch": left}):
        found = sidecar.call("branch/overlaps", asked)
        assert [(one["path"], one["why"]) for one in found["overlaps"]] == [
            ("notes.txt", "modifyDelete"), ("src/app.py", "sameFile"),
        ]  # fmt: skip
        assert found["watched"] is False
    assert rows(sidecar.store) == before
    assert told(sidecar, left) == []
    observer = another(store, "observer")
    assert observer.call("branch/overlaps", {"run": run})["overlaps"] == found["overlaps"]
    observer.refused("RoleForbidden", "branch/overlaps", {"run": run, "watch": True})
    sidecar.refused("InvalidParams", "branch/overlaps", {})
    sidecar.refused("UnknownRun", "branch/overlaps", {"run": "none"})


@pytest.mark.requirement("OVERLAP-02")
def test_runs_of_their_own_on_one_folder_are_seen_too(sidecar: Sidecar, lines: Path) -> None:  # noqa: F811
    teams = [Team(sidecar, lines, name=f"worker {number}") for number in range(2)]
    for team in teams:
        sidecar.call("branch/overlaps", {"branch": team.trunk, "watch": True})
        edit(team, team.trunk, 2, team.trunk)
        team.run.take()
    wait_for(sidecar, [team.trunk for team in teams], 1)
    assert told(sidecar, teams[0].trunk)[0]["with"] == teams[1].trunk


@pytest.mark.requirement("OVERLAP-02")
def test_what_was_landed_overlaps_with_who_is_still_at_work(sidecar: Sidecar, team: Team) -> None:
    left, right = team.names
    sidecar.call("branch/overlaps", {"branch": team.trunk, "watch": True})
    edit(team, right, 5, "at work")
    sidecar.call("snapshot/take", {"branch": right})
    edit(team, left, 5, "landed")
    team.apply(left)
    wait_for(sidecar, [team.trunk], 1)
    assert [one["with"] for one in told(sidecar, team.trunk)] == [right]
