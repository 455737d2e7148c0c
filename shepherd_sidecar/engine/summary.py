"""One line that says what an entry is about, and what stands out about it.

Layer: engine. Pure. It looks for the shapes that agents' payloads commonly have, and falls back
to the payload itself.
"""

from __future__ import annotations

import json
import shlex
from typing import Any

from shepherd_sidecar.engine.text import clean, count, duration, money, plural, size
from shepherd_sidecar.protocol.common import Entry, Flag, Usage
from shepherd_sidecar.trace.events import OUTCOME_OF, Kind

_TEXTS = ("text", "content", "message", "thinking", "output", "result", "value", "error", "label")
"""Members that commonly hold the words, in the order they are tried."""
_ABOUT = ("command", "path", "file_path", "file", "url", "query", "pattern")
"""Arguments that say what a call is about: they are told first."""
_SHELLS = frozenset(f"{folder}{name}" for folder in ("", "/bin/") for name in ("sh", "bash"))
_SCRIPT = frozenset(("-c", "-lc"))
LONGEST = 400
"""Characters of a summary at most."""
WHOLE = 4_000
"""Characters of a wish at most."""


def summary(entry: Entry, asked: dict[str, Any] | None = None) -> str:
    """What the entry is about, on one line; ``asked`` as in ``about``."""
    if entry.forgotten:
        return "(forgotten)"
    return about(entry.kind, entry.payload, entry.payload_size or 0, asked)


def about(kind: Kind, payload: Any, left_out: int = 0, asked: dict[str, Any] | None = None) -> str:
    """What an event is about, on one line. ``left_out``: bytes of a payload that is not at hand.

    ``asked``: the payload of the tool call that it answers or rules. The tool is named; of an
    outcome that says no more than how it ended, it is told what ran.
    """
    tool = f"{asked.get('name')}" if asked is not None else ""
    if payload is None:
        return clean(f"{tool} ({size(left_out)})".lstrip())
    said = _SAID[kind](payload) if kind in _SAID else words(payload)
    if asked is not None and kind == "tool_result" and not _says(payload):
        said = f"{said or 'ok'}: {call(asked)}"
    elif asked is not None and kind in ("tool_result", "intervention"):
        said = f"{tool}: {said}" if said else tool
    return clean(said[: 4 * LONGEST])[:LONGEST]


def wish(kind: Kind, payload: dict[str, Any]) -> str:
    """What an intent wants to do, on one line that hides nothing: somebody decides by it."""
    said = f"ask {payload.get('model', 'a model')}"
    if kind == "tool_call":
        said = call(payload)
        given = payload.get("arguments")
        if isinstance(given, dict) and isinstance(given.get("argv"), list):
            # A title names the command alone; what is fed to it, and where, decides as much.
            beside = {name: item for name, item in given.items() if name != "argv"}
            said = f"{said} {arguments(beside)}".rstrip()
    more = len(said) - WHOLE
    return clean(said[:WHOLE]) + (f" … and {more:,} more characters" if more > 0 else "")


def tool_of(call: Entry) -> str | None:
    """The tool or the model that an entry calls."""
    if call.kind not in OUTCOME_OF or not isinstance(call.payload, dict):
        return None
    name = call.payload.get("name" if call.kind == "tool_call" else "model")
    return name if isinstance(name, str) else None


def flag(kind: Kind, payload: Any) -> Flag | None:
    """What stands out about an event, if anything does."""
    if not isinstance(payload, dict):
        return None
    if kind == "intervention":
        if payload.get("action") == "vetoIneffective":
            return "ineffective"
        if "hold" in (payload.get("action"), payload.get("decision")):
            return "held"
        return "denied" if payload.get("decision") == "deny" else None
    status, result = payload.get("status"), payload.get("result")
    if status == "denied":
        return "denied"
    failed = isinstance(result, dict) and result.get("exitCode") not in (None, 0)
    return "failed" if failed or status in ("error", "failed") else None


def usage(used: Usage | None) -> str:
    """What a step cost: time, tokens, money."""
    if used is None:
        return ""
    tokens = (used.input_tokens or 0) + (used.output_tokens or 0)
    parts = [
        duration(used.duration_ms) if used.duration_ms is not None else "",
        f"{count(tokens)} tok" if tokens else "",
        money(used.cost_usd) if used.cost_usd is not None else "",
    ]
    return " ".join(part for part in parts if part)


