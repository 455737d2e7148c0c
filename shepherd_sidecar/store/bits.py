"""A set of row numbers, at one bit each: a million rows are 125 KB.

Layer: store.
"""

from __future__ import annotations


class Bits:
    """A set of small integers from 0 on."""

    __slots__ = ("_bytes",)

    def __init__(self, bits: Bits | None = None) -> None:
        self._bytes: bytearray = bytearray(bits._bytes) if bits is not None else bytearray()

    def add(self, number: int) -> bool:
        """Put a number in; whether it was not there."""
        at, bit = number >> 3, 1 << (number & 7)
        if at >= len(self._bytes):
            self._bytes.extend(bytes(at + 1 - len(self._bytes) + (len(self._bytes) >> 1)))
        if self._bytes[at] & bit:
            return False
        self._bytes[at] |= bit
        return True

    def __contains__(self, number: int) -> bool:
        at = number >> 3
        return at < len(self._bytes) and bool(self._bytes[at] & 1 << (number & 7))

    def __bool__(self) -> bool:
        return any(self._bytes)

    def __len__(self) -> int:
        return int.from_bytes(self._bytes, "little").bit_count()
