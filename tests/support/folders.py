"""Folders as plain values: made on disk, read back, and invented by Hypothesis."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from shepherd_sidecar.worlds.stat_cache import coarse_now

Shape = dict[bytes, Any]
"""Name to ``("file", mode, content)``, ``("link", target)`` or ``("dir", mode, Shape)``."""

_NAME_BYTES = st.sampled_from(b"abz.- \\'\n\x01\x7f\xc3\xa9\xff\x80")
names = st.one_of(
    st.sampled_from([b"a", b"b", b"src", b".git", b"naive\xcc\x88", b"-rf", b"~", b"\xff\xfe"]),
    st.lists(_NAME_BYTES, min_size=1, max_size=6).map(bytes),
).filter(lambda name: name not in (b".", b"..", b".shepherd", b".shepherdignore"))

_LARGE = {
    "empty": b"",
    "large": b"x" * 70_000,
    "holes": bytes(65_536) + b"end",
    "end in holes": b"head" + bytes(200_000),
}
file_modes = st.sampled_from([0o644, 0o755, 0o600, 0o444, 0o000, 0o4755, 0o2711, 0o1644])
dir_modes = st.sampled_from([0o755, 0o700, 0o555, 0o1777, 0o2755])
contents = st.one_of(
    st.binary(max_size=40),
    # Made from short words, or a failure would be printed with all its zeros.
    st.sampled_from(["empty", "large", "holes", "end in holes"]).map(lambda word: _LARGE[word]),
)
targets = st.sampled_from([b"a", b"../../etc/passwd", b"/nowhere/\xff", b".", b"src/../b"])

files = st.tuples(st.just("file"), file_modes, contents)
links = st.tuples(st.just("link"), targets)


def _dirs(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.just("dir"), dir_modes, st.dictionaries(names, inner, max_size=4))


entries = st.recursive(st.one_of(files, links), _dirs, max_leaves=12)
shapes: st.SearchStrategy[Shape] = st.dictionaries(names, entries, max_size=6)
"""Folders with odd names, modes, links, empty folders and holes."""


def make(shape: Shape, at: Path) -> None:
    """Make a folder of this shape; ``at`` must exist and be empty."""
    _make(shape, os.fsencode(at))


def _make(shape: Shape, at: bytes) -> None:
    for name, entry in shape.items():
        path = os.path.join(at, name)
        if entry[0] == "link":
            os.symlink(entry[1], path)
        elif entry[0] == "file":
            with open(path, "xb") as out:
                out.write(entry[2])
            os.chmod(path, entry[1])
        else:
            os.mkdir(path)
            _make(entry[2], path)
            os.chmod(path, entry[1])


def shape_of(at: Path | bytes) -> Shape:
    """The shape of a folder on disk; what is no file, link or folder shows by its type bits."""
    shape: Shape = {}
    folder = os.fsencode(at)
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        found = os.lstat(path)
        mode = stat.S_IMODE(found.st_mode)
        if stat.S_ISLNK(found.st_mode):
            shape[name] = ("link", os.readlink(path))
        elif stat.S_ISDIR(found.st_mode):
            shape[name] = ("dir", mode, shape_of(path))
        elif stat.S_ISREG(found.st_mode):
            with open(path, "rb") as content:
                shape[name] = ("file", mode, content.read())
        else:
            shape[name] = ("special", stat.S_IFMT(found.st_mode))
    return shape


def marks(folder: Path) -> dict[str, tuple[int, ...]]:
    """Everything about a folder's entries that a change of any kind would move."""
    found = {}
    for at, folders, files in os.walk(folder):
        for name in ("", *folders, *files):
            one = os.lstat(path := os.path.join(at, name))
            found[path] = (one.st_ino, one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns)
    return found


def grow_old(at: Path) -> None:
    """Wait until the clock that stamps files has passed all stamps below ``at`` (some ms).

    Younger files are read again by the next snapshot, by rule.
    """
    newest = max(path.lstat().st_ctime_ns for path in at.rglob("*"))
    while coarse_now() <= newest:
        pass
