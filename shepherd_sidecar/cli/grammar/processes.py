"""The commands about what runs in worlds.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli.grammar.build import Grammar
from shepherd_sidecar.trace.events import EFFECTS


def add(grammar: Grammar) -> None:
    """Add them."""
    grammar.group("processes")
    _launch(grammar)
    ps = grammar.command(
        "ps",
        "list the processes that live in worlds",
        "processes:listed",
        examples="""
            shepherd-sidecar ps
            shepherd-sidecar ps main --ended
        """,
    )
    ps.add_argument("branch", nargs="?", metavar="BRANCH", help="only those of this branch")
    ps.add_argument("--ended", action="store_true", help="also those that have ended")
    send = grammar.command(
        "signal",
        "send a signal to a launched process",
        "processes:send",
        examples="""
            shepherd-sidecar signal 3f2a9c01d4e5b6a7
            shepherd-sidecar signal 3f2a9c01d4e5b6a7 KILL
        """,
    )
    send.add_argument("process", metavar="PROCESS", help="its id, as ps shows it")
    send.add_argument("signal", nargs="?", default="TERM", metavar="SIGNAL", help="(default TERM)")
    output = grammar.command(
        "output",
        "print what a launched process wrote",
        "processes:output",
        examples="shepherd-sidecar output 3f2a9c01d4e5b6a7 --stderr",
    )
    output.add_argument("process", metavar="PROCESS", help="its id, as ps shows it")
    output.add_argument("--stderr", action="store_true", help="its standard error instead")
    enter = grammar.command(
        "enter",
        "work in a branch's world yourself, with a shell",
        "processes:enter",
        about="""
            The shell is held to the world as a command of exec is. What it leaves changed is
            captured when it ends. The exit code is the shell's.
        """,
        examples="""
            shepherd-sidecar enter main-fork
            shepherd-sidecar enter main -- python
        """,
    )
    enter.add_argument("branch", metavar="BRANCH", help="whose world")
    enter.add_argument("words", nargs="*", metavar="-- CMD...", help="instead of your shell")
    enter.add_argument("--cwd", metavar="PATH", help="folder inside the world")


def _launch(grammar: Grammar) -> None:
    launch = grammar.command(
        "launch",
        "start a process that stays in a branch's world",
        "processes:launch",
        about="""
            Gated and recorded as exec is; it goes on when this command has ended, until it ends,
            is signalled, or its world goes.
        """,
        examples="""
            shepherd-sidecar launch main -- python agent.py
            shepherd-sidecar launch --sidecar --name solver main -- node agent.js
        """,
    )
    launch.add_argument("branch", metavar="BRANCH", help="whose world")
    launch.add_argument("words", nargs="*", metavar="-- CMD...", help="no shell reads it")
    launch.add_argument("--cwd", metavar="PATH", help="folder inside the world")
    launch.add_argument("--env", action="append", metavar="NAME=VALUE", help="add a variable")
    launch.add_argument("--name", metavar="NAME", help="what to call it")
    launch.add_argument(
        "--sidecar", action="store_true", help="give it a sidecar at descriptors 3 and 4"
    )
    launch.add_argument(
        "--copyable",
        choices=("auto", "no", "checkpoint", "nesting"),
        default="auto",
        metavar="HOW",
        help="what it gives up to be copied as it runs: auto (default), no, checkpoint or nesting",
    )
    launch.add_argument(
        "--effect",
        choices=EFFECTS,
        default="reversible",
        metavar="CLASS",
        help="what it does outside the workspace, at worst (default reversible)",
    )
