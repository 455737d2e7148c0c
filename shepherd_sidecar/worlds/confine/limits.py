"""What a command may use up, set in the child right before it.

Layer: worlds. Processor time, memory, open and large files are limits of each process; the
number of processes is one of all of them together, held by how many process numbers their
namespace has.
"""

from __future__ import annotations

import os
import re
import resource
from typing import Final

from shepherd_sidecar.worlds.confine.policy import Limits

_RESERVED: Final = 300
"""Process numbers that the kernel gives out once only."""
_PID_MAX: Final = "/proc/sys/kernel/pid_max"
_PIDS_COUNTED_APART: Final = tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) >= (6, 14)
"""Whether each pid namespace has a highest number of its own: before 6.14 it was the machine's."""


def hold_processes(limits: Limits, *, own_pids: bool) -> list[tuple[str, str]]:
    """Limit the number of processes; what cannot be held, and why.

    Called while ``/proc`` may be written. Between ``processes`` and 300 more are let through.

    Raises:
        OSError: it was refused.
    """
    if limits.processes is None:
        return []
    if not own_pids:
        return [("processes", "without a pid namespace they cannot be told from the user's others")]
    if _PIDS_COUNTED_APART:
        # Not opened as text: the codec would be imported in each child, which takes a millisecond.
        fd = os.open(_PID_MAX, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(fd, b"%d" % (limits.processes + _RESERVED + 1))
        finally:
            os.close(fd)
        return []
    if os.getuid() == 0:
        return [("processes", "for root the kernel holds their number since 6.14 only")]
    _set(resource.RLIMIT_NPROC, limits.processes)
    return []


def hold(limits: Limits) -> None:
    """Set the limits of each process. There is no way back without capabilities."""
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_CPU, limits.seconds, beyond=1)  # a signal that tells why, then the end
    _set(resource.RLIMIT_DATA, limits.memory_bytes)
    _set(resource.RLIMIT_FSIZE, limits.file_bytes)
    _set(resource.RLIMIT_NOFILE, limits.open_files)


def _set(which: int, wanted: int | None, beyond: int = 0) -> None:
    if wanted is None:
        return
    highest = resource.getrlimit(which)[1]
    hard = wanted + beyond
    hard = hard if highest == resource.RLIM_INFINITY else min(hard, highest)
    resource.setrlimit(which, (min(wanted, hard), hard))