def words(value: Any) -> str:
    """The text inside a value of whatever shape."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(filter(None, map(words, value)))
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if value.get("type") in ("tool_use", "tool_call", "function") and "name" in value:
        return f"[{value['name']}]"
    for name in _TEXTS:
        if value.get(name) not in (None, "", [], {}):
            return words(value[name])
    return arguments(value)


def arguments(value: Any) -> str:
    """Named values as ``name=value``; text that is plain stands without quotes."""
    if not isinstance(value, dict):
        return words(value)
    return " ".join(f"{name}={_argument(item)}" for name, item in value.items())


def call(payload: dict[str, Any]) -> str:
    """A call as a person would write it: ``$ ls src``, or ``read_file a.py``."""
    name, given = str(payload.get("name")), payload.get("arguments", {})
    if not isinstance(given, dict):
        return f"{name} {words(given)}".rstrip()
    if isinstance(argv := given.get("argv"), list):
        return f"{'$' if name == 'exec' else name} {_line([*map(str, argv)])}"
    match [*given.items()]:
        case [(str(about), str(only))] if about in _ABOUT:
            return f"{name} {only}".rstrip()
    ordered = sorted(given, key=lambda one: _ABOUT.index(one) if one in _ABOUT else len(_ABOUT))
    return f"{name} {arguments({one: given[one] for one in ordered})}".rstrip()


def _line(argv: list[str]) -> str:
    """A command line; of a shell that is given a script, the script."""
    match argv:
        case [shell, option, script] if shell in _SHELLS and option in _SCRIPT:
            return script
    return shlex.join(argv)


def _argument(item: Any) -> str:
    if isinstance(item, str) and item and not any(char in item for char in " \t\n\"'="):
        return item
    return json.dumps(item, ensure_ascii=False)


def _message(payload: dict[str, Any]) -> str:
    said = words({name: item for name, item in payload.items() if name != "role"})
    return f"{payload['role']}: {said}" if isinstance(payload.get("role"), str) else said


def _model_call(payload: dict[str, Any]) -> str:
    listed = {name: payload.get(name) for name in ("messages", "tools")}
    counts = [plural(len(v), name[:-1]) for name, v in listed.items() if isinstance(v, list)]
    return ", ".join([str(payload.get("model", "a model")), *counts])


def _says(payload: dict[str, Any]) -> bool:
    """Whether an outcome has more to say than how it ended."""
    result = payload.get("result")
    if payload.get("status") == "denied":
        return True
    if isinstance(result, dict) and "exitCode" in result:
        return any(str(result.get(name) or "").strip() for name in ("stdout", "stderr"))
    return bool(words(result).strip()) if result is not None else False


def _outcome(payload: dict[str, Any]) -> str:
    status = payload.get("status")
    if status == "denied":
        return f"denied by {payload.get('by')}: {payload.get('reason')}"
    result = payload.get("result")
    if isinstance(result, dict) and "exitCode" in result:
        return _ran(result)
    said = words(result) if result is not None else ""
    return said if status == "ok" else f"{status} {said}".rstrip()


def _ran(result: dict[str, Any]) -> str:
    out, err = (str(result.get(name) or "").strip() for name in ("stdout", "stderr"))
    if result["exitCode"] == 0:
        return out or err or "exit 0"
    late = "timed out " if result.get("timedOut") else ""
    return f"exit {result['exitCode']} {late}{err or out}".rstrip()


def _run_start(payload: dict[str, Any]) -> str:
    agent = payload.get("agent") or {}
    who = " ".join(str(agent[name]) for name in ("name", "version") if name in agent)
    return f"{payload.get('name')} ({who})" if who else str(payload.get("name"))


def _run_end(payload: dict[str, Any]) -> str:
    rest = payload.get("payload")
    return f"{payload.get('status')} {words(rest) if rest is not None else ''}".rstrip()


def _change(payload: dict[str, Any]) -> str:
    changed = payload.get("changed")
    if not isinstance(changed, list):
        return words(payload)
    total = payload.get("changedCount", len(changed))
    why = f"{payload['why']}: " if isinstance(payload.get("why"), str) else ""
    return f"{why}{plural(total, 'path')} changed {' '.join(map(str, changed[:20]))}".rstrip()


def _intervention(payload: dict[str, Any]) -> str:
    action = payload.get("action")
    did = payload.get("decision") if action == "verdict" else action
    by = f" by {payload['by']}" if payload.get("by") else ""
    rest = payload.get("reason") or payload.get("why") or payload.get("message")
    if action == "restore":
        rest = f"to {str(payload.get('to'))[:8]} {' '.join(payload.get('paths', ()))}".rstrip()
    if action == "apply":
        did = f"apply {str(payload.get('from'))[:8]}"
    return f"{did}{by}" + (f": {words(rest)}" if rest else "")


def _annotation(payload: dict[str, Any]) -> str:
    if payload.get("what") == "overlap":
        return f"overlap with {payload.get('with')}: {payload.get('path')} ({payload.get('why')})"
    return words(payload)


_SAID = {
    "run_start": _run_start,
    "run_end": _run_end,
    "message": _message,
    "model_call": _model_call,
    "model_result": _outcome,
    "tool_call": call,
    "tool_result": _outcome,
    "workspace_change": _change,
    "intervention": _intervention,
    "annotation": _annotation,
}
