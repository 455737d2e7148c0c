"""Reading one file or link into the object store, as one state or not at all.

Layer: worlds. What changes while it is read is read again; what will not hold still is named,
not captured in a state that never was. One exception: a file that only grew (a log being
written) is captured up to the length it had, and named as well (``grewWhileRead``).
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from typing import Final

from shepherd_sidecar.trace.ids import Id, hasher
from shepherd_sidecar.trace.trees import File, Link
from shepherd_sidecar.worlds.driver import Objects
from shepherd_sidecar.worlds.scan import special_kind
from shepherd_sidecar.worlds.stat_cache import Known, coarse_now, known

SMALL: Final = 64 << 10
"""Files up to this size are read whole; larger ones are streamed."""
GREW: Final = "grewWhileRead"
"""The reservation about a file that is captured up to the length it had."""
ATTRIBUTES: Final = "attributes"
"""The reservation about a file with extended attributes, an access list or capabilities."""
_KEPT_BY_SYSTEM: Final = ("user.overlay.",)
_CARRIED: Final = ("user.", "security.capability", "system.posix_acl_access")
"""Attributes whose loss somebody could notice; the rest a system gives by its own rules."""
_CHUNK: Final = 1 << 20
_ATTEMPTS: Final = 3
# O_NONBLOCK: a fifo swapped in must not hang the walk. On regular files it does nothing.
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


_UNREADABLE: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EIO, errno.ENODEV, errno.EBUSY, errno.ETXTBSY, errno.EUCLEAN}
)
"""What is said of this one file, and does not spoil the snapshot of the others."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was read and is now in the object store."""

    record: Known
    links: int
    """Hard links of the file."""
    note: str | None = None
    """A reservation for ``notCaptured``."""
    attributed: bool = False
    """Whether it has attributes that are not read (``ATTRIBUTES``)."""


class ReadFailed(OSError):
    """Neither the file's fault nor a refusal (no descriptors left, say): no snapshot then."""


def read_content(objects: Objects, dir_fd: int, name: str) -> Content | str | None:
    """Read a name in an open folder.

    Returns the content, or the reason why it is not captured, or None when it is gone.

    Raises:
        ReadFailed: see there. What adding to ``objects`` raises.
    """
    grown: Content | None = None
    for _ in range(_ATTEMPTS):
        started = coarse_now()
        try:
            fd = os.open(name, _FILE, dir_fd=dir_fd)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                link = _read_link(dir_fd, name, started)
                if link is not None:
                    return link
                continue
            return _reason(error)
        try:
            found = os.fstat(fd)
            if stat.S_ISDIR(found.st_mode):
                return "changedWhileRead"
            if not stat.S_ISREG(found.st_mode):
                return special_kind(found.st_mode)
            try:
                data = os.read(fd, found.st_size) if found.st_size <= SMALL else None
                blob, size = _hashed(fd, found.st_size) if data is None else ("", len(data))
            except OSError as error:
                return _reason(error)
            if data is not None:
                blob = objects.add("blob", data)
            elif not objects.has("blob", blob):
                os.lseek(fd, 0, os.SEEK_SET)
                blob, size = objects.add_file(fd, found.st_size)
            attributed = _has_attributes(fd)
            after = os.fstat(fd)
        finally:
            os.close(fd)
        entry = File(stat.S_IMODE(found.st_mode), size, blob)
        if size == found.st_size and _unchanged(found, after):
            record = known(found, entry, started)
            return Content(record, found.st_nlink, attributed=attributed)
        if size >= found.st_size and after.st_size > found.st_size:
            # The record is of a state that is over, so the next walk reads the file again.
            record = known(found, entry, 0)
            grown = Content(record, found.st_nlink, GREW, attributed)
        else:
            grown = None
    return grown or "changedWhileRead"


def _has_attributes(fd: int) -> bool:
    try:
        names = os.listxattr(fd)
    except OSError:
        return False  # a file system without them
    return any(n.startswith(_CARRIED) and not n.startswith(_KEPT_BY_SYSTEM) for n in names)


def _hashed(fd: int, size: int) -> tuple[Id, int]:
    """Id of the first ``size`` bytes of a large file, and how many there were.

    Hashing runs at memory speed, storing writes: a large file that was only touched should not
    cost the second.
    """
    sum_of = hasher("blob")
    read = 0
    while read < size and (chunk := os.read(fd, min(_CHUNK, size - read))):
        sum_of.update(chunk)
        read += len(chunk)
    return sum_of.hexdigest(), read


def _reason(error: OSError) -> str:
    if error.errno == errno.ENXIO:
        return "socket"
    if error.errno in _UNREADABLE:
        return "unreadable"
    raise ReadFailed(error.errno, error.strerror, error.filename) from error


def _read_link(dir_fd: int, name: str, started: int) -> Content | None:
    try:
        found = os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
        if not stat.S_ISLNK(found.st_mode):
            return None
        target = os.readlink(os.fsencode(name), dir_fd=dir_fd)
    except OSError:
        return None
    # A link cannot be rewritten in place, but it can be replaced between the two calls.
    record = known(found, Link(target), started)
    return Content(record, 1)


def _unchanged(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_mtime_ns, before.st_ctime_ns, before.st_size) == (
        after.st_mtime_ns,
        after.st_ctime_ns,
        after.st_size,
    )
