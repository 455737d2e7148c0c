"""What the debugger is asked before it runs: its attachments as a supervisor, and its answers.

Layer: dap. Keeps: only what a breakpoint or a step is about waits for the debugger, and leaves a
verdict in the trace; what an attachment asks that nobody wants any more is allowed at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from shepherd_sidecar.dap.breakpoints import INTENTS, Breakpoint, filters, matching_entry
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.supervision import Attached, Question
from shepherd_sidecar.errors import IntentAlreadyResolved
from shepherd_sidecar.protocol.supervision import (
    AttachParams,
    SupervisorDecideResult,
    SupervisorFilter,
)

Post = Callable[[Callable[[], object]], object]
"""Has something done on the adapter's own thread."""


class Gate:
    """The debugger's attachments to one store.

    Args:
        engine: whose.
        within: the runs or branches that are debugged.
        terms: name, time limit and what counts without an answer.
        author: who the reflog names.
        post: see ``Post``.
        told: called there with a question to stop at, and the breakpoints that it hits.
        withdrawn: called there with one that needs no answer any more.
    """

    def __init__(
        self,
        engine: Engine,
        within: SupervisorFilter,
        terms: AttachParams,
        author: str,
        post: Post,
        told: Callable[[Question, list[int]], object],
        withdrawn: Callable[[Question], object],
    ) -> None:
        self._engine = engine
        self._within = within
        self._terms = terms
        self._author = author
        self._post = post
        self._told = told
        self._withdrawn = withdrawn
        self._breakpoints: list[Breakpoint] = []
        self._attached: list[str] = []
        self._steps: dict[str, str] = {}
        """Branch that is stepped → the attachment for it."""
        self._open: dict[str, int] = {}
        """Attachment → its questions that wait."""

    @property
    def breakpoints(self) -> list[Breakpoint]:
        """Those that are set."""
        return self._breakpoints

    def set(self, breakpoints: list[Breakpoint]) -> None:
        """Set these in place of those before. Blocks for commits."""
        had, self._attached = self._attached, []
        self._breakpoints = breakpoints
        for wanted in filters(breakpoints):
            where = self._within
            asked = SupervisorFilter(wanted.kinds, where.runs, where.branches, wanted.tools)
            self._attached.append(self._attach(asked))
        for id_ in had:
            self._let_go(id_)

    def step(self, branch: str) -> None:
        """Have the next intent of a branch held, whatever it is. Blocks for a commit."""
        if branch not in self._steps:
            asked = SupervisorFilter(kinds=list(INTENTS), branches=[branch])
            self._steps[branch] = self._attach(asked)

    def stepped(self, branch: str) -> None:
        """It is held, or no longer wanted. Blocks for a commit."""
        id_ = self._steps.pop(branch, None)
        if id_ is not None:
            self._let_go(id_)

    def answer(
        self,
        question: Question,
        decision: Literal["allow", "deny", "override", "hold"],
        reason: str | None = None,
        payload: dict[str, object] | None = None,
    ) -> bool:
        """Answer a question; False when it was decided without this answer. Blocks for a commit.

        Raises:
            InvalidParams, PayloadTooLarge: the payload cannot run in place of what was proposed.
        """
        said = SupervisorDecideResult(decision, reason, payload)
        taken = self._engine.supervision.answer(question, said, self._author, eager=True)
        try:
            taken.result()
        except IntentAlreadyResolved:
            return False
        finally:
            self._closed(question)
        return True

    def _attach(self, asked: SupervisorFilter) -> str:
        told = Attached(
            lambda question: self._post(lambda: self._asked(question)),
            lambda question: self._post(lambda: self._over(question)),
            lambda id_, _: self._post(lambda: self._ended(id_)),
        )
        terms = self._terms
        params = AttachParams(
            terms.name,
            asked,
            timeout_ms=terms.timeout_ms,
            on_timeout=terms.on_timeout,
            recent=terms.recent,
            max_payload=terms.max_payload,
        )
        return self._engine.supervision.attach(params, self._author, told)

    def _asked(self, question: Question) -> None:
        self._open[question.supervisor] = self._open.get(question.supervisor, 0) + 1
        hit = matching_entry(self._breakpoints, question.intent)
        if hit or self._steps.get(question.branch) == question.supervisor:
            self._told(question, hit)
        else:
            self.answer(question, "allow")

    def _over(self, question: Question) -> None:
        self._closed(question)
        self._withdrawn(question)

    def _closed(self, question: Question) -> None:
        left = self._open.get(question.supervisor, 1) - 1
        self._open[question.supervisor] = max(left, 0)
        if question.supervisor not in (*self._attached, *self._steps.values()):
            self._let_go(question.supervisor)

    def _let_go(self, id_: str) -> None:
        """Detach it, unless it asks something: then it goes with its last answer."""
        if not self._open.get(id_) and self._engine.supervision.retire(id_).result():
            self._open.pop(id_, None)

    def _ended(self, id_: str) -> None:
        if id_ in self._attached:
            self._attached.remove(id_)
        self._steps = {branch: one for branch, one in self._steps.items() if one != id_}
