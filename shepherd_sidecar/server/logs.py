"""Logging of a server process: to stderr, without bodies.

Layer: server. Keeps rule 10: pygls logs whole messages, at INFO and with errors, so its
loggers are cut off at the root; ours name methods, error names and places in the code.
"""

from __future__ import annotations

import logging
import os
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio


def log_to_stderr(level: str | None = None) -> None:
    """Set up logging; ``level`` defaults to ``$SHEPHERD_LOG``, else WARNING."""
    name = (level or os.environ.get("SHEPHERD_LOG") or "WARNING").upper()
    known = logging.getLevelNamesMapping()
    ours = logging.getLogger("shepherd_sidecar")
    ours.setLevel(known.get(name, logging.WARNING))
    if not ours.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        ours.addHandler(handler)
        ours.propagate = False


def silence_pygls() -> None:
    """Keep pygls from logging at all: it does not separate words from bodies."""
    pygls = logging.getLogger("pygls")
    pygls.handlers[:] = [logging.NullHandler()]
    pygls.propagate = False
    pygls.setLevel(logging.CRITICAL + 1)


def log_loop_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handler of the loop for what nobody caught: the place, without the exception's text."""
    error = context.get("exception")
    frames = "".join(traceback.format_tb(error.__traceback__)) if error is not None else ""
    logging.getLogger(__name__).error(
        "%s: %s\n%s", context.get("message"), type(error).__qualname__, frames
    )
