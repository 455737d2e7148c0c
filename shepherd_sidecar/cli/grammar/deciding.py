"""The commands of somebody who watches over agents.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli.grammar.build import Grammar, signed


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
