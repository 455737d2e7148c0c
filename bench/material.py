"""Events like those of recorded runs, the same in every run and on every machine.

A recorded tool result is mostly text that was there before: sources, listings, test output.
The texts here are cut from Python's own standard library, half as they are and half as a test
run or a listing would show them, with numbers that differ.
"""

from __future__ import annotations

import json
import random
import sqlite3
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shepherd_sidecar.protocol.traces import AppendParams, NewEvent

KB = 1000
_SOURCES = ("argparse", "ast", "difflib", "inspect", "pathlib", "tarfile", "threading", "typing")


def texts(size: int = KB, seed: int = 1, shapes: int = 4) -> Iterator[str]:
    """Texts of about this many bytes, without end; of two shapes they are all sources."""
    rng = random.Random(seed)
    folder = Path(json.__file__).parent.parent
    sources = [(folder / f"{name}.py").read_text("utf-8") for name in _SOURCES]
    while True:
        source = rng.choice(sources)
        at = rng.randrange(len(source) - size)
        cut = source[at : at + size]
        shape = rng.randrange(shapes)
        if shape == 2:
            lines = [
                f"tests/test_{rng.choice(_SOURCES)}.py::test_{rng.randrange(10**6)} "
                f"{rng.choice(('PASSED', 'PASSED', 'FAILED'))} [{n}%] {rng.random():.3f}s"
                for n in range(size // 50)
            ]
            cut = "\n".join(lines)
        elif shape == 3:
            lines = [
                f"-rw-r--r-- 1 user user {rng.randrange(10**5):6} Jan {n % 28 + 1:2} "
                f"12:{rng.randrange(60):02} {word}"
                for n, word in enumerate(cut.split()[: size // 50])
            ]
            cut = "\n".join(lines)
        yield cut[:size]


def noise(size: int = KB, seed: int = 2) -> Iterator[str]:
    """Random printable text: an eighth is all that zstd saves on it."""
    rng = random.Random(seed)
    letters = "".join(c for c in string.printable if c.isprintable() and c not in '"\\')
    while True:
        yield "".join(rng.choices(letters, k=size))


def observation(text: str) -> dict[str, Any]:
    """An event around a text: about 60 bytes more."""
    return {"kind": "observation", "payload": {"source": "terminal", "exitCode": 0, "text": text}}


def append_params(branch: str, events: list[dict[str, Any]]) -> AppendParams:
    """The same events for the engine itself, without a wire."""
    return AppendParams(branch, [NewEvent(**event) for event in events])


class Bare:
    """SQLite and nothing else: WAL, ``synchronous=FULL``, one table of payloads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.conn = sqlite3.connect(path, isolation_level=None)
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("PRAGMA synchronous = FULL")
        self.conn.execute("CREATE TABLE events(seq INTEGER PRIMARY KEY, payload BLOB)")

    def insert(self, payload: bytes) -> None:
        """One row, committed."""
        self.conn.execute("INSERT INTO events(payload) VALUES (?)", (payload,))

    def insert_all(self, payloads: list[bytes]) -> None:
        """Rows of one commit."""
        self.conn.execute("BEGIN IMMEDIATE")
        self.conn.executemany("INSERT INTO events(payload) VALUES (?)", zip(payloads, strict=True))
        self.conn.execute("COMMIT")

    def close(self) -> None:
        self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.conn.close()
