"""verify: nothing wrong is found in a sound store, everything wrong in an unsound one."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.engine import record
from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.errors import StoreCorrupt, StoreLocked
from shepherd_sidecar.store import caring, commits, heads, objects
from shepherd_sidecar.store.findings import Finding
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.verify import Report, verify
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace.events import Kind
from tests.support.traces import AUTHOR, Traces, sample, traces

FLIPS = 300
COVERED = {
    "objects": ("id", "kind", "codec", "size", "data"),
    "commits": (
        "id", "parent", "second", "depth", "jump", "kind", "effect", "flags", "intent", "world",
        "logged", "lists", "external", "payload",
    ),
    "reflog": ("branch", "action", "head", "at", "author", "client_id", "usage", "chain"),
    "branches": ("head", "tip"),
    "authors": ("name",),
}  # fmt: skip


def check(root: Path) -> Report:
    store = Store(root)
    try:
        return verify(store)
    finally:
        store.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with one of everything."""
    folder = tmp_path_factory.mktemp("sound")
    with traces(folder / "store") as made:
        sample(made, folder / "work")
    return folder / "store"


def copied(sound: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(sound, to)
    return to


def broken(sound: Path, to: Path, sql: str, *values: Any) -> list[Finding]:
    """What is found after one statement behind everybody's back."""
    root = copied(sound, to)
    conn = sqlite3.connect(root / "store.db", isolation_level=None)
    conn.execute(sql, values)
    conn.close()
    return check(root).findings


def only(findings: list[Finding], what: str) -> Finding:
    found = [finding for finding in findings if finding.what == what]
    assert found, findings
    return found[0]


def test_a_sound_store_has_no_problem_and_says_what_was_checked(sound: Path) -> None:
    report = check(sound)
    assert report.findings == []
    assert report.checked["commits"] > 30
    assert report.checked["reflog"] > report.checked["commits"]
    assert report.checked["trees"] == 4
    assert report.checked["files"] == 2
    assert report.checked["orphans"] == 0


def test_what_a_crash_leaves_in_the_objects_folder_is_no_problem(
    sound: Path, tmp_path: Path
) -> None:
    root = copied(sound, tmp_path / "store")
    objects.prepare(root, "blob", random.Random(1).randbytes(70_000))
    report = check(root)
    assert report.ok
    assert report.checked["orphans"] == 1


def cells(root: Path) -> Iterator[tuple[str, str, int, Any]]:
    conn = sqlite3.connect(root / "store.db")
    for table, columns in COVERED.items():
        for column in columns:
            for seq, value in conn.execute(f"SELECT seq, {column} FROM {table}"):
                if value is not None:
                    yield table, column, seq, value
    conn.close()


def flipped(value: Any, bit: int) -> tuple[Any, str]:
    """The value with one bit changed, and the SQL that stores it with its type."""
    if isinstance(value, int):
        return value ^ (1 << (bit % 16)), "?"
    data = bytearray(value.encode() if isinstance(value, str) else value)
    data[bit // 8 % len(data)] ^= 1 << (bit % 8)
    return bytes(data), "CAST(? AS TEXT)" if isinstance(value, str) else "?"


def spoken_of(root: Path, table: str, seq: int) -> set[str]:
    """By what a finding may name the row that was changed."""
    conn = sqlite3.connect(root / "store.db")
    try:
        if table in ("objects", "commits"):
            (name,) = conn.execute(f"SELECT id FROM {table} WHERE seq = ?", (seq,)).fetchone()
            return {bytes(name).hex()}
        if table == "reflog":
            return {f"row {seq}"}
        if table == "authors":
            return {"row "}
        (name,) = conn.execute(f"SELECT name FROM {table} WHERE seq = ?", (seq,)).fetchone()
        return {str(name)}
    finally:
        conn.close()


@pytest.mark.requirement("STORE-01")
def test_every_flipped_bit_of_a_row_is_found_and_its_object_named(
    sound: Path, tmp_path: Path
) -> None:
    chance = random.Random(20261121)
    everything = list(cells(sound))
    by_column: dict[tuple[str, str], list[tuple[str, str, int, Any]]] = {}
    for cell in everything:
        by_column.setdefault(cell[:2], []).append(cell)
    columns = list(by_column.values())
    root = copied(sound, tmp_path / "store")
    pristine = (root / "store.db").read_bytes()
    for number in range(FLIPS):
        table, column, seq, value = chance.choice(columns[number % len(columns)])
        wrong, place = flipped(value, chance.randrange(8 * 40_000))
        (root / "store.db").write_bytes(pristine)
        conn = sqlite3.connect(root / "store.db", isolation_level=None)
        conn.execute(f"UPDATE {table} SET {column} = {place} WHERE seq = ?", (wrong, seq))
        conn.close()
        findings = check(root).findings
        told = f"{table}.{column} of row {seq}: {value!r} became {wrong!r}"
        if not findings and column == "data" and same_content(sound, root, seq):
            continue  # a bit of the packing that changes nothing of the content
        if not findings and column == "payload" and same_payload(sound, root, seq):
            continue
        assert findings, told
        wheres = " ".join(f"{found.where} {found.detail}" for found in findings)
        if (table, column) == ("reflog", "branch"):
            # A first row may fit where it came to: then the row that it displaced is named.
            assert any(found.what == "chain" for found in findings), (told, findings)
        else:
            assert any(name in wheres for name in spoken_of(root, table, seq)), (told, findings)


def same_content(left: Path, right: Path, seq: int) -> bool:
    def read(root: Path) -> bytes:
        conn = sqlite3.connect(root / "store.db")
        try:
            return objects.read_seq(conn, root, seq)
        finally:
            conn.close()

    return read(left) == read(right)


def same_payload(left: Path, right: Path, seq: int) -> bool:
    def read(root: Path) -> bytes:
        conn = sqlite3.connect(root / "store.db")
        try:
            (data,) = conn.execute("SELECT payload FROM commits WHERE seq = ?", (seq,)).fetchone()
            return objects.unpack_frame(data)
        finally:
            conn.close()

    return read(left) == read(right)


@pytest.mark.requirement("STORE-01", "BLOB-05")
def test_every_flipped_byte_of_an_object_file_is_found_and_never_given_out(
    sound: Path, tmp_path: Path
) -> None:
    root = copied(sound, tmp_path / "store")
    files = [path for path in (root / "objects").rglob("*") if path.is_file()]
    assert len(files) == 2
    for file in files:
        whole = file.read_bytes()
        for at in (0, len(whole) // 3, len(whole) - 1):
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
            name = (file.parent.name + file.name).removesuffix(".zst")
            found = only(check(root).findings, "file")
            assert found.where == name
            with traces(root) as made, pytest.raises(StoreCorrupt), made.store.reading() as conn:
                objects.read(conn, root, "blob", name)
        file.write_bytes(whole[:-5])
        assert only(check(root).findings, "file")
        file.unlink()
        assert "gone" in only(check(root).findings, "file").detail
        file.write_bytes(whole)
    assert check(root).ok


@pytest.mark.requirement("BLOB-05")
def test_a_changed_event_is_never_given_out(sound: Path, tmp_path: Path) -> None:
    root = copied(sound, tmp_path / "store")
    with traces(root) as made:
        for (name,) in made.rows("SELECT id FROM commits WHERE kind = 1 AND payload IS NOT NULL"):
            made.write(
                "UPDATE commits SET payload = x'7b7d', flags = flags & ~4 WHERE id = ?", name
            )
            with pytest.raises(StoreCorrupt), made.store.reading() as conn:
                entry(conn, root, commits.need(conn, bytes(name).hex()))


def test_rows_that_are_gone_are_found(sound: Path, tmp_path: Path) -> None:
    at = tmp_path / "store"
    blob = "(SELECT max(seq) FROM objects WHERE kind = 0 AND size < 1000)"
    tree = "(SELECT min(seq) FROM objects WHERE kind = 1)"
    assert only(broken(sound, at, f"DELETE FROM objects WHERE seq = {blob}"), "missing")
    assert only(broken(sound, at, f"DELETE FROM objects WHERE seq = {tree}"), "missing")
    assert only(broken(sound, at, "DELETE FROM commits WHERE seq = 9"), "missing")
    assert only(broken(sound, at, "DELETE FROM reflog WHERE seq = 9"), "chain")
    assert only(broken(sound, at, "DELETE FROM branches WHERE name = 'side'"), "chain")
    assert only(broken(sound, at, "DELETE FROM runs"), "missing")
    assert only(broken(sound, at, "DELETE FROM lists WHERE seq = 1"), "row")
    assert only(broken(sound, at, "DELETE FROM authors"), "chain")


def test_a_damaged_page_and_a_wrong_index_are_found(sound: Path, tmp_path: Path) -> None:
    root = copied(sound, tmp_path / "store")
    data = bytearray((root / "store.db").read_bytes())
    conn = sqlite3.connect(root / "store.db")
    (page,) = conn.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'commits_by_id'"
    ).fetchone()
    conn.close()
    start = (page - 1) * 4096
    data[start + 3 : start + 5] = b"\xff\xff"
    (root / "store.db").write_bytes(data)
    assert only(check(root).findings, "database")


def forge(
    made: Traces, branch: str, kind: Kind, payload: dict[str, Any], intent: str | None
) -> str:
    """A commit that the engine would refuse."""
    event = made.engine.preparer.own(kind, payload, intent)

    def work(tx: Tx) -> str:
        head = heads.load(tx, branch)
        named = commits.need(tx.conn, intent) if intent is not None else None
        node = record.insert(tx, head.node, event, named)
        heads.log(tx, head, node, "append", AUTHOR)
        return node.hex

    return made.store.write(work)


def test_each_rule_of_a_well_formed_store_is_looked_at(made: Traces) -> None:
    main = made.start()
    intent, _ = made.call(main, {"model": "m"}, {"content": 1})
    (plain,) = made.append(main, {"content": 2})
    (open_one,) = made.append(main, {"model": "m"}, kind="model_call")
    denied = made.deny(main, {"name": "rm"})
    side, other = made.fork(intent, "side", "other")
    made.resolve(side, intent, {"content": 3})
    made.resolve(other, intent, {"content": 3})
    assert verify(made.store).ok, "forks may each have an outcome of their own"

    wrong = {
        forge(made, main, "model_result", {"status": "ok"}, intent): "outcome",
        forge(made, main, "tool_result", {"status": "ok"}, open_one): "intent",
        forge(made, main, "model_result", {"status": "ok"}, plain): "intent",
        forge(made, main, "message", {"content": 4}, intent): "intent",
        forge(made, main, "model_result", {"status": "ok"}, None): "intent",
        forge(made, side, "tool_result", {"status": "ok"}, denied): "intent",
    }
    found = {finding.where: finding.what for finding in verify(made.store).findings}
    assert found == wrong


def test_an_outcome_after_a_deny_is_found(made: Traces) -> None:
    main = made.start()
    (intent,) = made.append(main, {"name": "rm"}, kind="tool_call")
    forge(made, main, "intervention", {"action": "verdict", "decision": "deny", "by": "x"}, intent)
    ran = forge(made, main, "tool_result", {"status": "ok", "result": {}}, intent)
    (found,) = verify(made.store).findings
    assert (found.what, found.where) == ("denied", ran)


def test_a_deny_after_an_outcome_is_found(made: Traces) -> None:
    main = made.start()
    (intent,) = made.append(main, {"name": "rm"}, kind="tool_call")
    forge(made, main, "tool_result", {"status": "ok", "result": {}}, intent)
    said = {"action": "verdict", "decision": "deny", "by": "x"}
    late = forge(made, main, "intervention", said, intent)
    (found,) = verify(made.store).findings
    assert (found.what, found.where) == ("denied", late)


@pytest.mark.parametrize("decision", [None, "allow", "override"])
def test_an_outcome_of_what_was_held_and_never_decided_is_found(
    made: Traces, decision: str | None
) -> None:
    main = made.start()
    (intent,) = made.append(main, {"name": "rm"}, kind="tool_call")
    for one in filter(None, ("hold", decision)):
        said = {"action": "verdict", "decision": one, "by": "x"}
        forge(made, main, "intervention", said, intent)
    ran = forge(made, main, "tool_result", {"status": "ok", "result": {}}, intent)
    found = [(one.what, one.where) for one in verify(made.store).findings]
    assert found == ([("denied", ran)] if decision is None else [])


def test_a_blob_that_a_payload_names_must_be_there(made: Traces) -> None:
    main = made.start()
    ref = made.blob(b"named")
    (commit,) = made.append(main, {"content": {"$blob": ref}})
    assert verify(made.store).ok
    made.write("DELETE FROM objects")
    (found,) = verify(made.store).findings
    assert (found.what, found.where) == ("missing", ref)
    assert commit in found.detail


def test_only_one_looks_after_a_store_at_a_time(made: Traces) -> None:
    with caring.alone(made.root), pytest.raises(StoreLocked):
        verify(made.store)
    assert verify(made.store).ok


def test_memory_stays_flat_and_progress_is_told(made: Traces) -> None:
    main = made.start()
    made.append(main, *({"n": number} for number in range(2_000)))
    told: list[tuple[str, int]] = []

    def peak() -> int:
        tracemalloc.start()
        assert verify(made.store, lambda what, count: told.append((what, count))).ok
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak()
    few = peak()
    made.append(main, *({"n": number, "more": "y" * 300} for number in range(8_000)))
    assert peak() < few + 4_000_000
    assert ("commits", 10_000) in told
    assert ("reflog", 10_000) in told
