"""Processes held still by signals, whatever they are at."""

from __future__ import annotations

import os
import signal
import subprocess
import time

from shepherd_sidecar.worlds.keeper.freezing import let_go, stop
from shepherd_sidecar.worlds.keeper.processes import below, state

PATIENCE = 30.0


def test_what_is_between_vfork_and_exec_is_held_still_and_goes_on() -> None:
    # A parent that waits for its vforked child's exec cannot stop while that child is stopped.
    starts = "while :; do /bin/true; done"
    first = subprocess.Popen(["sh", "-c", f"sh -c '{starts}' & wait"], start_new_session=True)
    try:
        until = time.monotonic() + PATIENCE
        while not below(first.pid):
            assert time.monotonic() < until
        for _ in range(100):
            stopped = stop([first.pid])
            assert stopped
            assert {state(pid) for pid in below(first.pid)} <= set("TtZX")
            let_go(stopped)
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
