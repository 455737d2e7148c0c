"""A command line for the reader to run next: what undoes a thing that was done.

Layer: cli. Keeps: a name that somebody else chose is one word to the shell.
"""

from __future__ import annotations

import shlex

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import PROGRAM


def again(context: Context, *words: str) -> str:
    """This program on the same store, with these words."""
    store: str | None = context.arguments.store
    return shlex.join((PROGRAM, *(("--store", store) if store else ()), *words))
