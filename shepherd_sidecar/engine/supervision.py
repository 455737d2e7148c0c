"""Supervisors attached through this process: what they are asked, and taking their answers.

Layer: engine. One thread, started by the first gating supervisor: it sleeps until the store
changes, then puts the questions that are new. Keeps: a supervisor is a row that every process
sees, and a lock that tells whether it lives; its first answer counts, and what cannot be an
answer counts as none.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import orjson

from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.engine.prepare import Preparer, rfc3339
from shepherd_sidecar.engine.questions import (
    Questions,
    asked_of,
    forget_attached,
    unanswered,
)
from shepherd_sidecar.engine.shown import Shown
from shepherd_sidecar.engine.supervised import compile_filter, shown_filter
from shepherd_sidecar.errors import (
    IntentAlreadyResolved,
    InvalidParams,
    ShepherdError,
    UnknownSupervisor,
)
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.supervision import (
    AttachParams,
    Supervisor,
    SupervisorDecideResult,
    SupervisorListResult,
)
from shepherd_sidecar.store import branches, commits, holds, lifelines, payloads, supervisors
from shepherd_sidecar.store.holds import Hold
from shepherd_sidecar.store.lifelines import Lifeline
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.store.supervisors import Answer
from shepherd_sidecar.store.writer import Tx
from shepherd_sidecar.trace import canonical

log = logging.getLogger(__name__)
TIMEOUT_MS: Final = 10_000
LONGEST_MS: Final = 3_600_000
MOST_RECENT: Final = 100
RETRY_S: Final = 1.0
"""A store that could not be read is looked at again so much later."""

_Key = tuple[int, str]
"""A hold's row and a supervisor's id."""


@dataclass(frozen=True, slots=True)
class Question:
    """An intent that waits for one supervisor."""

    hold: int
    supervisor: str
    branch: str
    run: str
    intent: Entry
    recent: list[Entry]
    deadline: str

    @property
    def key(self) -> _Key:
        """What tells it from others."""
        return self.hold, self.supervisor


@dataclass(frozen=True, slots=True)
class Attached:
    """What a gating supervisor is told. Each is called on a thread of the engine."""

    put: Callable[[Question], object]
    """There is a question."""
    withdraw: Callable[[Question], object]
    """It needs no answer any more."""
    ended: Callable[[str, str], object]
    """Somebody else detached it (its id, and why)."""


@dataclass(slots=True)
class _Own:
    row: int
    """Its number; 0 until it is known."""
    line: Lifeline
    told: Attached
    recent: int
    max_payload: int


class Supervision:
    """The supervisors of one store; those of this process among them."""

    def __init__(self, store: Store, preparer: Preparer, questions: Questions) -> None:
        self._store = store
        self._preparer = preparer
        self._questions = questions
        self._own: dict[str, _Own] = {}
        self._put: dict[_Key, Question | None] = {}
        """What was asked, and waits; None: what cannot be shown, and goes by its default."""
        self._shown = Shown(store.root)
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def check(self, params: AttachParams) -> None:
        """Refuse what cannot be attached.

        Raises:
            InvalidParams: it names what is wrong.
        """
        self._preparer.check_name(params.name, "$.name")
        if params.timeout_ms is not None and not 1 <= params.timeout_ms <= LONGEST_MS:
            raise InvalidParams.at("$.timeoutMs", f"1 to {LONGEST_MS} milliseconds")
        if not 0 <= params.recent <= MOST_RECENT:
            raise InvalidParams.at("$.recent", f"0 to {MOST_RECENT} entries")
        if params.max_payload < 0:
            raise InvalidParams.at("$.maxPayload", "a number of bytes, 0 or more")

    def attach(self, params: AttachParams, author: str, told: Attached) -> str:
        """Gate intents from now on; returns the supervisor's id. Blocks for a commit.

        Raises:
            UnknownRun, UnknownBranch: the filter names one that is not there.
            StoreReadOnly: its lock cannot be made.
        """
        self.check(params)
        id_ = f"sup-{secrets.token_hex(8)}"
        line = Lifeline(self._store.root, id_)
        own = _Own(0, line, told, params.recent, params.max_payload)

        def work(tx: Tx) -> int:
            wants = compile_filter(tx.conn, params.filter)
            for one in supervisors.every(tx.conn):  # what crashes left is cleared away
                if not lifelines.alive(tx.root, one.id):
                    self._questions.gone(tx, one.id)
            timeout = params.timeout_ms if params.timeout_ms is not None else TIMEOUT_MS
            supervisors.add(
                tx.conn,
                id_,
                params.name,
                wants,
                timeout,
                params.on_timeout,
                params.recent,
                tx.now,
                author,
            )
            forget_attached(tx)
            return int(tx.conn.execute("SELECT last_insert_rowid()").fetchone()[0])

        with self._lock:
            self._own[id_] = own
        try:
            self._begin()
            own.row = self._store.write(work)
            self._changed.set()  # what was proposed in between is asked now
        except BaseException:
            with self._lock:
                del self._own[id_]
            line.release()
            raise
        return id_

    def detach(self, id_: str, *, any_of_them: bool) -> Future[bool]:
        """End an attachment of this process, or (``any_of_them``) of whichever.

        Raises:
            UnknownSupervisor: there is none.
        """
        with self._lock:
            own = self._own.pop(id_, None)
        with self._store.reading() as conn:
            known = supervisors.by_id(conn, id_) is not None
        if not known or (own is None and not any_of_them):
            if own is not None:
                own.line.release()
            raise UnknownSupervisor(f"no supervisor {id_!r} to detach here", supervisor=id_)
        ended = self._store.submit(lambda tx: self._questions.gone(tx, id_, "was detached"))
        if own is not None:
            line = own.line
            ended.add_done_callback(lambda _: line.release())
        return ended

    def retire(self, id_: str) -> Future[bool]:
        """End an attachment of this process unless an intent waits for it; tells whether.

        So nothing is decided by the default of a supervisor that meant to go quietly.
        """

        def work(tx: Tx) -> bool:
            if any(id_ in unanswered(tx.conn, hold) for hold in holds.questions(tx.conn)):
                return False
            self._questions.gone(tx, id_, "was detached")
            return True

        def ended(done: Future[bool]) -> None:
            if done.cancelled() or done.exception() is not None or not done.result():
                return
            with self._lock:
                own = self._own.pop(id_, None)
            if own is not None:
                own.line.release()

        future = self._store.submit(work)
        future.add_done_callback(ended)
        return future

    def attached(self) -> SupervisorListResult:
        """Those that gate, of every process, and are alive."""
        with self._store.reading() as conn:
            found = [
                Supervisor(
                    supervisor=one.id,
                    name=one.name,
                    since=rfc3339(one.since),
                    timeout_ms=one.timeout_ms,
                    author=one.author,
                    on_timeout=cast("Literal['allow', 'deny'] | None", one.on_timeout),
                    filter=shown_filter(conn, one.wants()),
                )
                for one in supervisors.every(conn)
                if lifelines.alive(self._store.root, one.id)
            ]
        return SupervisorListResult(supervisors=found)

    def answer(
        self, question: Question, verdict: SupervisorDecideResult, author: str, *, eager: bool
    ) -> Future[None]:
        """Take an answer.

        The future fails with IntentAlreadyResolved when it comes too late.

        Raises:
            InvalidParams: it cannot be one; ``refuse`` writes that down.
        """
        self._fits(question, verdict)
        payload = None
        if verdict.payload is not None:
            payload = orjson.dumps(verdict.payload).decode()
        said = (verdict.decision, verdict.reason, payload, verdict.timeout_ms, None)

        def work(tx: Tx) -> None:
            hold, supervisor = self._waiting(tx, question)
            self._questions.answer(tx, hold, Answer(supervisor, *said), author)

        return self._store.submit(work, eager=eager)

    def refuse(self, question: Question, why: str, author: str) -> Future[None]:
        """Write down that a supervisor gave no usable answer: its default counts."""

        def work(tx: Tx) -> None:
            hold, supervisor = self._waiting(tx, question)
            self._questions.refuse(tx, hold, supervisor, why, author)

        return self._store.submit(work)

    def close(self) -> None:
        """Detach whoever is left, and stop asking."""
        with self._lock:
            self._closed = True
            left, thread = list(self._own), self._thread
        for id_ in left:
            try:
                self.detach(id_, any_of_them=False).result()
            except ShepherdError:
                continue  # somebody else detached it, or the disk is full: its lock goes anyway
        if thread is not None:
            self._changed.set()
            thread.join()

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="supervisors", daemon=True)
                self._thread.start()
        self._changed.set()

    def _run(self) -> None:
        # Listening starts a watcher: here, because callers may stand on the loop.
        self._store.listen(self._changed.set)
        self._changed.set()
        failed = False
        while True:
            self._changed.wait(RETRY_S if failed else None)
            self._changed.clear()
            if self._closed:
                break
            try:
                self._look()
                failed = False
            except ShepherdError as error:
                log.error("the store could not be read for questions: %s", error.name)
                failed = True
        self._store.unlisten(self._changed.set)

    def _look(self) -> None:
        with self._lock:
            own = {id_: one for id_, one in self._own.items() if one.row}
        if not own and not self._put:
            return
        new: dict[_Key, Question | None] = {}
        with self._store.frozen() as conn:
            attached = {one.id for one in supervisors.every(conn)}
            open_now: set[_Key] = set()
            for hold in holds.questions(conn):
                known = {key for id_ in own if (key := (hold.seq, id_)) in self._put}
                open_now |= known
                if len(known) == len(own):
                    continue  # nothing of it is new: many wake-ups are for others
                got = supervisors.answers(conn, hold.seq)
                for one in asked_of(hold)["of"]:
                    key = hold.seq, one["id"]
                    if one["id"] not in own or key in known or one["seq"] in got:
                        continue
                    open_now.add(key)
                    try:
                        new[key] = self._question(conn, hold, one, own[one["id"]])
                    except ShepherdError as error:
                        log.error("%s cannot be asked: %s", one["name"], error.name)
                        new[key] = None
        for key in [key for key in self._put if key not in open_now]:
            question = self._put.pop(key)
            if question is not None and question.supervisor in own:
                own[question.supervisor].told.withdraw(question)
        for id_ in own.keys() - attached:
            with self._lock:
                gone = self._own.pop(id_, None)
            if gone is not None:
                gone.line.release()
                gone.told.ended(id_, "detached by the owner")
        self._put |= new
        for question in new.values():
            if question is not None:
                own[question.supervisor].told.put(question)

    def _question(
        self, conn: sqlite3.Connection, hold: Hold, one: dict[str, Any], own: _Own
    ) -> Question:
        node = commits.get(conn, hold.intent)
        branch = branches.by_seq(conn, hold.branch)
        return Question(
            hold=hold.seq,
            supervisor=one["id"],
            branch=branch.name,
            run=branches.run_by_seq(conn, branch.run).id,
            intent=entry(conn, self._store.root, node, own.max_payload),
            recent=self._shown.before(conn, node, own.recent, own.max_payload),
            deadline=rfc3339(one["deadline"]),
        )

    def _waiting(self, tx: Tx, question: Question) -> tuple[Hold, int]:
        """The hold that still waits for this answer."""
        hold = holds.find(tx.conn, question.hold)
        if hold is not None and hold.asked is not None:
            got = supervisors.answers(tx.conn, hold.seq)
            for one in asked_of(hold)["of"]:
                if one["id"] == question.supervisor and one["seq"] not in got:
                    return hold, one["seq"]
        raise IntentAlreadyResolved(
            f"intent {question.intent.commit} does not wait for this answer (any more)",
            intent=question.intent.commit,
        )

    def _fits(self, question: Question, verdict: SupervisorDecideResult) -> None:
        if verdict.decision in ("deny", "hold") and not verdict.reason:
            raise InvalidParams.at("$.reason", f"a {verdict.decision} says why")
        if (verdict.decision == "override") != (verdict.payload is not None):
            raise InvalidParams.at("$.payload", "an override, and only it, has a payload")
        if verdict.timeout_ms is not None and not (
            verdict.decision == "hold" and 0 <= verdict.timeout_ms <= LONGEST_MS
        ):
            raise InvalidParams.at("$.timeoutMs", f"for a hold, 0 to {LONGEST_MS} milliseconds")
        if verdict.reason is not None:
            canonical.check(verdict.reason, "$.reason")
        if verdict.payload is None:
            return
        with self._store.reading() as conn:
            intent = commits.need(conn, question.intent.commit)
            proposed = payloads.read(conn, self._store.root, intent)
        # What may be proposed may be put in its place: the same checks, and the same limit.
        self._preparer.event(intent.kind, verdict.payload)
        if intent.kind == "tool_call" and verdict.payload.get("name") != proposed.get("name"):
            raise InvalidParams.at(
                "$.payload.name", f"an override of {proposed.get('name')!r} keeps the tool"
            )
        was, now = proposed.get("arguments"), verdict.payload.get("arguments")
        if isinstance(was, dict) and not isinstance(now, dict):
            raise InvalidParams.at("$.payload.arguments", "an object, as proposed")
