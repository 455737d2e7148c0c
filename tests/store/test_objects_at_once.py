"""Many objects in few statements: the same rows as one by one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shepherd_sidecar.store import objects, objects_at_once
from shepherd_sidecar.store.objects import DAMAGED, FILE_FROM, FORGOTTEN, New
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.writer import Tx

_SMALL = st.one_of(
    st.binary(max_size=40),
    st.integers(0, 9).map(lambda n: b"line %d\n" % n * 60),  # compressed
)
_CONTENTS = st.one_of(_SMALL, st.integers(0, 3).map(lambda n: b"%d" % n * FILE_FROM))
_SOME = st.lists(
    st.tuples(st.sampled_from(["blob", "tree"]), _CONTENTS), max_size=12, unique_by=lambda at: at
)


@given(_SOME, _SOME, st.lists(st.tuples(st.integers(0, 20), st.sampled_from([DAMAGED, FORGOTTEN]))))
@settings(max_examples=60, deadline=None)
def test_the_rows_are_those_of_one_by_one(
    before: list[tuple[str, bytes]],
    added: list[tuple[str, bytes]],
    spoilt: list[tuple[int, int]],
) -> None:
    rows = []
    for at_once in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "store")
            try:
                rows.append(_rows(store, before, added, spoilt, at_once))
            finally:
                store.close()
    assert rows[0] == rows[1]


def test_more_than_one_question_asks_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    try:
        new = [objects.prepare(store.root, "blob", b"%d" % number) for number in range(1000)]
        assert store.write(lambda tx: objects_at_once.insert_all(tx.conn, new[::2])) > 0
        size = store.write(lambda tx: objects_at_once.insert_all(tx.conn, new + new))
        assert size == sum(one.size for one in new[1::2])
        with store.reading() as conn:
            assert conn.execute("SELECT count(*) FROM objects").fetchone() == (1000,)
            names = {one.name for one in new}
            assert objects_at_once.held(conn, "blob", names) == names
            assert objects_at_once.held(conn, "tree", names) == set()
    finally:
        store.close()


def _rows(
    store: Store,
    before: list[tuple[str, bytes]],
    added: list[tuple[str, bytes]],
    spoilt: list[tuple[int, int]],
    at_once: bool,
) -> object:
    old, new = _prepared(store, before), _prepared(store, added)

    def work(tx: Tx) -> int:
        for one in old:
            objects.insert(tx.conn, one)
        for row, codec in spoilt:
            tx.conn.execute("UPDATE objects SET codec = ? WHERE seq = ?", (codec, row))
        lacking = sum(one.size for one in new if one.kind == "blob" and not _held(tx, one))
        if at_once:
            return objects_at_once.insert_all(tx.conn, new) - lacking
        for one in new:
            objects.insert(tx.conn, one)
        return 0

    assert store.write(work) == 0
    with store.reading() as conn:
        return sorted(conn.execute("SELECT id, kind, codec, size, data FROM objects").fetchall())


def _held(tx: Tx, new: New) -> bool:
    return bool(objects_at_once.held(tx.conn, new.kind, [new.name]))


def _prepared(store: Store, contents: list[tuple[str, bytes]]) -> list[New]:
    return [objects.prepare(store.root, kind, data) for kind, data in contents]  # type: ignore[arg-type]
