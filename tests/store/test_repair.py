"""repair: what is damaged is never given out, what is left is sound, nothing is invented."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from shepherd_sidecar.errors import BranchClosed, PayloadForgotten, StoreCorrupt
from shepherd_sidecar.store import commits, objects, payloads
from shepherd_sidecar.store.repair import repair
from shepherd_sidecar.store.verify import verify
from tests.store.test_verify import cells, flipped
from tests.support.traces import Traces, sample, traces


@pytest.fixture
def main(made: Traces, tmp_path: Path) -> str:
    return sample(made, tmp_path / "work")


def statuses(made: Traces) -> dict[str, str]:
    return dict(made.rows("SELECT name, status FROM branches"))


def test_a_sound_store_is_left_alone(made: Traces, main: str) -> None:
    before = made.rows("SELECT * FROM reflog"), statuses(made)
    report, done = repair(made.store)
    assert report.ok
    assert done == 0
    assert (made.rows("SELECT * FROM reflog"), statuses(made)) == before
    assert not (made.root / "damaged").exists()


def test_a_damaged_blob_is_set_aside_and_what_needs_it_closed(made: Traces, main: str) -> None:
    other = made.start("other")
    blob = made.blob(b"named by a payload")
    made.write("UPDATE objects SET data = x'00' WHERE id = ?", bytes.fromhex(blob))
    report, done = repair(made.store)
    assert done
    assert {(found.what, found.where) for found in report.findings} == {("missing", blob)}
    assert statuses(made) == {
        main: "failed", "side": "failed", "gone": "discarded", other: "live",
    }  # fmt: skip
    assert (made.root / "damaged" / f"{blob}.blob").read_bytes() == b"\0"
    with made.store.reading() as conn, pytest.raises(StoreCorrupt):
        objects.read(conn, made.root, "blob", blob)
    with pytest.raises(BranchClosed):
        made.append(main, {"content": "more"})
    again, done = repair(made.store)
    assert done == 0
    assert again.findings == report.findings
    made.append(other, {"content": "goes on"})

    assert made.blob(b"named by a payload") == blob
    assert verify(made.store).ok, "who puts the content again makes it whole"


def test_a_damaged_event_is_set_aside(made: Traces, main: str) -> None:
    commit = made.log(main)[3]
    made.write(
        "UPDATE commits SET payload = x'7b7d', flags = 0 WHERE id = ?", bytes.fromhex(commit)
    )
    report, _ = repair(made.store)
    assert [(found.what, found.where) for found in report.findings] == [("missing", commit)]
    with made.store.reading() as conn, pytest.raises(PayloadForgotten):
        payloads.read(conn, made.root, commits.need(conn, commit))
    again, done = repair(made.store)
    assert (again.findings, done) == (report.findings, 0)
    assert statuses(made)[main] == "failed"


def test_what_follows_from_other_rows_is_put_right(made: Traces, main: str) -> None:
    head, tip = made.rows("SELECT head, tip FROM branches WHERE name = ?", main)[0]
    made.write("UPDATE commits SET depth = depth + 3, jump = 1, logged = 2, world = NULL"
               " WHERE seq > 12 AND seq % 3 = 0")  # fmt: skip
    made.write("UPDATE branches SET head = 2, tip = 2 WHERE name = ?", main)
    report, done = repair(made.store)
    assert report.ok
    assert done > 3
    assert made.rows("SELECT head, tip FROM branches WHERE name = ?", main) == [(head, tip)]
    assert statuses(made)[main] == "live"
    made.append(main, {"content": "goes on"})
    assert verify(made.store).ok


def test_a_changed_reflog_row_closes_its_branch(made: Traces, main: str) -> None:
    made.write("UPDATE reflog SET at = at + 1 WHERE seq = 5")
    report, done = repair(made.store)
    assert done == 1
    assert [found.what for found in report.findings] == ["chain"]
    assert statuses(made)[main] == "failed"
    assert [found.where for found in verify(made.store).findings] == [f"{main} row 5"]


def test_an_object_file_is_moved_away(made: Traces, main: str) -> None:
    file = next(path for path in (made.root / "objects").rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-1])
    report, _ = repair(made.store)
    assert not file.exists()
    assert (made.root / "damaged" / file.name).is_file()
    assert not report.ok
    assert repair(made.store)[1] == 0


def test_whatever_bit_is_flipped_repair_settles(tmp_path: Path) -> None:
    """After repair nothing is damaged any more: what is reported is gone, and stays so."""
    with traces(tmp_path / "sound") as made:
        sample(made, tmp_path / "work")
    chance = random.Random(7)
    everything = list(cells(tmp_path / "sound"))
    columns = sorted({cell[:2] for cell in everything})
    for number in range(120):
        of = columns[number % len(columns)]
        table, column, seq, value = chance.choice([cell for cell in everything if cell[:2] == of])
        wrong, place = flipped(value, chance.randrange(8 * 40_000))
        root = tmp_path / "broken"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(tmp_path / "sound", root)
        conn = sqlite3.connect(root / "store.db", isolation_level=None)
        conn.execute(f"UPDATE {table} SET {column} = {place} WHERE seq = ?", (wrong, seq))
        conn.close()
        told = f"{table}.{column} of row {seq}: {value!r} became {wrong!r}"
        with traces(root) as made:
            report, _ = repair(made.store)
            assert {found.what for found in report.findings} <= {"missing", "chain"}, told
            again, done = repair(made.store)
            assert (again.findings, done) == (report.findings, 0), told
            other = made.start("after")
            made.append(other, {"content": "works"})
