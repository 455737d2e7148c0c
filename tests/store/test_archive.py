"""export and import: the same heads, logs, worlds and chains in another store, or nothing."""

from __future__ import annotations

import base64
import itertools
import os
import random
import shutil
import struct
import subprocess
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from blake3 import blake3
from hypothesis import HealthCheck, given, settings

from shepherd_sidecar.errors import (
    ImportInvalid,
    InvalidParams,
    PayloadForgotten,
    StoreCorrupt,
    UnknownBranch,
)
from shepherd_sidecar.protocol.stores import ExportParams, ExportResult, ImportParams, ImportResult
from shepherd_sidecar.store import archive, branches, commits, forget, objects, payloads
from shepherd_sidecar.store.sweep import collect
from shepherd_sidecar.store.verify import verify
from shepherd_sidecar.trace.ids import object_id
from tests.store.kept import DO, contents, everything, merge, play, with_tree
from tests.support.lacking import needed
from tests.support.traces import AUTHOR, Traces, sample, traces


def export(made: Traces, path: Path, *names: str) -> ExportResult:
    return made.engine.care().export(ExportParams(path=str(path), branches=list(names) or None))


def take_in(made: Traces, path: Path) -> ImportResult:
    return made.engine.care().import_(ImportParams(path=str(path)), AUTHOR)


def chain(made: Traces, branch: str) -> list[Any]:
    """A branch's reflog, as it is the same in every store."""
    return made.rows(
        "SELECT r.action, r.at, a.name, r.client_id, r.usage, r.chain FROM reflog r"
        " JOIN authors a ON a.seq = r.author JOIN branches b ON b.seq = r.branch"
        " WHERE b.name = ? ORDER BY r.seq",
        branch,
    )


