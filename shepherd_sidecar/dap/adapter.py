"""The debug adapter: requests in, answers and events out, all on one thread.

Layer: dap. Keeps: what cannot be done is refused in plain words and changes nothing.
"""

from __future__ import annotations

import logging
import queue
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.dap import breakpoints, stack, steps
from shepherd_sidecar.dap.arguments import Arguments
from shepherd_sidecar.dap.channel import Channel, Message
from shepherd_sidecar.dap.debugger import Debugger, Leave, Terms
from shepherd_sidecar.dap.inspecting import Inspector
from shepherd_sidecar.dap.threads import Thread
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.supervision import LONGEST_MS
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.branches import ForkParams
from shepherd_sidecar.protocol.supervision import SupervisorFilter
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.store.layout import find_store, is_store

log = logging.getLogger(__name__)
CAPABILITIES: Final = {
    "supportsConfigurationDoneRequest": True,
    "supportsFunctionBreakpoints": True,
    "supportsStepBack": True,
    "supportsSetVariable": True,
    "supportsRestartFrame": True,
    "supportsDelayedStackTraceLoading": True,
    "supportsTerminateRequest": True,
    "supportTerminateDebuggee": True,
    "supportSuspendDebuggee": True,
    "supportsTerminateThreadsRequest": True,
    "supportsSingleThreadExecutionRequests": True,
    "supportsEvaluateForHovers": False,
    "supportsClipboardContext": True,
}
_NOT_HERE: Final = "Lines hold nothing: set a function breakpoint, on a tool or a kind of event"
_DENIED: Final = "denied from the debugger"
Handler = Callable[[Arguments], dict[str, Any] | None]


