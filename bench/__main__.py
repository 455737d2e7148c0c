"""``python -m bench [names...] [--quick] [--write]``: every measurement beside its floor."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

from bench import report
from bench.harness import DEFAULT_FOLDER, Row, Run

TABLES = {
    "table": ("append", "propose", "reads", "disk", "fork", "million", "replay", "start"),
    "agents": ("supervise", "settle", "parallel_agents", "processes"),
    "editors": ("editors",),
    "vscode": ("vscode",),
    "worlds": ("worlds", "worlds_many", "worlds_portable", "worlds_peers"),
}
"""The measurements of each table; worlds have a file system of their own."""
MODULES = tuple(name for names in TABLES.values() for name in names)


def main(argv: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("names", nargs="*", metavar="name", help=f"of: {', '.join(MODULES)}")
    options.add_argument("--quick", action="store_true", help="smaller numbers, about a minute")
    options.add_argument("--write", action="store_true", help="put the table into bench/README.md")
    asked = options.parse_args(argv)
    unknown = set(asked.names) - set(MODULES)
    if unknown:
        options.error(
            f"no measurement {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}"
        )
    where = os.environ.get("BENCH_DIR") or DEFAULT_FOLDER
    tables: dict[str, list[Row]] = {}
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="shepherd-bench-", dir=where) as folder:
        run = Run(Path(folder), asked.quick)
        facts = report.machine(run)
        _say(facts, sys.stderr)
        for name in asked.names or MODULES:
            module = importlib.import_module(f"bench.{name}")
            table = next(table for table, names in TABLES.items() if name in names)
            rows = tables.setdefault(table, [])
            started = time.perf_counter()
            _say(f"{name} …", sys.stderr)
            for row in module.rows(run):
                _say(report.line(row), sys.stderr)
                rows.append(row)
            _say(f"{name}: {time.perf_counter() - started:.0f} s", sys.stderr)
            if asked.write:  # what was measured stands, whatever comes after
                report.write(f"{facts}\n\n{report.table(rows)}", table)
    for rows in tables.values():
        _say(f"{facts}\n\n{report.table(rows)}\n", sys.stdout)
    _say(f"{time.perf_counter() - began:.0f} s", sys.stderr)
    return 0


def _say(text: str, out: TextIO) -> None:
    """Print; who does not read it any more does not end the measurements, which may be written."""
    try:
        print(text, file=out, flush=True)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, out.fileno())
        os.close(nowhere)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was made is taken away first
    sys.exit(main())
