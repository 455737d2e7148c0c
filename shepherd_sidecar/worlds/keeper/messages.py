"""Messages between a sidecar and its keeper: JSON with descriptors, whole or not at all.

Layer: worlds. A unix SEQPACKET socket keeps messages apart. What is too large for one packet
travels in a memory file whose descriptor goes first. Paths are strings as ``os.fsdecode`` makes
them, so that any byte comes through.
"""

from __future__ import annotations

import array
import json
import os
import socket
from collections.abc import Sequence
from typing import Any, Final

VERSION: Final = 1
"""Raised whenever a message changes its meaning."""
MOST_FDS: Final = 16
LARGEST: Final = 16 << 20
"""Bytes of one message: above what the kernel takes as arguments of a program."""
_INLINE: Final = 32 << 10
_IN_FILE: Final = b"F"

Message = dict[str, Any]


class BadMessage(Exception):
    """The peer does not speak this protocol, or its message is too large."""


def send(sock: socket.socket, message: Message, fds: Sequence[int] = ()) -> None:
    """Send one message; the descriptors stay open here.

    Raises:
        BadMessage: it is too large; nothing was sent.
        OSError: the peer is gone.
    """
    data = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(data) <= _INLINE:
        _send(sock, data, fds)
        return
    if len(data) > LARGEST:
        raise BadMessage(f"a message of {len(data)} bytes; at most {LARGEST} are taken")
    file = os.memfd_create("message", os.MFD_CLOEXEC)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        _send(sock, _IN_FILE, [file, *fds])
    finally:
        os.close(file)


def receive(sock: socket.socket) -> tuple[Message, list[int]] | None:
    """The next message and its descriptors (closed on exec); None when the peer has ended.

    Raises:
        BadMessage: what came is no message; its descriptors are closed.
        OSError: the socket's own.
    """
    size = array.array("i").itemsize
    data, extra, flags, _ = sock.recvmsg(
        _INLINE + 1, socket.CMSG_SPACE((MOST_FDS + 1) * size), socket.MSG_CMSG_CLOEXEC
    )
    fds = array.array("i")
    for level, kind, content in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(content[: len(content) - len(content) % size])
    try:
        if not data:
            if fds:
                raise BadMessage("descriptors without a message")
            return None
        if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
            raise BadMessage("a message with more bytes or descriptors than are taken")
        if data == _IN_FILE and fds:
            data = _content(fds.pop(0))
        message = json.loads(data)
        if not isinstance(message, dict):
            raise BadMessage("a message that is no object")
    except (BadMessage, ValueError, RecursionError, OSError) as error:
        for fd in fds:
            os.close(fd)
        raise BadMessage(str(error)) from None
    return message, list(fds)


def _send(sock: socket.socket, data: bytes, fds: Sequence[int]) -> None:
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    sock.sendmsg([data], rights, socket.MSG_NOSIGNAL)


def _content(file: int) -> bytes:
    try:
        if os.fstat(file).st_size > LARGEST:
            raise BadMessage(f"a message of more than {LARGEST} bytes")
        return os.pread(file, LARGEST, 0)
    finally:
        os.close(file)
