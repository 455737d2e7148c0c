"""The command line: parse, call the command, turn what went wrong into an exit code.

Layer: cli. Keeps: 0 when all is well; 1 for an error, or where something was compared and
differs; 2 for arguments that make no sense. Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from shepherd_sidecar.cli import failures, terminal
from shepherd_sidecar.cli.parse import parse, parser
from shepherd_sidecar.errors import ShepherdError

if TYPE_CHECKING:
    from argparse import Namespace

    from shepherd_sidecar.cli.context import Context


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = sys.argv[1:] if argv is None else argv
    program = parser()
    if "_ARGCOMPLETE" in os.environ:
        from shepherd_sidecar.cli.completing import complete

        complete(program)
    try:
        arguments = parse(given, program)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else failures.USAGE
    if arguments.command == "serve":
        return _serve(arguments)
    return _debug(arguments) if arguments.command == "dap" else _run(arguments)


def _serve(arguments: Namespace) -> int:
    """The sidecar itself: stdout is the protocol's, so none of what follows applies."""
    from shepherd_sidecar.cli.serve import serve_store

    return serve_store(
        arguments.store, arguments.role, arguments.own, arguments.known_as, arguments.copied
    )


def _debug(arguments: Namespace) -> int:
    """The debugger's face: stdout is the protocol's here as well."""
    from shepherd_sidecar.cli.dap import debug_store

    return debug_store(arguments.store)


def _run(arguments: Namespace) -> int:
    terminal.prepare()
    from shepherd_sidecar.cli.context import Context

    try:
        with Context(arguments) as context:
            code = _command(arguments.handler)(context)
            sys.stdout.flush()
            return code
    except (ShepherdError, failures.CliError) as error:
        return failures.tell(error)
    except failures.Usage as error:
        print(f"{failures.PROGRAM} {arguments.command}: error: {error}", file=sys.stderr)
        return failures.USAGE
    except BrokenPipeError:
        terminal.hush()
        return failures.BROKEN_PIPE
    except KeyboardInterrupt:
        return failures.INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in terminal.REFUSED:
            terminal.hush()  # the engine tells of its own files by other names
            return failures.tell(failures.Unwritable(f"stdout: {error.strerror}"))
        if "SHEPHERD_DEBUG" in os.environ:
            import traceback

            traceback.print_exc()
        return failures.tell(failures.Fault(error))


def _command(handler: str) -> Callable[[Context], int]:
    module, _, function = handler.partition(":")
    found: Callable[[Context], int] = getattr(
        import_module(f"shepherd_sidecar.cli.commands.{module}"), function
    )
    return found


if __name__ == "__main__":
    sys.exit(main())
