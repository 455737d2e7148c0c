"""A fork that takes long says how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar


def told(sidecar: Sidecar, at: str, **params: Any) -> list[dict[str, Any]]:
    """What is said on the way to the reply of a fork."""
    id_ = sidecar.request("branch/fork", {"at": at, **params})
    said = []
    while (message := sidecar.receive()).get("id") != id_:
        if message.get("method") == "$/progress":
            said.append(message["params"])
    assert "result" in message, message
    return said


@pytest.mark.requirement("FORK-05")
def test_a_fork_that_writes_many_files_says_how_far_it_is(sidecar: Sidecar, folder: Path) -> None:
    for name in "abcd":
        (folder / name).mkdir()
        for number in range(150):
            (folder / name / f"{number}").write_text(f"{name}{number}")
    run = Run.start(sidecar, folder, place="inPlace", driver="copy")
    said = told(sidecar, run.branch, driver="copy", workDoneToken="mine")
    assert {each["token"] for each in said} == {"mine"}
    kinds = [each["value"]["kind"] for each in said]
    assert (kinds[0], kinds[-1]) == ("begin", "end")
    assert set(kinds[1:-1]) <= {"report"}
    assert said[0]["value"]["title"]
    assert said[0]["value"]["message"].endswith(" files")
    assert told(sidecar, run.branch, driver="copy") == [], "nobody asked"


@pytest.mark.requirement("FORK-05")
def test_a_short_fork_says_nothing(sidecar: Sidecar, folder: Path) -> None:
    run = Run.start(sidecar, folder, driver="copy")
    assert told(sidecar, run.branch, workDoneToken="mine") == []
