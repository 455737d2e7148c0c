"""The handlers: each method of the table, a few lines around the engine.

Layer: server. What reads briefly answers on the loop; what writes answers from the thread
that made it durable; what walks a workspace or a whole store runs on a thread of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

import attrs

from shepherd_sidecar.engine import branching, reading, verdicts
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.entries import resolve
from shepherd_sidecar.engine.futures import then
from shepherd_sidecar.errors import RoleForbidden
from shepherd_sidecar.protocol.converter import unstructure
from shepherd_sidecar.protocol.method import DECIDERS, WRITERS, Role
from shepherd_sidecar.protocol.table import find
from shepherd_sidecar.server import lanes
from shepherd_sidecar.server.feeds import Feeds
from shepherd_sidecar.server.progress import reported
from shepherd_sidecar.server.session import Session
from shepherd_sidecar.server.settings import Handler
from shepherd_sidecar.server.threads import on_thread

if TYPE_CHECKING:
    from concurrent.futures import Future

    from shepherd_sidecar.engine.replays import Replays
    from shepherd_sidecar.protocol.branches import ForkResult
    from shepherd_sidecar.protocol.replays import ReplayOpenResult
    from shepherd_sidecar.protocol.runs import RunStartResult

T = TypeVar("T")


_WRITES: Final = frozenset(
    (
        "trace/append",
        "trace/record",
        "intent/propose",
        "world/exec",
        "world/launch",
        "run/end",
        "branch/rename",
        "branch/rewind",
        "branch/discard",
        "branch/select",
    )
)
_SLOW_WRITES: Final = frozenset(
    (
        "intent/resolve",
        "snapshot/take",
        "snapshot/restore",
        "branch/apply",
        "memo/call",
        "memo/store",
    )
)
"""Writes that walk a workspace, on a thread, before they record."""


def handlers(engine: Engine, role: Role) -> dict[str, Handler]:
    """Every handler of the table, for one store and the role it is served in."""
    feeds = Feeds(engine.store)
    every = {
        **_recording(engine),
        **_reading(engine, feeds),
        **_branches(engine),
        **_interventions(engine),
        **_supervision(engine, feeds),
        **_workspaces(engine),
        **_processes(engine),
        **_replays(engine),
        **_care(engine),
    }
    for name in every.keys() & (_WRITES | _SLOW_WRITES):
        every[name] = lanes.in_order(every[name], slow=name in _SLOW_WRITES)
    if role == "agent":
        return {
            name: _by_its_own_name(_on_own_branches(name, handler))
            for name, handler in every.items()
        }
    return every


def _on_own_branches(name: str, handler: Handler) -> Handler:
    """An agent writes on the branches it started or forked, and on no others."""
    method = find(name)
    if method is None or method.roles != WRITERS:
        return handler

    def guarded(session: Session, params: Any) -> Any:
        branch = getattr(params, "branch", None)
        if branch is not None and branch not in session.own:
            raise RoleForbidden(
                f"{branch!r} is not a branch of this agent",
                hint="an agent works on branches it started or forked, and on those of serve --own",
                branch=branch,
            )
        return handler(session, params)

    return guarded


def _by_its_own_name(handler: Handler) -> Handler:
    """A copy of an agent goes on calling its branch as the original did."""

    def renamed(session: Session, params: Any) -> Any:
        if session.known_as:
            for member in ("branch", "at", "from_", "to", "into"):
                called = getattr(params, member, None)
                if isinstance(called, str) and called in session.known_as:
                    params = attrs.evolve(params, **{member: session.known_as[called]})
        return handler(session, params)

    return renamed


def capabilities(engine: Engine) -> dict[str, Any]:
    """The value of ``capabilities.experimental.shepherd``."""
    told: dict[str, Any] = unstructure(engine.capabilities())
    return told


def _recording(engine: Engine) -> dict[str, Handler]:
    def put_blob(session: Session, params: Any) -> Any:
        if session.role == "agent" and params.path is not None:
            raise RoleForbidden(
                "an agent sends blobs as data: the sidecar reads no files for it", role="agent"
            )
        if params.path is not None:
            return on_thread(lambda: engine.put_blob(params).result())
        return engine.put_blob(params)

    def start(session: Session, params: Any) -> Any:
        if session.role == "agent" and params.gate is not None:
            raise RoleForbidden("an agent does not choose the rules it is under", role="agent")

        def work() -> RunStartResult:
            result = engine.runs.start(params, session.author)
            session.own.add(result.branch)
            return result

        return on_thread(work)

    def looking_first(
        session: Session, branch: str, work: Callable[[bool], Future[T]]
    ) -> Future[T] | Awaitable[T]:
        """What changed before, and is nobody's or the user's, is written down before ``work``."""
        if not engine.attribution.due(branch):
            return work(session.alone)

        turn = lanes.enter(session, branch)

        async def look_first() -> T:
            try:
                await asyncio.to_thread(engine.attribution.look, branch, session.author)
                begun = work(False)
            finally:
                lanes.leave(session, branch, turn)
            return await asyncio.wrap_future(begun)

        return look_first()

    def propose(session: Session, params: Any) -> Any:
        return looking_first(
            session,
            params.branch,
            lambda eager: engine.propose(params, session.author, eager=eager),
        )

    def end(session: Session, params: Any) -> Any:
        return looking_first(
            session, params.branch, lambda _: engine.end_run(params, session.author)
        )

    def resolve(session: Session, params: Any) -> Any:
        if params.snapshot and engine.reporting.has_world(params.branch):
            return on_thread(engine.resolve, params, session.author)
        return engine.reporting.resolve_only(params, session.author, eager=session.alone)

    return {
        "run/start": start,
        "run/end": end,
        "trace/append": lambda s, p: engine.append(p, s.author, eager=s.alone),
        "trace/record": lambda s, p: engine.append(p, s.author, eager=s.alone),
        "blob/put": put_blob,
        "blob/get": lambda s, p: engine.get_blob(p),
        "intent/propose": propose,
        "intent/resolve": resolve,
        "world/exec": lambda s, p: engine.executing.exec(p, s.author),
    }


def _reading(engine: Engine, feeds: Feeds) -> dict[str, Handler]:
    from shepherd_sidecar.engine import comparing, spending

    store, limits = engine.store, engine.limits
    return {
        "run/list": lambda s, p: branching.runs(
            store, reading.check_limit(p.limit, limits.page), p.cursor
        ),
        "run/usage": lambda s, p: on_thread(spending.of_run, store, p.run),
        "trace/log": lambda s, p: reading.log(store, p, limits),
        "trace/get": lambda s, p: reading.get(store, p),
        "trace/diff": lambda s, p: on_thread(comparing.diff, store, p),
        "trace/blame": lambda s, p: on_thread(lambda: engine.blaming.blame(p)),
        "trace/search": lambda s, p: on_thread(reading.search, store, p, limits),
        "editor/document": lambda s, p: on_thread(_document, engine, p),
        "trace/subscribe": feeds.subscribe,
        "trace/unsubscribe": feeds.unsubscribe,
    }


def _document(engine: Engine, params: Any) -> Any:
    from shepherd_sidecar.engine.documents import document  # few clients ask for one

    return document(engine, params)


def _branches(engine: Engine) -> dict[str, Handler]:
    def with_verdicts(session: Session, at: str) -> None:
        if session.role == "agent":
            with engine.store.reading() as conn:
                verdicts.keep_together(conn, resolve(conn, at))

    def fork(session: Session, params: Any) -> Any:
        if session.role == "agent" and params.process and params.at not in session.own:
            raise RoleForbidden(
                f"{params.at!r} is not a branch of this agent",
                hint="an agent copies what runs on its own branches, as it runs",
                role="agent",
            )

        def work() -> ForkResult:
            with_verdicts(session, params.at)
            with reported(session, params.work_done_token, "Making worlds"):
                result = engine.fork(
                    _signed(session, params), session.author, by_agent=session.role == "agent"
                )
            session.own.update(made.branch for made in result.branches)
            return result

        return on_thread(work)

    def rename(session: Session, params: Any) -> Any:
        def renamed(view: Any) -> Any:
            # Only now: a name that was refused is somebody else's.
            if params.branch in session.own:
                session.own.discard(params.branch)
                session.own.add(view.branch)
            return view

        return then(engine.rename(params, session.author), renamed)

    def rewind(session: Session, params: Any) -> Any:
        with_verdicts(session, params.to)
        return engine.rewind(_signed(session, params), session.author)

    def discard(session: Session, params: Any) -> Any:
        asked = engine.discard(_signed(session, params), session.author)
        if params.restore or not engine.processes.records.names():
            return asked

        def end() -> Any:
            done = asked.result()
            engine.processes.end(params.branch)
            return done

        return on_thread(end)

    def overlaps(session: Session, params: Any) -> Any:
        if params.watch is not None and session.role not in DECIDERS:
            raise RoleForbidden(
                "who is watched is for supervisors and owners to say", role=session.role
            )
        return on_thread(engine.find_overlaps, params)

    return {
        "branch/fork": fork,
        "branch/overlaps": overlaps,
        "branch/list": lambda s, p: branching.page(
            engine.store, p.run, reading.check_limit(p.limit, engine.limits.page), p.cursor
        ),
        "branch/get": lambda s, p: (
            on_thread(engine.branch, p.branch)
            if engine.workspaces.is_shut(p.branch)
            else branching.get(engine.store, p.branch)
        ),
        "branch/rename": rename,
        "branch/select": lambda s, p: engine.select(p, s.author),
        "branch/apply": lambda s, p: on_thread(engine.apply, p, s.author),
        "branch/rewind": rewind,
        "branch/discard": discard,
    }


def _signed(session: Session, params: Any) -> Any:
    """What a supervisor does to a branch is an event with its author."""
    if session.role != "supervisor" or params.by is not None:
        return params
    return attrs.evolve(params, by=session.author)


def _interventions(engine: Engine) -> dict[str, Handler]:
    return {
        "intervene/held": lambda s, p: engine.intents.held(),
        "intervene/decide": lambda s, p: engine.intents.decide(p, s.author),
        "intervene/inject": lambda s, p: engine.inject(p, s.author),
        "intervene/pause": lambda s, p: engine.pause(p, s.author),
        "intervene/resume": lambda s, p: engine.resume(p, s.author),
        "intervene/handoff": lambda s, p: on_thread(engine.handoff, p, s.author),
    }


def _supervision(engine: Engine, feeds: Feeds) -> dict[str, Handler]:
    def attach(session: Session, params: Any) -> Any:
        from shepherd_sidecar.server import supervising

        if not session.supervises:
            session.supervises = True
            session.on_close(lambda: supervising.let_go(engine, session))
        return supervising.attach(engine, feeds, session, params)

    def detach(session: Session, params: Any) -> Any:
        from shepherd_sidecar.server import supervising

        return supervising.detach(engine, session, params)

    return {
        "supervisor/attach": attach,
        "supervisor/detach": detach,
        "supervisor/list": lambda s, p: engine.supervision.attached(),
    }


def _workspaces(engine: Engine) -> dict[str, Handler]:
    from shepherd_sidecar.engine import tree_reading

    store, limits = engine.store, engine.limits
    return {
        "snapshot/take": lambda s, p: on_thread(engine.take, p, s.author),
        "snapshot/restore": lambda s, p: on_thread(engine.restore, p, s.author),
        "snapshot/diff": lambda s, p: on_thread(tree_reading.diff, store, p),
        "memo/call": lambda s, p: on_thread(engine.memos.call, p, s.author),
        "memo/store": lambda s, p: on_thread(engine.memos.store, p, s.author),
        "snapshot/read": lambda s, p: on_thread(tree_reading.read, store, p, limits),
    }


def _processes(engine: Engine) -> dict[str, Handler]:
    processes = engine.processes

    def send(session: Session, params: Any) -> Any:
        own = session.own if session.role == "agent" else None
        return on_thread(processes.send, params, session.author, own)

    return {
        "world/launch": lambda s, p: engine.launching.launch(p, s.author, s.role),
        "world/processes": lambda s, p: on_thread(processes.listed, p),
        "world/signal": send,
        "world/output": lambda s, p: on_thread(processes.output, p),
    }


def _replays(engine: Engine) -> dict[str, Handler]:
    opened: WeakKeyDictionary[Session, Replays] = WeakKeyDictionary()

    def of(session: Session) -> Replays:
        """The replays of a connection; they end with it."""
        if session not in opened:
            opened[session] = engine.replays()
            session.on_close(opened[session].close_all)
        return opened[session]

    def following(session: Session, params: Any) -> Any:
        replays = of(session)
        if replays.brief(params.replay):
            return replays.next(params, session.author)
        return on_thread(replays.next, params, session.author)

    def start(session: Session, params: Any) -> Any:
        replays = of(session)

        def work() -> ReplayOpenResult:
            own = session.own if session.role == "agent" else None
            result = replays.open(params, session.author, own)
            if result.branch is not None:
                session.own.add(result.branch)
            return result

        return on_thread(work)

    return {
        "replay/open": start,
        "replay/next": following,
        "replay/check": lambda s, p: on_thread(of(s).check, p),
        "replay/close": lambda s, p: on_thread(of(s).close, p),
    }


def _care(engine: Engine) -> dict[str, Handler]:
    def take_in(params: Any, author: str) -> Any:
        if params.format == "atif" and Path(params.path).is_absolute():
            from shepherd_sidecar.engine.atif import import_atif

            return import_atif(engine, Path(params.path), author)
        return engine.care().import_(params, author)

    return {
        "store/stat": lambda s, p: on_thread(engine.care().stat, p),
        "store/verify": lambda s, p: on_thread(engine.care().verify, p),
        "store/gc": lambda s, p: on_thread(engine.care().gc, p),
        "store/forget": lambda s, p: on_thread(engine.care().forget, p),
        "store/export": lambda s, p: on_thread(engine.care().export, p),
        "store/import": lambda s, p: on_thread(take_in, p, s.author),
    }