def lines_of(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(file).readall().splitlines()


def forge(path: Path, lines: list[Any]) -> Path:
    """A file with these records and right checks; bytes stay as they are."""
    body = b"".join(
        (line if isinstance(line, bytes) else archive.canonical.encode(line)) + b"\n"
        for line in lines[:-1]
    )
    counts: dict[str, int] = {}
    for line in lines[:-1]:
        name = orjson.loads(line)["record"] if isinstance(line, bytes) else line["record"]
        counts[name] = counts.get(name, 0) + 1
    last = {"record": "end", "counts": counts, "blake3": blake3(body).hexdigest()}
    body += archive.canonical.encode(last) + b"\n"
    frame = zstandard.ZstdCompressor(write_checksum=True).compress(body)
    path.write_bytes(frame + struct.pack("<II", 0x184D2A5E, 32) + blake3(frame).digest())
    return path


@pytest.fixture
def exported(made: Traces, tmp_path: Path) -> Path:
    """A file with one of everything."""
    main = sample(made, tmp_path / "work")
    made.append(main, {"content": {"$blob": made.blob(os.urandom(3_000_000))}})
    export(made, tmp_path / "file")
    return tmp_path / "file"


@pytest.mark.requirement("STORE-03", "OBJECT-06")
def test_an_empty_store_gets_the_same_heads_logs_and_worlds(
    made: Traces, exported: Path, tmp_path: Path
) -> None:
    with traces(tmp_path / "other") as other:
        result = take_in(other, exported)
        assert result.branches == ["main", "side", "gone"]
        assert verify(other.store).findings == []
        for name in result.branches:
            assert other.head(name) == made.head(name)
            assert contents(other, name) == contents(made, name)
            assert chain(other, name) == chain(made, name)
        assert everything(other)["commits"] == everything(made)["commits"]
        assert everything(other)["objects"] == everything(made)["objects"]
        assert (result.commits, result.objects) == (
            len(everything(made)["commits"]),
            len([line for line in lines_of(exported) if b'"record":"object"' in line]),
        )
        assert other.rows("SELECT name, status FROM branches") == made.rows(
            "SELECT name, status FROM branches"
        )
        other.append("main", {"content": "goes on"})
        assert verify(other.store).findings == []


def test_the_same_branches_give_the_same_file(made: Traces, exported: Path, tmp_path: Path) -> None:
    export(made, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == exported.read_bytes()
    assert oct(exported.stat().st_mode & 0o777) == "0o600"


def test_importing_again_adds_branches_and_nothing_else(
    made: Traces, exported: Path, tmp_path: Path
) -> None:
    before = everything(made)
    result = take_in(made, exported)
    assert result.branches == ["main-2", "side-2", "gone-2"]
    assert (result.commits, result.objects) == (0, 0)
    assert result.notes is not None
    assert {"what": "renamed", "branch": "main", "as": "main-2"} in result.notes
    assert everything(made) == before
    assert contents(made, "main-2") == contents(made, "main")
    assert verify(made.store).findings == []


def test_a_fork_brings_the_part_of_its_origin_that_it_needs(made: Traces, tmp_path: Path) -> None:
    main = made.start("main")
    shared = made.append(main, {"n": 1}, {"n": 2}, client_id=None)
    (fork,) = made.fork(main, "fork")
    (own,) = made.append(fork, {"n": 3})
    made.append(main, {"secret": "not asked for"})
    assert export(made, tmp_path / "file", "fork").commits == 4
    with traces(tmp_path / "other") as other:
        result = take_in(other, tmp_path / "file")
        assert result.branches == ["fork"]
        assert other.log("fork")[1:] == [*shared, own]
        assert other.head("main") == shared[-1]
        assert other.rows("SELECT name, status FROM branches ORDER BY seq") == [
            ("main", "discarded"),
            ("fork", "live"),
        ]
        assert verify(other.store).findings == []
        assert collect(other.store, 0).branches == 0
        assert verify(other.store).findings == []
        other.fork(shared[0], "again")


def test_what_a_rewind_left_behind_stays_behind(made: Traces, tmp_path: Path) -> None:
    main = made.start("main")
    (first,) = made.append(main, {"n": 1})
    (left,) = made.append(main, {"n": 2})
    made.rewind(main, first)
    made.append(main, {"n": 3})
    export(made, tmp_path / "file", "main")
    with traces(tmp_path / "other") as other:
        take_in(other, tmp_path / "file")
        take_in(other, tmp_path / "file")
        assert verify(other.store).findings == []
        assert chain(other, "main") == chain(made, "main")
        assert left not in everything(other)["commits"]
        assert len(other.rows("SELECT * FROM removed")) == 1
        export(other, tmp_path / "onward", "main")
        here = (b'"record":"run"', b'"record":"end"')  # where it ran is not told onward
        assert [
            line for line in lines_of(tmp_path / "onward") if not any(h in line for h in here)
        ] == [line for line in lines_of(tmp_path / "file") if not any(h in line for h in here)]
        other.discard("main")
        other.discard("main-2")
        collect(other.store, 0)
        assert other.rows("SELECT * FROM removed") == []


def test_what_was_forgotten_stays_forgotten(made: Traces, tmp_path: Path) -> None:
    main = made.start("main")
    (commit,) = made.append(main, {"content": "forget me"})
    blob = made.blob(b"me too")
    made.append(main, {"content": {"$blob": blob}})
    forget.forget_event(made.store, commit, "asked to")
    forget.forget_blob(made.store, blob, None)
    export(made, tmp_path / "file")
    with traces(tmp_path / "other") as other:
        take_in(other, tmp_path / "file")
        assert verify(other.store).findings == []
        assert other.log("main") == made.log("main")
        with other.store.reading() as conn:
            with pytest.raises(PayloadForgotten):
                payloads.read(conn, other.root, commits.need(conn, commit))
            with pytest.raises(PayloadForgotten):
                objects.read(conn, other.root, "blob", blob)
        assert other.rows("SELECT reason FROM forgotten") == [("asked to",)]


def test_merges_worlds_and_runs_come_along(made: Traces, tmp_path: Path) -> None:
    main = made.start("main")
    with_tree(made, main, b"one")
    (side,) = made.fork(main, "side")
    with_tree(made, side, b"two")
    made.append(main, {"n": 1})
    merge(made, main, side)
    export(made, tmp_path / "file", "main")
    with traces(tmp_path / "other") as other:
        take_in(other, tmp_path / "file")
        assert other.head("main") == made.head("main")
        assert everything(other) == everything(made)
        assert verify(other.store).findings == []
        assert other.rows("SELECT id, name, started FROM runs") == made.rows(
            "SELECT id, name, started FROM runs"
        )


def refused(made: Traces, path: Path) -> ImportInvalid:
    before = everything(made), made.rows("SELECT count(*) FROM reflog")
    with pytest.raises(ImportInvalid) as error:
        take_in(made, path)
    assert (everything(made), made.rows("SELECT count(*) FROM reflog")) == before
    return error.value


@pytest.mark.requirement("STORE-03")
def test_every_damaged_file_is_refused_and_nothing_kept(
    made: Traces, exported: Path, tmp_path: Path
) -> None:
    main = made.start("small")
    made.append(main, {"content": "of a file that is looked at byte by byte"})
    export(made, tmp_path / "small", main)
    whole = (tmp_path / "small").read_bytes()
    damaged = tmp_path / "damaged"
    with traces(tmp_path / "other") as other:
        for at in range(len(whole)):
            damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
            refused(other, damaged)
            damaged.write_bytes(whole[:at])
            refused(other, damaged)
        for more in (b"\0", whole, whole[-40:]):
            damaged.write_bytes(whole + more)
            refused(other, damaged)
        big, chance = exported.read_bytes(), random.Random(5)
        for at in chance.sample(range(len(big)), 30):
            damaged.write_bytes(big[:at] + bytes([big[at] ^ 1 << at % 8]) + big[at + 1 :])
            refused(other, damaged)
        damaged.write_bytes(big)
        assert take_in(other, damaged).branches


def changed(
    lines: list[bytes], record: str, change: Callable[[dict[str, Any]], object], nth: int = 0
) -> tuple[list[bytes], int]:
    """The lines with one record changed, and its number."""
    values = [orjson.loads(line) for line in lines]
    found = [n for n, v in enumerate(values) if v["record"] == record and "parts" not in v]
    at = found[nth]
    value = values[at]
    change(value)
    return [*lines[:at], archive.canonical.encode(value), *lines[at + 1 :]], at + 1


BAD: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "another format": ("header", lambda r: r.update(format="something else")),
    "a newer version": ("header", lambda r: r.update(version=2)),
    "content that does not hash": ("object", lambda r: r.update(data="AAAA", size=3)),
    "content that is not base64": ("object", lambda r: r.update(data="?")),
    "a size that is not so": ("object", lambda r: r.update(size=r["size"] + 1)),
    "an unknown member": ("object", lambda r: r.update(more=1)),
    "no id": ("object", lambda r: r.update(id="x")),
    "another payload": ("commit", lambda r: r.update(payload={"n": 7})),
    "another kind": ("commit", lambda r: r.update(kind="thought")),
    "an unknown kind": ("commit", lambda r: r.update(kind="deed")),
    "a parent that does not come before": ("commit", lambda r: r.update(parents=["a" * 64])),
    "an integer beyond": ("commit", lambda r: r["payload"].update(n=2**60)),
    "a run that is not there": ("branch", lambda r: r.update(run="nowhere")),
    "a branch called like a commit": ("branch", lambda r: r.update(branch="a" * 64)),
    "an unknown status": ("branch", lambda r: r.update(status="odd")),
    "another time": ("row", lambda r: r.update(at=r["at"] + 1)),
    "another author": ("row", lambda r: r.update(author="somebody")),
    "another chain": ("row", lambda r: r.update(chain="a" * 64)),
    "a row of no branch": ("row", lambda r: r.update(branch="nowhere")),
    "a row of no commit": ("row", lambda r: r.update(commit="a" * 64)),
}


@pytest.mark.parametrize("why", BAD)
def test_a_forged_file_is_refused_and_the_line_named(
    exported: Path, tmp_path: Path, why: str
) -> None:
    """The checks of the whole are right; what is inside is not."""
    record, change = BAD[why]
    lines, at = changed(lines_of(exported), record, change)
    with traces(tmp_path / "other") as other:
        error = refused(other, forge(tmp_path / "forged", lines))
    assert error.data["line"] == at, error.message


def test_a_file_that_lacks_something_is_refused(exported: Path, tmp_path: Path) -> None:
    lines = lines_of(exported)
    kinds = [orjson.loads(line)["record"] for line in lines]
    with traces(tmp_path / "other") as other:
        for record in ("header", "object", "part", "commit", "run", "branch", "row"):
            at = kinds.index(record)
            refused(other, forge(tmp_path / "forged", [*lines[:at], *lines[at + 1 :]]))
            refused(other, forge(tmp_path / "forged", [*lines[:at], lines[at], *lines[at:]]))
        last = len(kinds) - 2
        refused(other, forge(tmp_path / "forged", [*lines[:last], *lines[last + 1 :]]))
        assert take_in(other, forge(tmp_path / "forged", lines)).branches


def test_lines_in_another_spelling_are_refused(exported: Path, tmp_path: Path) -> None:
    lines = lines_of(exported)
    lines[0] = lines[0].replace(b",", b", ", 1)
    with traces(tmp_path / "other") as other:
        assert refused(other, forge(tmp_path / "forged", lines)).data["line"] == 1
        for junk in (b"", b"[]", b"{}", b"nonsense", b"\xff\xfe", b"[" * 5000):
            frame = zstandard.ZstdCompressor().compress(junk + b"\n")
            (tmp_path / "junk").write_bytes(
                frame + struct.pack("<II", 0x184D2A5E, 32) + blake3(frame).digest()
            )
            refused(other, tmp_path / "junk")


def test_commits_that_break_the_rules_are_refused(made: Traces, tmp_path: Path) -> None:
    """Each id is right, the rows are right; yet an intent has two outcomes."""
    from tests.store.test_verify import forge as add

    main = made.start("main")
    intent, _ = made.call(main, {"model": "m"}, {"n": 1})
    add(made, main, "model_result", {"status": "ok", "result": {"n": 2}}, intent)
    export(made, tmp_path / "file")
    with traces(tmp_path / "other") as other:
        error = refused(other, tmp_path / "file")
        assert error.data["commit"] == made.head(main)


def test_what_cannot_be_exported(made: Traces, tmp_path: Path) -> None:
    main = sample(made, tmp_path / "work")
    with pytest.raises(UnknownBranch):
        export(made, tmp_path / "file", "nowhere")
    (tmp_path / "there").write_text("mine")
    for path in (tmp_path / "there", Path("relative"), tmp_path / "no" / "folder"):
        with pytest.raises(InvalidParams):
            export(made, path)
    assert (tmp_path / "there").read_text() == "mine"
    made.write("UPDATE objects SET data = x'00' WHERE data IS NOT NULL AND kind = 0")
    with pytest.raises(StoreCorrupt):
        export(made, tmp_path / "file", main)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".shepherd", "there", "work"]
    with pytest.raises(ImportInvalid):
        take_in(made, tmp_path / "nowhere")