class Adapter:
    """One connection of one client.

    Args:
        in_fd, out_fd: its descriptors.
        store: the store's folder, when it was named on the command line.
    """

    def __init__(self, in_fd: int, out_fd: int, store: str | None) -> None:
        self._todo: queue.SimpleQueue[Callable[[], object] | Message | None] = queue.SimpleQueue()
        self._channel = Channel(in_fd, out_fd, self._todo.put)
        self._store = store
        self._client = "debugger"
        self._origin = 1
        self._said_initialize = False
        self._debugger: Debugger | None = None
        self._inspector: Inspector | None = None
        self._over = False
        self._requests: dict[str, Handler] = {
            "initialize": self._initialize,
            "attach": self._attach,
            "launch": self._launch,
            "configurationDone": self._begin,
            "setFunctionBreakpoints": self._set_function_breakpoints,
            "setBreakpoints": self._set_breakpoints,
            "setExceptionBreakpoints": lambda _: {"breakpoints": []},
            "threads": self._threads,
            "stackTrace": self._stack_trace,
            "scopes": lambda a: self._look.scopes(self._look.frame(a.need("frameId", int))),
            "variables": lambda a: self._look.variables(a.need("variablesReference", int), a),
            "source": self._source,
            "setVariable": self._set_variable,
            "evaluate": self._evaluate,
            "continue": self._continue,
            "reverseContinue": self._reverse_continue,
            "next": lambda a: self._step(a, steps.over),
            "stepIn": lambda a: self._step(a, steps.into),
            "stepOut": lambda a: self._step(a, steps.out),
            "stepBack": self._step_back,
            "restartFrame": self._restart_frame,
            "pause": self._pause,
            "terminateThreads": self._terminate_threads,
            "terminate": self._terminate,
            "disconnect": self._disconnect,
        }

    def run(self) -> int:
        """Serve the client until it goes; returns the exit code."""
        self._channel.open()
        try:
            while not self._over:
                next_ = self._todo.get()
                if next_ is None:
                    break
                try:
                    self._do(next_)
                except Exception as error:  # a debugger that dies would decide what waits
                    place = "".join(traceback.format_tb(error.__traceback__))
                    log.error("%s\n%s", type(error).__qualname__, place)
        finally:
            self._close("default")
        return 0

    def _do(self, next_: Callable[[], object] | Message) -> None:
        if callable(next_):
            next_()
        elif next_["type"] == "fault":
            said = f"A message was skipped: {next_['why']}\n"
            self._channel.event("output", {"category": "important", "output": said})
        else:
            handler = self._requests.get(next_["command"])
            arguments = Arguments(next_.get("arguments") or {})
            self._channel.answer(next_, lambda: self._handle(next_["command"], handler, arguments))

    def _handle(
        self, command: str, handler: Handler | None, arguments: Arguments
    ) -> dict[str, Any] | None:
        if handler is None:
            raise InvalidParams(f"{command[:100]!r} is not offered: the capabilities say what is")
        if not self._said_initialize and command not in ("initialize", "disconnect"):
            raise InvalidParams("the first request is `initialize`")
        return handler(arguments)

    # The session

    def _initialize(self, arguments: Arguments) -> dict[str, Any]:
        if self._said_initialize:
            raise InvalidParams("`initialize` was said before")
        self._client = arguments.get("clientID", str, "") or "debugger"
        self._origin = 1 if arguments.get("linesStartAt1", bool, True) else 0
        self._said_initialize = True
        return dict(CAPABILITIES)

    def _launch(self, _: Arguments) -> None:
        raise InvalidParams("start the agent as you always do, and attach to its store instead")

    def _attach(self, arguments: Arguments) -> None:
        if self._debugger is not None:
            raise InvalidParams("this session is attached already: end it first")
        run, branch = arguments.get("run", str), arguments.get("branch", str)
        if run is not None and branch is not None:
            raise InvalidParams.at("$.branch", "give a run or a branch, not both")
        on_timeout = arguments.get("onTimeout", str)
        if on_timeout not in (None, "allow", "deny"):
            raise InvalidParams.at("$.onTimeout", "allow or deny")
        documents = arguments.get("documents", str, "reference")
        if documents not in ("reference", "uri"):
            raise InvalidParams.at("$.documents", "reference or uri")
        terms = Terms(
            SupervisorFilter(
                runs=[run] if run is not None else None,
                branches=[branch] if branch is not None else None,
            ),
            arguments.get("by", str, "debugger"),
            self._client,
            arguments.get("timeoutMs", int, LONGEST_MS),
            "allow" if on_timeout == "allow" else "deny" if on_timeout == "deny" else None,
        )
        root = find_store(Path.cwd(), arguments.get("store", str) or self._store)
        if not is_store(root):
            raise InvalidParams.at("$.store", f"there is no store at {root}: name the .shepherd/")
        engine = Engine(root)
        try:
            self._debugger = Debugger(engine, terms, self._todo.put, self._channel.event)
        except BaseException:
            engine.close()
            raise
        self._inspector = Inspector(self._debugger, uris=documents == "uri", origin=self._origin)
        self._channel.event("initialized", {})

    def _begin(self, _: Arguments) -> None:
        self._debug.begin()

    def _terminate(self, _: Arguments) -> None:
        self._close("deny")
        self._channel.event("terminated", {})

    def _disconnect(self, arguments: Arguments) -> None:
        leave: Leave = "default"
        if arguments.get("terminateDebuggee", bool, False):
            leave = "deny"
        elif arguments.get("suspendDebuggee", bool, False):
            leave = "hold"
        self._close(leave)
        self._over = True

    def _close(self, leave: Leave) -> None:
        debugger, self._debugger = self._debugger, None
        if debugger is not None:
            try:
                debugger.close(leave)
            finally:
                debugger.engine.close()

    # Breakpoints

    def _set_function_breakpoints(self, arguments: Arguments) -> dict[str, Any]:
        found, shown = [], []
        for number, one in enumerate(arguments.each("breakpoints"), 1):
            made = breakpoints.parse(number, one.need("name", str))
            if made is None:
                shown.append({"verified": False, "message": "Name a tool, or a kind of event"})
            else:
                found.append(made)
                shown.append(made.shown())
        self._debug.set_breakpoints(found)
        return {"breakpoints": shown}

    def _set_breakpoints(self, arguments: Arguments) -> dict[str, Any]:
        none = {"verified": False, "message": _NOT_HERE}
        return {"breakpoints": [none for _ in arguments.each("breakpoints")]}

    # Looking

    def _threads(self, _: Arguments) -> dict[str, Any]:
        self._debug.refresh()
        return {
            "threads": [{"id": one.id, "name": one.shown} for one in self._debug.threads.values()]
        }

    def _stack_trace(self, arguments: Arguments) -> dict[str, Any]:
        return self._look.stack_trace(self._thread(arguments), arguments)

    def _source(self, arguments: Arguments) -> dict[str, Any]:
        named = Arguments(arguments.get("source", dict, {}), "$.source")
        number = named.get("sourceReference", int) or arguments.need("sourceReference", int)
        return self._look.source(number)

    def _set_variable(self, arguments: Arguments) -> dict[str, Any]:
        return self._look.set_variable(
            arguments.need("variablesReference", int),
            arguments.need("name", str),
            arguments.need("value", str),
        )

    def _evaluate(self, arguments: Arguments) -> dict[str, Any]:
        number = arguments.get("frameId", int)
        frame = self._look.frame(number) if number is not None else None
        return self._look.evaluate(arguments.need("expression", str).strip(), frame)

    # Moving

    def _continue(self, arguments: Arguments) -> dict[str, Any]:
        thread, debugger = self._thread(arguments), self._debug
        node, head = self._at(thread)
        store = debugger.engine.store
        held = thread.waiting(node.hex)
        if held is None and (node.depth < head.depth or thread.held):
            with store.reading() as conn:
                end = commits.need(conn, thread.held[0].intent) if thread.held else head
                if node.depth < end.depth:
                    found, hit = steps.forward_to(
                        conn, store.root, node, end, debugger.gate.breakpoints
                    )
                else:
                    found, hit = end, []
            waits = thread.waiting(found.hex)
            if waits is not None:
                self._moved(thread, "function breakpoint" if hit else "held", waits.reason, found)
                return {"allThreadsContinued": False}
            if hit or thread.ended:
                why = "A breakpoint" if hit else "The log ends here"
                reason = "function breakpoint" if hit else "end"
                self._moved(thread, reason, why, found, hit)
                return {"allThreadsContinued": False}
        debugger.go(thread)
        self._look.forget(thread)
        return {"allThreadsContinued": False}

    def _reverse_continue(self, arguments: Arguments) -> None:
        thread, debugger = self._thread(arguments), self._debug
        node, _ = self._at(thread)
        store = debugger.engine.store
        with store.reading() as conn:
            found, hit = steps.back_to(conn, store.root, node, debugger.gate.breakpoints)
        why = "A breakpoint" if hit else "The log begins here"
        self._moved(thread, "function breakpoint" if hit else "entry", why, found, hit)

    def _step(self, arguments: Arguments, move: Callable[[Any, Node, Node], Node | None]) -> None:
        thread, debugger = self._thread(arguments), self._debug
        node, head = self._at(thread)
        if thread.waiting(node.hex) is None:
            with debugger.engine.store.reading() as conn:
                found = move(conn, node, head)
            if found is not None:
                self._moved(thread, "step", "A step forward", found)
                return
        debugger.go(thread, step=True)
        self._look.forget(thread)

    def _step_back(self, arguments: Arguments) -> None:
        thread = self._thread(arguments)
        node, _ = self._at(thread)
        with self._debug.engine.store.reading() as conn:
            found = steps.back(conn, node)
        why = "A step back" if found is not None else "The log begins here"
        self._moved(thread, "step", why, found or node)

    def _restart_frame(self, arguments: Arguments) -> None:
        frame = self._look.frame(arguments.need("frameId", int))
        debugger = self._debug
        with debugger.engine.store.reading() as conn:
            at = stack.fork_point(conn, commits.need(conn, frame.commit)).hex
        origin = debugger.threads[frame.thread].name
        asked = ForkParams(at, by=debugger.terms.name, reason=f"a frame of {origin!r} restarted")
        made = debugger.engine.fork(asked, debugger.terms.author).branches[0].branch
        debugger.refresh()
        thread = next(one for one in debugger.threads.values() if one.name == made)
        debugger.stop(
            thread,
            "restart",
            f"Forked as {made}: an agent may go on there",
            debugger.head(thread).hex,
        )

    def _pause(self, arguments: Arguments) -> None:
        self._debug.pause(self._thread(arguments))

    def _terminate_threads(self, arguments: Arguments) -> None:
        found: dict[int, Thread] = {}
        for number in arguments.get("threadIds", list, []):
            thread = self._debug.threads.get(number) if type(number) is int else None
            if thread is None:
                raise InvalidParams.at("$.threadIds", f"no thread {repr(number)[:100]}")
            if not thread.held:
                raise InvalidParams.at("$.threadIds", f"nothing waits on {thread.name!r}")
            found[thread.id] = thread
        for thread in found.values():
            self._debug.deny(thread, _DENIED)
            thread.cursor = None
            told = {"threadId": thread.id, "allThreadsContinued": False}
            self._channel.event("continued", told)

    def _moved(
        self, thread: Thread, reason: str, why: str, to: Node, hit: list[int] | None = None
    ) -> None:
        self._look.forget(thread)
        self._debug.stop(thread, reason, why, to.hex, hit)

    def _at(self, thread: Thread) -> tuple[Node, Node]:
        """Where a thread stands, and its head."""
        with self._debug.engine.store.reading() as conn:
            head = commits.get(conn, branches.by_seq(conn, thread.id).head)
            return steps.onto(conn, commits.need(conn, thread.stopped()), head), head

    def _thread(self, arguments: Arguments) -> Thread:
        number = arguments.need("threadId", int)
        found = self._debug.threads.get(number)
        if found is None:
            raise InvalidParams.at("$.threadId", f"no thread {number}: `threads` lists them")
        return found

    @property
    def _debug(self) -> Debugger:
        if self._debugger is None:
            raise InvalidParams("no store is attached: send `attach` first")
        return self._debugger

    @property
    def _look(self) -> Inspector:
        self._debug  # noqa: B018
        assert self._inspector is not None
        return self._inspector
