"""What lean/check.py lets pass, and what it does not."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import check
import pytest
from checker import serving
from checker.installing import Lean, Missing, ensure_lean
from checker.sources import BadSources, read_modules, without_comments

from tests.support.lacking import lacking

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
        lacking(f"no Lean: {missing}")
    assert not check.check(write(tmp_path, Main=PROVED + WRONG), "Main", lean, again=False)
    said = capsys.readouterr().out
    assert "0 of 1 modules passed (1 run" in said
    assert "Main.lean:5:" in said
    assert "Main.lean:3:" not in said, "the first is right"
    with serving.Serving(lean, tmp_path, tmp_path) as one:
        for _ in range(2):
            assert one.check(tmp_path / "Main.lean")[0] == 1
        write(tmp_path, Main=PROVED)
        assert one.check(tmp_path / "Main.lean")[0] == 0
        write(tmp_path, Main=f"module\n\ntheorem deep : 1 = 1 := {'(' * 60_000}rfl")
        with pytest.raises(serving.Ended, match="Lean ended with"):
            one.check(tmp_path / "Main.lean")


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
        "theorem silent : 1 = 2 := sorryAx _ true",
        "set_option warn.sorry false",
        "theorem compiled : 2 < 3 := by decide +native",
        "#exit",
        "prelude",
        "@[extern] def f := 0",
        "opaque f : Nat",
    ],
)
def test_words_that_let_something_through_unproved_fail(tmp_path: Path, line: str) -> None:
    said = faults(write(tmp_path, Main=f"module\n/- {line}\n-/\n-- {line}\n{line}\n"))
    for fault in said.splitlines():
        assert fault.startswith("Main.lean:5: forbidden word: "), "comments say what they want"


@pytest.mark.parametrize(
    "line",
    [
        'def a := "/-" -- -/',  # would begin a comment that Lean does not see
        'def a := r"\\" -- "',  # ends at the second quote
        'def a := f\'"-- "',  # the prime belongs to a name
        "def a := '\"'",
        "def a := '\\\"'",
        'def a := s!"{(1 : Nat)}"',
        "def «/-» := 1 -- -/",
    ],
)
def test_what_could_hide_a_word_fails(tmp_path: Path, line: str) -> None:
    assert "Main.lean:3: forbidden word: " in faults(write(tmp_path, Main=f"module\n\n{line}\n"))


def test_only_comments_are_taken_away() -> None:
    assert "sorry" not in without_comments("/- /- -/ sorry -/ 1 -- sorry")
    assert without_comments("a /-- doc\n-/ b --\nc") == "a \n b \nc"
    assert "sorry" in without_comments("['-', '-'] - -1 / 1 sorry")


def test_a_file_that_nobody_imports_fails(tmp_path: Path) -> None:
    root = write(tmp_path, Main="import Main.A\n", Main_A=PROVED, Main_B=PROVED, Other=PROVED)
    assert faults(root).splitlines() == [
        "Main/B.lean: Main does not import it",
        "Other.lean: Main does not import it",
    ]


def test_imports_of_nothing_of_others_and_in_circles_fail(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        Main="import Main.A import Main.Gone\nimport Mathlib.Data.Nat\nimport Std\n",
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
token, root, out = sys.argv[1:]
with open({started!r}, "a") as log:
    log.write("1")
for line in sys.stdin:
    source = pathlib.Path(line.rstrip("\\n"))
    with open({log!r}, "a") as log:
        log.write(source.stem + " ")
    text = source.read_text()
    if "wrong" in text:
        print(f"{{source}}:1:1: error: no")
    elif "crash" in text:
        raise SystemExit("bad luck")
    elif "touch" in text:
        source.write_text(text + "-- more")
    if "silent" not in text:
        pathlib.Path(out).write_text("built")
    print()
    print(token, int("wrong" in text), (2 << 30) * ("large" in text), flush=True)
"""


class StandIn(Lean):
    """Runs a few lines of Python in place of Lean: here the order and the memory are tested."""

    def command(self, token: str, root: Path, out: Path) -> list[str]:
        return [sys.executable, str(self.folder / "lean.py"), token, str(root), str(out)]


@pytest.fixture
def stand_in(tmp_path: Path) -> StandIn:
    folder = tmp_path / "lean"
    folder.mkdir()
    (folder / "lean.py").write_text(
        ACCEPTS.format(log=str(folder / "ran"), started=str(folder / "started"))
    )
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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("silent", "Lean ended with 0"),
        ("crash", "Lean ended with 1:\nbad luck"),
        ("touch", "it changed while it was checked"),
    ],
)
def test_what_ends_before_its_time_or_says_nothing_did_not_pass(
    tmp_path: Path, stand_in: StandIn, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    root = write(tmp_path / "root", Main="import Main.A\nimport Main.B\n", Main_A=text, Main_B="")
    assert ran(stand_in, root)[0] is False
    assert why in capsys.readouterr().out
    write(root, Main_A=PROVED)
    assert ran(stand_in, root)[0] is True
    assert not list((root / check.BUILT).glob("run-*")), "nothing is left of what was running"


def test_what_takes_too_long_did_not_pass(
    tmp_path: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stand_in.folder / "lean.py").write_text("import sys\nsys.stdin.read()")
    monkeypatch.setattr(serving, "SECONDS", 0.1)
    with serving.Serving(stand_in, tmp_path, tmp_path) as lean, pytest.raises(serving.Ended) as end:
        lean.check(tmp_path / "Main.lean")
    assert str(end.value) == "not done after 0.1 s"


@pytest.mark.parametrize(("text", "starts"), [(PROVED, 1), ("large", 2)])
def test_one_lean_checks_many_until_it_is_full(
    tmp_path: Path, stand_in: StandIn, text: str, starts: int
) -> None:
    """One after the other: each imports the one before it."""
    root = write(tmp_path / "root", Main="import Main.A\n", Main_A="import Main.B\n", Main_B=text)
    assert ran(stand_in, root) == (True, ["A", "B", "Main"])
    assert len((stand_in.folder / "started").read_text()) == starts


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
