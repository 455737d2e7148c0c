"""Blobs, trees and lists, one by one: does each hash to its name, is what it names there?

Layer: store. Keeps: memory does not grow with the number or the size of what is checked.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import zstandard

from shepherd_sidecar.store import objects
from shepherd_sidecar.store.findings import Finding, What, paged
from shepherd_sidecar.store.layout import OBJECTS
from shepherd_sidecar.store.objects import DAMAGED, FILE, FILE_ZSTD, FORGOTTEN, RAW, ZSTD
from shepherd_sidecar.trace.ids import digest, hasher
from shepherd_sidecar.trace.trees import BadTree, Dir, File, Link, Tree, parse_tree

_CHUNK = 1 << 20


def check_objects(
    conn: sqlite3.Connection, root: Path, seen: Callable[[str], None]
) -> Iterator[Finding]:
    """Every blob and tree."""
    for seq, name, kind, codec, size, data in paged(
        conn, "objects", "seq, id, kind, codec, size, data"
    ):
        if codec == DAMAGED:
            yield Finding("missing", _shown(name), "was damaged and is set aside")
            continue
        if kind not in (0, 1) or not isinstance(name, bytes) or len(name) != 32:
            yield Finding("row", _shown(name), f"row {seq} is neither blob nor tree", object=seq)
            continue
        word = objects.kind_name(kind)
        seen("blobs" if kind == 0 else "trees")
        if codec == FORGOTTEN:
            if data is not None or kind != 0:
                yield Finding("hash", name.hex(), f"{word}: forgotten, yet not gone", object=seq)
            continue
        why = _fault(root, word, name, codec, size, data)
        if why is not None:
            what: What = "file" if codec in (FILE, FILE_ZSTD) else "hash"
            yield Finding(what, name.hex(), f"{word}: {why}", object=seq)
        elif kind == 1:
            tree = parse_tree(objects.content(root, "tree", name, codec, size, data))
            yield from _check_entries(conn, name.hex(), tree)


def check_lists(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Every list extends an older one by a blob."""
    for seq, before, item, kind in conn.execute(
        "SELECT l.seq, l.prev, l.item, o.kind FROM lists l"
        " LEFT JOIN lists p ON p.seq = l.prev LEFT JOIN objects o ON o.seq = l.item"
        " WHERE (l.prev IS NOT 0 AND (p.seq IS NULL OR p.seq >= l.seq)) OR o.kind IS NOT 0"
    ):
        fault = "" if kind == 0 else ", which is no blob"
        yield Finding("row", f"list {seq}", f"extends list {before} by row {item}{fault}")


def count_files(conn: sqlite3.Connection, root: Path, seen: Callable[[str], None]) -> None:
    """Files that no row names are no problem: a crash between writing and recording leaves them."""
    for name, codec, _ in object_files(root):
        seen("files")
        if not is_named(conn, name, codec):
            seen("orphans")


def is_named(conn: sqlite3.Connection, name: bytes, codec: int) -> bool:
    """Whether a row says that its content is in this file."""
    rows = conn.execute(
        "SELECT codec FROM objects WHERE substr(id, 1, 8) = ? AND id = ?", (name[:8], name)
    )
    return any(row[0] == codec for row in rows)


def object_files(root: Path) -> Iterator[tuple[bytes, int, Path]]:
    """Every file that stands where an object would: its id, how it is written, its path."""
    with os.scandir(root / OBJECTS) as folders:
        for folder in folders:
            if len(folder.name) != 2 or not folder.is_dir(follow_symlinks=False):
                continue
            with os.scandir(folder.path) as files:
                for file in files:
                    stem = file.name.removesuffix(".zst")
                    codec = FILE if stem == file.name else FILE_ZSTD
                    try:
                        name = bytes.fromhex(folder.name + stem)
                    except ValueError:
                        continue
                    if len(name) == 32:
                        yield name, codec, Path(file.path)


def _fault(
    root: Path, word: objects.ContentKind, name: bytes, codec: int, size: int, data: bytes | None
) -> str | None:
    """What is wrong with the bytes behind a row; None when they are the ones it names."""
    if codec in (FILE, FILE_ZSTD):
        if data is not None:
            return "the row says it is in a file, and has bytes"
        return _file_fault(objects.file_of(root, name, codec), word, name, codec, size)
    if codec not in (RAW, ZSTD) or not isinstance(data, bytes):
        return f"stored in no known way ({codec})"
    try:
        found = objects.unpack(codec, data, size)
    except zstandard.ZstdError as error:
        return str(error)
    if len(found) != size:
        return f"{len(found)} bytes, {size} expected"
    if digest(word, found) != name:
        return "the stored bytes do not hash to the name"
    return _tree_fault(found) if word == "tree" else None


def _file_fault(
    file: Path, word: objects.ContentKind, name: bytes, codec: int, size: int
) -> str | None:
    summer, length = hasher(word), 0
    try:
        with file.open("rb") as stored:
            packed = codec == FILE_ZSTD
            source = zstandard.ZstdDecompressor().stream_reader(stored) if packed else stored
            while chunk := source.read(_CHUNK):
                summer.update(chunk)
                length += len(chunk)
    except FileNotFoundError:
        return "its file is gone"
    except (OSError, zstandard.ZstdError) as error:
        return str(error)
    if length != size:
        return f"{length} bytes in its file, {size} expected"
    if summer.digest() != name:
        return "the file does not hash to its name"
    return None


def _tree_fault(data: bytes) -> str | None:
    try:
        parse_tree(data)
    except BadTree as error:
        return str(error)
    return None


def _check_entries(conn: sqlite3.Connection, where: str, tree: Tree) -> Iterator[Finding]:
    for name, entry in tree.items():
        if isinstance(entry, Link):
            continue
        target, kind = (entry.tree, 1) if isinstance(entry, Dir) else (entry.blob, 0)
        binary = bytes.fromhex(target)
        row = conn.execute(
            "SELECT size, codec FROM objects WHERE substr(id, 1, 8) = ? AND id = ? AND kind = ?",
            (binary[:8], binary, kind),
        ).fetchone()
        word = objects.kind_name(kind)
        if row is None:
            yield Finding("missing", target, f"{word} named by tree {where} as {name!r}")
        elif isinstance(entry, File) and row[0] != entry.size and row[1] != DAMAGED:
            detail = f"says {entry.size} bytes for {name!r}; blob {target} has {row[0]}"
            yield Finding("hash", where, f"tree: {detail}")


def _shown(name: object) -> str:
    return name.hex() if isinstance(name, bytes) else repr(name)
