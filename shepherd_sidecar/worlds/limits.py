"""How much a snapshot may take in, and who is to blame when it is too much.

Layer: worlds. A workspace over a limit is refused aloud, before a byte of it is read or
written; never truncated in silence, never a store that swallows a home folder.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shepherd_sidecar.errors import BudgetExceeded
from shepherd_sidecar.worlds.paths import printable

_NAMED = 5
"""How many of the biggest offenders an error names."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one snapshot. Sizes are logical: a hole counts as its zeros."""

    files: int = 50_000
    """Files and links."""
    bytes: int = 2 << 30
    """Sum of the file sizes."""
    bytes_per_file: int = 512 << 20
    """Size of one file."""
    depth: int = 200
    """Folders within folders; each open folder on the way holds a descriptor."""
    leave_out_large: bool = False
    """Files over ``bytes_per_file`` are named in ``notCaptured`` (``overBudget``), not refused."""


@dataclass(slots=True)
class Tally:
    """Counts while a walk goes on."""

    limits: Limits
    files: int = 0
    bytes: int = 0
    large: list[tuple[int, str]] = field(default_factory=list)
    """Size and path of the files over ``bytes_per_file``."""
    files_in: Counter[str] = field(default_factory=Counter)
    """Files below each folder of the first two levels."""
    bytes_in: Counter[str] = field(default_factory=Counter)
    """Bytes below each folder of the first two levels."""

    def add(self, folder: str, files: int, size: int) -> bool:
        """Count what lies directly in a folder. False: far over, it is no use to go on."""
        self.files += files
        self.bytes += size
        if files:
            top = "/".join(folder.rstrip("/").split("/")[:2])
            self.files_in[top] += files
            self.bytes_in[top] += size
        # Going on a while past the limit lets the error name the right folder.
        return self.files <= 4 * self.limits.files

    def check(self, complete: bool = True) -> None:
        """Refuse when a limit was passed.

        Raises:
            BudgetExceeded: with ``limit``, ``value``, ``max`` and the ``offenders``.
        """
        limits = self.limits
        if self.large:
            worst = heapq.nlargest(_NAMED, self.large)
            raise _exceeded("bytesPerFile", worst[0][0], limits.bytes_per_file, worst, complete)
        if self.files > limits.files:
            worst = [(count, name) for name, count in self.files_in.most_common(_NAMED)]
            raise _exceeded("files", self.files, limits.files, worst, complete)
        if self.bytes > limits.bytes:
            worst = [(count, name) for name, count in self.bytes_in.most_common(_NAMED)]
            raise _exceeded("bytes", self.bytes, limits.bytes, worst, complete)


def too_deep(path: str, limits: Limits) -> BudgetExceeded:
    """The refusal of a folder nested too deeply."""
    return _exceeded("depth", limits.depth + 1, limits.depth, [(limits.depth + 1, path)], False)


def _exceeded(
    limit: str, value: int, most: int, worst: list[tuple[int, str]], complete: bool
) -> BudgetExceeded:
    offenders: list[dict[str, Any]] = [
        {"path": printable(name.encode("utf-8", "surrogateescape")), "value": amount}
        for amount, name in worst
    ]
    named = ", ".join(f"{o['path'] or '(the folder itself)'} ({o['value']:,})" for o in offenders)
    more = "" if complete else "at least "
    return BudgetExceeded(
        f"the workspace has {more}{value:,} {limit}, the limit is {most:,}; most in: {named}",
        limit=limit,
        value=value,
        max=most,
        offenders=offenders,
    )
