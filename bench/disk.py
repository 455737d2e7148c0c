"""Bytes on disk: what an event costs beyond its payload, and how a conversation grows."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

import orjson

from bench.harness import Row, Run, Sample, at_most, number, size_of, times_at_most
from bench.material import Bare, append_params, noise, observation, texts
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.runs import RunStartParams

TURNS = 200


def rows(run: Run) -> Iterator[Row]:
    yield _beyond(run, "event beyond its payload, tool output of 1 KB", texts())
    yield _beyond(run, "event beyond its payload, noise of 1 KB", noise())
    yield from _conversation(run)


def _beyond(run: Run, work: str, text: Iterator[str]) -> Row:
    folder = run.folder("disk")
    count = run.some(20_000, 1_000)
    engine = Engine(folder / "store")
    branch = engine.runs.start(RunStartParams(name="bench"), "bench").branch
    bare = Bare(folder / "bare.db")
    raw = 0
    for _ in range(0, count, 100):
        events = [observation(next(text)) for _ in range(100)]
        engine.append(append_params(branch, events), "bench").result()
        payloads = [orjson.dumps(event["payload"]) for event in events]
        bare.insert_all(payloads)
        raw += sum(map(len, payloads))
    with engine.store.reading() as conn:
        (packed,) = conn.execute("SELECT sum(length(payload)) FROM commits").fetchone()
    engine.close()
    bare.close()
    ours = size_of(folder / "store")
    return Row(
        work,
        "B",
        Sample.of((ours - packed) / count),
        "bare SQLite table of the payloads",
        Sample.of((size_of(bare.path.parent) - ours - raw) / count),
        (at_most(200),),
        [
            f"on disk {number(ours / count)} B for {number(raw / count)} B of payload, which"
            f" {number(packed / count)} B hold; 64 B of the rest are two hashes, the commit's and"
            " the reflog chain's. The paper states 130 B, shepherd-ai 0.3.1 took 2.0 KB."
        ],
    )


def _conversation(run: Run) -> Iterator[Row]:
    """Each turn sends all messages before it again; what is kept is what is new.

    Several conversations grow side by side, so that the step of a page is a small part of a turn.
    """
    folder = run.folder("conversation")
    engine = Engine(folder / "store")
    # All texts are sources: were the second half easier to compress, it would not be alike.
    text, sizes, new, sent = texts(seed=5, shapes=2), [], 0, 0
    tools = [{"name": f"tool_{n}", "description": next(text)} for n in range(5)]
    talks: dict[str, list[Any]] = {}
    for _ in range(run.some(5, 1)):
        branch = engine.runs.start(RunStartParams(name="bench"), "bench").branch
        talks[branch] = [{"role": "system", "content": next(text)}]
    for turn in range(TURNS):
        for branch, messages in talks.items():
            messages.append({"role": "user", "content": next(text)})
            answer, output = next(text), next(text)
            events = _turn(turn, [*messages], tools, answer, output)
            engine.append(append_params(branch, events), "bench").result()
            messages.append({"role": "assistant", "content": answer})
            new += len(orjson.dumps([messages[-2:], *(e["payload"] for e in events[1:])]))
            sent += len(orjson.dumps([event["payload"] for event in events]))
        sizes.append(_size(engine) / len(talks))
    engine.close()
    fit = statistics.correlation(range(TURNS), sizes) ** 2
    turns = TURNS * len(talks)
    yield Row(
        f"turn of a {TURNS}-turn conversation",
        "B",
        Sample.of(_slope(sizes)),
        "bytes of the turn that are new",
        Sample.of(new / turns),
        (times_at_most(1.5),),
        [f"on average {number(sent / turns)} B are sent a turn. R² of the line is {fit:.5f}."],
    )
    yield Row(
        "the same, turns 101-200",
        "B",
        Sample.of(_slope(sizes[TURNS // 2 :])),
        "turns 1-100",
        Sample.of(_slope(sizes[: TURNS // 2])),
        (times_at_most(1.1),),
    )


def _turn(
    turn: int, messages: list[Any], tools: list[Any], answer: str, output: str
) -> list[dict[str, Any]]:
    asked, called = f"model-{turn}", f"tool-{turn}"
    call = {"name": "bash", "arguments": {"command": f"sed -n {turn},+20p src/app.py"}}
    prompt = {"model": "some-model", "messages": messages, "tools": tools}
    return [
        {"kind": "model_call", "payload": prompt, "client_id": asked},
        _outcome("model_result", asked, {"role": "assistant", "content": answer}),
        {"kind": "tool_call", "payload": call, "client_id": called},
        _outcome("tool_result", called, {"exitCode": 0, "stdout": output}),
    ]


def _outcome(kind: str, intent: str, result: dict[str, Any]) -> dict[str, Any]:
    payload = {"status": "ok", "result": result}
    return {"kind": kind, "payload": payload, "intent_client_id": intent}


def _size(engine: Engine) -> int:
    """Bytes of the database as it will stand after a checkpoint, and of the large objects."""
    with engine.store.reading() as conn:
        pages, free, size = (
            conn.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size) + size_of(engine.store.root / "objects")


def _slope(sizes: list[float]) -> float:
    return statistics.linear_regression(range(len(sizes)), sizes).slope
