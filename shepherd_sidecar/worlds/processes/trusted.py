"""What the keeper runs for checkpoints: a program with every right inside a world's view.

Layer: worlds. Runs in forks of the keeper: nothing may be imported. Keeps: no process of a world
runs while its ``/proc`` may be written, since that alone would let root out of it. So a
checkpoint is made of a world held still, and what is restored stays stopped until ``/proc`` is
sealed again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import stat
import struct
import sys
from collections.abc import Sequence

from shepherd_sidecar.worlds import namespaces
from shepherd_sidecar.worlds.confine import calls, landlock, limits, view
from shepherd_sidecar.worlds.confine.enter import DEVICES, NAMESPACES, Confinement, Refused
from shepherd_sidecar.worlds.confine.policy import Policy

_MOUNT_SETATTR = 442
_STDIO = (0, 1, 2)
_IMAGES, _PROGRAM, _CACHE = 3, 4, 5
"""Descriptors of what restores: the checkpoint, the program, what that knows of the kernel."""
_LAST = "/proc/sys/kernel/ns_last_pid"


def number_after(last: int) -> None:
    """Give the next processes of this pid namespace numbers above ``last``."""
    with open(_LAST, "w", encoding="ascii") as out:
        out.write(str(last))


def enter(
    policy: Policy, files: str, mounted_at: str, own: Sequence[str], scratch: Sequence[str]
) -> Confinement:
    """Build a world's view around a program that restores processes into it.

    What it restores holds itself by what its checkpoint holds: capabilities, limits and the
    filter of system calls. Landlock it inherits from the program that restores it, which is held
    by nearly the same rules: beside those of any command it may write into ``/proc`` (sealed
    before anything restored goes on) and into the checkpoint's folder (in no view).

    Raises:
        OSError: the view could not be made.
        Refused: something is lacking, and the policy requires it.
    """
    lacking = limits.hold_processes(policy.limits, own_pids=True)
    seen = view.build(policy, files, mounted_at)
    for at, path in enumerate(scratch):
        _fill(f"/proc/self/fd/{_IMAGES}/scratch-{at}/.", path)
    _seal(False)
    os.chdir(mounted_at)
    filtered = os.geteuid() == 0
    if not filtered:
        namespaces.keep_capabilities_over_exec()
        lacking.append(("seccomp", "without root no checkpoint is made of filtered processes"))
    version = landlock.version()
    lacking += landlock.lacks(version, isolated=own)
    if version:
        rights = [
            ("/", landlock.READ),
            *((path, landlock.ALL) for path in (*seen.writable, mounted_at)),
            *((f"/dev/{name}", landlock.DEVICE) for name in DEVICES),
            ("/proc", landlock.READ | landlock.WRITE_FILE),
            (f"/proc/self/fd/{_IMAGES}", landlock.ALL),
            (f"/proc/self/fd/{_PROGRAM}", landlock.READ),
            (f"/proc/self/fd/{_CACHE}", landlock.READ),
            *((f"/proc/self/fd/{fd}", landlock.DEVICE) for fd in _STDIO if _has_place(fd)),
        ]
        tcp = policy.network or "net" in own
        landlock.Rules(rights, tcp=tcp, version=version, scoped=False).hold()
    if policy.required and lacking:
        what, why = lacking[0]
        raise Refused(f"{what}: {why}; sandbox.toml says required = true")
    return Confinement(
        namespaces=tuple(name for name in NAMESPACES if name in own),
        landlock=version,
        seccomp=filtered,
        network="none" if "net" in own else "host",
        missing=(*lacking, *seen.missing),
    )


def _has_place(fd: int) -> bool:
    """Whether a descriptor is of something that has a path, unlike pipes and sockets."""
    kind = os.fstat(fd).st_mode
    return stat.S_ISREG(kind) or stat.S_ISCHR(kind)


def _fill(source: str, folder: str) -> None:
    """Copy what a checkpoint took along of a folder for scratch. Raises OSError."""
    copying = os.fork()
    if copying == 0:
        try:
            os.execve("/bin/cp", ["cp", "-a", source, folder], {})  # noqa: S606
        finally:
            os._exit(71)
    if os.waitpid(copying, 0)[1] != 0:
        raise OSError(5, f"the files of {folder} could not be put back")


def let_go_on() -> None:
    """Called by pid 1: seal ``/proc``, then let what was restored run."""
    _seal(True)
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGCONT)


def checkpoint(argv: Sequence[str], inside: int, fds: Sequence[int], cgroup: int | None) -> int:
    """Run a program in the namespaces of the process whose pidfd is ``inside``.

    Returns:
        A socket on which its exit code is told in decimal; nothing when it was killed.
    """
    told, telling = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    between = os.fork()
    if between == 0:
        # A child of nobody: the keeper need not wait for it.
        if os.fork() == 0:
            code = 70
            try:
                code = _run(argv, inside, fds if cgroup is None else (*fds, cgroup))
            except BaseException:
                sys.excepthook(*sys.exc_info())  # into the keeper's log
            finally:
                telling.send(str(code).encode())
                os._exit(0)
        os._exit(0)
    os.waitpid(between, 0)
    telling.close()
    return told.detach()


def _run(argv: Sequence[str], inside: int, fds: Sequence[int]) -> int:
    kept = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 64) for fd in fds]
    namespaces.join(
        inside,
        namespaces.NEW_MOUNTS
        | namespaces.NEW_PIDS
        | namespaces.NEW_IPC
        | namespaces.NEW_HOSTNAME
        | namespaces.NEW_NETWORK,
    )
    # A restored copy has clocks of its own. Taken from inside they are no part of its checkpoint:
    # to restore such a part takes mounts, which Landlock forbids.
    with contextlib.suppress(OSError):
        namespaces.join(inside, namespaces.NEW_TIME)
    _seal(False)
    try:
        program = os.fork()
        if program == 0:
            try:
                for target, fd in enumerate(kept, 3):
                    os.dup2(fd, target)
                if os.geteuid() != 0:
                    namespaces.keep_capabilities_over_exec()
                os.execve(argv[0], list(argv), {"PATH": os.defpath})  # noqa: S606
            finally:
                os._exit(71)
        return os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    finally:
        _seal(True)


def _seal(sealed: bool) -> None:
    """Whether ``/proc`` may not be written."""
    at = struct.pack("=QQQQ", calls.RDONLY * sealed, calls.RDONLY * (not sealed), 0, 0)
    calls.syscall("seal /proc", _MOUNT_SETATTR, calls.AT_FDCWD, b"/proc", 0, at, len(at))
