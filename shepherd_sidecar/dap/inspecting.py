"""Looking: frames, scopes, variables, the text of logs, and questions to the trace.

Layer: dap. Nothing here writes but to the payload of what waits.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final, Literal

from shepherd_sidecar.dap import values
from shepherd_sidecar.dap.arguments import Arguments
from shepherd_sidecar.dap.debugger import Debugger
from shepherd_sidecar.dap.stack import Place, facts, stack
from shepherd_sidecar.dap.threads import Held, Thread
from shepherd_sidecar.engine import reading
from shepherd_sidecar.engine.documents import document
from shepherd_sidecar.engine.entries import asked, entry
from shepherd_sidecar.engine.summary import summary
from shepherd_sidecar.engine.text import plural, short
from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.editors import DocumentParams
from shepherd_sidecar.protocol.traces import SearchParams
from shepherd_sidecar.store import commits
from shepherd_sidecar.trace.ids import Id

_WHOLE: Final = 1 << 20
"""Characters of one value that was asked for by itself."""
_FOUND: Final = 50


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that the client was told of."""

    thread: int
    commit: Id


@dataclass(frozen=True, slots=True)
class Part:
    """Something that opens: a part of a payload, of the facts, or what a search found."""

    frame: Frame
    of: Literal["payload", "facts", "found"]
    path: values.Path = ()
    found: tuple[Id, ...] = ()


