"""An intent and its verdict: by rules alone, and by a decision from another process."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import orjson

from bench.harness import Row, Run, at_most, interleave, times_at_most
from bench.material import observation, texts
from bench.pipe import Pipe, message

GATE = """
[[rule]]
name = "ask"
decision = "hold"
reason = "somebody decides"
tools = ["ask_*"]
""" + "".join(
    f"""
[[rule]]
name = "rule-{n}"
decision = "deny"
reason = "not this"
{condition}
"""
    for n, condition in enumerate(
        (
            'tools = ["bash", "shell_*"]\narguments = { command = "rm\\\\s+-rf|mkfs|dd\\\\s+if=" }',
            'tools = ["bash"]\narguments = { command = "git\\\\s+push.*--force" }',
            'tools = ["write_*"]\npaths = ["src/generated/**", "*.lock"]',
            'tools = ["write_*", "edit_*"]\npaths = ["**", "!/etc/**"]\noutside = true',
            'arguments = { "*" = "BEGIN [A-Z ]*PRIVATE KEY" }',
            'kinds = ["model_call"]\ntools = ["expensive-*"]',
            'effects = ["irreversible"]\ntools = ["deploy", "mail_*"]',
            'agents = ["untrusted-*"]',
            'arguments = { url = "^https?://(?!(docs|api)\\\\.example\\\\.com/)" }',
        )
    )
)


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("propose")
    ids = itertools.count(1)
    with Pipe.serve(folder / "store") as agent, Pipe.serve(folder / "store") as supervisor:
        branch = agent.call("run/start", {"name": "bench"})["branch"]
        (folder / "store" / "gate.toml").write_text(GATE)
        time.sleep(0.2)  # a file younger than that is read at every decision
        yield _ruled(run, agent, branch, ids)
        supervisor.call("trace/subscribe", {"all": True, "maxPayload": 0})
        yield _decided(run, agent, supervisor, branch, ids)


def _proposal(branch: str, tool: str, text: str) -> dict[str, Any]:
    arguments = {"path": "src/app.py", "content": text}
    return {
        "branch": branch,
        "kind": "tool_call",
        "effect": "reversible",
        "payload": {"name": tool, "arguments": arguments},
    }


def _ruled(run: Run, agent: Pipe, branch: str, ids: Iterator[int]) -> Row:
    text = texts()
    count = run.some(100, 20)

    def ours() -> list[float]:
        params = [_proposal(branch, "write_file", next(text)) for _ in range(count)]
        return agent.serial([message("intent/propose", one, next(ids)) for one in params])

    def append() -> list[float]:
        params = [{"branch": branch, "events": [observation(next(text))]} for _ in range(count)]
        return agent.serial([message("trace/append", one, next(ids)) for one in params])

    found, beside = interleave(run.some(30, 5), ours, append)
    return Row(
        "propose to verdict, ten rules",
        "ms",
        found,
        "append of one event of 1 KB",
        beside,
        (times_at_most(1.5),),
    )


def _decided(run: Run, agent: Pipe, supervisor: Pipe, branch: str, ids: Iterator[int]) -> Row:
    text = texts()

    def ours() -> list[float]:
        return [_decision(agent, supervisor, branch, next(text), ids) for _ in range(20)]

    (found,) = interleave(run.some(10, 2), ours)
    return Row(
        "propose, told to another process, decided there, verdict",
        "ms",
        found,
        targets=(at_most(10),),
        facts=[
            "Three processes and three durable commits: the hold, the decision, the wait's end;"
            " the supervisor is pushed the hold. The paper's supervisor polls every 5 s."
        ],
    )


def _decision(agent: Pipe, supervisor: Pipe, branch: str, text: str, ids: Iterator[int]) -> float:
    id_ = next(ids)
    data = message("intent/propose", _proposal(branch, "ask_first", text), id_)
    start = time.perf_counter()
    agent.send(data)
    intent = _held(supervisor)
    verdict = {"decision": "allow", "reason": "go on"}
    supervisor.call("intervene/decide", {"intent": intent, "verdict": verdict, "by": "bench"})
    agent.answer(id_)
    return (time.perf_counter() - start) * 1e3


def _held(supervisor: Pipe) -> str:
    """The intent of the newest hold that is pushed; what was pushed of older ones is read on.

    The verdict of the decision before is pushed too, as an intervention, but without its intent
    beside it.
    """
    intent = None
    while True:
        pushed = orjson.loads(supervisor.receive())
        for entry in pushed.get("params", {}).get("entries", ()):
            if entry["kind"] == "tool_call":
                intent = entry["commit"]
            elif entry["kind"] == "intervention" and entry.get("intent") == intent:
                return str(intent)
