"""From starting the process to the reply of ``initialize``, beside a bare import of pygls."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.harness import Row, Run, at_most, interleave, ms, times_at_most
from bench.pipe import ENV, Pipe

IMPORT = "import os; import pygls.lsp.server; os.write(1, b'.')"
INITIALIZE: dict[str, Any] = {"processId": None, "capabilities": {}}
EDITOR: dict[str, Any] = {**INITIALIZE, "rootUri": None}
"""What an LSP client says, for which the sidecar imports pygls."""


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("start")
    with Pipe.serve(folder / "store") as first:
        first.call("initialize", INITIALIZE)
        first.end()
    fresh = (folder / f"store-{n}" for n in range(1000))
    existing, new, editor, run_list, bare = interleave(
        run.some(20, 2),
        lambda: [_answered(folder / "store", "initialize", INITIALIZE)],
        lambda: [_answered(next(fresh), "initialize", INITIALIZE)],
        lambda: [_answered(folder / "store", "initialize", EDITOR)],
        lambda: [_answered(folder / "store", "run/list", {})],
        lambda: [_imported()],
    )
    targets = (at_most(250), times_at_most(1.2))
    beside = "bare import pygls.lsp.server"
    yield Row("process start to initialize answered", "ms", existing, beside, bare, targets)
    yield Row("the same, and the store is made", "ms", new, beside, bare)
    yield Row("the same for an editor, with pygls", "ms", editor, beside, bare, targets)
    yield Row("process start to a method of ours answered", "ms", run_list, beside, bare)


def _answered(store: Path, method: str, params: object) -> float:
    found: list[Pipe] = []

    def ask() -> None:
        found.append(Pipe.serve(store))
        found[0].call(method, params)

    took = ms(ask)
    with found[0] as sidecar:
        sidecar.end()
    return took


def _imported() -> float:
    def wait() -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", IMPORT], stdout=subprocess.PIPE, env=ENV, bufsize=0
        )
        assert process.stdout is not None
        os.read(process.stdout.fileno(), 1)
        waiting.append(process)

    waiting: list[subprocess.Popen[bytes]] = []
    took = ms(wait)
    waiting[0].communicate()
    return took
