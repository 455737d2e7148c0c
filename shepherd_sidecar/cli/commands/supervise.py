"""``supervise``, ``supervisors`` and ``handoff``.

Layer: cli. Keeps: nothing that waits is answered by accident: an empty line, a typing error or the
end of the input decides nothing.
"""

from __future__ import annotations

import json
import queue
import sys
from typing import Any, Final

from shepherd_sidecar.cli.again import again
from shepherd_sidecar.cli.asking import acting, given
from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.naming import short
from shepherd_sidecar.cli.table import Table
from shepherd_sidecar.engine.summary import summary, wish
from shepherd_sidecar.engine.supervision import Attached, Question
from shepherd_sidecar.engine.text import ago, clean, visible
from shepherd_sidecar.errors import IntentAlreadyResolved, InvalidParams
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.interventions import HandoffParams
from shepherd_sidecar.protocol.supervision import (
    AttachParams,
    SupervisorDecideParams,
    SupervisorDecideResult,
    SupervisorFilter,
)

_HELP: Final = (
    "a [why]  allow     d WHY   deny     h WHY   hold for somebody else\n"
    "o JSON   run it with these arguments changed     p   print all of it     q   leave"
)
_WORDS: Final = {"a": "allow", "d": "deny", "h": "hold", "o": "override"}


def supervise(context: Context) -> int:
    """Put each intent to whoever sits here, until they leave; returns the exit code."""
    asked = context.arguments
    engine = context.engine
    questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
    gone: set[tuple[int, str]] = set()
    told = Attached(
        put=questions.put,
        withdraw=lambda question: gone.add(question.key),
        ended=lambda *_: questions.put(None),
    )
    wants = SupervisorFilter(branches=asked.branch, tools=asked.tool)
    params = AttachParams(
        acting(context),
        wants if asked.branch or asked.tool else None,
        timeout_ms=round(asked.timeout * 1000),
        on_timeout=asked.on_timeout,
    )
    engine.supervision.attach(params, AUTHOR, told)
    context.note(f"supervising as {params.name}; every answer is a line\n{_HELP}")
    while (question := questions.get()) is not None:
        if question.key in gone:
            continue
        _show(context, question)
        if not _answer(context, question, gone):
            return 0
    context.note("the owner detached this supervisor")
    return 0


def supervisors(context: Context) -> int:
    """List those that intents wait for; returns the exit code."""
    found = context.engine.supervision.attached()
    if context.json:
        context.result(found)
        return 0
    table = Table(context, ("supervisor", "name", "since", "waits", "else", "of"))
    for one in found.supervisors:
        wants = one.filter
        stated = (
            [*(wants.branches or ()), *(wants.tools or ()), *(wants.kinds or ())] if wants else []
        )
        table.row(
            ("id", one.supervisor),
            ("", clean(one.name)),
            ("time", ago(one.since)),
            ("", f"{one.timeout_ms / 1000:g} s"),
            ("", one.on_timeout or ""),
            ("tool", clean(" ".join(stated))),
        )
    table.print("nobody supervises")
    return 0


def handoff(context: Context) -> int:
    """Make one branch's state another's start; returns the exit code."""
    asked = context.arguments
    params = HandoffParams(
        asked.giver, asked.taker, given(asked.guidance), acting(context), asked.reason
    )
    done = context.engine.handoff(params, AUTHOR)
    if context.json:
        context.result(done)
        return 0
    context.out(f"{clean(params.to)} goes on from {clean(params.from_)} ({short(done.commit)})")
    if done.safety is not None:
        context.note(f"undo: {again(context, 'restore', params.to, '--to', short(done.safety))}")
    return 0


def _show(context: Context, question: Question) -> None:
    if context.json:
        context.result(
            SupervisorDecideParams(
                question.supervisor,
                question.branch,
                question.run,
                question.intent,
                question.recent,
                question.deadline,
            )
        )
    else:
        context.out(
            f"{context.paint('id', short(question.intent.commit))} {clean(question.branch)}"
            f" {context.paint('tool', _wish(question.intent))}"
            f" ({question.intent.effect}, until {ago(question.deadline)})"
        )
    context.flush()


def _wish(intent: Entry) -> str:
    """All that it wants: who sits here decides by this line."""
    return summary(intent) if intent.payload is None else wish(intent.kind, intent.payload)


def _answer(context: Context, question: Question, gone: set[tuple[int, str]]) -> bool:
    """Read lines until one answers; False: whoever sat here has left."""
    while True:
        line = sys.stdin.readline()
        if not line or line.strip() == "q":
            return False
        word, _, rest = line.strip().partition(" ")
        if question.key in gone:
            context.note("it was decided without you")
            return True
        if word == "p":
            whole = json.dumps(question.intent.payload, indent=2, ensure_ascii=False)
            for part in whole.split("\n"):
                context.out(visible(part))  # nothing in it may look like something else
            continue
        if word not in _WORDS:
            context.note(_HELP)
            continue
        try:
            verdict = _verdict(_WORDS[word], rest.strip(), question)
            context.engine.supervision.answer(question, verdict, AUTHOR, eager=False).result()
        except InvalidParams as error:
            context.note(error.message)
        except IntentAlreadyResolved:
            context.note("it was decided without you")
            return True
        else:
            return True


def _verdict(decision: Any, rest: str, question: Question) -> SupervisorDecideResult:
    if decision != "override":
        return SupervisorDecideResult(decision, rest or None)
    try:
        changed = json.loads(rest)
    except ValueError as error:
        raise InvalidParams(f"not JSON: {error}") from None
    if not isinstance(changed, dict):
        raise InvalidParams("a JSON object of the arguments that change")
    payload = dict(question.intent.payload or {})
    payload["arguments"] = {**(payload.get("arguments") or {}), **changed}
    return SupervisorDecideResult("override", payload=payload)
