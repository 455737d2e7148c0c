"""Attempts to get out of a sandbox, one by one: a program, run inside and, as control, outside.

``python escape_attempts.py targets.json`` prints ``{name: null | words}`` as JSON: null when the
attempt got out, else how it failed. Standard library only. An attempt succeeds by returning.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import mmap
import os
import platform
import pty
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Targets = dict[str, Any]
Attempt = Callable[[Targets], object]
ATTEMPTS: dict[str, Attempt] = {}
_libc = ctypes.CDLL(None, use_errno=True)
_REFUSALS = (errno.EPERM, errno.EACCES, errno.ENOSYS)
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x20000
_X86 = platform.machine() == "x86_64"


def attempt(name: str) -> Callable[[Attempt], Attempt]:
    def keep(function: Attempt) -> Attempt:
        ATTEMPTS[name] = function
        return function

    return keep


def call(number: int, *arguments: object) -> int:
    """A system call; an error that is no refusal counts as reached: it looked at the arguments."""
    result: int = _libc.syscall(number, *arguments)
    if result < 0 and ctypes.get_errno() in _REFUSALS:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def done(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _append(path: str) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write("x")


# --- files that are seen, and may only be read

FILES: dict[str, Callable[[Path, Path], object]] = {
    "write": lambda seen, own: _append(f"{seen}/victim"),
    "create": lambda seen, own: (seen / "new").write_text("x"),
    "truncate": lambda seen, own: os.truncate(seen / "victim", 0),
    "open-truncate": lambda seen, own: os.open(seen / "victim", os.O_RDONLY | os.O_TRUNC),
    "chmod": lambda seen, own: (seen / "victim").chmod(0o777),
    "chown": lambda seen, own: os.chown(seen / "victim", os.getuid(), os.getgid()),
    "utime": lambda seen, own: os.utime(seen / "victim", (1, 1)),
    "rename": lambda seen, own: os.rename(seen / "victim", seen / "moved"),
    "rename-in": lambda seen, own: os.rename(own / "mine", seen / "mine"),
    "rename-out": lambda seen, own: os.rename(seen / "spare", own / "spare"),
    "hard-link": lambda seen, own: os.link(seen / "other", own / "linked"),
    "hard-link-out": lambda seen, own: os.link(own / "mine2", seen / "linked"),
    "symlink": lambda seen, own: os.symlink("/", seen / "way"),
    "unlink": lambda seen, own: os.unlink(seen / "removable"),
    "mkdir": lambda seen, own: os.mkdir(seen / "folder"),
    "rmdir": lambda seen, own: os.rmdir(seen / "empty"),
    "setxattr": lambda seen, own: os.setxattr(seen / "other", "user.a", b"x"),
    "mkfifo": lambda seen, own: os.mkfifo(seen / "fifo"),
    "through-proc": lambda seen, own: _append(f"/proc/self/root{seen}/other"),
    "through-1": lambda seen, own: _append(f"/proc/1/root{seen}/other"),
}
for _name, _try in FILES.items():
    ATTEMPTS["file:" + _name] = lambda t, _try=_try: _try(Path(t["seen"]), Path.cwd())


@attempt("file:system")
def _(t: Targets) -> None:
    Path(t["system"]).open("a").close()


# --- a file that makes whoever runs it the user


def _made(name: str) -> None:
    if not os.stat(name).st_mode & 0o4000:
        raise PermissionError("it is an ordinary file")


def _open_with(flags: int) -> None:
    os.close(os.open("set-uid-opened", flags | os.O_WRONLY, 0o4755))
    _made("set-uid-opened")


def _without_a_name() -> None:
    fd = os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o4755)
    _made(f"/proc/self/fd/{fd}")


def _by_openat2() -> None:
    how = struct.pack("=QQQ", os.O_CREAT | os.O_WRONLY, 0o4755, 0)
    call(437, -100, b"set-uid-opened-2", how, len(how))
    _made("set-uid-opened-2")


def _by_fchmod() -> None:
    with open("set-uid-fd", "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o4755)


def _by_fchmodat2() -> None:
    Path("set-uid-at").touch()
    call(452, -100, b"set-uid-at", 0o4755, 0)
    _made("set-uid-at")


SET_UID: dict[str, Callable[[], object]] = {
    "chmod": lambda: (Path("set-uid").touch(), Path("set-uid").chmod(0o4755)),
    "fchmod": _by_fchmod,
    "fchmodat2": _by_fchmodat2,
    "open": lambda: _open_with(os.O_CREAT),
    "tmpfile": _without_a_name,
    "openat2": _by_openat2,
    "mknod": lambda: (os.mknod("set-uid-node", 0o104755), _made("set-uid-node")),
}
for _name, _set in SET_UID.items():
    ATTEMPTS["set-uid:" + _name] = lambda t, _set=_set: _set()


# --- what is not to be seen at all


def reading(path: str) -> Attempt:
    return lambda t: Path(path.format(**t)).read_bytes()


for _name, _path in {
    "home": "{secret}",
    "store": "{store}/store.db",
    "policy": "{store}/sandbox.toml",
    "other-world": "{other}",
    "home-by-root": "/proc/1/root{secret}",
    "home-by-outsider": "/proc/{sleeper}/root{secret}",
    "home-by-folder": "/proc/{sleeper}/cwd/secret",
    "outsider-environment": "/proc/{sleeper}/environ",
    "first-environment": "/proc/1/environ",
    "first-memory-map": "/proc/1/maps",
    "kernel-memory": "/proc/kcore",
    "kernel-log": "/dev/kmsg",
}.items():
    ATTEMPTS["read:" + _name] = reading(_path)


@attempt("read:passwords")
def _(t: Targets) -> None:
    if not Path("/etc/shadow").read_bytes():
        raise FileNotFoundError("nothing is in it")


@attempt("read:by-symlink")
def _(t: Targets) -> None:
    os.symlink(t["secret"], "to-secret")
    Path("to-secret").read_bytes()


@attempt("read:any-environment")
def _(t: Targets) -> None:
    for environ in Path("/proc").glob("[0-9]*/environ"):
        if int(environ.parent.name) == os.getpid():
            continue
        try:
            if t["word"].encode() in environ.read_bytes():
                return
        except OSError:
            continue
    raise FileNotFoundError("in no environment")


@attempt("read:any-open-file")
def _(t: Targets) -> None:
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link).startswith(t["store"] + "/"):
                return
        except OSError:
            continue
    raise FileNotFoundError("nobody has it open")


@attempt("write:policy")
def _(t: Targets) -> None:
    Path(t["store"], "sandbox.toml").open("a").close()


@attempt("read:handle")
def _(t: Targets) -> None:
    call(304 if _X86 else 265, -1, None, 0)


# --- other processes


@attempt("signal:sidecar")
def _(t: Targets) -> None:
    os.kill(t["sidecar"], 0)


@attempt("signal:keeper")
def _(t: Targets) -> None:
    os.kill(t["keeper"], 0)


@attempt("signal:pidfd")
def _(t: Targets) -> None:
    os.pidfd_open(t["sleeper"])


@attempt("ptrace:outsider")
def _(t: Targets) -> None:
    done(_libc.ptrace(0x4206, t["sleeper"], 0, 0))  # SEIZE


@attempt("ptrace:first")
def _(t: Targets) -> None:
    done(_libc.ptrace(0x4206, 1, 0, 0))


@attempt("ptrace:own")
def _(t: Targets) -> None:
    done(_libc.ptrace(0, 0, 0, 0))


@attempt("process-memory")
def _(t: Targets) -> None:
    call(310 if _X86 else 270, t["sleeper"], None, 0, None, 0, 0)


# --- mounts and namespaces


@attempt("mount:tmpfs")
def _(t: Targets) -> None:
    done(_libc.mount(b"none", b".", b"tmpfs", 0, None))


@attempt("mount:writable")
def _(t: Targets) -> None:
    bind, remount = 0x1000, 0x20
    seen = os.fsencode(t["seen"])
    done(_libc.mount(b"none", seen, None, ctypes.c_ulong(bind | remount), None))


@attempt("mount:setattr")
def _(t: Targets) -> None:
    data = struct.pack("=QQQQ", 0, 1, 0, 0)
    call(442, -100, b"/", 0, data, len(data))


@attempt("mount:fsopen")
def _(t: Targets) -> None:
    call(430, b"tmpfs", 0)


@attempt("mount:open-tree")
def _(t: Targets) -> None:
    call(428, -100, b"/", 1)


@attempt("mount:umount")
def _(t: Targets) -> None:
    call(166 if _X86 else 39, os.fsencode(t["not-mounted"]), 2)


@attempt("mount:pivot-root")
def _(t: Targets) -> None:
    call(155 if _X86 else 41, os.fsencode(t["not-mounted"]), b".")


@attempt("mount:chroot")
def _(t: Targets) -> None:
    os.chroot(".")


@attempt("namespace:unshare-user")
def _(t: Targets) -> None:
    done(_libc.unshare(_NEW_USER))


@attempt("namespace:unshare-mount")
def _(t: Targets) -> None:
    done(_libc.unshare(_NEW_MOUNTS))


@attempt("namespace:clone-user")
def _(t: Targets) -> None:
    if call(56 if _X86 else 220, _NEW_USER | 17, None, None, None, None) == 0:
        os._exit(0)


@attempt("namespace:clone3-user")
def _(t: Targets) -> None:
    fields = (ctypes.c_uint64 * 11)(_NEW_USER, 0, 0, 0, 17)
    if call(435, ctypes.byref(fields), ctypes.sizeof(fields)) == 0:
        os._exit(0)


@attempt("namespace:setns")
def _(t: Targets) -> None:
    fd = os.open("/proc/self/ns/mnt", os.O_RDONLY)
    call(308 if _X86 else 268, fd, 0)


# --- devices and the kernel


@attempt("device:mknod")
def _(t: Targets) -> None:
    os.mknod("memory", 0o20600, os.makedev(1, 1))


@attempt("device:memory")
def _(t: Targets) -> None:
    os.open("/dev/mem", os.O_RDONLY)


@attempt("device:disk")
def _(t: Targets) -> None:
    for disk in Path("/sys/block").iterdir():
        try:
            os.open(f"/dev/{disk.name}", os.O_RDONLY)
        except OSError:
            continue
        return
    raise FileNotFoundError("no disk can be opened")


@attempt("device:typing")
def _(t: Targets) -> None:
    _, terminal = pty.openpty()
    os.setsid()
    fcntl.ioctl(terminal, 0x540E, 0)  # TIOCSCTTY
    fcntl.ioctl(terminal, 0x5412, b"x")  # TIOCSTI


def kernel(name: str, x86: int, arm: int, *arguments: object) -> None:
    ATTEMPTS["kernel:" + name] = lambda t: call(x86 if _X86 else arm, *arguments)


kernel("bpf", 321, 280, -1, None, 0)
kernel("perf", 298, 241, None, 0, -1, -1, 0)
kernel("userfaultfd", 323, 282, -1)
kernel("io_uring", 425, 425, 0, None)
kernel("module", 175, 105, None, 0, None)
kernel("kexec", 246, 104, 0, 0, None, 0xFF)
kernel("reboot", 169, 142, 0, 0, 0, None)
kernel("swap", 167, 224, None, 0)
kernel("log", 103, 116, 3, None, -1)
kernel("add-key", 248, 217, b"user", b"a", b"b", 1, -2)
kernel("keyctl", 250, 219, 0, -3, 0)
kernel("personality", 135, 92, 0x0400000)


@attempt("kernel:hostname")
def _(t: Targets) -> None:
    socket.sethostname(socket.gethostname())


@attempt("kernel:core-pattern")
def _(t: Targets) -> None:
    path = Path("/proc/sys/kernel/core_pattern")
    path.write_text(path.read_text())


@attempt("kernel:pid-max")
def _(t: Targets) -> None:
    path = Path("/proc/sys/kernel/pid_max")
    path.write_text(path.read_text())


@attempt("kernel:sysrq")
def _(t: Targets) -> None:
    os.close(os.open("/proc/sysrq-trigger", os.O_WRONLY))


@attempt("kernel:scores")
def _(t: Targets) -> None:
    Path("/proc/self/oom_score_adj").write_text("500")


@attempt("kernel:32-bit")
def _(t: Targets) -> None:
    if not _X86:
        raise OSError("another machine")
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3")  # getpid by int 0x80
    at = ctypes.addressof(ctypes.c_char.from_buffer(code))
    ctypes.CFUNCTYPE(ctypes.c_int)(at)()


@attempt("kernel:x32")
def _(t: Targets) -> None:
    if not _X86:
        raise OSError("another machine")
    _libc.syscall(0x40000000 | 39)


# --- sockets


@attempt("socket:tcp")
def _(t: Targets) -> None:
    socket.create_connection(("127.0.0.1", t["tcp"]), 5).close()


@attempt("socket:udp")
def _(t: Targets) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.connect(("127.0.0.1", t["udp"]))
        sock.send(b"x")
        sock.recv(10)


@attempt("socket:abroad")
def _(t: Targets) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("192.0.2.1", 53))  # finds a route, sends nothing


@attempt("socket:path")
def _(t: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(t["socket"])


@attempt("socket:abstract")
def _(t: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("\0" + t["abstract"])


@attempt("socket:keeper")
def _(t: Targets) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
        sock.connect(t["keeper-socket"])


for _name, _family, _kind, _protocol in (
    ("packet", 17, socket.SOCK_DGRAM, 0),
    ("vsock", 40, socket.SOCK_STREAM, 0),
    ("crypto", 38, socket.SOCK_SEQPACKET, 0),
    ("raw", socket.AF_INET, socket.SOCK_RAW, 1),
    ("netlink-audit", 16, socket.SOCK_RAW, 9),
):
    ATTEMPTS["socket:" + _name] = lambda t, _f=_family, _k=_kind, _p=_protocol: socket.socket(
        _f, _k, _p
    ).close()


@attempt("descriptors")
def _(t: Targets) -> None:
    ours = {int(fd) for fd in t["descriptors"]}
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in ours and os.path.exists(f"/proc/self/fd/{name}"):
            return
    raise FileNotFoundError("none but the three")


def one(name: str, targets: Targets) -> str | None:
    """Run an attempt in a fork: some are killed for it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        said = b"-"
        try:
            if targets["apart"]:  # what the control mounts, nobody else sees
                done(_libc.unshare(_NEW_MOUNTS))
                done(_libc.mount(b"none", b"/", None, ctypes.c_ulong(0x44000), None))
            targets["descriptors"] = [writing]
            ATTEMPTS[name](targets)
            said = b"+"
        except BaseException as error:
            said = b"-" + repr(error).encode()
        finally:
            os.write(writing, said)
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    status = os.waitpid(child, 0)[1]
    if said.startswith(b"+"):
        return None
    return said[1:].decode() if said else f"ended with {os.waitstatus_to_exitcode(status)}"


if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps({name: one(name, dict(wanted)) for name in ATTEMPTS}))
