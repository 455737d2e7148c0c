"""The measurements run, and what they print is a table. No time is asserted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import __main__ as program
from bench import ground, report, worlds_portable
from bench.harness import Row, Run, Sample, at_least, at_most, interleave, number, times_at_most
from tests.support.lacking import root

CHEAP = ("append", "propose", "reads", "fork", "replay")


def test_a_quick_run_of_the_cheap_ones_prints_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BENCH_DIR", str(tmp_path))
    assert program.main(["--quick", *CHEAP]) == 0
    facts, _, rest = capsys.readouterr().out.strip().partition("\n\n")
    assert re.match(r"\d{4}-\d\d-\d\d; \d+ cores .*; Linux .*; Python .* at .*; quick run", facts)
    lines = [line for line in rest.splitlines() if line.startswith("|")]
    assert len(lines) >= 2 + 10
    assert len({len(line) for line in lines}) == 1
    heads, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert tuple(heads) == report.HEAD
    for work, unit, p50, worse, beside, floor, ratio, target, met in rows:
        assert work
        assert unit
        assert all(re.fullmatch(r"[\d,.]+", value) for value in (p50, worse))
        assert bool(beside) == bool(floor) == bool(ratio)
        assert met in (("yes", "no") if target else ("",))
    assert list(tmp_path.iterdir()) == []


def test_whoever_reads_may_go_and_the_measurements_go_on(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    ended.wait()
    with ended:
        done = subprocess.run(
            [sys.executable, "-m", "bench", "--quick", "fork"],
            cwd=report.README.parents[1],
            env={**os.environ, "BENCH_DIR": str(tmp_path)},
            stdout=ended.stdin,
            stderr=ended.stdin,
        )
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        program.main(["nothing"])
    assert "there are append," in capsys.readouterr().err


def test_every_measurement_is_explained() -> None:
    text = report.README.read_text("utf-8")
    for name in program.MODULES:
        assert f"| `{name}` |" in text, f"bench/README.md does not explain {name}"


@pytest.mark.parametrize("name", list(program.TABLES))
def test_writing_changes_only_what_stands_between_the_markers(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, end = report.markers(name)
    assert f"\n{begin}\n" in report.README.read_text("utf-8")
    page = tmp_path / "README.md"
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    monkeypatch.setattr(report, "README", page)
    report.write("new", name)
    assert page.read_text() == f"before\n{begin}\nnew\n{end}\nafter\n"


def test_rounds_take_turns_and_the_first_does_not_count() -> None:
    order: list[str] = []

    def work(name: str, value: float) -> list[float]:
        order.append(name)
        return [value]

    a, b = interleave(2, lambda: work("a", 1), lambda: work("b", 2))
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert (a.rounds, b.rounds) == ([[1], [1]], [[2], [2]])


def test_percentiles_are_by_nearest_rank() -> None:
    sample = Sample([[float(n) for n in range(1, 51)], [float(n) for n in range(51, 101)]])
    assert (sample.p50, sample.at(0.95), sample.at(0.0), sample.at(1.0)) == (50, 95, 1, 100)


def test_a_ratio_is_taken_round_by_round() -> None:
    row = Row("work", "ms", Sample([[2], [20], [9]]), "floor", Sample([[1], [10], [3]]))
    assert row.ratio == 2


def test_targets_bound_the_median_or_the_ratio() -> None:
    sample, floor = Sample.of(30), Sample.of(10)

    def row(*targets: object) -> Row:
        return Row("work", "ms", sample, "floor", floor, targets)  # type: ignore[arg-type]

    assert row(at_most(30), at_least(30), times_at_most(3)).met
    assert not row(at_most(29)).met
    assert not row(at_least(31)).met
    assert not row(times_at_most(2.9)).met
    assert "≤ 30 ms, ≤ 2.90x" in report.line(row(at_most(30), times_at_most(2.9)))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.01234, "0.0123"), (1.5, "1.50"), (2, "2"), (12.34, "12.3"), (12345.6, "12,346")],
)
def test_numbers_have_three_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_a_folder_is_empty_every_time(tmp_path: Path) -> None:
    run = Run(tmp_path)
    (run.folder("one") / "left").write_text("x")
    assert list(run.folder("one").iterdir()) == []


def test_a_workspace_is_the_same_every_time_and_of_its_size(tmp_path: Path) -> None:
    size = ground.Size(200, 10**6)
    one, two = tmp_path / "one", tmp_path / "two"
    files = ground.lay(one, size)
    assert files == ground.lay(two, size)
    assert len(set(files)) == 200
    sizes = [(one / path).stat().st_size for path in files]
    assert sizes == sorted(sizes)
    assert abs(sum(sizes) - 10**6) < 20_000
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)


def test_worlds_are_measured_on_a_file_system_of_their_own_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root("mount overlays and images")
    monkeypatch.setattr(ground, "sizes", lambda _: (ground.S,))
    found = [row for part in (worlds_portable,) for row in part.rows(Run(tmp_path, True))]
    assert all(row.ours is not None for row in found), [row.facts for row in found]
    assert len({row.work for row in found}) == len(found)
    assert report.table(found).count("\n") >= len(found)
    assert ground.mounts_below(tmp_path) == []
    assert not [path for path in tmp_path.glob("*/*") if path.name != "mounted"]
