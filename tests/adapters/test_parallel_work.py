"""The worked example of a supervisor that saves parallel work, run as a reader would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sidecar import Sidecar

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "adapters" / "python" / "examples" / "parallel_work.py"


@pytest.mark.requirement("OVERLAP-02", "SETTLE-04")
def test_both_land_because_one_waited_and_went_on_from_there(tmp_path: Path) -> None:
    path = os.pathsep.join((str(ROOT), str(EXAMPLE.parents[1])))
    ran = subprocess.run(
        [sys.executable, str(EXAMPLE), "--base", str(tmp_path), "--think", "0.5"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    text = (tmp_path / "shop" / "shop.py").read_text()
    assert "(1 - discount)" in text
    assert "(1 + tax)" in text
    with Sidecar.on(tmp_path / "store", "observer") as sidecar:
        logs = {name: sidecar.log(name) for name in ("discount", "tax", "trunk")}

        def said(name: str, key: str, value: str) -> list[dict[str, object]]:
            return [one for one in logs[name] if one["payload"].get(key) == value]

        for name in ("discount", "tax"):
            assert said(name, "what", "overlap")
        assert len(said("trunk", "action", "apply")) == 2
        pauses = said("tax", "action", "pause") + said("discount", "action", "pause")
        assert [one["payload"]["by"] for one in pauses].count("referee") == 1  # type: ignore[index]
        [given] = [one for name in ("discount", "tax") for one in said(name, "action", "handoff")]
        assert len(given["parents"]) == 2, "what follows is compared with what was given"  # type: ignore[arg-type]
