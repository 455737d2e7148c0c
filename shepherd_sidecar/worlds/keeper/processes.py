"""The processes below a pid 1, as the keeper's own pid namespace numbers them.

Layer: worlds. Whoever is orphaned in a pid namespace becomes a child of its pid 1, so the tree
of children below it is everything that lives there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from typing import Any


def below(root: int, without: Collection[int] = ()) -> list[int]:
    """Every process below ``root``, parents first; those that end meanwhile may be missing.

    Args:
        root: a pid 1.
        without: processes that are left out, with everything below them.
    """
    found: list[int] = []
    todo = [root]
    every: dict[int, list[int]] | None = None
    while todo:
        parent = todo.pop()
        if every is None:
            try:
                children = _children(parent)
            except ProcessLookupError:
                continue
            except FileNotFoundError:
                if not os.path.exists(f"/proc/{parent}"):
                    continue
                every = _by_parent()  # a kernel without lists of children
        if every is not None:
            children = every.get(parent, [])
        children = [pid for pid in children if pid not in without]
        found += children
        todo += children
    return found


def state(pid: int) -> str:
    """The letter of its state (``T``: stopped, ``Z``: ended, not yet reaped); ``X``: gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return chr(stat.read().rpartition(b")")[2].split()[0][0])
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def describe(pid: int) -> dict[str, Any] | None:
    """Its number and command line for people; None when it is gone."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        with open(f"/proc/{pid}/cmdline", "rb") as line:
            argv = [os.fsdecode(word) for word in line.read(4096).split(b"\0")[:-1]]
        if not argv:
            with open(f"/proc/{pid}/comm", "rb") as name:
                argv = [os.fsdecode(name.read().rstrip(b"\n"))]
        return {"pid": pid, "argv": argv}
    return None


def pid_of(pidfd: int) -> int:
    """The number of a process, in this process's pid namespace. Raises OSError."""
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as info:
        pid = next(int(line.split()[1]) for line in info if line.startswith("Pid:"))
    if pid <= 0:
        raise ProcessLookupError(3, "it has ended")
    return pid


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as children:
                found += map(int, children.read().split())
        except ProcessLookupError:
            continue  # it ended between the two
        except FileNotFoundError:
            if os.path.exists(f"/proc/{pid}/task/{thread}"):
                raise
    return found


def _by_parent() -> dict[int, list[int]]:
    every: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                with open(f"/proc/{name}/stat", "rb") as stat:
                    parent = int(stat.read().rpartition(b")")[2].split()[1])
                every.setdefault(parent, []).append(int(name))
    return every
