"""forget: the bytes are gone from every file of the store, the hash stays, all else as it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.errors import (
    BlobMissing,
    IntentAlreadyResolved,
    InvalidParams,
    PayloadForgotten,
    StoreLocked,
    UnknownCommit,
)
from shepherd_sidecar.protocol.stores import ForgetParams
from shepherd_sidecar.store import commits, connection, forget, objects, payloads
from shepherd_sidecar.store.sweep import collect
from shepherd_sidecar.store.verify import verify
from tests.support.traces import Traces, sample

WORD = "Heffalump trap no. 7"


def secret(length: int = 150) -> str:
    """Text that packing leaves as it is, when it is short, and that nothing else holds."""
    return (WORD + " ") * (length // (len(WORD) + 1) + 1)


def found_in(made: Traces, text: str) -> list[str]:
    """The files of the store in which a text stands."""
    return [
        str(path.relative_to(made.root))
        for path in made.root.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


def forgotten(made: Traces, commit: str) -> bool:
    with made.store.reading() as conn:
        node = commits.need(conn, commit)
        with pytest.raises(PayloadForgotten):
            payloads.read(conn, made.root, node)
        told = entry(conn, made.root, node)
    return bool(told.forgotten) and told.payload is None and len(told.event) == 64


@pytest.mark.requirement("STORE-04")
def test_a_payload_is_gone_from_every_file_and_its_hash_stays(made: Traces) -> None:
    main = made.start()
    made.append(main, {"n": 1})
    (commit,) = made.append(main, {"content": secret()})
    made.append(main, {"n": 2})
    with made.store.reading() as conn:
        event = entry(conn, made.root, commits.need(conn, commit)).event
    assert found_in(made, WORD)
    log = made.log(main)
    assert forget.forget_event(made.store, commit, "asked to") == 1
    assert found_in(made, WORD) == []
    assert forgotten(made, commit)
    with made.store.reading() as conn:
        assert entry(conn, made.root, commits.need(conn, commit)).event == event
    assert made.log(main) == log
    assert made.rows("SELECT event, reason FROM forgotten") == [(bytes.fromhex(event), "asked to")]
    assert verify(made.store).findings == []
    made.append(main, {"n": 3})
    assert forget.forget_event(made.store, commit, None) == 0
    assert verify(made.store).findings == []


def test_every_commit_of_the_same_event_is_forgotten(made: Traces) -> None:
    main = made.start()
    (first,) = made.append(main, {"content": secret()})
    other = made.start("other")
    (second,) = made.append(other, {"content": secret()})
    (kept,) = made.append(other, {"content": secret(), "more": 1})
    assert first != second
    assert forget.forget_event(made.store, first, None) == 2
    assert forgotten(made, first)
    assert forgotten(made, second)
    with made.store.reading() as conn:
        assert payloads.read(conn, made.root, commits.need(conn, kept))["more"] == 1


def test_a_payload_in_a_file_of_its_own_goes_with_the_file(made: Traces) -> None:
    main = made.start()
    (commit,) = made.append(main, {"content": secret(80_000)})
    assert [path for path in (made.root / "objects").rglob("*") if path.is_file()]
    assert forget.forget_event(made.store, commit, None) == 2
    assert not [path for path in (made.root / "objects").rglob("*") if path.is_file()]
    assert forgotten(made, commit)
    assert verify(made.store).findings == []


def test_a_payload_that_another_event_has_too_stays_there(made: Traces) -> None:
    main = made.start()
    payload = {"content": secret(80_000)}
    (one,) = made.append(main, payload)
    (other,) = made.append(main, payload, kind="observation")
    forget.forget_event(made.store, one, None)
    with made.store.reading() as conn:
        assert payloads.read(conn, made.root, commits.need(conn, other)) == payload
    forget.forget_event(made.store, other, None)
    assert verify(made.store).findings == []
    assert not [path for path in (made.root / "objects").rglob("*") if path.is_file()]


@pytest.mark.parametrize("length", [150, 90_000])
def test_a_blob_is_forgotten_and_stays_so(made: Traces, length: int) -> None:
    main = made.start()
    blob = made.blob(secret(length).encode())
    (commit,) = made.append(main, {"content": {"$blob": blob}})
    assert forget.forget_blob(made.store, blob, "asked to") == 1
    assert found_in(made, WORD) == []
    with made.store.reading() as conn:
        with pytest.raises(PayloadForgotten):
            objects.read(conn, made.root, "blob", blob)
        assert payloads.read(conn, made.root, commits.need(conn, commit))
    assert verify(made.store).findings == []
    assert collect(made.store, 0).blobs == 0
    assert made.blob(secret(length).encode()) == blob
    with made.store.reading() as conn, pytest.raises(PayloadForgotten):
        objects.read(conn, made.root, "blob", blob)
    assert forget.forget_blob(made.store, blob, None) == 0
    assert found_in(made, WORD) == []


def test_a_blob_that_is_a_payload_takes_the_payload_with_it(made: Traces) -> None:
    main = made.start()
    (commit,) = made.append(main, {"content": secret(80_000)})
    (name,) = made.rows("SELECT o.id FROM commits c JOIN objects o ON o.seq = c.external")[0]
    assert forget.forget_blob(made.store, name.hex(), None) == 2
    assert forgotten(made, commit)
    assert verify(made.store).findings == []


def test_a_message_of_a_conversation_is_forgotten_as_its_blob(made: Traces) -> None:
    main = made.start()
    messages = [{"content": secret()}, {"content": "and another"}]
    made.call(main, {"model": "m", "messages": messages[:1]}, {"n": 1})
    intent, _ = made.call(main, {"model": "m", "messages": messages}, {"n": 2})
    with made.store.reading() as conn:
        listed = payloads.read(conn, made.root, commits.need(conn, intent))["messages"]
    forget.forget_blob(made.store, listed[0]["$blob"], None)
    assert found_in(made, WORD) == []
    assert verify(made.store).findings == []


def test_old_copies_in_the_pages_of_the_database_are_found_and_written_over(
    made: Traces,
) -> None:
    """Rows that moved before removing cleaned up after itself: another version, another SQLite."""
    main = made.start()
    (commit,) = made.append(main, {"content": secret()})
    stored = made.rows("SELECT payload FROM commits WHERE id = ?", bytes.fromhex(commit))[0][0]
    conn = sqlite3.connect(made.root / "store.db", isolation_level=None)
    conn.execute("PRAGMA secure_delete = OFF")
    conn.execute("CREATE TABLE moved(x)")
    conn.executemany("INSERT INTO moved VALUES (?)", [(stored,)] * 200)
    conn.execute("DROP TABLE moved")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    assert (made.root / "store.db").read_bytes().count(stored) > 100
    forget.forget_event(made.store, commit, None)
    assert found_in(made, WORD) == []
    assert stored not in (made.root / "store.db").read_bytes()
    assert verify(made.store).findings == []


def test_a_reader_that_holds_the_log_up_is_told_of(
    made: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_MS", 50)
    main = made.start()
    (commit,) = made.append(main, {"content": secret()})
    reader = sqlite3.connect(made.root / "store.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM commits").fetchone()
    with pytest.raises(StoreLocked):
        forget.forget_event(made.store, commit, None)
    assert forgotten(made, commit), "nobody who asks gets it any more"
    reader.close()
    assert forget.forget_event(made.store, commit, None) == 0
    assert found_in(made, WORD) == []


def test_nothing_else_is_touched(made: Traces, tmp_path: Path) -> None:
    main = sample(made, tmp_path / "work")
    (commit,) = made.append(main, {"content": secret()})
    before = {
        table: made.rows(f"SELECT * FROM {table}")
        for table in ("objects", "branches", "reflog", "lists", "authors")
    }
    forget.forget_event(made.store, commit, None)
    for table, rows in before.items():
        assert made.rows(f"SELECT * FROM {table}") == rows


def test_what_is_not_there_cannot_be_forgotten(made: Traces) -> None:
    care = made.engine.care()
    with pytest.raises(UnknownCommit):
        care.forget(ForgetParams(commit="0" * 64))
    with pytest.raises(BlobMissing):
        care.forget(ForgetParams(blob="0" * 64))
    for params in (
        ForgetParams(),
        ForgetParams(commit="0" * 64, blob="0" * 64),
        ForgetParams(commit="nonsense"),
    ):
        with pytest.raises(InvalidParams):
            care.forget(params)


def test_what_was_decided_stays_decided(made: Traces) -> None:
    main = made.start()
    intent = made.deny(main, {"name": "rm"})
    for kind in ("intervention", "tool_result"):
        number = commits.KIND_NUMBER[kind]
        (name,) = made.rows("SELECT id FROM commits WHERE kind = ?", number)[0]
        forget.forget_event(made.store, name.hex(), None)
    with pytest.raises(IntentAlreadyResolved):
        made.resolve(main, intent, {"n": 1})
    assert verify(made.store).findings == []