class Inspector:
    """What one client was shown, by the numbers it was given.

    Args:
        debugger: whose threads.
        uris: whether documents go by their addresses instead of by number.
        origin: 1 where lines count from 1, as the client said, or 0.
    """

    def __init__(self, debugger: Debugger, *, uris: bool, origin: int) -> None:
        self._debugger = debugger
        self._uris = uris
        self._origin = origin
        self._numbers = itertools.count(1)
        self._frames: dict[int, Frame] = {}
        self._parts: dict[int, Part] = {}
        self._sources: dict[str, int] = {}

    def forget(self, thread: Thread) -> None:
        """It went on: its numbers mean nothing any more."""
        self._frames = {n: f for n, f in self._frames.items() if f.thread != thread.id}
        self._parts = {n: p for n, p in self._parts.items() if p.frame.thread != thread.id}

    def frame(self, number: int) -> Frame:
        """The frame of a number. Raises InvalidParams."""
        found = self._frames.get(number)
        if found is None:
            raise InvalidParams.at("$.frameId", f"no frame {number} (any more): ask for the stack")
        return found

    def stack_trace(self, thread: Thread, arguments: Arguments) -> dict[str, Any]:
        """``stackTrace``."""
        at, store = thread.stopped(), self._debugger.engine.store
        head = self._debugger.head(thread)
        with store.reading() as conn:
            found = stack(conn, store.root, thread.name, commits.need(conn, at), head)
        first = max(arguments.get("startFrame", int, 0), 0)
        levels = arguments.get("levels", int, 0)
        frames = []
        for one in found[first : first + levels if levels > 0 else None]:
            number = next(self._numbers)
            self._frames[number] = Frame(thread.id, one.commit)
            frames.append(
                {
                    "id": number,
                    "name": one.name,
                    "source": self._source(one.place),
                    "line": one.place.line - 1 + self._origin,
                    "column": self._origin,
                    "canRestart": True,
                }
            )
        return {"stackFrames": frames, "totalFrames": len(found)}

    def source(self, number: int) -> dict[str, Any]:
        """``source``: the text of a log."""
        for uri, known in self._sources.items():
            if known == number:
                told = document(self._debugger.engine, DocumentParams(uri))
                return {"content": told.text, "mimeType": f"text/{_MIME[told.language]}"}
        raise InvalidParams.at("$.sourceReference", f"no source {number}")

    def scopes(self, frame: Frame) -> dict[str, Any]:
        """``scopes``."""
        payload = self._payload(frame)
        found = []
        if isinstance(payload, dict) and isinstance(payload.get("arguments"), dict):
            opened = self._open(Part(frame, "payload", ("arguments",)))
            found.append(("Arguments", opened, "arguments"))
        found.append(("Payload", self._open(Part(frame, "payload")), "locals"))
        found.append(("Event", self._open(Part(frame, "facts")), "locals"))
        rows = [
            {"name": name, "variablesReference": n, "presentationHint": hint, "expensive": False}
            for name, n, hint in found
        ]
        return {"scopes": rows}

    def variables(self, number: int, arguments: Arguments) -> dict[str, Any]:
        """``variables``."""
        part = self._part(number)
        first = max(arguments.get("start", int, 0), 0)
        count = arguments.get("count", int, 0)
        if part.of == "found":
            rows = [self._entry(part, commit) for commit in part.found]
        else:
            value = values.at(self._whole(part), part.path)
            wanted = arguments.get("filter", str)
            if wanted is not None and (wanted == "indexed") != isinstance(value, list):
                return {"variables": []}
            rows = [
                self._variable(part, name, step, item)
                for name, step, item in values.children(value)[
                    first : first + count if count > 0 else None
                ]
            ]
        return {"variables": rows}

    def set_variable(self, number: int, name: str, text: str) -> dict[str, Any]:
        """``setVariable``: another payload in place of what waits.

        Raises:
            InvalidParams, PayloadTooLarge: it cannot run in its place; nothing is changed.
        """
        part = self._part(number)
        held = self._held(part.frame)
        if held is None or part.of != "payload":
            raise InvalidParams.at(
                "$.variablesReference", "only the payload of an intent that waits can be changed"
            )
        inside = values.at(held.payload, part.path)
        step = next((step for called, step, _ in values.children(inside) if called == name), None)
        if step is None:
            raise InvalidParams.at("$.name", f"there is no {name!r} here")
        path = (*part.path, step)
        value = values.read(text, values.at(held.payload, path))
        if path == ("name",):
            raise InvalidParams.at("$.name", "a tool call keeps its tool: deny it instead")
        if path == ("arguments",) and not isinstance(value, dict):
            raise InvalidParams.at("$.value", "the arguments of a tool are an object")
        changed = values.with_value(held.payload, path, value)
        self._debugger.engine.preparer.event(held.kind, changed)
        held.payload = changed
        shown = self._variable(part, name, step, value)
        return {key: shown[key] for key in ("value", "type", "variablesReference")}

    def evaluate(self, text: str, frame: Frame | None) -> dict[str, Any]:
        """``evaluate``: a path into the frame's payload, or words to look for on its branch."""
        if text.startswith("$"):
            if frame is None:
                raise InvalidParams.at("$.frameId", "a path is looked up in the event of a frame")
            path = values.parse(text)
            value = values.at(self._payload(frame), path)
            return {
                "result": values.shown(value, _WHOLE)
                if not values.opens(value)
                else values.shown(value),
                "type": values.type_of(value),
                **self._opened(Part(frame, "payload", path), value),
            }
        if not text:
            raise InvalidParams.at("$.expression", "a path such as $.arguments, or words to find")
        thread = self._debugger.threads.get(frame.thread) if frame is not None else None
        searched = SearchParams(text, [thread.name] if thread is not None else None, limit=_FOUND)
        store = self._debugger.engine.store
        entries = reading.search(store, searched, self._debugger.engine.limits).entries
        where = f" on {thread.name}" if thread is not None else ""
        found = tuple(entry.commit for entry in entries)
        at = frame or Frame(0, "")
        return {
            "result": f"{plural(len(found), 'event')}{where}",
            "variablesReference": self._open(Part(at, "found", found=found)) if found else 0,
            "indexedVariables": len(found),
        }

    def _variable(self, part: Part, name: str, step: str | int, value: Any) -> dict[str, Any]:
        path = (*part.path, step)
        told = {
            "name": name,
            "value": values.shown(value),
            "type": values.type_of(value),
            **self._opened(Part(part.frame, part.of, path), value),
        }
        if part.of == "payload":
            told["evaluateName"] = values.written(path)
        if part.of != "payload" or self._held(part.frame) is None or path == ("name",):
            told["presentationHint"] = {"attributes": ["readOnly"]}
        return told

    def _entry(self, part: Part, commit: Id) -> dict[str, Any]:
        store = self._debugger.engine.store
        with store.reading() as conn:
            node = commits.need(conn, commit)
            found = entry(conn, store.root, node, _WHOLE)
            said = summary(found, asked(conn, store.root, node))
        at = Part(Frame(part.frame.thread, commit), "payload")
        opened = self._opened(at, found.payload)
        return {"name": short(commit), "value": f"{found.kind}: {said}", **opened}

    def _opened(self, part: Part, value: Any) -> dict[str, int]:
        if not values.opens(value):
            return {"variablesReference": 0}
        kind = "indexedVariables" if isinstance(value, list) else "namedVariables"
        return {"variablesReference": self._open(part), kind: len(value)}

    def _open(self, part: Part) -> int:
        number = next(self._numbers)
        self._parts[number] = part
        return number

    def _part(self, number: int) -> Part:
        found = self._parts.get(number)
        if found is None:
            raise InvalidParams.at("$.variablesReference", f"no variables {number} (any more)")
        return found

    def _whole(self, part: Part) -> Any:
        if part.of == "payload":
            return self._payload(part.frame)
        store = self._debugger.engine.store
        with store.reading() as conn:
            told = facts(conn, store.root, commits.need(conn, part.frame.commit))
        held = self._held(part.frame)
        return {"waits": held.reason, "heldBy": held.by, **told} if held is not None else told

    def _payload(self, frame: Frame) -> Any:
        held = self._held(frame)
        if held is not None:
            return held.payload
        store = self._debugger.engine.store
        with store.reading() as conn:
            found = entry(conn, store.root, commits.need(conn, frame.commit), None)
        return "(forgotten)" if found.forgotten else found.payload

    def _held(self, frame: Frame) -> Held | None:
        thread = self._debugger.threads.get(frame.thread)
        return thread.waiting(frame.commit) if thread is not None else None

    def _source(self, place: Place) -> dict[str, Any]:
        if self._uris:
            return {"name": place.name, "path": place.uri}
        number = self._sources.setdefault(place.uri, len(self._sources) + 1)
        return {"name": place.name, "sourceReference": number, "origin": "the trace"}


_MIME: Final = {"markdown": "markdown", "plaintext": "plain"}
