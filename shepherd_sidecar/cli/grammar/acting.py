"""The commands that change branches and worlds.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli.grammar.build import Grammar, positive, seconds
from shepherd_sidecar.trace.events import EFFECTS


def add(grammar: Grammar) -> None:
    """Add them."""
    grammar.group("work")
    _fork(grammar)
    _exec(grammar)
    _snapshots(grammar)
    _branches(grammar)


def _fork(grammar: Grammar) -> None:
    fork = grammar.command(
        "fork",
        "make branches that start at a commit",
        "branch:fork",
        about="""
            Adds nothing to the store. Each branch gets a live world of its own, as the
            workspace was at that commit, where the run has one.
        """,
        examples="""
            shepherd-sidecar fork main~3
            shepherd-sidecar fork 3f2a9c01 --count 3 --name a --name b --name c
            cd "$(shepherd-sidecar fork main --json | jq -r '.branches[0].world.mountedAt')"
        """,
    )
    fork.add_argument("at", metavar="AT", help="a branch (its head) or commit")
    fork.add_argument("--count", type=positive, metavar="N", help="how many (default 1)")
    fork.add_argument(
        "--name", action="append", metavar="NAME", help="what to call it (repeatable)"
    )
    fork.add_argument("--no-world", action="store_true", help="lay out no worlds")
    fork.add_argument("--driver", metavar="NAME", help="which world driver to use")
    fork.add_argument(
        "--process", action="store_true", help="with running copies of what was launched there"
    )
    fork.add_argument(
        "--process-driver",
        choices=("zygote", "criu", "rerun"),
        metavar="NAME",
        help="copies by zygote, criu or rerun only; or none at all",
    )


def _exec(grammar: Grammar) -> None:
    run = grammar.command(
        "exec",
        "run a command in a branch's world, gated and recorded",
        "execute:run",
        about="""
            Intent, verdict, run, outcome and snapshot in one. The exit code is the command's
            (128 + N for signal N, 124 when the time was up, 1 when it was denied). When the
            gate holds it, this waits for the decision.
        """,
        examples="""
            shepherd-sidecar exec main -- pytest -q
            shepherd-sidecar exec --cwd src --env DEBUG=1 main -- make
            shepherd-sidecar exec --stdin main -- python - < script.py
        """,
    )
    run.add_argument("branch", metavar="BRANCH", help="whose world")
    run.add_argument("words", nargs="*", metavar="-- CMD...", help="the command; no shell reads it")
    run.add_argument("--cwd", metavar="PATH", help="folder inside the world")
    run.add_argument("--env", action="append", metavar="NAME=VALUE", help="add a variable")
    run.add_argument("--stdin", action="store_true", help="give it our standard input")
    run.add_argument(
        "--timeout", type=seconds, default=120.0, metavar="S", help="seconds (default 120)"
    )
    run.add_argument(
        "--effect",
        choices=EFFECTS,
        metavar="CLASS",
        default="reversible",
        help="what it does outside the workspace, at worst: pure, reversible (default), "
        "compensable or irreversible",
    )


def _snapshots(grammar: Grammar) -> None:
    snapshot = grammar.command(
        "snapshot",
        "capture a branch's world as it is now",
        "world:snapshot",
        examples="shepherd-sidecar snapshot main",
    )
    snapshot.add_argument("branch", metavar="BRANCH", help="whose world")
    snapshot.add_argument(
        "--process", action="store_true", help="with checkpoints of what was launched there"
    )
    restore = grammar.command(
        "restore",
        "make a branch's world again what it was",
        "world:restore",
        about="""
            Shows what would change and asks; a safety commit of the world as it is comes first,
            and the command that undoes the restore is printed. Without a terminal, say --yes.
        """,
        examples="""
            shepherd-sidecar restore main --to main~5 --preview
            shepherd-sidecar restore main --to 3f2a9c01 --path src --path README.md
        """,
    )
    restore.add_argument("branch", metavar="BRANCH", help="whose world")
    restore.add_argument("--to", required=True, metavar="COMMIT", help="as it was there")
    restore.add_argument(
        "--path", action="append", metavar="PATH", help="only this file or folder (repeatable)"
    )
    restore.add_argument("--preview", action="store_true", help="only show what would change")
    restore.add_argument(
        "--process", action="store_true", help="with the processes that were checkpointed there"
    )
    restore.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _branches(grammar: Grammar) -> None:
    rename = grammar.command(
        "rename",
        "give a branch another name",
        "branch:rename",
        examples="shepherd-sidecar rename main-fork second-try",
    )
    rename.add_argument("branch", metavar="BRANCH", help="its name now")
    rename.add_argument("name", metavar="NAME", help="its name from now on")
    rewind = grammar.command(
        "rewind",
        "move a branch back along its own log",
        "branch:rewind",
        about="""
            What came after stays, as a discarded branch. The world is left as it is:
            `restore` brings that back.
        """,
        examples="shepherd-sidecar rewind main --to main~4",
    )
    rewind.add_argument("branch", metavar="BRANCH", help="which")
    rewind.add_argument("--to", required=True, metavar="COMMIT", help="a commit on its log")
    discard = grammar.command(
        "discard",
        "set a branch aside, or take it back",
        "branch:discard",
        about="Nothing is removed until gc finds it discarded for long enough.",
        examples="""
            shepherd-sidecar discard main-fork
            shepherd-sidecar discard --undo main-fork
        """,
    )
    discard.add_argument("branch", metavar="BRANCH", help="which")
    discard.add_argument("--undo", action="store_true", help="take it back")
