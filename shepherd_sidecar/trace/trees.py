r"""Trees: a workspace as a Merkle tree of named entries.

Layer: trace. The encoding is a concatenation of entries sorted by name, each ended by NUL:

    ``f <mode> <size> <blob> <name>\0``     file: permission bits in octal, size in bytes
    ``d <mode> <tree> <name>\0``            folder
    ``l <name>\0<target>\0``                symbolic link

Names and targets are bytes as the file system gave them (not necessarily UTF-8). No name
or target holds NUL, no name holds ``/``, so the encoding can be read back in one way only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shepherd_sidecar.trace.ids import Id, is_id, object_id


@dataclass(frozen=True, slots=True)
class File:
    """A regular file: permission bits (0…0o7777), size in bytes, id of its content."""

    mode: int
    size: int
    blob: Id


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link and the bytes it holds; never followed."""

    target: bytes


@dataclass(frozen=True, slots=True)
class Dir:
    """A folder: permission bits and the id of its tree."""

    mode: int
    tree: Id


Entry = File | Link | Dir
Tree = dict[bytes, Entry]
"""Name to entry. Order does not matter; the encoding sorts."""

EMPTY_TREE: Final[Id] = object_id("tree", b"")


class BadTree(ValueError):
    """Bytes that encode no tree, or a map that is none. Raised with the offending name."""


def check_name(name: bytes) -> None:
    """Refuse a name that no folder can hold."""
    if name in (b"", b".", b"..") or b"/" in name or b"\0" in name:
        raise BadTree(f"not a name: {name!r}")


def tree_bytes(tree: Tree) -> bytes:
    """The encoding of a tree."""
    return b"".join(_entry_bytes(name, tree[name]) for name in sorted(tree))


def tree_id(tree: Tree) -> Id:
    """``H(tree, encoding)``."""
    return object_id("tree", tree_bytes(tree))


def parse_tree(data: bytes) -> Tree:
    """The tree of an encoding.

    Raises:
        BadTree: when the bytes are not exactly what ``tree_bytes`` writes.
    """
    tree: Tree = {}
    at = 0
    while at < len(data):
        tag, head_end = data[at : at + 2], data.find(b"\0", at)
        if head_end < 0:
            raise BadTree(f"entry at byte {at} does not end")
        head = data[at + 2 : head_end]
        at = head_end + 1
        if tag == b"f ":
            mode, size, blob, name = _split(head, 4)
            tree[name] = File(_octal(mode), _decimal(size), _hex(blob))
        elif tag == b"d ":
            mode, child, name = _split(head, 3)
            tree[name] = Dir(_octal(mode), _hex(child))
        elif tag == b"l ":
            target_end = data.find(b"\0", at)
            if target_end < 0:
                raise BadTree(f"link {head!r} does not end")
            name = head
            tree[name] = Link(data[at:target_end])
            at = target_end + 1
        else:
            raise BadTree(f"unknown entry {tag!r}")
        check_name(name)
    if tree_bytes(tree) != data:
        raise BadTree("entries are not sorted, or not in canonical spelling")
    return tree


def split_path(path: bytes) -> list[bytes]:
    """The names of a relative path with ``/`` between them; empty parts and ``.`` drop out."""
    names = [name for name in path.split(b"/") if name not in (b"", b".")]
    for name in names:
        check_name(name)
    return names


def join_paths(parts: Iterable[bytes]) -> bytes:
    """The path of names."""
    return b"/".join(parts)


def _entry_bytes(name: bytes, entry: Entry) -> bytes:
    check_name(name)
    if isinstance(entry, File):
        return b"f %o %d %b %b\0" % (entry.mode, entry.size, entry.blob.encode(), name)
    if isinstance(entry, Dir):
        return b"d %o %b %b\0" % (entry.mode, entry.tree.encode(), name)
    if b"\0" in entry.target:
        raise BadTree(f"link {name!r} has NUL in its target")
    return b"l %b\0%b\0" % (name, entry.target)


def _split(head: bytes, count: int) -> list[bytes]:
    parts = head.split(b" ", count - 1)
    if len(parts) != count:
        raise BadTree(f"entry {head!r} lacks a member")
    return parts


def _octal(text: bytes) -> int:
    try:
        mode = int(text, 8)
    except ValueError:
        raise BadTree(f"mode {text!r} is not octal") from None
    if not 0 <= mode <= 0o7777:
        raise BadTree(f"mode {text!r} is out of range")
    return mode


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 19:  # no file has a size of 20 digits
        raise BadTree(f"size {text[:24]!r} is not a number of bytes")
    return int(text)


def _hex(text: bytes) -> Id:
    name = text.decode("ascii", "replace")
    if not is_id(name):
        raise BadTree(f"id {text!r} is not 64 hex digits")
    return name
