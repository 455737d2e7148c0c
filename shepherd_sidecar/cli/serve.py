"""``serve``: the sidecar itself, on stdio.

Layer: cli.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.protocol.method import Role
from shepherd_sidecar.server.main import serve
from shepherd_sidecar.server.stdio import take_stdio
from shepherd_sidecar.store.layout import find_store


def serve_store(store: str | None, role: Role) -> int:
    """Serve one store until the client goes; returns the exit code."""
    stdio = take_stdio()  # before anything could print
    from shepherd_sidecar.engine.engine import Engine
    from shepherd_sidecar.server.handlers import capabilities, handlers

    try:
        engine = Engine(find_store(Path.cwd(), store))
    except ShepherdError as error:
        print(f"shepherd-sidecar: {error.name}: {error.message}; {error.advice}", file=sys.stderr)
        return 1
    try:
        return serve(handlers(engine), lambda: capabilities(engine), role, stdio=stdio)
    finally:
        engine.close()
