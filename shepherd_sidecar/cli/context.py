"""What every command is given: the store, the engine on it, and the ways out.

Layer: cli. Keeps: looking makes no store; one JSON document on stdout, or text.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shepherd_sidecar.cli import terminal
from shepherd_sidecar.cli.failures import NoStore
from shepherd_sidecar.store.layout import find_store, is_store

if TYPE_CHECKING:
    from shepherd_sidecar.engine.engine import Engine

AUTHOR = "cli"
"""Who the reflog names for what is done from the command line."""


class Context:
    """One run of the command line.

    Args:
        arguments: as parsed; ``store``, ``json`` and ``color`` are common to all commands.
    """

    def __init__(self, arguments: Namespace) -> None:
        self.arguments = arguments
        self.json: bool = arguments.json
        self.paint = terminal.Paint(
            not self.json and terminal.wants_colour(arguments.color, sys.stdout)
        )
        self.width = terminal.width(sys.stdout)
        self.mark = terminal.ellipsis(sys.stdout)
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine on the store there is.

        Raises:
            NoStore: there is none.
        """
        return self._engine or self._open(make=False)

    @property
    def engine_on_any(self) -> Engine:
        """The engine on the store there is, or on a new one."""
        return self._engine or self._open(make=True)

    def out(self, line: str = "") -> None:
        """A line for the reader."""
        print(line)

    def flush(self) -> None:
        """Have what was printed seen now."""
        sys.stdout.flush()

    def note(self, line: str) -> None:
        """A line beside the result: on stderr, for people."""
        sys.stdout.flush()
        print(line, file=sys.stderr, flush=True)

    def result(self, message: Any) -> None:
        """The wire's result object, as the one JSON document on stdout."""
        import orjson

        from shepherd_sidecar.protocol.converter import unstructure

        pretty = orjson.OPT_INDENT_2 if terminal.is_terminal(sys.stdout) else 0
        data = orjson.dumps(unstructure(message), option=orjson.OPT_APPEND_NEWLINE | pretty)
        raw = getattr(sys.stdout, "buffer", None)
        if raw is None:
            sys.stdout.write(data.decode())
        else:
            sys.stdout.flush()
            raw.write(data)

    def __enter__(self) -> Context:
        """Nothing is opened before it is needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Finish what was written and close the store."""
        if self._engine is not None:
            self._engine.close()

    def _open(self, *, make: bool) -> Engine:
        explicit: str | None = self.arguments.store
        root = find_store(Path.cwd(), explicit)
        if not make and not is_store(root):
            raise no_store(root, explicit)
        from shepherd_sidecar.engine.engine import Engine

        self._engine = Engine(root)
        return self._engine


def no_store(root: Path, explicit: str | None) -> NoStore:
    """The error that says where a store was looked for."""
    if root != Path.cwd() / root.name or explicit:
        return NoStore(f"no store at {root}", "name one with --store DIR or $SHEPHERD_STORE")
    return NoStore(
        f"no {root.name}/ in {root.parent} or any folder above it",
        "change into the project, or name the store with --store DIR or $SHEPHERD_STORE;"
        " `shepherd-sidecar serve` makes one",
    )
