"""What lean/check.py lets pass, and what it does not."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import check
import pytest
from checker.installing import Lean, Missing, ensure_lean
from checker.sources import BadSources, read_modules, without_comments

PROVED = "module\n\ntheorem small : 1 + 1 = 2 := rfl\n"
WRONG = "\ntheorem wrong : 1 + 1 = 3 := rfl\n"


def write(root: Path, **modules: str) -> Path:
    """A root of modules; ``Main_A`` stands for ``Main.A``."""
    for name, text in modules.items():
        path = root.joinpath(*name.split("_")).with_suffix(".lean")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def faults(root: Path) -> str:
    with pytest.raises(BadSources) as caught:
        read_modules(root, "Main")
    return str(caught.value)


@pytest.mark.timeout(300)
def test_a_wrong_proof_fails_with_what_lean_says_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        lean = ensure_lean()
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Lean: {missing}")
    assert not check.check(write(tmp_path, Main=PROVED + WRONG), "Main", lean, again=False)
    said = capsys.readouterr().out
    assert "0 of 1 modules passed (1 run" in said
    assert "Main.lean:5:" in said
    assert "Main.lean:3:" not in said, "the first is right"


@pytest.mark.parametrize(
    "line",
    [
        "theorem easy : 1 = 2 := by sorry",
        "axiom mine : 1 = 2",
        "theorem fast : 1 + 1 = 2 := by native_decide",
        'macro "trust" : tactic => `(tactic| skip)',
        "unsafe def trick : Nat := 0",
        "set_option debug.skipKernelTC true",
        "@[implemented_by x] def y : Nat := 0",
    ],
)
def test_words_that_let_something_through_unproved_fail(tmp_path: Path, line: str) -> None:
    said = faults(write(tmp_path, Main=f"module\n/- {line}\n-/\n-- {line}\n{line}\n"))
    assert said.startswith("Main.lean:5: forbidden word: ")
    assert len(said.splitlines()) == 1, "comments may say what they want"


def test_what_looks_like_a_comment_or_a_text_hides_nothing() -> None:
    assert "sorry" in without_comments('def a := "/-" -- -/\nsorry /- "-/')
    assert "sorry" in without_comments("def a := '\"'\nsorry -- \"")
    assert "sorry" not in without_comments("/- /- -/ sorry -/")


def test_a_file_that_nobody_imports_fails(tmp_path: Path) -> None:
    root = write(tmp_path, Main="import Main.A\n", Main_A=PROVED, Main_B=PROVED, Other=PROVED)
    assert faults(root).splitlines() == [
        "Main/B.lean: Main does not import it",
        "Other.lean: Main does not import it",
    ]


def test_imports_of_nothing_of_others_and_in_circles_fail(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        Main="import Main.A\nimport Main.Gone\nimport Mathlib.Data.Nat\nimport Std\n",
        Main_A="import Main.B\n",
        Main_B="import Main.A\n",
    )
    said = faults(root)
    assert "Main.lean: imports Main.Gone, which is not there" in said
    assert "Main.lean: imports Mathlib.Data.Nat; only Init and Std may be" in said
    assert "a circle of imports" in said
    assert "Std," not in said


ACCEPTS = """\
import pathlib, sys
out, source = map(pathlib.Path, sys.argv[-2:])
with open({log!r}, "a") as log:
    log.write(source.stem + " ")
if "wrong" in source.read_text():
    print(f"{{source}}:1:1: error: no")
    raise SystemExit(1)
out.write_text("built")
"""


class StandIn(Lean):
    """Runs a few lines of Python in place of Lean: here the order and the memory are tested."""

    def command(self, root: Path, source: Path, out: Path) -> list[str]:
        return [sys.executable, str(self.folder / "lean.py"), str(out), str(source)]


@pytest.fixture
def stand_in(tmp_path: Path) -> StandIn:
    folder = tmp_path / "lean"
    folder.mkdir()
    (folder / "lean.py").write_text(ACCEPTS.format(log=str(folder / "ran")))
    return StandIn(folder, "1")


def ran(lean: Lean, root: Path, *, again: bool = False) -> tuple[bool, list[str]]:
    """Whether all passed, and the modules that were really looked at."""
    (lean.folder / "ran").write_text("")
    passed = check.check(root, "Main", lean, again=again)
    return passed, sorted((lean.folder / "ran").read_text().split())


def test_what_passed_is_skipped_until_it_or_an_import_changes(
    tmp_path: Path, stand_in: StandIn
) -> None:
    root = write(
        tmp_path / "root", Main="import Main.A\nimport Main.B\n", Main_A="import Main.C\n",
        Main_B=PROVED, Main_C=PROVED,
    )  # fmt: skip
    assert ran(stand_in, root) == (True, ["A", "B", "C", "Main"])
    assert ran(stand_in, root) == (True, [])
    write(root, Main_C=PROVED + "\n")
    assert ran(stand_in, root) == (True, ["A", "C", "Main"])
    write(root, Main_B=WRONG)
    assert ran(stand_in, root) == (False, ["B"]), "and not what imports it"
    assert ran(stand_in, root) == (False, ["B"]), "what failed is looked at again"
    write(root, Main_B=PROVED)
    assert ran(stand_in, root) == (True, ["B", "Main"])
    assert ran(stand_in, root, again=True) == (True, ["A", "B", "C", "Main"])
    newer = StandIn(stand_in.folder, "2")
    assert ran(newer, root) == (True, ["A", "B", "C", "Main"]), "another checker"


def test_a_run_that_writes_nothing_did_not_pass(tmp_path: Path, stand_in: StandIn) -> None:
    (stand_in.folder / "lean.py").write_text("")
    root = write(tmp_path / "root", Main=PROVED)
    (stand_in.folder / "ran").write_text("")
    assert not check.check(root, "Main", stand_in, again=False)


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_without_lean_it_says_so_and_fails_in_ci(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ci: str,
    code: int,
) -> None:
    """A cache that cannot be written, as on a machine where nothing can be installed."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    blocked.chmod(stat.S_IRUSR)
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(sys, "argv", ["check.py"])
    assert check.main() == code
    assert "nothing was checked: " in capsys.readouterr().err