def test_anyone_can_check_a_file(exported: Path) -> None:
    """As protocol/archive.md says, with nothing of ours."""
    data = exported.read_bytes()
    assert data[-40:-32] == struct.pack("<II", 0x184D2A5E, 32)
    assert data[-32:] == blake3(data[:-40]).digest()
    lines = lines_of(exported)
    end = orjson.loads(lines[-1])
    body = b"".join(line + b"\n" for line in lines[:-1])
    assert end["blake3"] == blake3(body).hexdigest()
    records = [orjson.loads(line) for line in lines]
    assert records[0] == {
        "record": "header", "format": "shepherd-sidecar archive", "objectVersion": 1, "version": 1,
    }  # fmt: skip
    small = [record for record in records if record["record"] == "object" and "data" in record]
    for record in small:
        assert object_id(record["kind"], base64.b64decode(record["data"])) == record["id"]


def test_the_commands_of_the_page_hold(exported: Path) -> None:
    needed("zstd"), needed("b3sum")

    def said(command: str) -> str:
        shell = ["sh", "-c", command.replace("FILE", str(exported))]
        return subprocess.run(shell, check=True, capture_output=True, text=True).stdout

    end = orjson.loads(said("zstd -dc FILE | tail -1"))
    assert said("zstd -dc FILE | head -n -1 | b3sum --no-names").strip() == end["blake3"]
    last = exported.read_bytes()[-32:].hex()
    assert said("head -c -40 FILE | b3sum --no-names").strip() == last


