"""The commands that only look.

Layer: cli.
"""

from __future__ import annotations

from argparse import ArgumentParser

from shepherd_sidecar.cli.grammar.build import Grammar, limited, natural, positive
from shepherd_sidecar.trace.events import KINDS


def add(grammar: Grammar) -> None:
    """Add them."""
    grammar.group("look")
    _runs(grammar)
    _log(grammar)
    _show(grammar)
    _compare(grammar)
    _search(grammar)


def _runs(grammar: Grammar) -> None:
    runs = grammar.command(
        "runs",
        "list the runs, newest first",
        "runs:run",
        examples="""
            shepherd-sidecar runs
            shepherd-sidecar runs --json | jq -r '.runs[].branches[].branch'
        """,
    )
    limited(runs, 50, "runs")
    listed = grammar.command(
        "branches",
        "list the branches, newest first",
        "runs:list_branches",
        about="Discarded branches are shown with --discarded only (and in --json).",
        examples="""
            shepherd-sidecar branches
            shepherd-sidecar branches --run run-0123456789ab --discarded
        """,
    )
    listed.add_argument("--run", metavar="RUN", help="only branches of this run")
    listed.add_argument("--discarded", action="store_true", help="discarded ones as well")
    limited(listed, 100, "branches")


def _log(grammar: Grammar) -> None:
    log = grammar.command(
        "log",
        "show what happened, newest first",
        "log:run",
        about="""
            Without a name: the branch of the newest run that moved last. With a run's id: all
            branches of the run. Each line has the commit, the time, the kind of event, the
            branches that stand there, what it is about, and what it cost.
        """,
        examples="""
            shepherd-sidecar log                         the newest run
            shepherd-sidecar log --graph                 all its branches, drawn
            shepherd-sidecar log main -n 20 --reverse    the first 20 of one branch
            shepherd-sidecar log main --kind tool_call   only the tools it called
            shepherd-sidecar log --follow --all          watch a run and all its forks
            shepherd-sidecar log main~10 --json          from ten commits before, as JSON
        """,
    )
    log.add_argument("name", nargs="?", metavar="BRANCH|COMMIT|RUN", help="where to begin")
    log.add_argument("--all", action="store_true", help="all branches of the run")
    log.add_argument("--graph", action="store_true", help="draw how the branches hang together")
    log.add_argument("-f", "--follow", action="store_true", help="print what comes, as it comes")
    log.add_argument("--discarded", action="store_true", help="discarded branches as well")
    log.add_argument("--reverse", action="store_true", help="oldest first")
    _kinds(log)
    limited(log, 100, "commits")


def _show(grammar: Grammar) -> None:
    show = grammar.command(
        "show",
        "show one commit whole",
        "show:run",
        about="""
            The event with its payload, the verdicts on it, its outcome, and the files it
            changed. Parts that are kept as blobs are put in their place; --json has them as
            they are kept.
        """,
        examples="""
            shepherd-sidecar show 3f2a9c01
            shepherd-sidecar show main~2
        """,
    )
    show.add_argument("commit", metavar="COMMIT", help="which")
    read = grammar.command(
        "cat",
        "print a file as it was",
        "show:cat",
        about="A folder is listed. Bytes come out as they were stored.",
        examples="""
            shepherd-sidecar cat main~3 src/app.py
            shepherd-sidecar cat 3f2a9c01 logo.png > logo.png
        """,
    )
    read.add_argument("commit", metavar="COMMIT", help="whose workspace")
    read.add_argument("path", nargs="?", default="", metavar="PATH", help="inside the workspace")
    blame = grammar.command(
        "blame",
        "say who wrote each line of a file",
        "blame:run",
        about="""
            The last commit on the log that wrote the line. Lines are followed through moves,
            renames and other white space; those of the workspace that a run began with are dim.
        """,
        examples="""
            shepherd-sidecar blame main src/app.py
            shepherd-sidecar blame main~3 src/app.py --line 40
        """,
    )
    blame.add_argument("commit", metavar="COMMIT", help="whose workspace: a branch or commit")
    blame.add_argument("path", metavar="PATH", help="inside the workspace")
    blame.add_argument("--line", type=positive, metavar="N", help="only this line, from 1")


def _compare(grammar: Grammar) -> None:
    diff = grammar.command(
        "diff",
        "compare two branches or commits",
        "diff:run",
        about="""
            After the common ancestor: what both say, where they part first, and how their
            workspaces differ. Exit code 0 when nothing differs, 1 when something does.
        """,
        examples="""
            shepherd-sidecar diff main main-fork
            shepherd-sidecar diff main~5 main --files
        """,
    )
    diff.add_argument("left", metavar="LEFT", help="a branch or commit")
    diff.add_argument("right", metavar="RIGHT", help="a branch or commit")
    diff.add_argument("--files", action="store_true", help="only the files")
    replay = grammar.command(
        "replay",
        "run a record again, without its agent",
        "replay:run",
        about="""
            view     prints the record from its beginning; nothing runs.
            cached   plays the record against itself, and checks that it ends at the same head.
            verify   also runs the commands that `exec` ran, in a new world, and compares what
                     they give and leave behind. Other tools are taken from the record, and so
                     is what cannot be undone, unless named with --rerun.

            Exit code 1 when something differs. The branch that a replay makes is discarded
            afterwards, unless --into names it. Replaying with the agent itself is done over the
            protocol (replay/open).
        """,
        examples="""
            shepherd-sidecar replay main --mode view
            shepherd-sidecar replay main --mode verify && echo still true
        """,
    )
    replay.add_argument("start", metavar="FROM", help="a branch or commit: the end of the record")
    replay.add_argument("--mode", choices=("view", "cached", "verify"), default="view")
    replay.add_argument("--into", metavar="NAME", help="keep the replay's branch under this name")
    replay.add_argument(
        "--rerun", action="append", default=[], metavar="COMMIT", help="may run again (repeatable)"
    )
    replay.add_argument(
        "--lines",
        type=natural,
        default=12,
        metavar="N",
        help="view: lines of each payload (default 12; 0: all)",
    )


def _search(grammar: Grammar) -> None:
    search = grammar.command(
        "search",
        "find commits whose payload holds a text",
        "log:search",
        examples="""
            shepherd-sidecar search "permission denied"
            shepherd-sidecar search TODO --branch main --kind tool_result
        """,
    )
    search.add_argument("query", metavar="TEXT", help="in any case")
    search.add_argument("--branch", action="append", metavar="BRANCH", help="only on its log")
    _kinds(search)
    search.add_argument(
        "-n", "--limit", type=natural, default=50, metavar="N", help="how many (default 50)"
    )


def _kinds(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--kind",
        action="append",
        choices=KINDS,
        metavar="KIND",
        help=f"only this kind (repeatable): {', '.join(KINDS)}",
    )
