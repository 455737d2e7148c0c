"""Verify: every id and chain recomputed, every rule of a well-formed store looked at.

Layer: store. Reads only. Memory does not grow with the store: rows come a page at a time, and
at most so many problems are told one by one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shepherd_sidecar.store import caring, connection
from shepherd_sidecar.store.check_commits import CommitCheck
from shepherd_sidecar.store.check_objects import check_lists, check_objects, count_files
from shepherd_sidecar.store.check_reflog import check_reflog
from shepherd_sidecar.store.findings import Finding
from shepherd_sidecar.store.layout import DATABASE
from shepherd_sidecar.store.store import Store

MOST: Final = 10_000
"""Problems told one by one; more are only counted."""
_STEP: Final = 1000

Progress = Callable[[str, int], None]
"""Called now and then with what is being checked and how many of it were."""


@dataclass(slots=True)
class Report:
    """What was checked and what is wrong."""

    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    """Findings beyond the most that are told."""
    checked: Counter[str] = field(default_factory=Counter)
    """``commits``, ``blobs``, ``trees``, ``lists``, ``reflog``, ``files``; of these ``orphans``."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def add(self, found: Iterator[Finding]) -> None:
        """Take in what a check found."""
        for finding in found:
            if len(self.findings) < MOST:
                self.findings.append(finding)
            else:
                self.more += 1


def verify(store: Store, progress: Progress | None = None) -> Report:
    """Check everything.

    Raises:
        StoreLocked: somebody else looks after the store just now.
    """
    with caring.alone(store.root):
        return look(store, progress)


def look(store: Store, progress: Progress | None = None) -> Report:
    """``verify`` for one who looks after the store already."""
    report = Report()

    def seen(what: str) -> None:
        report.checked[what] += 1
        if progress is not None and report.checked[what] % _STEP == 0:
            progress(what, report.checked[what])

    for name in ("blobs", "trees", "commits", "reflog", "files", "orphans"):
        report.checked[name] = 0
    with store.reading() as conn, _any_text(conn):
        report.add(_database(conn, store.root))
        report.add(_guarded(store.root, check_objects(conn, store.root, seen)))
        report.add(_guarded(store.root, check_lists(conn)))
        report.add(_guarded(store.root, CommitCheck(conn, store.root).every(seen)))
        report.add(_guarded(store.root, check_reflog(conn, seen)))
        count_files(conn, store.root, seen)
    return report


@contextmanager
def _any_text(conn: sqlite3.Connection) -> Iterator[None]:
    """Text that is damaged can be read all the same, and then does not hash to what it should."""
    conn.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        conn.text_factory = str


def _database(conn: sqlite3.Connection, root: Path) -> Iterator[Finding]:
    """The database's own look at its pages and indexes."""
    try:
        for (line,) in conn.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield Finding("database", str(root / DATABASE), line)
    except sqlite3.DatabaseError as error:
        yield Finding("database", str(root / DATABASE), str(error))


def _guarded(root: Path, found: Iterator[Finding]) -> Iterator[Finding]:
    """A page that cannot be read ends one check, not all."""
    try:
        yield from found
    except sqlite3.DatabaseError as error:
        problem = connection.translate(error, root / DATABASE)
        yield Finding("database", str(root / DATABASE), f"what follows it: {problem.message}")
