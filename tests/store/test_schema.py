"""Older stores become newer ones, whoever opens them first; newer ones are left alone."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from shepherd_sidecar.errors import StoreCorrupt, StoreTooNew
from shepherd_sidecar.store import branches, commits, payloads, schema
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.sweep import collect
from shepherd_sidecar.store.verify import verify
from tests.support.traces import traces

V1 = Path(__file__).parent / "fixtures" / "v1.db"
OPEN = """
import sys
from pathlib import Path
from shepherd_sidecar.store.store import Store
sys.stdin.readline()
Store(Path(sys.argv[1])).close()
print("opened")
"""


def old(folder: Path) -> Path:
    """A store that version 1 wrote: five branches of two runs, with one of everything."""
    folder.mkdir()
    shutil.copy(V1, folder / "store.db")
    return folder


def heads(path: Path) -> dict[str, str]:
    conn = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return {
            name: bytes(head).hex()
            for name, head in conn.execute(
                "SELECT b.name, c.id FROM branches b JOIN commits c ON c.seq = b.head"
            )
        }
    finally:
        conn.close()


def test_a_store_of_layout_1_is_brought_up_to_date(tmp_path: Path) -> None:
    before = heads(V1)
    assert len(before) == 5
    with traces(old(tmp_path / "store")) as made:
        assert made.rows("PRAGMA user_version") == [(schema.VERSION,)]
        assert made.rows("PRAGMA auto_vacuum") == [(2,)]
        assert verify(made.store).findings == []
        assert {name: made.head(name) for name in before} == before
        with made.store.reading() as conn:
            for name in before:
                for node in commits.walk(conn, branches.need(conn, name).head, 1000):
                    payloads.read(conn, made.root, node)
        made.append("first", {"content": "goes on"})
        made.append("side", {"content": "goes on"})
        assert collect(made.store, 0).branches == 2
        assert verify(made.store).findings == []
    assert oct((tmp_path / "store" / "store.db").stat().st_mode & 0o777) == "0o600"


def test_an_upgraded_store_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    def layout(root: Path) -> set[tuple[str, str]]:
        Store(root).close()
        conn = sqlite3.connect(root / "store.db")
        try:
            return {
                (name, " ".join(sql.split()))
                for name, sql in conn.execute(
                    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
                )
            }
        finally:
            conn.close()

    assert layout(old(tmp_path / "old")) == layout(tmp_path / "new")


@pytest.mark.parametrize("which", ["old", "new"])
def test_several_processes_open_it_at_once(tmp_path: Path, which: str) -> None:
    root = old(tmp_path / "store") if which == "old" else tmp_path / "store"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("now\n")
        program.stdin.flush()
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert (out, err, program.returncode) == ("opened\n", "", 0)
    store = Store(root)
    try:
        assert verify(store).findings == []
    finally:
        store.close()


@pytest.mark.requirement("CRASH-05")
def test_a_newer_store_is_refused_and_not_touched(tmp_path: Path) -> None:
    root = tmp_path / "store"
    Store(root).close()
    conn = sqlite3.connect(root / "store.db")
    conn.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    conn.close()

    def state() -> dict[str, str]:
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*")
            if path.is_file()
        }

    before = state()
    with pytest.raises(StoreTooNew) as error:
        Store(root)
    assert error.value.data == {"found": schema.VERSION + 1, "supported": schema.VERSION}
    assert state() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "store"
    root.mkdir()
    (root / "store.db").write_bytes(b"this is no database, it only looks like a file " * 100)
    with pytest.raises(StoreCorrupt, match="no database") as error:
        Store(root)
    assert "import" in error.value.advice, "verify could not open it either"