def test_memory_stays_flat(made: Traces, tmp_path: Path) -> None:
    main = made.start("main")

    def peaks(name: str) -> int:
        with traces(tmp_path / f"into-{name}") as other:
            tracemalloc.start()
            export(made, tmp_path / name)
            take_in(other, tmp_path / name)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return peak

    made.append(main, *({"n": number} for number in range(200)))
    peaks("warm")
    few = peaks("few")
    source = tmp_path / "source"
    for _ in range(2):
        with source.open("wb") as out:
            for _ in range(12):
                out.write(os.urandom(1 << 20))
        fd = os.open(source, os.O_RDONLY)
        new = objects.prepare_file(made.root, fd)
        os.close(fd)
        made.store.write(lambda tx, new=new: objects.insert(tx.conn, new))
        made.append(main, {"content": {"$blob": new.id}})
    made.append(main, *({"n": number, "text": "t" * 500} for number in range(4_000)))
    assert peaks("many") < few + 16_000_000


def test_an_import_that_dies_leaves_nothing_that_shows(
    made: Traces, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(Exception):
        pass

    for step in itertools.count():
        root = tmp_path / "other"
        shutil.rmtree(root, ignore_errors=True)
        with traces(root) as other:
            write, left = other.store.write, step

            def counted(work: Any, write: Any = write) -> Any:
                nonlocal left
                if not left:
                    raise Died
                left -= 1
                return write(work)

            monkeypatch.setattr("shepherd_sidecar.store.archive_in._OBJECTS", 3)
            monkeypatch.setattr(other.store, "write", counted)
            try:
                take_in(other, exported)
                break
            except Died:
                monkeypatch.undo()
            assert other.rows("SELECT count(*) FROM branches") == [(0,)]
            assert verify(other.store).findings == []
            assert take_in(other, exported).branches == ["main", "side", "gone"]
            assert verify(other.store).findings == []
    assert step >= 4


@pytest.mark.requirement("STORE-03")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DO)
def test_any_store_goes_through_a_file(script: list[tuple[str, int, int]]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with traces(folder / "store") as made, traces(folder / "other") as other:
            play(made, script)
            export(made, folder / "file")
            names = take_in(other, folder / "file").branches
            assert verify(other.store).findings == []
            for name in names:
                assert contents(other, name) == contents(made, name)
                assert chain(other, name) == chain(made, name)
            (one,) = random.Random(0).sample(names, 1)
            export(made, folder / "one", one)
            result = take_in(other, folder / "one")
            with made.store.reading() as conn:
                expected = branches.need(conn, one).status
            assert contents(other, result.branches[0]) == contents(made, one)
            assert other.rows("SELECT status FROM branches WHERE name = ?", result.branches[0]) == [
                (expected,)
            ]
            assert verify(other.store).findings == []
    finally:
        shutil.rmtree(folder)
