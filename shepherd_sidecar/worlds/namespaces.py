"""The kernel's calls for processes and namespaces that Python 3.11 does not have.

Layer: worlds. Knows the kernel, nothing of worlds. Kept to ``os`` and ``ctypes``: the keeper
imports it, and every module there makes each fork dearer.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
from typing import Final

NEW_MOUNTS: Final = 0x00020000
NEW_CGROUP: Final = 0x02000000
NEW_TIME: Final = 0x80
NEW_HOSTNAME: Final = 0x04000000
NEW_IPC: Final = 0x08000000
NEW_USER: Final = 0x10000000
NEW_PIDS: Final = 0x20000000
NEW_NETWORK: Final = 0x40000000

_CLONE3: Final = 435  # the same on every architecture
_CLONE_PIDFD, _CLONE_INTO_CGROUP = 0x1000, 0x200000000
_SIGCHLD: Final = 17
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NAME = 1, 4, 15
_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_PR_CAP_AMBIENT_RAISE: Final = 2
_CAPABILITY_VERSION: Final = 0x20080522
_BECOMING_OTHERS: Final = (6, 7)  # CAP_SETGID, CAP_SETUID
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1

# PyDLL keeps the interpreter's lock: after ``clone`` there is no other thread to give it back.
_libc = ctypes.PyDLL(None, use_errno=True)
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long
_FIELDS: Final = 11
"""64-bit fields of ``struct clone_args`` up to ``cgroup``."""


def clone(flags: int, cgroup: int | None = None) -> tuple[int, int]:
    """A fork whose child is born in the new namespaces of ``flags`` and in a cgroup.

    Only for a process with a single thread.

    Args:
        flags: ``NEW_…``; with ``NEW_PIDS`` the child is pid 1.
        cgroup: descriptor of a cgroup's folder.

    Returns:
        ``(0, -1)`` in the child; its pid and a pidfd (closed on exec) in the parent.

    Raises:
        OSError: no child was made.
    """
    pidfd = ctypes.c_int(-1)
    fields = (ctypes.c_uint64 * _FIELDS)()
    fields[0] = flags | _CLONE_PIDFD | (_CLONE_INTO_CGROUP if cgroup is not None else 0)
    fields[1] = ctypes.addressof(pidfd)
    fields[4] = _SIGCHLD
    fields[10] = cgroup or 0
    pid: int = _syscall(_CLONE3, ctypes.byref(fields), ctypes.sizeof(fields))
    if pid == 0:
        return 0, -1
    _checked(pid, "clone")
    return pid, pidfd.value


def unshare(flags: int) -> None:
    """Move this process into new namespaces (``NEW_PIDS``: its next child). Raises OSError."""
    _checked(_libc.unshare(flags), "unshare")


def join(fd: int, flags: int = 0) -> None:
    """Move this process into the namespaces of a pidfd (or ``/proc/…/ns`` file)."""
    _checked(_libc.setns(fd, flags), "setns")


def keep_mounts_private() -> None:
    """Let no mount pass between this mount namespace and the one it came from."""
    none = ctypes.c_void_p()
    flags = ctypes.c_ulong(_MS_REC | _MS_PRIVATE)
    _checked(_libc.mount(b"none", b"/", none, flags, none), "mount")


def own_user_namespace() -> None:
    """Move into a new user and mount namespace in which this user keeps its own number.

    Raises:
        OSError: it is not allowed here; ``why_no_user_namespace`` says where to look.
    """
    uid, gid = os.geteuid(), os.getegid()
    unshare(NEW_USER | NEW_MOUNTS)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as out:
            out.write(text)


def why_no_user_namespace(error: OSError) -> str:
    """What forbids user namespaces here, with the setting to look at."""
    for setting, forbids in (
        ("kernel.unprivileged_userns_clone", "0"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1"),
        ("user.max_user_namespaces", "0"),
    ):
        try:
            with open("/proc/sys/" + setting.replace(".", "/"), encoding="ascii") as value:
                if value.read().strip() == forbids:
                    return f"user namespaces are forbidden here: sysctl {setting} = {forbids}"
        except OSError:
            continue
    if error.errno in (errno.ENOSPC, errno.EUSERS):
        return "no user namespace is left: see sysctl user.max_user_namespaces"
    if error.errno in (errno.EINVAL, errno.ENOSYS):
        return "the kernel has no user namespaces (CONFIG_USER_NS)"
    return (
        f"user namespaces are not allowed here ({error.strerror}): a container's seccomp profile "
        "or a security module forbids them"
    )


def die_with_parent(parent: int, signal: int = 9) -> bool:
    """Be sent ``signal`` when the parent ends; False when the process of pidfd ``parent`` has."""
    _prctl(_PR_SET_PDEATHSIG, signal)
    ended, _, _ = select.select([parent], [], [], 0)
    return not ended


def hide_from_tracers(hidden: bool) -> None:
    """Whether others of the same user are kept from this process's memory and descriptors."""
    _prctl(_PR_SET_DUMPABLE, int(not hidden))


def call_oneself(name: bytes) -> None:
    """What ``ps`` shows; at most 15 bytes."""
    _libc.prctl(_PR_SET_NAME, ctypes.c_char_p(name), 0, 0, 0)


def gain_nothing() -> None:
    """No set-uid program run from here on gives any right (``no_new_privs``)."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def bound_capabilities() -> None:
    """Let no program run from here on have a capability. Raises OSError when root could."""
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    capability = 0
    while (held := _libc.prctl(_PR_CAPBSET_READ, capability, 0, 0, 0)) >= 0:
        if held:
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
        capability += 1
    if os.geteuid() == 0 and any(
        _libc.prctl(_PR_CAPBSET_READ, n, 0, 0, 0) == 1 for n in range(capability)
    ):
        raise PermissionError(errno.EPERM, "capabilities of root could not be given up for good")


def drop_capabilities() -> None:
    """Give up every capability that this process has. Raises OSError."""
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")


def keep_capabilities_over_exec() -> None:
    """Let the next program keep every capability but those to become another user."""
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    data = ctypes.create_string_buffer(24)
    _checked(_libc.capget(header, data), "capget")
    _, low, _, _, high, _ = struct.unpack("=6I", data.raw)
    held = struct.pack("=6I", low, low, low, high, high, high)
    _checked(_libc.capset(header, held), "capset")
    for capability in range(64):
        if (low | high << 32) >> capability & 1 and capability not in _BECOMING_OTHERS:
            _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def loopback_up() -> None:
    """Make 127.0.0.1 work in a new network namespace. Raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh22x", b"lo", 0)
        name, flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, asked))
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", name, flags | _IFF_UP))


def _prctl(option: int, value: int) -> None:
    _checked(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), "prctl")


def _checked(result: int, call: str) -> None:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), call)
