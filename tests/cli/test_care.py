"""Looking after the store: stat, verify, gc, forget; and what other tools recorded."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli
from tests.protocol.schema import faults

TRAJECTORY: dict[str, Any] = {
    "schema_version": "ATIF-v1.4",
    "session_id": "session",
    "agent": {"name": "harbor", "version": "1"},
    "steps": [
        {"step_id": 1, "source": "user", "message": "do it"},
        {"step_id": 2, "source": "agent", "message": "done", "model_name": "m"},
    ],
}


def test_stat_counts(cli: Cli, own: Path) -> None:
    said = cli("stat", store=own)
    counts = {line.split()[1]: line.split()[0] for line in said.lines[1:6]}
    assert (counts["runs"], counts["branches"], counts["commits"]) == ("1", "2", "12")
    assert said.lines[0].startswith(str(own))


def test_verify_of_a_sound_store_ends_with_code_0(cli: Cli, own: Path) -> None:
    said = cli("verify", store=own)
    assert (said.code, said.lines[-1]) == (0, "all is well")


def test_verify_of_a_damaged_store_ends_with_code_1_and_names_the_damage(
    cli: Cli, own: Path
) -> None:
    connection = sqlite3.connect(own / "store.db")
    connection.execute("UPDATE reflog SET at = at + 1 WHERE seq = 3")
    connection.commit()
    connection.close()
    said = cli("verify", store=own)
    assert said.code == 1
    assert any(line.startswith("chain ") for line in said.lines)
    found = cli("verify", "--json", store=own)
    assert (found.code, found.json["ok"]) == (1, False)


def test_gc_says_what_would_go_and_then_removes_it(cli: Cli, own: Path) -> None:
    cli("discard", "other", store=own)
    now = ("--keep-discarded-days", "0")
    would = cli("gc", "--dry-run", *now, store=own)
    assert (would.code, would.out.startswith("would remove 1 branch, 2 commits")) == (0, True)
    assert cli("branches", "--json", store=own).json["branches"][0]["branch"] == "other"
    done = cli("gc", *now, "--json", store=own).json
    assert faults("store.gc.result", done) == []
    assert done["commits"] == 2
    assert len(cli("branches", "--json", store=own).json["branches"]) == 1
    assert cli("verify", store=own).code == 0


def test_what_is_beyond_repair_is_told_without_advice_to_repair_it(cli: Cli, own: Path) -> None:
    cli("verify", store=own)
    data = bytearray((own / "store.db").read_bytes())
    page = int.from_bytes(data[16:18])  # the first one names the tables, the rest are theirs
    for at in range(page, len(data), page):
        data[at : at + 8] = b"damaged!"
    (own / "store.db").write_bytes(data)
    for rest in ("store.db-wal", "store.db-shm"):
        (own / rest).unlink(missing_ok=True)
    said = cli("verify", "--repair", store=own)
    assert said.code == 1
    assert "StoreCorrupt" in said.err
    assert "--repair" not in said.err


def test_forget_asks_and_leaves_the_hash(cli: Cli, own: Path) -> None:
    refused = cli("forget", "fix~8", store=own)
    assert (refused.code, refused.err.split(":")[1]) == (1, " Unconfirmed")
    done = cli("forget", "fix~8", "--reason", "a name", "--yes", "--json", store=own)
    assert faults("store.forget.result", done.json) == []
    shown = cli("show", "fix~8", store=own).out
    assert "(the payload was forgotten)" in shown
    assert "(forgotten)" in cli("log", "fix", store=own).out


def test_trajectories_are_taken_in_and_bad_ones_do_not_keep_others_out(
    cli: Cli, tmp_path: Path
) -> None:
    store = tmp_path / ".shepherd"
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(TRAJECTORY))
    bad.write_text("{")
    said = cli("import", "--format", "atif", str(bad), str(good), store=store)
    assert said.code == 1
    assert said.lines[0].startswith(f"{good}: good (")
    assert said.err.startswith("shepherd-sidecar: ImportInvalid: ")
    assert f"  file: {bad}" in said.err.splitlines()
    assert "user: do it" in cli("log", store=store).out
    again = cli("import", "--format", "atif", str(good), "--json", store=store)
    assert (again.code, faults("store.import.result", again.json)) == (0, [])


def test_branches_go_to_a_file_and_into_another_store(cli: Cli, own: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "run.shepherd", tmp_path / "other" / ".shepherd"
    done = cli("export", str(file), "fix", "--json", store=own)
    assert (done.code, faults("store.export.result", done.json)) == (0, [])
    assert cli("export", str(file), store=own).code == 1, "an existing file is left alone"
    said = cli("import", str(file), store=other)
    assert (said.code, said.err) == (0, "")
    head = cli("show", "fix", "--json", store=own).json["commit"]
    assert cli("show", "fix", "--json", store=other).json["commit"] == head
    assert cli("verify", store=other).code == 0


def test_a_damaged_file_is_refused_and_named(cli: Cli, own: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "run.shepherd", tmp_path / "other" / ".shepherd"
    cli("export", str(file), store=own)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    said = cli("import", str(file), store=other)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("shepherd-sidecar: ImportInvalid: ")
    assert str(file) in said.err


def test_a_file_that_is_not_there_makes_no_store(cli: Cli, tmp_path: Path) -> None:
    said = cli("import", "nothing.shepherd", store=tmp_path / "s")
    assert (said.code, said.err.split(":")[1]) == (1, " BadInput")
    assert list(tmp_path.iterdir()) == []
