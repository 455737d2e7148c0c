"""``dap``: the debugger's face of a store, on stdio.

Layer: cli. Keeps: stdin and stdout are taken before anything could print.
"""

from __future__ import annotations

from shepherd_sidecar.server.logs import log_to_stderr
from shepherd_sidecar.server.stdio import take_stdio


def debug_store(store: str | None) -> int:
    """Serve one debugger until it goes; returns the exit code.

    Args:
        store: its folder, when it was named; ``attach`` may name another.
    """
    in_fd, out_fd = take_stdio()
    log_to_stderr()
    from shepherd_sidecar.dap.adapter import Adapter

    return Adapter(in_fd, out_fd, store).run()
