"""The commands that say what becomes of branches.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli.grammar.build import Grammar, signed


def add(grammar: Grammar) -> None:
    """Add them."""
    grammar.group("settle")
    _select(grammar)
    _apply(grammar)
    _overlaps(grammar)


def _select(grammar: Grammar) -> None:
    select = grammar.command(
        "select",
        "choose a branch among those that began where it did",
        "settle:select",
        about="The others are named and stay as they are: `discard` sets them aside.",
        examples="shepherd-sidecar select try-2 --reason 'all tests pass'",
    )
    select.add_argument("branch", metavar="BRANCH", help="which")
    select.add_argument("--reason", metavar="TEXT", help="why")
    signed(select)


def _apply(grammar: Grammar) -> None:
    apply = grammar.command(
        "apply",
        "merge what a branch did into another, or into your own folder",
        "settle:apply",
        about="""
            Shows what would change and asks. Three-way, file by file and line by line; your own
            edits are a side of the merge. All of it is written or nothing, and the command that
            undoes it is printed. While something conflicts, nothing is done (exit code 1):
            apply again with --take or --file for every conflict.
        """,
        examples="""
            shepherd-sidecar apply worker-2 --onto main --preview
            shepherd-sidecar apply worker-2 --onto main --take app.py=both --file logo.png=new.png
            shepherd-sidecar apply main --workspace
        """,
    )
    apply.add_argument("branch", metavar="BRANCH", help="what is brought")
    where = apply.add_mutually_exclusive_group(required=True)
    where.add_argument("--onto", metavar="BRANCH", help="the branch that takes it")
    where.add_argument(
        "--workspace", action="store_true", help="into the folder that the run was started on"
    )
    apply.add_argument(
        "--take",
        action="append",
        metavar="PATH=SIDE[,SIDE...]",
        help="at a conflict: onto, branch or base; of texts, for each place in order, also both",
    )
    apply.add_argument(
        "--file", action="append", metavar="PATH=FILE", help="at a conflict: what this file holds"
    )
    apply.add_argument("--preview", action="store_true", help="only show what would change")
    apply.add_argument("-y", "--yes", action="store_true", help="do not ask")
    apply.add_argument("--reason", metavar="TEXT", help="why")
    signed(apply)


def _overlaps(grammar: Grammar) -> None:
    overlaps = grammar.command(
        "overlaps",
        "show where branches at work change the same things",
        "settle:overlaps",
        about="Of what was captured of each. Exit code 1 when something would conflict.",
        examples="""
            shepherd-sidecar overlaps worker-1
            shepherd-sidecar overlaps worker-1 --watch on
        """,
    )
    overlaps.add_argument("branch", metavar="BRANCH", help="with the others at work")
    overlaps.add_argument(
        "--watch",
        choices=("on", "off"),
        help="tell of new ones in the traces of both branches, from now on or no more",
    )
