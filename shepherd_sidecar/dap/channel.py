"""The envelope of the Debug Adapter Protocol: ``seq``, ``type``, ``command``, over two descriptors.

Layer: dap. Keeps: one thread writes; a response goes out before the events that it caused; what
is no message is said to the client and skipped.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from typing import Any, Final

import orjson

from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.server.framing import Decoder, Fault, Framing, frame

Message = dict[str, Any]
_READ: Final = 1 << 16
_LONGEST: Final = 16 << 20
"""Bytes of one message of the client's."""


class Channel:
    """A connection to one client.

    Args:
        in_fd: read by a thread of its own, which lives as long as the process.
        out_fd: written by whoever calls, one at a time.
        take: called on the reading thread with each request, and with None at the end.
    """

    def __init__(self, in_fd: int, out_fd: int, take: Callable[[Message | None], object]) -> None:
        self._in = in_fd
        self._out = out_fd
        self._take = take
        self._seq = itertools.count(1)
        self._later: list[tuple[str, Message]] = []
        self._answering = False

    def open(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="debugger", daemon=True).start()

    def answer(self, request: Message, work: Callable[[], Message | None]) -> None:
        """Do what a request asks, answer it, and then tell the events that came of it.

        Raises whatever ``work`` raises that is none of our errors, after answering.
        """
        self._answering = True
        try:
            body = work()
        except ShepherdError as error:
            self._refuse(request, error)
        except Exception as fault:
            self._refuse(request, _fault(fault))
            raise
        else:
            self._respond(request, success=True, body=body)
        finally:
            self._answering = False
            later, self._later = self._later, []
            for event, told in later:
                self.event(event, told)

    def event(self, event: str, body: Message) -> None:
        """Tell the client something."""
        if self._answering:
            self._later.append((event, body))
        else:
            self._send({"type": "event", "event": event, "body": body})

    def _respond(self, request: Message, *, success: bool, **more: Any) -> None:
        answered = {"request_seq": request["seq"], "command": request["command"]}
        said = {name: value for name, value in more.items() if value is not None}
        self._send({"type": "response", **answered, "success": success, **said})

    def _refuse(self, request: Message, error: ShepherdError) -> None:
        advice = error.advice if error.advice != type(error).hint else _ADVICE.get(error.name)
        words = f"{error.message} ({advice})" if advice else error.message
        told = {
            "id": abs(error.code),
            # Braces would be read as places to be filled in.
            "format": "{said}",
            "variables": {"said": words},
            "showUser": True,
        }
        self._respond(request, success=False, message=words, body={"error": told})

    def _send(self, message: Message) -> None:
        body = orjson.dumps({"seq": next(self._seq), **message})
        view = memoryview(frame(body, Framing.HEADER))
        try:
            while view:
                view = view[os.write(self._out, view) :]
        except OSError:
            self._take(None)  # nobody reads any more

    def _read(self) -> None:
        decoder = Decoder(_LONGEST)
        while True:
            try:
                data = os.read(self._in, _READ)
            except OSError:
                data = b""
            frames = decoder.feed(data) if data else decoder.eof()
            for one in frames:
                value = one.value
                self._take(value if _is_request(value) else _no_request(value))
            last = frames[-1].value if frames else None
            if not data or (isinstance(last, Fault) and last.fatal):
                self._take(None)
                return


def _is_request(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("type") == "request"
        and type(value.get("seq")) is int
        and abs(value["seq"]) < 1 << 53
        and isinstance(value.get("command"), str)
        and isinstance(value.get("arguments") or {}, dict)
    )


def _no_request(value: Any) -> Message:
    why = value.message if isinstance(value, Fault) else "no request of the Debug Adapter Protocol"
    return {"type": "fault", "why": why}


def _fault(error: Exception) -> ShepherdError:
    why = f"this went wrong inside: {type(error).__name__}"
    return ShepherdError(why, hint="the adapter's log has the place")


_ADVICE: Final = {
    "UnknownBranch": "`shepherd-sidecar branches` lists them",
    "UnknownRun": "`shepherd-sidecar runs` lists them",
}
"""In place of the hints that speak of the sidecar's own protocol."""
