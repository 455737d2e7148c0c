"""The command line: ``python -m shepherd_terminal rerun TRAJECTORY... --initial initial.tar``."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from shepherd_client import Sidecar, SidecarError, SidecarExited

from shepherd_terminal.initial import BadArchive
from shepherd_terminal.report import (
    STEP_HEADER,
    as_json,
    difference_lines,
    fork_lines,
    step_line,
    summary_line,
    table,
)
from shepherd_terminal.rerun import Options, RunReport, StepReport, rerun
from shepherd_terminal.room import NoRoom, probe
from shepherd_terminal.session import SessionEnded
from shepherd_terminal.trajectory import NotATerminalRun, read

FAILURES = (
    BadArchive,
    NoRoom,
    NotATerminalRun,
    SessionEnded,
    SidecarError,
    SidecarExited,
    OSError,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns 0 when every difference is explained, 1 when one is not, 2 when it cannot be played.
    """
    arguments = _parser().parse_args(argv)
    if (arguments.fork_at is None) != (not arguments.keys):
        print("shepherd-terminal: --fork-at and --keys go together", file=sys.stderr)
        return 2
    try:
        probe()
        reports = [(_task(path), _play(arguments, path)) for path in arguments.trajectory]
    except FAILURES as error:
        print(f"shepherd-terminal: {error}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps([as_json(report) for _, report in reports], indent=1))
    elif len(reports) > 1:
        print("\n".join(table(reports)))
    return 1 if any(report.unexplained for _, report in reports) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shepherd-terminal", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("rerun", help="play recorded terminal runs again and compare")
    again.add_argument("trajectory", nargs="+", type=Path, help="ATIF files")
    again.add_argument("--initial", type=Path, help="the workspace as it was (a tar file)")
    again.add_argument(
        "--sidecar", default="shepherd-sidecar serve", help="the command that starts a sidecar"
    )
    again.add_argument("--store", type=Path, help="keep the trace in this store")
    again.add_argument("--until", type=int, metavar="N", help="stop after step N")
    again.add_argument("--fork-at", type=int, metavar="N", help="fork after step N")
    again.add_argument(
        "--keys", action="append", default=[], help="keys for the fork; may be given again"
    )
    again.add_argument("--json", action="store_true", help="print one JSON list of reports")
    again.add_argument("--all", action="store_true", help="show explained differences as well")
    return parser


def _play(arguments: argparse.Namespace, path: Path) -> RunReport:
    recorded = read(path)
    initial = arguments.initial or path.parent.parent / "initial.tar"
    keys = tuple(key.replace("\\n", "\n") for key in arguments.keys)
    options = Options(arguments.until, arguments.fork_at, keys)
    loud = not arguments.json

    def told(step: StepReport) -> None:
        print(step_line(step))
        shown = [one for one in step.differences if arguments.all or not one.explained]
        for line in difference_lines(shown):
            print(line)

    with ExitStack() as cleanup:
        store = arguments.store
        if store is None:
            folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="shepherd-store-"))
            store = Path(folder) / ".shepherd"
        sidecar = cleanup.enter_context(
            Sidecar.start(command=shlex.split(arguments.sidecar), store=store)
        )
        if arguments.store is None:
            cleanup.callback(_let_go, sidecar)
        if loud:
            print(f"{path}\n{STEP_HEADER}")
        report = rerun(
            sidecar, recorded, initial, store, options, told if loud else lambda step: None
        )
    if loud:
        if report.fork is not None:
            print("\n".join(fork_lines(report.fork)))
        print(f"{summary_line(report)}\n")
    return report


def _let_go(sidecar: Sidecar) -> None:
    """Have the worlds of a store taken away: their mounts would outlast the folder's removal."""
    for branch in sidecar.request("branch/list")["branches"]:
        sidecar.request("branch/discard", {"branch": branch["branch"]})
    sidecar.request("store/gc", {"keepDiscardedDays": 0})


def _task(path: Path) -> str:
    """The folder that holds the task."""
    return path.resolve().parent.parent.name


if __name__ == "__main__":
    sys.exit(main())
