"""The debugger of one store: what stops, what goes on, and what becomes of what waits.

Layer: dap. Keeps: all of it happens on one thread, the adapter's. The engine's threads only post.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from shepherd_sidecar.dap.breakpoints import Breakpoint, matching_entry
from shepherd_sidecar.dap.gate import Gate, Post
from shepherd_sidecar.dap.threads import Held, Scope, Thread
from shepherd_sidecar.engine import subscriptions
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.supervision import Question
from shepherd_sidecar.errors import (
    BranchClosed,
    IntentAlreadyResolved,
    InvalidParams,
    UnknownBranch,
    UnknownIntent,
)
from shepherd_sidecar.protocol.interventions import (
    DecideParams,
    PauseParams,
    ResumeParams,
    Ruling,
)
from shepherd_sidecar.protocol.supervision import AttachParams, SupervisorFilter
from shepherd_sidecar.protocol.traces import SubscribeParams
from shepherd_sidecar.store import branches, commits, numbers, payloads
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id

Tell = Callable[[str, dict[str, Any]], object]
"""Sends an event of the protocol: its name and its body."""
Leave = Literal["default", "deny", "hold"]
_WATCHED: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Terms:
    """How one debugs, as ``attach`` said."""

    within: SupervisorFilter
    name: str
    """Stands as ``by`` in the trace."""
    author: str
    timeout_ms: int
    on_timeout: Literal["allow", "deny"] | None


class Debugger:
    """One session on one store.

    Args:
        engine: the store; ``close`` is the caller's.
        terms: how one debugs.
        post: has something done on the adapter's thread.
        tell: sends events.

    Raises:
        UnknownRun, UnknownBranch, InvalidParams: there is nothing of that name.
    """

    def __init__(self, engine: Engine, terms: Terms, post: Post, tell: Tell) -> None:
        self.engine = engine
        self.terms = terms
        self.threads: dict[int, Thread] = {}
        self._post = post
        self._tell = tell
        attach = AttachParams(
            name=terms.name,
            timeout_ms=terms.timeout_ms,
            on_timeout=terms.on_timeout,
            recent=0,
            max_payload=_WATCHED,
        )
        engine.supervision.check(attach)
        with engine.store.reading() as conn:
            self._scope = Scope(conn, terms.within)
        self._feed = subscriptions.start(
            engine.store, SubscribeParams(all=True, max_payload=_WATCHED)
        )
        self.gate = Gate(
            engine, terms.within, attach, terms.author, post, self._asked, self._withdrawn
        )
        self._woken = False
        self._began = False

    def begin(self) -> None:
        """Tell where everything stands, and follow it from now on."""
        self._refresh_threads()
        self._began = True
        self.refresh()
        self.engine.store.listen(self._changed)
        self._changed()

    def set_breakpoints(self, breakpoints: list[Breakpoint]) -> None:
        """Set these in place of those before."""
        with self.engine.store.reading() as conn:
            from_now = numbers.last(conn, "reflog")
        if not any(not one.gates for one in self.gate.breakpoints):
            self._feed.cursor = from_now  # nothing was looked for until now
        self.gate.set(breakpoints)

    def refresh(self) -> None:
        """See what the store says now."""
        self._refresh_threads()
        self._refresh_held()
        self._watch()
        for thread in self.threads.values():
            if thread.cursor is None and thread.status != "live":
                reason = "end" if thread.ended else "pause"
                why = f"The branch is {thread.status}"
                self.stop(thread, reason, why, self.head(thread).hex)

    def _refresh_threads(self) -> None:
        with self.engine.store.reading() as conn:
            found = self._scope.find(conn, self.threads)
        for branch in found:
            thread = self.threads.get(branch.seq)
            if thread is None:
                thread = self.threads[branch.seq] = Thread(branch.seq, branch.name, branch.status)
                if self._began:
                    self._tell("thread", {"reason": "started", "threadId": thread.id})
            thread.name, thread.status = branch.name, branch.status

    def head(self, thread: Thread) -> Node:
        """The newest commit of a branch."""
        with self.engine.store.reading() as conn:
            return commits.get(conn, branches.by_seq(conn, thread.id).head)

    def stop(
        self, thread: Thread, reason: str, why: str, at: Id, hit: list[int] | None = None
    ) -> None:
        """It stands at a commit now."""
        thread.cursor = at
        told = {"reason": reason, "description": why, "text": why, "threadId": thread.id}
        if hit:
            told["hitBreakpointIds"] = hit
        if reason == "end":
            told["preserveFocusHint"] = True
        self._tell("stopped", {**told, "allThreadsStopped": False})

    def stop_at_held(self, thread: Thread, held: Held, hit: list[int] | None = None) -> None:
        """It stands at what waits."""
        reason = "function breakpoint" if hit else "step" if held.questions else "held"
        self.stop(thread, reason, held.reason, held.intent, hit)

    def go(self, thread: Thread, *, step: bool = False) -> None:
        """Let a branch that stands at its end go on; with ``step`` to its next intent only.

        Raises:
            BranchClosed: it has ended.
            InvalidParams: what was put in place of the arguments cannot run.
        """
        held = thread.waiting(thread.cursor)
        if held is None and thread.ended:
            raise BranchClosed(
                f"{thread.name!r} is {thread.status}: its log ends here",
                hint="step back, or restart a frame to go on beside it",
            )
        if step:
            self.gate.step(thread.name)
        else:
            self.gate.stepped(thread.name)
        if held is not None and (held.edited or thread.status != "paused"):
            self.decide(thread, held, "override" if held.edited else "allow")
        thread.cursor = None
        if thread.status == "paused":
            thread.held = [one for one in thread.held if one.questions]
            self._resume(thread)
        elif thread.held:
            self.stop_at_held(thread, thread.held[0])

    def decide(
        self,
        thread: Thread,
        held: Held,
        decision: Literal["allow", "deny", "override", "hold"],
        reason: str | None = None,
    ) -> None:
        """Answer what waits. One that somebody decided meanwhile stays decided.

        Raises:
            InvalidParams, PayloadTooLarge: what was put in its place cannot run.
        """
        payload = held.payload if decision == "override" else None
        for question in held.questions:
            self.gate.answer(question, decision, reason, payload)
        if not held.questions and decision != "hold":
            ruling = Ruling(decision, reason, payload)
            asked = DecideParams(held.intent, ruling, self.terms.name, thread.name)
            # Its time may be up, or somebody else was quicker.
            with suppress(UnknownIntent, IntentAlreadyResolved):
                self.engine.intents.decide(asked, self.terms.author).result()
        if held in thread.held:
            thread.held.remove(held)

    def pause(self, thread: Thread) -> None:
        """Make a branch's proposals wait."""
        if thread.cursor is not None:
            raise InvalidParams.at("$.threadId", f"{thread.name!r} stands still already")
        if thread.status == "live":
            asked = PauseParams(thread.name, self.terms.name, "paused from the debugger")
            self.engine.pause(asked, self.terms.author).result()
            thread.status, thread.paused = "paused", True
        self.stop(thread, "pause", "Paused: what it proposes waits", self.head(thread).hex)

    def close(self, leave: Leave = "default") -> None:
        """End the session.

        Args:
            leave: what becomes of what waits for the debugger: the default of its effect class,
                a denial, or a hold for a person to decide; branches that the debugger paused go
                on unless they are held.
        """
        if self._began:
            self.engine.store.unlisten(self._changed)
        for thread in self.threads.values():
            for held in list(thread.held):
                if leave != "default" and held.questions:
                    self.decide(thread, held, leave, _WHY[leave])
            if thread.paused and thread.status == "paused" and leave != "hold":
                self._resume(thread)

    def deny(self, thread: Thread, reason: str) -> None:
        """Deny all that waits on a branch."""
        for held in list(thread.held):
            self.decide(thread, held, "deny", reason)

    def _resume(self, thread: Thread) -> None:
        thread.paused = False
        asked = ResumeParams(thread.name, self.terms.name, "resumed from the debugger")
        # Somebody else may have resumed it, or it has ended meanwhile.
        with suppress(BranchClosed, UnknownBranch):
            self.engine.resume(asked, self.terms.author).result()
        thread.status = "live"

    def _changed(self) -> None:
        """Called on threads of the store: one look is enough for all that came before it."""
        if not self._woken:
            self._woken = True
            self._post(self._look)

    def _look(self) -> None:
        self._woken = False
        self.refresh()

    def _asked(self, question: Question, hit: list[int]) -> None:
        thread = self._thread_of(question.branch)
        if thread is None:
            self.gate.answer(question, "allow")
            return
        held = thread.waiting(question.intent.commit)
        if held is not None:
            held.questions.append(question)
            return
        why = "Held by a breakpoint" if hit else "Held after a step"
        held = self._held(question.intent.commit, self.terms.name, why, [question])
        thread.held.append(held)
        if thread.cursor is None:
            self.stop_at_held(thread, held, hit)

    def _withdrawn(self, question: Question) -> None:
        for thread in self.threads.values():
            held = thread.waiting(question.intent.commit)
            if held is not None and question in held.questions:
                held.questions.remove(question)
                if not held.questions:
                    self._decided(thread, held)

    def _decided(self, thread: Thread, held: Held) -> None:
        """Its time was up, or somebody else decided it."""
        thread.held.remove(held)
        if thread.cursor == held.intent:
            thread.cursor = None
            self._tell("continued", {"threadId": thread.id, "allThreadsContinued": False})
            if thread.held:
                self.stop_at_held(thread, thread.held[0])

    def _refresh_held(self) -> None:
        """What rules, pauses and other supervisors hold."""
        waiting = self.engine.intents.held().held
        for thread in self.threads.values():
            mine = {one.intent: one for one in waiting if one.branch == thread.name}
            for held in [one for one in thread.held if not one.questions]:
                if held.intent not in mine:
                    self._decided(thread, held)
            for intent, row in mine.items():
                if thread.waiting(intent) is None:
                    thread.held.append(
                        self._held(intent, row.by, f"Held by {row.by}: {row.reason}", [])
                    )
                    if thread.cursor is None or (thread.paused and len(thread.held) == 1):
                        self.stop_at_held(thread, thread.held[-1])

    def _watch(self) -> None:
        """Pause where an event of a kind that cannot be held was told of."""
        after = [one for one in self.gate.breakpoints if not one.gates]
        if not after:
            return
        while entries := subscriptions.pull(self.engine.store, self._feed):
            for entry in entries:
                hit = matching_entry(after, entry)
                thread = self._thread_of(entry.branch) if hit and entry.branch else None
                said = entry.payload if isinstance(entry.payload, dict) else {}
                if thread is None or thread.cursor is not None or thread.ended:
                    continue
                if said.get("by") == self.terms.name:
                    continue  # our own doing
                asked = PauseParams(thread.name, self.terms.name, f"a breakpoint on {entry.kind}")
                self.engine.pause(asked, self.terms.author).result()
                thread.status, thread.paused = "paused", True
                why = f"After {entry.kind}: what it proposes waits"
                self.stop(thread, "function breakpoint", why, entry.commit, hit)

    def _thread_of(self, branch: str) -> Thread | None:
        for again in (False, True):
            if again:
                self._refresh_threads()
            for thread in self.threads.values():
                if thread.name == branch:
                    return thread
        return None

    def _held(self, intent: Id, by: str, why: str, questions: list[Question]) -> Held:
        store = self.engine.store
        with store.reading() as conn:
            node = commits.need(conn, intent)
            proposed = payloads.read(conn, store.root, node)
        return Held(intent, node.kind, proposed, proposed, by, why, questions)


_WHY: Final = {"deny": "denied as the debugger ended", "hold": "left by the debugger"}
