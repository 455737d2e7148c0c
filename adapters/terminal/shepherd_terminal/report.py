"""Reports for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shepherd_terminal.compare import Difference
from shepherd_terminal.rerun import ForkReport, RunReport, StepReport

_WIDTH = 100


def step_line(step: StepReport) -> str:
    """One row of the table of steps."""
    states = ",".join(sorted({one.state or one.decision for one in step.played})) or "-"
    kinds = sorted({one.kind for one in step.differences})
    verdict = "equal" if not kinds else f"{len(step.differences)} differ: {', '.join(kinds)}"
    return f"{step.step:>5} {len(step.played):>5} {step.seconds:>8.3f}s  {states:<12} {verdict}"


STEP_HEADER = f"{'step':>5} {'calls':>5} {'time':>9}  {'shell':<12} screen"


def difference_lines(found: Sequence[Difference]) -> list[str]:
    """Both sides of each difference."""
    lines = []
    for one in found:
        lines.append(f"        {one.kind}")
        lines.append(f"          - {one.recorded[:_WIDTH]}")
        lines.append(f"          + {one.actual[:_WIDTH]}")
    return lines


def summary_line(report: RunReport) -> str:
    """What a run came to."""
    explained = sum(report.kinds.values()) - report.unexplained
    hidden = f"; hidden here: {', '.join(report.hidden)}" if report.hidden else ""
    return (
        f"{report.name}: {len(report.steps)} steps, {report.equal} equal, {explained} differences"
        f" explained, {report.unexplained} unexplained, {report.seconds:.2f} s{hidden}"
    )


def fork_lines(fork: ForkReport) -> list[str]:
    """What happened in the fork."""
    lines = [f"fork at step {fork.step}: branch {fork.branch}"]
    lines += [f"  | {line}" for line in fork.shown.rstrip().splitlines()]
    for what in ("added", "removed", "changed", "renamed"):
        for path in fork.files.get(what) or ():
            lines.append(f"  {what}: {path if isinstance(path, str) else path.get('path', path)}")
    return lines


def table(reports: Sequence[tuple[str, RunReport]]) -> list[str]:
    """A Markdown table of several runs: task and run, steps, differences by kind."""
    lines = [
        "| task | run | steps | equal | explained | unexplained | seconds | differences |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for task, report in reports:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(report.kinds.items()))
        explained = sum(report.kinds.values()) - report.unexplained
        lines.append(
            f"| {task} | {report.name} | {len(report.steps)} | {report.equal} | {explained}"
            f" | {report.unexplained} | {report.seconds:.2f} | {kinds or 'none'} |"
        )
    return lines


def as_json(report: RunReport) -> dict[str, Any]:
    """A report as JSON."""
    value = asdict(report)
    value["kinds"] = dict(report.kinds)
    value["equal"] = report.equal
    value["unexplained"] = report.unexplained
    return value
