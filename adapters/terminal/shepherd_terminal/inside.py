"""What runs inside the new namespaces: it lays the room out, then starts the shell in it.

A program of the standard library alone, started by ``room`` under ``unshare``; its one argument
is a JSON object. Keeps: the shell sees the world at the recorded path, a folder for temporary
files of its own, no network, and no file of the machine that it could change.
"""

from __future__ import annotations

import array
import errno
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from typing import Any

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def mount(*arguments: str) -> None:
    """Mount; a failure ends the program."""
    done = subprocess.run(["mount", *arguments], stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"mount {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")


def mounted() -> list[str]:
    """Where file systems are mounted, without that of the processes."""
    with open("/proc/self/mountinfo") as table:
        folders = [line.split(" ")[4] for line in table]
    decoded = (folder.encode().decode("unicode_escape") for folder in folders)
    return [folder for folder in decoded if folder != "/proc" and folder[:6] != "/proc/"]


def lay_out(room: dict[str, Any]) -> None:
    """Mount everything, from the outside in: later mounts hide what earlier ones came from."""
    mount("--make-rprivate", "/")
    covered = {target for _, target in room["binds"]}
    others = [folder for folder in mounted() if folder not in covered]
    if os.path.isdir("/dev/shm"):  # noqa: S108  (mounted over, not written to)
        mount("-t", "tmpfs", "-o", "mode=1777", "none", "/dev/shm")  # noqa: S108
    for source, target in room["binds"]:
        mount("--bind", source, target)
    for folder, whiteouts in room["hidden"]:
        mount("-t", "overlay", "-o", f"lowerdir={whiteouts}:{folder}", "none", folder)
    for folder in others:
        # Binds are mounts of their own and stay writable. In a user namespace some others
        # cannot be changed: there this user cannot write to them either.
        again = ["mount", "-o", "bind,remount,ro", folder]
        subprocess.run(again, stderr=subprocess.DEVNULL, check=False)
    for folder in ("/var/tmp", "/tmp"):  # noqa: S108  (mounted over, not written to)
        mount("-t", "tmpfs", "-o", "mode=1777", "none", folder)
    for folder in room["concealed"]:
        if os.path.isdir(folder):
            mount("-t", "tmpfs", "-o", "ro", "none", folder)


def loopback_up() -> None:
    """A network of one: programs may serve and fetch on localhost."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        request = array.array("b", struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(plug, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sh14x", request.tobytes())[1]
        fcntl.ioctl(plug, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def start_shell(room: dict[str, Any]) -> None:
    """Become the shell, on the terminal that is this program's input."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    if room["uid"] is not None:
        os.setgroups([])
        os.setresgid(room["uid"], room["uid"], room["uid"])
        os.setresuid(room["uid"], room["uid"], room["uid"])
    os.chdir(room["folder"])
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    argv, environment = room["argv"], room["environment"]
    os.execvpe(argv[0], argv, environment)  # noqa: S606  (a vector, no shell between)


def main() -> int:
    """Lay out, start the shell, and bury what it leaves behind until it ends."""
    room = json.loads(sys.argv[1])
    lay_out(room)
    socket.sethostname(room["host"])
    with suppress(OSError):
        loopback_up()
    shell = os.fork()
    if shell == 0:
        try:
            start_shell(room)
        except OSError as error:
            os.write(2, f"{room['argv'][0]}: {os.strerror(error.errno or errno.EIO)}\n".encode())
        finally:
            os._exit(127)
    while True:
        ended, status = os.wait()
        if ended == shell:
            return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main())
