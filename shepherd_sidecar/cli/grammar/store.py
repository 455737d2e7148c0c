"""The commands about the store as a whole, and the sidecar itself.

Layer: cli.
"""

from __future__ import annotations

from shepherd_sidecar.cli.grammar.build import Grammar, days, natural, number

ROLES = ("agent", "supervisor", "observer", "owner")
SHELLS = ("bash", "zsh", "fish")


def add(grammar: Grammar) -> None:
    """Add them."""
    grammar.group("look after the store")
    _health(grammar)
    _exchange(grammar)
    grammar.group("run")
    _run(grammar)


def _health(grammar: Grammar) -> None:
    grammar.command(
        "stat",
        "show how much the store holds, and where the space goes",
        "care:stat",
        examples="shepherd-sidecar stat",
    )
    verify = grammar.command(
        "verify",
        "recompute every id and check every rule",
        "care:verify",
        about="Exit code 1 when anything is wrong.",
        examples="""
            shepherd-sidecar verify
            shepherd-sidecar verify --repair    set damaged objects aside
        """,
    )
    verify.add_argument("--repair", action="store_true", help="set damaged objects aside")
    gc = grammar.command(
        "gc",
        "remove what nothing needs any more",
        "care:gc",
        about="Branches discarded long enough ago, and what only they need.",
        examples="""
            shepherd-sidecar gc --dry-run
            shepherd-sidecar gc --keep-discarded-days 0
        """,
    )
    gc.add_argument("--dry-run", action="store_true", help="only say what would go")
    gc.add_argument(
        "--keep-discarded-days", type=days, metavar="D", help="discarded branches (default 30)"
    )
    gc.add_argument(
        "--max-bytes", type=natural, metavar="N", help="discard sooner until it is this small"
    )
    forget = grammar.command(
        "forget",
        "remove a payload everywhere, and leave its hash",
        "care:forget",
        about="For what should never have been recorded. It cannot be undone; asks first.",
        examples="""
            shepherd-sidecar forget 3f2a9c01 --reason "a password"
            shepherd-sidecar forget --blob HASH --yes
        """,
    )
    forget.add_argument("commit", nargs="?", metavar="COMMIT", help="whose payload goes")
    forget.add_argument("--blob", metavar="HASH", help="or: the blob that goes")
    forget.add_argument("--reason", metavar="TEXT", help="kept beside the hash")
    forget.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _exchange(grammar: Grammar) -> None:
    export = grammar.command(
        "export",
        "write branches, with all they need, to one file, or a run as a page",
        "exchange:export",
        about="""
            With --html, one page that needs no network and no server: the events of a run, their
            payloads, and small files as they then were, without secrets. It can be sent to anybody.
        """,
        examples="""
            shepherd-sidecar export all.shepherd
            shepherd-sidecar export one.shepherd main
            shepherd-sidecar export --html main -o run.html
        """,
    )
    export.add_argument("file", nargs="?", metavar="FILE", help="must not exist")
    export.add_argument("branches", nargs="*", metavar="BRANCH", help="which (default: all)")
    export.add_argument("--html", metavar="RUN", help="this run (or that of a branch), as a page")
    export.add_argument("-o", "--output", metavar="FILE", help="where the page goes; replaced")
    take = grammar.command(
        "import",
        "take in exported files, or trajectories of other tools",
        "exchange:take_in",
        about="""
            Each file is checked whole before anything of it is kept; one that is refused does
            not keep the others out. A store is made when there is none.
        """,
        examples="""
            shepherd-sidecar import one.shepherd
            shepherd-sidecar import --format atif runs/*.json
        """,
    )
    take.add_argument("files", nargs="+", metavar="FILE", help="what to take in")
    take.add_argument(
        "--format",
        choices=("shepherd", "atif"),
        default="shepherd",
        help="shepherd: an export; atif: Agent Trajectory Interchange Format",
    )
    take.add_argument("--reward", type=number, metavar="R", help="atif: the reward of the run")


def _run(grammar: Grammar) -> None:
    serve = grammar.command(
        "serve",
        "be the sidecar: speak JSON-RPC on stdio",
        "serve:run",
        about="""
            Makes the store when there is none. The role says what the client may do: an agent
            reports and proposes, an observer reads, a supervisor decides, an owner does all.
        """,
        examples="""
            shepherd-sidecar serve
            shepherd-sidecar serve --role agent --own main
        """,
    )
    serve.add_argument("--role", choices=ROLES, default="owner", help="(default owner)")
    serve.add_argument(
        "--own",
        action="append",
        default=[],
        metavar="BRANCH",
        help="a branch an agent may go on with, beside those it starts (repeatable)",
    )
    serve.add_argument(
        "--known-as", metavar="NAME", help="what the agent calls the first --own: it is a copy"
    )
    serve.add_argument(
        "--copied",
        nargs=2,
        metavar=("PROCESS", "OF"),
        help="tell the agent that it is this copy of that process",
    )
    grammar.command(
        "dap",
        "be a debug adapter: branches as threads, intents held by breakpoints",
        "dap:run",
        about="""
            Speaks the Debug Adapter Protocol on stdio, for VS Code, nvim-dap and others; the
            client attaches to a store that is there. protocol/dap.md tells more.
        """,
        examples="""
            shepherd-sidecar dap
            shepherd-sidecar --store DIR/.shepherd dap
        """,
    )
    completion = grammar.command(
        "completion",
        "print the completion script of a shell",
        "completion:run",
        about="Commands, options, branch names and commit ids complete themselves.",
        examples="""
            eval "$(shepherd-sidecar completion bash)"                  in ~/.bashrc
            shepherd-sidecar completion zsh > "${fpath[1]}/_shepherd-sidecar"
            shepherd-sidecar completion fish > ~/.config/fish/completions/shepherd-sidecar.fish
        """,
    )
    completion.add_argument("shell", choices=SHELLS)
