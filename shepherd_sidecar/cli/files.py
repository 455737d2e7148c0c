"""Changes of files as lines: ``A`` added, ``D`` removed, ``M`` changed, ``R`` renamed.

Layer: cli.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.terminal import Paint
from shepherd_sidecar.engine.text import size
from shepherd_sidecar.protocol.common import NotCaptured, PathReason
from shepherd_sidecar.protocol.traces import FilePatch

SHOWN: Final = 200
"""Lines of one list; of further ones only the number is told (``rest``)."""
_LETTER = {"added": "A", "removed": "D", "changed": "M", "renamed": "R"}
_ROLE = {"added": "good", "removed": "bad", "changed": "warn", "renamed": "warn"}


def patches(found: Iterable[FilePatch], paint: Paint, indent: str = "  ") -> Iterator[str]:
    """One line for each path. Paths come from the wire printable already."""
    for patch in found:
        moved = f"{patch.was} -> {patch.path}" if patch.was is not None else patch.path
        grown = paint("faint", f"  {size(patch.size)}") if patch.size is not None else ""
        yield f"{indent}{paint(_ROLE[patch.change], _LETTER[patch.change])} {moved}{grown}"


def reasons(
    found: Iterable[NotCaptured | PathReason], paint: Paint, indent: str = "  "
) -> Iterator[str]:
    """One line for each path that is named with a reason."""
    for at in found:
        yield f"{indent}{at.path} {paint('faint', f'({at.why})')}"


def rest(context: Context, total: int) -> None:
    """Say how many of a list were not shown."""
    if total > SHOWN:
        context.out(f"  and {total - SHOWN} more (--json has all)")
