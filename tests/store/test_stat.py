"""stat: counts and sizes, exact, and cheap to ask for again."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from shepherd_sidecar.protocol.branches import ForkParams
from shepherd_sidecar.protocol.stores import StatParams, StatResult
from tests.support.traces import AUTHOR, Traces, sample


def ask(made: Traces) -> StatResult:
    return made.engine.care().stat(StatParams())


def test_an_empty_store(made: Traces) -> None:
    found = ask(made)
    assert (found.runs, found.branches, found.commits, found.blobs, found.trees) == (0,) * 5
    assert (found.payload_bytes, found.object_file_bytes, found.world_bytes) == (0, 0, 0)
    assert found.database_bytes > 0
    assert found.path == str(made.root)


def test_counts_and_sizes(made: Traces, tmp_path: Path) -> None:
    sample(made, tmp_path / "work")
    found = ask(made)
    for table, count in (("runs", found.runs), ("branches", found.branches),
                         ("commits", found.commits)):  # fmt: skip
        assert made.rows(f"SELECT count(*) FROM {table}") == [(count,)]
    assert made.rows("SELECT kind, count(*) FROM objects GROUP BY kind") == [
        (0, found.blobs), (1, found.trees),
    ]  # fmt: skip
    files = [path for path in (made.root / "objects").rglob("*") if path.is_file()]
    assert found.object_file_bytes == sum(path.stat().st_blocks * 512 for path in files)


def test_payload_bytes_are_those_before_compression(made: Traces) -> None:
    main = made.start()
    before = ask(made).payload_bytes
    made.append(main, {"content": "y" * 30_000}, {"content": "z"})
    made.blob(b"w" * 50_000)
    made.blob(os.urandom(70_000))
    expected = len('{"content":""}') * 2 + 30_001 + 50_000 + 70_000
    assert ask(made).payload_bytes == before + expected
    assert ask(made).payload_bytes == before + expected


def test_a_world_counts_and_one_in_place_does_not(made: Traces, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "file").write_bytes(base64.b64encode(os.urandom(60_000)))
    main = made.start("main", tmp_path / "work")
    assert ask(made).world_bytes < 20_000
    made.engine.fork(ForkParams(at=main, driver="copy"), AUTHOR)
    assert ask(made).world_bytes > 80_000
