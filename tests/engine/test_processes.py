"""Several processes, one store: nothing lost, nothing torn, nobody told that it is locked."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.engine.conftest import Another
from tests.engine.worlds import Run
from tests.support.sidecar import Sidecar, message, rows


@pytest.mark.requirement("STORE-05")
def test_writers_at_once_lose_nothing_and_are_never_locked_out(
    another: Another, tmp_path: Path
) -> None:
    store = tmp_path / ".shepherd"
    peers = [another(store) for _ in range(4)]
    shared = peers[0].begin("shared")
    own = [peer.begin(f"own {n}") for n, peer in enumerate(peers)]
    asked = []
    for number in range(150):
        for at, peer in enumerate(peers):
            for branch in (shared, own[at]):
                events = [message(f"{at} {number} {part}") for part in range(2)]
                params = {"branch": branch, "events": events}
                asked.append((peer, branch, peer.request("trace/append", params)))
    commits: dict[str, list[str]] = {}
    for peer, branch, request in asked:
        commits.setdefault(branch, []).extend(peer.result(request)["commits"])
    for branch, made in commits.items():
        logs = [peer.commits(branch) for peer in peers]
        assert all(log == logs[0] for log in logs)
        assert sorted(logs[0][1:]) == sorted(made)
    said = [e["payload"]["content"] for e in peers[0].log(shared)[1:]]
    for at in range(4):
        mine = [text for text in said if text.startswith(f"{at} ")]
        assert mine == [f"{at} {n} {p}" for n in range(150) for p in range(2)]
    pairs = (
        itertools.batched(said, 2)
        if hasattr(itertools, "batched")
        else zip(said[::2], said[1::2], strict=True)
    )
    for first, second in pairs:
        assert first[:-1] == second[:-1], "one append stands together"
    assert peers[0].call("store/verify", {})["ok"]


@pytest.mark.requirement("STORE-05")
def test_the_log_of_the_database_does_not_outlive_its_processes(
    another: Another, tmp_path: Path
) -> None:
    store = tmp_path / ".shepherd"
    peers = [another(store) for _ in range(3)]
    branch = peers[0].begin()
    for peer in peers:
        peer.append(branch, *(message("x" * 5000 + str(n)) for n in range(500)))
    assert (store / "store.db-wal").stat().st_size > 0
    for peer in peers:
        peer.close()
    wal = store / "store.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    assert len(another(store).commits(branch)) == 1501


@pytest.mark.requirement("STORE-05", "HOLD-02")
def test_one_clientid_from_many_processes_is_one_commit(another: Another, tmp_path: Path) -> None:
    store = tmp_path / ".shepherd"
    peers = [another(store) for _ in range(4)]
    branch = peers[0].begin()
    for number in range(30):
        params = {"branch": branch, "events": [message(f"{number}", clientId=f"{number}")]}
        asked = [(peer, peer.request("trace/append", params)) for peer in peers]
        assert len({peer.result(one)["commits"][0] for peer, one in asked}) == 1
    assert len(peers[0].commits(branch)) == 31


@pytest.mark.requirement("STORE-05", "APPEND-03")
def test_of_many_with_one_expected_head_one_wins(another: Another, tmp_path: Path) -> None:
    store = tmp_path / ".shepherd"
    peers = [another(store) for _ in range(4)]
    branch = peers[0].begin()
    for _ in range(20):
        head = peers[0].head(branch)
        asked = []
        for at, peer in enumerate(peers):
            params = {"branch": branch, "events": [message(f"{at}")], "expectedHead": head}
            asked.append((peer, peer.request("trace/append", params)))
        from tests.support.wire import reply

        answers = [peer.expect(reply(one))[0] for peer, one in asked]
        refused = [a["error"]["data"]["name"] for a in answers if "error" in a]
        assert refused == ["HeadMoved"] * 3
    assert len(peers[0].commits(branch)) == 21


@pytest.mark.requirement("STORE-05", "FORK-02")
def test_a_world_made_by_one_process_is_captured_by_another(
    another: Another, tmp_path: Path, folder: Path
) -> None:
    store = tmp_path / "store" / ".shepherd"
    first, second = another(store), another(store)
    run = Run.start(first, folder)
    (run.world / "notes.txt").write_text("changed")
    taken = second.call("snapshot/take", {"branch": run.branch})
    assert taken["snapshot"]["changed"] == ["notes.txt"]
    assert run.take()["commit"] == taken["commit"], "the first knows what the second captured"
    first.close()
    second.call("snapshot/restore", {"branch": run.branch, "to": run.root})
    assert (run.world / "notes.txt").read_text() == "hello\n"


@pytest.mark.requirement("APPEND-12")
def test_model_calls_cost_storage_linear_in_the_conversation(
    another: Another, tmp_path: Path
) -> None:
    """Rows: each turn adds as many, however long the conversation before it."""
    store = tmp_path / ".shepherd"
    sidecar = another(store)
    branch = sidecar.begin()
    tools = [{"name": f"tool {n}", "schema": {"type": "object"}} for n in range(20)]
    messages: list[dict[str, str]] = []
    added = []
    for turn in range(120):
        messages.append({"role": "user", "content": f"question {turn} " + "x" * 500})
        before = rows(store)
        payload = {"model": "m", "messages": messages, "tools": tools}
        params = {"branch": branch, "kind": "model_call", "payload": payload, "effect": "pure"}
        intent = sidecar.call("intent/propose", params)["commit"]
        answer = {"role": "assistant", "content": f"answer {turn}"}
        sidecar.resolve(branch, intent, payload=answer)
        messages.append(answer)
        after = rows(store)
        added.append({name: after[name] - before[name] for name in ("objects", "lists", "commits")})
    assert all(one == added[1] for one in added[1:])
    assert added[1] == {"objects": 2, "lists": 2, "commits": 2}
    entry = sidecar.log(branch)[-2]
    assert len(entry["payload"]["messages"]) == 239
    assert len({str(one) for one in entry["payload"]["tools"]}) == 20


@pytest.mark.requirement("APPEND-06")
def test_a_slow_write_is_not_overtaken_on_its_branch(store: Path, tmp_path: Path) -> None:
    """An outcome that captures a workspace first comes before what was sent after it."""
    folder = tmp_path / "work"
    folder.mkdir()
    with Sidecar.on(store) as sidecar:
        branch = sidecar.begin(workspace=str(folder))
        for number in range(10):
            intent = sidecar.propose(branch, "look")["commit"]
            sent = {"branch": branch, "intent": intent, "payload": {"n": number}, "status": "ok"}
            asked = [sidecar.request("intent/resolve", sent)]
            event = {"kind": "thought", "payload": {"n": number}}
            for _ in range(3):
                params = {"branch": branch, "events": [event]}
                asked.append(sidecar.request("trace/append", params))
            for one in asked:
                sidecar.result(one)
        kinds = [entry["kind"] for entry in sidecar.log(branch)][1:]
        assert kinds == ["tool_call", "tool_result", "thought", "thought", "thought"] * 10
