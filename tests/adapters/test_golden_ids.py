"""The ids in the golden transcripts, computed again from the format alone.

Nothing of the sidecar is used here: RFC 8785 by its reference library, BLAKE3 by its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from blake3 import blake3

TRANSCRIPTS = Path(__file__).resolve().parents[2] / "adapters" / "conformance" / "transcripts"


def named(kind: str, value: Any) -> str:
    context = f"shepherd-sidecar 1 {kind}"
    return blake3(rfc8785.dumps(value), derive_key_context=context).hexdigest()


def commit(parent: str | None, kind: str, payload: Any) -> str:
    event = named("event", {"effect": "pure", "kind": kind, "payload": payload})
    return named("commit", {"event": event, "parents": [parent] if parent else []})


@pytest.mark.parametrize("name", ["append", "canonical", "log"])
def test_the_ids_are_those_of_the_format(name: str) -> None:
    steps = json.loads((TRANSCRIPTS / f"{name}.json").read_text("utf-8"))["steps"]
    head, checked = commit(None, "run_start", steps[0]["params"]), 0
    expected = steps[0]["expect"]["head"]
    assert expected in (head, {"$id": "root"})
    for step in steps[1:]:
        params = step.get("params", {})
        if "error" in step or params.get("branch") != "main" or "events" not in params:
            continue
        made = []
        for event in params["events"]:
            head = commit(head, event["kind"], event["payload"])
            made.append(head)
        for ours, golden in zip(made, step.get("expect", {}).get("commits", []), strict=False):
            if isinstance(golden, str) and not golden.startswith("$"):
                assert ours == golden
                checked += 1
    assert checked >= {"append": 4, "canonical": 4, "log": 7}[name]
