"""Whatever somebody may do to a folder, as steps that Hypothesis chooses."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

FOLDERS = ["", "a/", "a/a/", "b/", "b/b/", "b/b/a/"]
PLACES = st.builds(str.__add__, st.sampled_from(FOLDERS), st.sampled_from(["a", "b", "f", "g"]))
STEPS = st.one_of(
    st.tuples(st.just("write"), PLACES, st.integers(0, 3)),
    st.tuples(st.just("append"), PLACES),
    st.tuples(st.just("patch"), PLACES),
    st.tuples(st.just("remove"), PLACES),
    st.tuples(st.just("folder"), PLACES),
    st.tuples(st.just("rename"), PLACES, PLACES),
    st.tuples(st.just("exchange"), PLACES, PLACES),
    st.tuples(st.just("link"), PLACES, st.sampled_from(["a", "../b", "/nowhere"])),
    st.tuples(st.just("hard link"), PLACES, PLACES),
    st.tuples(st.just("mode"), PLACES, st.sampled_from([0o600, 0o755, 0o700])),
    st.tuples(st.just("fifo"), PLACES),
    st.tuples(st.just("attribute"), PLACES),
    st.tuples(st.just("no attribute"), PLACES),
    st.tuples(st.just("ignore"), st.sampled_from(FOLDERS), st.sampled_from("abfg")),
    st.tuples(st.just("do not ignore"), st.sampled_from(FOLDERS)),
    st.tuples(st.just("move out"), PLACES),
    st.tuples(st.just("move in"), PLACES),
    st.tuples(st.just("come and go"), PLACES),
    st.tuples(st.just("lose"), st.booleans()),
)


class Hands:
    """Does to a folder whatever is said, as far as it can be done."""

    def __init__(self, root: Path, outside: Path) -> None:
        self.root, self.outside = root, outside
        self.numbers = itertools.count()

    def do(self, what: str, *how: Any) -> None:
        with contextlib.suppress(OSError):  # no such thing, or something is in the way
            getattr(self, what.replace(" ", "_"))(*how)

    def write(self, name: str, size: int) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        self._open(name, os.O_CREAT | os.O_TRUNC, b"%d" % next(self.numbers) * size)

    def append(self, name: str) -> None:
        self._open(name, os.O_APPEND, b"more")

    def patch(self, name: str) -> None:
        self._open(name, 0, b"%d" % (next(self.numbers) % 10))

    def _open(self, name: str, how: int, data: bytes) -> None:
        # Nobody reads from a fifo here: without O_NONBLOCK this would wait for somebody.
        fd = os.open(self.root / name, os.O_WRONLY | os.O_NONBLOCK | how, 0o644)
        try:
            os.write(fd, data)
        finally:
            os.close(fd)

    def remove(self, name: str) -> None:
        at = self.root / name
        if at.is_dir() and not at.is_symlink():
            shutil.rmtree(at)
        else:
            at.unlink()

    def folder(self, name: str) -> None:
        (self.root / name).mkdir(parents=True)

    def rename(self, old: str, new: str) -> None:
        (self.root / old).rename(self.root / new)

    def exchange(self, one: str, other: str) -> None:
        beside = self.root / f"beside-{next(self.numbers)}"
        (self.root / one).rename(beside)
        try:
            (self.root / other).rename(self.root / one)
        finally:
            beside.rename(self.root / other)

    def link(self, name: str, target: str) -> None:
        (self.root / name).symlink_to(target)

    def hard_link(self, name: str, to: str) -> None:
        os.link(self.root / to, self.root / name, follow_symlinks=False)

    def mode(self, name: str, mode: int) -> None:
        os.chmod(self.root / name, mode, follow_symlinks=True)

    def attribute(self, name: str) -> None:
        os.setxattr(self.root / name, "user.test", b"x")

    def no_attribute(self, name: str) -> None:
        os.removexattr(self.root / name, "user.test")

    def fifo(self, name: str) -> None:
        os.mkfifo(self.root / name)

    def ignore(self, folder: str, pattern: str) -> None:
        (self.root / folder / ".shepherdignore").write_text(pattern + "\n")

    def do_not_ignore(self, folder: str) -> None:
        (self.root / folder / ".shepherdignore").unlink()

    def move_out(self, name: str) -> None:
        (self.root / name).rename(self.outside / f"{next(self.numbers)}")

    def move_in(self, name: str) -> None:
        for kept in sorted(self.outside.iterdir()):
            kept.rename(self.root / name)
            return

    def come_and_go(self, name: str) -> None:
        (self.root / name).mkdir()
        (self.root / name / "inner").mkdir()
        (self.root / name / "inner" / "f").write_text("x")
        shutil.rmtree(self.root / name)
