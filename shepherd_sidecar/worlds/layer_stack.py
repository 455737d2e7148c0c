"""What a stack of layers is, and where a new layer goes so that none becomes deep.

Layer: worlds. Pure. Stacking costs the kernel time for every layer, so from ``DEEP`` on the
layers at the top become one: each time those that together are not much smaller than the one
below them. A change is so written again about once for each doubling of the history.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.parsed import Counts

DEEP: Final = 40
"""Layers from which on a new one takes the place of some."""
_QUICK: Final = 128
"""Names of merged layers that may be written while somebody waits."""
_DEEPEST: Final = 120
"""Layers from which on somebody waits even so: the background has not kept up."""


class Layer(msgspec.Struct, frozen=True, array_like=True):
    """One folder of a stack."""

    name: Annotated[str, Meta(pattern=r"\A[0-9a-f]{12}-[0-9a-f]{16}\Z")]
    """Its folder in the layer area, and nothing that leads elsewhere."""
    tree: Id
    """What it and all below it are."""
    entries: int
    """Names that it holds."""
    files: int
    bytes: int
    largest: int
    folders: int
    """Counts of ``tree``."""


class Stack(msgspec.Struct, frozen=True):
    """Layers that together are a tree."""

    layers: Annotated[tuple[Layer, ...], Meta(min_length=1)]
    """The top first."""

    @property
    def tree(self) -> Id:
        """What they are."""
        return self.layers[0].tree

    @property
    def counts(self) -> Counts:
        """What lies in the tree."""
        top = self.layers[0]
        return Counts(top.files, top.bytes, top.largest, top.folders)

    def below(self, at: int) -> Stack:
        """The stack without its first layers."""
        return Stack(self.layers[at:]) if at else self

    def with_layer(self, name: str, tree: Id, entries: int, counts: Counts) -> Stack:
        """A stack with one more layer on top."""
        return Stack((Layer(name, tree, entries, *counts), *self.layers))


def merge_point(stack: Stack, entries: int, *, somebody_waits: bool) -> int:
    """How many layers at the top a new one of ``entries`` names should take the place of.

    0 while the stack is not deep. Somebody who waits is spared large merges, for as long as
    the stack is not far too deep: ``needs_squash`` says so, and the background makes up for it.
    """
    if len(stack.layers) < DEEP:
        return 0
    last = len(stack.layers) - 1
    held, at = max(entries, 1), 0
    while at < last and stack.layers[at].entries <= 2 * held:
        if somebody_waits and last < _DEEPEST and held + stack.layers[at].entries > _QUICK:
            break
        held += stack.layers[at].entries
        at += 1
    return last if last >= _DEEPEST and at < DEEP // 2 else at


def needs_squash(stack: Stack) -> bool:
    """Whether the background should lay the tree anew with fewer layers."""
    return len(stack.layers) > DEEP
