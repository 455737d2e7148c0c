"""``rules`` and ``backtest``: a file to begin with, and what rules would have done.

Layer: cli. Files are taken into a store of their own that is removed again.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from shepherd_sidecar.cli.commands.exchange import take
from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import PROGRAM, BadInput
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.cli.table import Cell, Table
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.gate import GateFile
from shepherd_sidecar.engine.gate_rules import Rules
from shepherd_sidecar.engine.rules import backtest
from shepherd_sidecar.engine.rules.backtest import BacktestResult, RuleTest, RunTest
from shepherd_sidecar.engine.text import clean, plural
from shepherd_sidecar.errors import ImportInvalid

DEFAULT = Path(backtest.__file__).with_name("default.toml")


def rules(context: Context) -> int:
    """Print the rules to begin with, or check a file; returns the exit code."""
    named = context.arguments.file
    if named is None:
        context.out(DEFAULT.read_text("utf-8").rstrip("\n"))
        return 0
    found = _rules(named)
    context.out(f"{clean(named)}: {plural(len(found.rules), 'rule')}")
    return 0


def run(context: Context) -> int:
    """Test rules on recorded runs; returns the exit code."""
    asked = context.arguments
    for path in asked.python:
        load_python(Path(path).expanduser())
    files = [_rules(DEFAULT if asked.rules == "default" else asked.rules)]
    runs = _runs(context, files, asked.runs, asked.passed_from)
    result = backtest.judge(runs, files)
    if context.json:
        context.result(result)
    else:
        _show(context, result)
    return 0


def _rules(named: str | Path) -> Rules:
    path = Path(named).expanduser().absolute()
    if not path.exists():
        raise BadInput(f"no file {path}", f"`{PROGRAM} rules` prints one to begin with")
    return GateFile(path, required=True).rules()


def _runs(
    context: Context, files: Sequence[Rules], named: Sequence[str], passed_from: float
) -> list[RunTest]:
    given = [(name, Path(name).expanduser()) for name in named]
    branches = [name for name, path in given if not path.exists()]
    tested: list[RunTest] = []
    if branches or not named:
        store = context.engine.store
        tested += backtest.backtest(store, files, branches or None, None, passed_from)
    paths = [path for _, path in given if path.exists()]
    if paths:
        with working("reading runs"):
            tested += list(_from_files(context, files, paths, passed_from))
    return tested


def _from_files(
    context: Context, files: Sequence[Rules], paths: Sequence[Path], passed_from: float
) -> Iterator[RunTest]:
    """The runs of files, and of the ATIF files in folders, each in a store of its own."""
    for path in paths:
        inside = path.is_dir()
        listed = sorted(_in(path)) if inside else [path]
        read = 0
        for file in listed:
            try:
                tested = _from_file(files, file, passed_from)
            except ImportInvalid as error:
                if not inside:
                    error.data.setdefault("file", str(file))
                    raise
                if file.name != "task.json":
                    context.note(f"{clean(str(file))} is left out: {clean(error.message)}")
                continue
            read += 1
            yield from tested
        if inside and not read:
            raise BadInput(f"no ATIF file in {path}", "name files, folders of them, or branches")


def _in(folder: Path) -> Iterator[Path]:
    """The JSON files of a folder, but for those in hidden ones: a store is no recording."""
    for path in folder.rglob("*.json"):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts[:-1]):
            yield path


def _from_file(files: Sequence[Rules], file: Path, passed_from: float) -> list[RunTest]:
    form = "atif" if file.suffix == ".json" else "shepherd"
    with (
        tempfile.TemporaryDirectory(prefix="shepherd-backtest-") as folder,
        closing(Engine(Path(folder) / "store")) as engine,
    ):
        take(engine, file.absolute(), form, None)
        return backtest.backtest(engine.store, files, None, str(file), passed_from)


def load_python(path: Path) -> None:
    """Run a Python file that names conditions of its own."""
    if not path.is_file():
        raise BadInput(f"no file {path}", "--with names a Python file that defines conditions")
    name = f"shepherd_rules_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadInput(f"{path} is no Python file", "its name ends in .py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise BadInput(f"{path} cannot be used: {why}", "repair it; nothing was tested") from error


def _show(context: Context, result: BacktestResult) -> None:
    table = Table(context, ("run", "task", "reward", "intents", "acts first", "at", "why"))
    for run in result.runs:
        first = run.fired[0] if run.fired else None
        table.row(
            ("branch", clean(run.branch)),
            ("", clean(run.task or "")),
            _reward(run),
            ("", str(run.intents)),
            ("", clean(f"{first.rule} ({first.action})") if first else ""),
            ("", f"{first.number} ({_percent(first.fraction)})" if first else ""),
            ("faint", clean(first.why or "") if first else ""),
        )
    table.print("no runs")
    context.out()
    titles = ("rule", "does", "failed", "passed", "unknown", "first at", "right", "caught")
    table = Table(context, titles)
    for rule in (*result.rules, result.total):
        table.row(*_rule(rule, result))
    table.print("no rules")
    context.note(
        f"{plural(len(result.runs), 'run')}: {result.failed} failed, {result.passed} passed,"
        f" {result.unknown} without a reward. failed, passed: in how many of them it would have"
        " acted; right: the part of those that failed; caught: the part of all that failed"
    )


def _rule(rule: RuleTest, result: BacktestResult) -> tuple[Cell, ...]:
    return (
        ("branch" if rule.rule else "", clean(rule.rule or "all together")),
        ("", rule.action or ""),
        ("", f"{rule.failed} of {result.failed}"),
        ("", f"{rule.passed} of {result.passed}"),
        ("", f"{rule.unknown} of {result.unknown}" if result.unknown else ""),
        ("", _percent(rule.first)),
        ("", _percent(rule.precision)),
        ("", _percent(rule.recall)),
    )


def _reward(run: RunTest) -> Cell:
    if run.reward is None:
        return "faint", ""
    return ("good" if run.passed else "bad"), f"{run.reward:g}"


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{part:.0%}"
