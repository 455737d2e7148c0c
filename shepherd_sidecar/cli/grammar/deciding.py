"""The commands of somebody who watches over agents.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli.grammar.build import Grammar, number, seconds, signed


def add(grammar: Grammar) -> None:
    """Add them."""
    grammar.group("supervise")
    grammar.command(
        "held",
        "list the intents that wait for a decision",
        "intervene:held",
        about="Of every process on the store, oldest first.",
        examples="shepherd-sidecar held",
    )
    decide = grammar.command(
        "decide",
        "allow, deny or override a held intent",
        "intervene:decide",
        about="The process that waits for the verdict, whichever it is, goes on at once.",
        examples="""
            shepherd-sidecar decide 3f2a9c01 allow
            shepherd-sidecar decide 3f2a9c01 deny --reason "not on a Friday"
            shepherd-sidecar decide 3f2a override --payload '{"name":"bash","arguments":{}}'
        """,
    )
    decide.add_argument("intent", metavar="INTENT", help="its commit; `held` shows it")
    decide.add_argument("decision", choices=("allow", "deny", "override"))
    decide.add_argument("--reason", metavar="TEXT", help="why; a deny must say")
    decide.add_argument(
        "--payload", metavar="JSON", help="override: what to run instead; - reads it from stdin"
    )
    decide.add_argument("--branch", metavar="BRANCH", help="which, when forks hold the same intent")
    signed(decide)
    pause = grammar.command(
        "pause",
        "make a branch's proposals wait",
        "intervene:pause",
        examples='shepherd-sidecar pause main --reason "looking at it"',
    )
    pause.add_argument("branch", metavar="BRANCH", help="whose agent")
    pause.add_argument("--reason", metavar="TEXT", help="why")
    signed(pause)
    resume = grammar.command(
        "resume",
        "let a paused branch go on",
        "intervene:resume",
        examples="shepherd-sidecar resume main",
    )
    resume.add_argument("branch", metavar="BRANCH", help="whose agent")
    signed(resume)
    inject = grammar.command(
        "inject",
        "put a message before an agent",
        "intervene:inject",
        about="It comes with the verdict of the agent's next intent.",
        examples="""
            shepherd-sidecar inject main "The staging database is read-only today."
            git diff | shepherd-sidecar inject main -
        """,
    )
    inject.add_argument("branch", metavar="BRANCH", help="whose agent")
    inject.add_argument("message", metavar="TEXT", help="what to say; - reads it from stdin")
    signed(inject)
    _live(grammar)
    _rules(grammar)


def _live(grammar: Grammar) -> None:
    supervise = grammar.command(
        "supervise",
        "be asked before an agent acts, and answer line by line",
        "supervise:supervise",
        about="""
            Every intent, in whichever process, waits for a line here: a allows, d WHY denies,
            o JSON changes arguments, h WHY leaves it to somebody else. Leaving lets agents go on
            by the default of the effect class (deny for irreversible).
        """,
        examples="""
            shepherd-sidecar supervise
            shepherd-sidecar supervise --tool bash --tool 'write_*' --timeout 60 --else deny
            shepherd-sidecar supervise --branch main
        """,
    )
    supervise.add_argument(
        "--branch",
        action="append",
        metavar="BRANCH",
        help="only this and what is forked from it (repeatable)",
    )
    supervise.add_argument(
        "--tool", action="append", metavar="GLOB", help="only these tools (repeatable)"
    )
    supervise.add_argument(
        "--timeout",
        type=seconds,
        default=300.0,
        metavar="S",
        help="seconds that an intent waits (default 300)",
    )
    supervise.add_argument(
        "--else",
        dest="on_timeout",
        choices=("allow", "deny"),
        help="what then counts (default: by the effect class)",
    )
    signed(supervise)
    grammar.command(
        "supervisors",
        "list who is asked before agents act",
        "supervise:supervisors",
        about="Of every process on the store, in the order that breaks ties.",
        examples="shepherd-sidecar supervisors",
    )
    handoff = grammar.command(
        "handoff",
        "make one branch's state another's start",
        "supervise:handoff",
        about="""
            The taker's world becomes what the giver's is now, after a safety commit; the guidance
            comes with the verdict of its next intent. A taker that is not there is forked.
        """,
        examples='shepherd-sidecar handoff first second "The parser is done; write the tests."',
    )
    handoff.add_argument("giver", metavar="FROM", help="the branch that gives")
    handoff.add_argument("taker", metavar="TO", help="the branch that takes")
    handoff.add_argument("guidance", metavar="TEXT", help="what to say; - reads it from stdin")
    handoff.add_argument("--reason", metavar="TEXT", help="why")
    signed(handoff)


def _rules(grammar: Grammar) -> None:
    rules = grammar.command(
        "rules",
        "print supervisor rules to begin with, or check a file of rules",
        "backtest:rules",
        about="The sidecar reads supervisor.toml in the store, and reads it again when it changes.",
        examples="""
            shepherd-sidecar rules > .shepherd/supervisor.toml
            shepherd-sidecar rules .shepherd/supervisor.toml    check it
        """,
    )
    rules.add_argument("file", nargs="?", metavar="FILE", help="the file to check")
    test = grammar.command(
        "backtest",
        "show what rules would have done in recorded runs",
        "backtest:run",
        about="""
            Where each rule would have acted, how far in, and how often in runs that failed or
            passed by their recorded reward. Nothing is run, and nothing is written.
        """,
        examples="""
            shepherd-sidecar backtest .shepherd/supervisor.toml
            shepherd-sidecar backtest rules.toml main fix-2
            shepherd-sidecar backtest rules.toml old.shepherd trajectories/
            shepherd-sidecar backtest default runs/ --json
        """,
    )
    test.add_argument("rules", metavar="RULES", help="a file of rules; default: `rules` prints it")
    test.add_argument(
        "runs",
        nargs="*",
        metavar="RUNS",
        help="branches, exported files, ATIF files or folders of them (default: all branches)",
    )
    test.add_argument(
        "--with",
        dest="python",
        action="append",
        default=[],
        metavar="FILE.py",
        help="Python that defines conditions of your own (repeatable)",
    )
    test.add_argument(
        "--passed-from",
        type=number,
        default=0.5,
        metavar="R",
        help="a run passed when its reward is at least this (default 0.5)",
    )
