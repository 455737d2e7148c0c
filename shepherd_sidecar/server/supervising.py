"""Supervisors on a connection: questions to the client, its answers, and what it follows.

Layer: server. Keeps: the first answer counts; what cannot be an answer, and what comes twice or
too late, is told to the client by name, and delays nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.subscriptions import Feed
from shepherd_sidecar.engine.supervised import Told, compile_filter
from shepherd_sidecar.engine.supervision import Attached, Question
from shepherd_sidecar.errors import (
    IntentAlreadyResolved,
    InvalidParams,
    PayloadTooLarge,
    RoleForbidden,
    ShepherdError,
    ShuttingDown,
    UnknownSupervisor,
)
from shepherd_sidecar.protocol.common import Empty
from shepherd_sidecar.protocol.converter import structure
from shepherd_sidecar.protocol.supervision import (
    AttachParams,
    AttachResult,
    DetachParams,
    DidDetach,
    DidRefuse,
    SupervisorDecideParams,
    SupervisorDecideResult,
)
from shepherd_sidecar.server.feeds import Feeds
from shepherd_sidecar.server.session import PeerError, Session
from shepherd_sidecar.store import numbers

log = logging.getLogger(__name__)
GATHER_S: Final = 0.05
"""Commits are told so much later: not while the very intent is being decided."""
WHY: Final = 500
"""Characters of a client's error that are recorded."""


async def attach(
    engine: Engine, feeds: Feeds, session: Session, params: AttachParams
) -> AttachResult:
    """Make the client a supervisor until it detaches or goes."""
    if params.gate and session.role == "observer":
        raise RoleForbidden(
            "an observer gates nothing", hint="attach with gate: false", role=session.role
        )
    engine.supervision.check(params)
    with engine.store.reading() as conn:
        wants = compile_filter(conn, params.filter)
        cursor = numbers.last(conn, "reflog")
    if params.gate:
        asker = _Asker(engine, session)
        told = Attached(asker.put, asker.withdraw, asker.ended)
        name = await asyncio.to_thread(engine.supervision.attach, params, session.author, told)
        session.gates.add(name)
    else:
        name = f"watch-{secrets.token_hex(8)}"
    watch = params.watch if params.watch is not None else not params.gate
    wanted = Told(engine.store.root, wants, watch)
    feeds.follow(session, name, Feed(cursor, params.max_payload, wants=wanted, gather_s=GATHER_S))
    return AttachResult(supervisor=name, cursor=str(cursor))


async def detach(engine: Engine, session: Session, params: DetachParams) -> Empty:
    """End an attachment."""
    name = params.supervisor
    gates, follows = name in session.gates, name in session.subscriptions
    if not gates and not follows and session.role != "owner":
        raise UnknownSupervisor(
            f"no supervisor {name!r} on this connection",
            hint="only the owner detaches those of other connections",
            supervisor=name,
        )
    if gates or not follows:
        ended = await asyncio.to_thread(engine.supervision.detach, name, any_of_them=not gates)
        await asyncio.wrap_future(ended)
    _forget(session, name)
    return Empty()


def let_go(engine: Engine, session: Session) -> None:
    """The connection ended: nobody waits for it."""
    for name in session.gates:
        with contextlib.suppress(ShepherdError):  # somebody else detached it
            engine.supervision.detach(name, any_of_them=False)
    session.gates.clear()


def _forget(session: Session, name: str) -> None:
    session.gates.discard(name)
    push = session.subscriptions.pop(name, None)
    if push is not None:
        push.close()


class _Asker:
    """One attachment: what the client is asked, and what it answers."""

    def __init__(self, engine: Engine, session: Session) -> None:
        self._engine = engine
        self._session = session
        self._open: dict[tuple[int, str], Future[Any]] = {}

    def put(self, question: Question) -> None:
        """Ask the client."""
        asked = self._session.ask(
            "supervisor/decide",
            SupervisorDecideParams(
                question.supervisor,
                question.branch,
                question.run,
                question.intent,
                question.recent,
                question.deadline,
            ),
            again=partial(self._late, question),
        )
        self._open[question.key] = asked
        asked.add_done_callback(partial(self._answered, question))

    def withdraw(self, question: Question) -> None:
        """Its answer is not needed any more."""
        asked = self._open.pop(question.key, None)
        if asked is not None:
            asked.cancel()

    def ended(self, supervisor: str, reason: str) -> None:
        """The owner detached it."""
        self._session.notify("supervisor/didDetach", DidDetach(supervisor, reason))
        with contextlib.suppress(RuntimeError):  # the loop has ended with its connection
            self._session.loop.call_soon_threadsafe(_forget, self._session, supervisor)

    def _answered(self, question: Question, asked: Future[Any]) -> None:
        if asked.cancelled():
            return
        self._open.pop(question.key, None)
        supervision, author = self._engine.supervision, self._session.author
        try:
            try:
                verdict = structure(asked.result(), SupervisorDecideResult)
                taken = supervision.answer(question, verdict, author, eager=True)
            except (InvalidParams, PayloadTooLarge) as error:
                self._refuse(question, "InvalidParams", error.message)
                taken = supervision.refuse(question, error.message, author)
            except PeerError as error:
                taken = supervision.refuse(question, f"an error: {error}"[:WHY], author)
            except ConnectionError:
                return  # it is detached with its connection
        except ShuttingDown:
            return
        taken.add_done_callback(partial(self._taken, question))

    def _taken(self, question: Question, taken: Future[None]) -> None:
        error = None if taken.cancelled() else taken.exception()
        if isinstance(error, IntentAlreadyResolved):
            self._late(question)
        elif error is not None:
            log.error("a supervisor's answer was not recorded: %s", type(error).__qualname__)

    def _late(self, question: Question) -> None:
        self._refuse(
            question, "IntentAlreadyResolved", "it was answered, or decided without this answer"
        )

    def _refuse(self, question: Question, name: str, why: str) -> None:
        self._session.notify(
            "supervisor/didRefuse",
            DidRefuse(question.supervisor, question.intent.commit, name, why),
        )
