"""The tables: as text for people, and between their markers in bench/README.md."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path

from bench.harness import Row, Run, number

README = Path(__file__).with_name("README.md")
HEAD = ("work", "unit", "p50", "p95", "beside it", "p50", "ratio", "target", "met")


def machine(run: Run) -> str:
    """What the figures depend on."""
    kind = filesystem(run.base)
    memory = " (in memory: a durable commit costs nothing here)" if kind == "tmpfs" else ""
    load = os.getloadavg()[0]
    quick = "; quick run" if run.quick else ""
    return (
        f"{time.strftime('%Y-%m-%d')}; {os.cpu_count()} cores ({_processor()}), load {load:.1f};"
        f" Linux {platform.release()}; Python {platform.python_version()};"
        f" {kind}{memory} at {run.base.parent}{quick}"
    )


def filesystem(path: Path) -> str:
    """The type of the file system that holds a folder."""
    best = ("", "unknown")
    for mount in Path("/proc/mounts").read_text().splitlines():
        _, at, kind, *_ = mount.split()
        if path.is_relative_to(at) and len(at) >= len(best[0]):
            best = (at, kind)
    return best[1]


def cells(row: Row) -> tuple[str, ...]:
    """A row as texts, in the order of ``HEAD``."""
    ratio = f"{number(row.ratio)}x" if row.ratio is not None else ""
    ours = row.ours
    return (
        row.work,
        row.unit,
        number(ours.p50) if ours is not None else "",
        number(ours.at(0.05 if row.high else 0.95)) if ours is not None else "",
        row.beside,
        number(row.floor.p50) if row.floor is not None else "",
        ratio,
        ", ".join(target.text(row) for target in row.targets),
        ("yes" if row.met else "no") if row.targets else "",
    )


def line(row: Row) -> str:
    """A row while the run goes on."""
    return " | ".join(cell for cell in cells(row) if cell)


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table whose columns line up, and the facts below it."""
    lines = [HEAD, *map(cells, rows)]
    widths = [max(len(cell[i]) for cell in lines) for i in range(len(HEAD))]
    numeric = {2, 3, 5, 6}

    def laid(texts: Sequence[str]) -> str:
        padded = (
            text.rjust(width) if i in numeric else text.ljust(width)
            for i, (text, width) in enumerate(zip(texts, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * (width - 1) + ":" if i in numeric else "-" * width for i, width in enumerate(widths)
    ]
    facts = [f"- {row.work}: {fact}" for row in rows for fact in row.facts]
    return "\n".join(
        [laid(HEAD), laid(rule), *map(laid, lines[1:]), *([""] if facts else []), *facts]
    )


def markers(name: str) -> tuple[str, str]:
    """What stands before and after a table of this name."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def write(text: str, name: str = "table") -> None:
    """Exchange what stands between the markers of a table."""
    begin, end = markers(name)
    before, _, rest = README.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    README.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def _processor() -> str:
    for entry in Path("/proc/cpuinfo").read_text().splitlines():
        if entry.startswith("model name"):
            return entry.partition(":")[2].strip()
    return platform.machine()
