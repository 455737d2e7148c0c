r"""Trees: a workspace as a Merkle tree of named entries.

Layer: trace. The encoding is a concatenation of entries sorted by name, each ended by NUL:

    ``f <mode> <size> <blob> <name>\0``     file: permission bits in octal, size in bytes
    ``d <mode> <tree> <name>\0``            folder
    ``l <name>\0<target>\0``                symbolic link

Names and targets are bytes as the file system gave them (not necessarily UTF-8). No name
or target holds NUL, no name holds ``/``, so the encoding can be read back in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, cast

from shepherd_sidecar.trace.ids import Id, object_id


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
EntryOf = Callable[[bytes], tuple[bytes, Entry | None]]

EMPTY_TREE: Final[Id] = object_id("tree", b"")

_MODE: Final = rb"(0|[1-7][0-7]{0,3})"
_SIZE: Final = rb"(0|[1-9][0-9]{0,18})"  # no file has a size of 20 digits
_NAME: Final = rb"((?!\.{1,2}\Z)[^/\0]+)"
_HEAD: Final = re.compile(
    rb"(?:f %b %b|d %b) ([0-9a-f]{64}) %b|l %b" % (_MODE, _SIZE, _MODE, _NAME, _NAME)
)


class BadTree(ValueError):
    """Bytes that encode no tree, or a map that is none. Raised with the offending name."""


def check_name(name: bytes) -> None:
    """Refuse a name that no folder can hold."""
    if name in (b"", b".", b"..") or b"/" in name or b"\0" in name:
        raise BadTree(f"not a name: {name!r}")


def tree_bytes(tree: Tree) -> bytes:
    """The encoding of a tree."""
    return b"".join(entry_bytes(name, tree[name]) for name in sorted(tree))


def entry_bytes(name: bytes, entry: Entry) -> bytes:
    """One entry of the encoding."""
    check_name(name)
    if isinstance(entry, File):
        return b"f %o %d %b %b\0" % (entry.mode, entry.size, entry.blob.encode(), name)
    if isinstance(entry, Dir):
        return b"d %o %b %b\0" % (entry.mode, entry.tree.encode(), name)
    if b"\0" in entry.target:
        raise BadTree(f"link {name!r} has NUL in its target")
    return b"l %b\0%b\0" % (name, entry.target)


def tree_id(tree: Tree) -> Id:
    """``H(tree, encoding)``."""
    return object_id("tree", tree_bytes(tree))


def parse_tree(data: bytes, entry_of: EntryOf | None = None) -> Tree:
    """The tree of an encoding.

    Args:
        data: the encoding.
        entry_of: ``parse_entry``, or something that remembers what it gave.

    Raises:
        BadTree: when the bytes are not exactly what ``tree_bytes`` writes.
    """
    entry_of = entry_of or parse_entry
    *pieces, rest = data.split(b"\0")
    if rest:
        raise BadTree(f"entry {rest!r} does not end")
    linked = data.startswith(b"l ") or b"\0l " in data
    entries = _with_targets(pieces, entry_of) if linked else list(map(entry_of, pieces))
    names = [name for name, _ in entries]
    tree = cast(Tree, dict(entries))
    if len(tree) != len(names) or names != sorted(names):
        raise BadTree("entries are not sorted, or a name stands twice")
    return tree


def _with_targets(pieces: Iterable[bytes], entry_of: EntryOf) -> list[tuple[bytes, Entry | None]]:
    """The entries, those of links with what follows them."""
    entries: list[tuple[bytes, Entry | None]] = []
    following = iter(pieces)
    for piece in following:
        name, entry = entry_of(piece)
        if entry is not None:
            entries.append((name, entry))
            continue
        target = next(following, None)
        if target is None:
            raise BadTree(f"link {name!r} does not end")
        entries.append((name, Link(target)))
    return entries


def parse_entry(head: bytes) -> tuple[bytes, Entry | None]:
    """Name and entry of an encoded entry up to its first NUL; None for a link: its target follows.

    Raises:
        BadTree: when the bytes are not exactly what ``tree_bytes`` writes.
    """
    found = _HEAD.fullmatch(head)
    if found is None:
        raise BadTree(f"entry {head[:200]!r} is not spelled as one")
    mode, size, folder_mode, content, name, link = found.groups()
    if link is not None:
        return link, None
    if mode is not None:
        return name, File(int(mode, 8), int(size), content.decode())
    return name, Dir(int(folder_mode, 8), content.decode())


def split_path(path: bytes) -> list[bytes]:
    """The names of a relative path with ``/`` between them; empty parts and ``.`` drop out."""
    names = [name for name in path.split(b"/") if name not in (b"", b".")]
    for name in names:
        check_name(name)
    return names


def join_paths(parts: Iterable[bytes]) -> bytes:
    """The path of names."""
    return b"/".join(parts)
