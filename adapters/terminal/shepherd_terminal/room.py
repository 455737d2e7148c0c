"""The room in which a shell works: namespaces that look like the recorded machine.

Keeps: a world stands at the recorded path, whichever folder it really is; the machine's own
files, network, processes and the store are out of reach.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HOME: Final = "/home/user"
USER_ID: Final = 1000
PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PROMPT: Final = r"\u@\h:\w\$ "
_NAMESPACES: Final = ("--mount", "--pid", "--uts", "--ipc", "--net", "--fork", "--kill-child")


class NoRoom(RuntimeError):
    """This machine cannot make the namespaces; the message says why."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What of the recorded machine is put back."""

    user: str
    host: str
    folder: str = HOME
    """Where the shell starts; ``~`` is the home folder."""
    missing: tuple[str, ...] = ()
    """Programs that it did not have."""

    @property
    def is_root(self) -> bool:
        """Whether the shell is root's."""
        return self.user == "root"


class Room:
    """Everything needed to start a shell in a world.

    Args:
        stage: an empty folder for what is mounted; removed with ``close``.
        world: the folder that is to stand at ``/home/user``.
        machine: what the shell is to see.
        concealed: folders that it must not see.
    """

    def __init__(
        self, stage: Path, world: Path, machine: Machine, concealed: Iterable[Path] = ()
    ) -> None:
        self._stage = stage
        self._machine = machine
        self._concealed = [str(path) for path in concealed]
        self.world = world
        for name in ("home/user", "root", "etc", "absent"):
            (stage / name).mkdir(parents=True)
        self._hidden = self._hide()
        self._own()

    def command(self) -> list[str]:
        """The program to run, on the terminal that is to be the shell's."""
        unshare = ["unshare", *_NAMESPACES, "--mount-proc"]
        if os.geteuid() != 0:
            unshare += ["--user", "--map-root-user"]
        inside = Path(__file__).with_name("inside.py")
        return [*unshare, sys.executable, "-I", str(inside), json.dumps(self._plan())]

    def _plan(self) -> dict[str, Any]:
        machine = self._machine
        home = "/root" if machine.is_root else HOME
        folder = machine.folder
        if folder == "~" or folder.startswith("~/"):
            folder = home + folder[1:]
        argv = ["bash", "--noprofile", "--norc", "-i"]
        uid = None if machine.is_root else USER_ID
        if machine.is_root:
            # Root over the room only: what is mounted cannot be unmounted or made writable.
            argv = ["unshare", "--user", "--map-root-user", "--mount", *argv]
        elif os.geteuid() != 0:
            # Root of the namespace is this user; a second one makes it the recorded user.
            argv = ["unshare", "--user", f"--map-user={uid}", f"--map-group={uid}", *argv]
            uid = None
        return {
            "binds": [
                [str(self._stage / "root"), "/root"],
                *self._etc(),
                [str(self._stage / "home"), "/home"],
                [str(self.world), HOME],
            ],
            "hidden": self._hidden,
            "concealed": self._concealed,
            "host": machine.host,
            "uid": uid,
            "folder": folder,
            "argv": argv,
            "environment": {
                "HOME": home,
                "USER": machine.user,
                "LOGNAME": machine.user,
                "SHELL": "/bin/bash",
                "PATH": PATH,
                "TERM": "screen",
                "PS1": PROMPT,
            },
        }

    def _etc(self) -> list[list[str]]:
        """Accounts and names as the recorded machine would have them."""
        machine = self._machine
        etc = self._stage / "etc"
        name = "user" if machine.is_root else machine.user
        account, group = f"{name}:x:{USER_ID}:{USER_ID}::{HOME}:/bin/bash", f"{name}:x:{USER_ID}:"
        (etc / "passwd").write_text(_with(Path("/etc/passwd"), account))
        (etc / "group").write_text(_with(Path("/etc/group"), group))
        (etc / "hostname").write_text(machine.host + "\n")
        (etc / "hosts").write_text(f"127.0.0.1\tlocalhost\n127.0.1.1\t{machine.host}\n")
        made = ((etc / name, Path("/etc") / name) for name in os.listdir(etc))
        return [[str(ours), str(theirs)] for ours, theirs in made if theirs.exists()]

    def _hide(self) -> list[list[str]]:
        """Folders of programs, each with a layer that hides the missing ones."""
        hidden = []
        folders = {os.path.realpath(folder) for folder in PATH.split(":")}
        for number, folder in enumerate(sorted(folders)):
            there = [name for name in self._machine.missing if os.path.lexists(f"{folder}/{name}")]
            if there:
                layer = self._stage / "absent" / str(number)
                layer.mkdir()
                for name in there:
                    os.mknod(layer / name, 0o020000, os.makedev(0, 0))  # overlay's "not here"
                hidden.append([folder, str(layer)])
        return hidden

    def _own(self) -> None:
        """The world belongs to the recorded user, as its files did."""
        self.world.chmod(0o777)
        if os.geteuid() == 0:
            uid = 0 if self._machine.is_root else USER_ID
            os.chown(self.world, uid, uid)
            for folder, folders, files in os.walk(self.world):
                for name in (*folders, *files):
                    os.lchown(os.path.join(folder, name), uid, uid)

    def close(self) -> None:
        """Remove what was made for it; the world stays."""
        shutil.rmtree(self._stage, ignore_errors=True)


def probe() -> None:
    """See whether rooms can be made here.

    Raises:
        NoRoom: they cannot.
    """
    if shutil.which("unshare") is None:
        raise NoRoom("`unshare` (util-linux) is not installed")
    command = ["unshare", *_NAMESPACES, "--mount-proc"]
    if os.geteuid() != 0:
        command += ["--user", "--map-root-user"]
    done = subprocess.run([*command, "true"], capture_output=True, check=False)
    if done.returncode != 0:
        raise NoRoom(f"no namespaces here: {done.stderr.decode(errors='replace').strip()}")


def _with(path: Path, entry: str) -> str:
    """A table of accounts in which ``entry`` is the only one of its name and number."""
    name, _, number = entry.split(":")[:3]
    kept = []
    for line in path.read_text().splitlines():
        fields = line.split(":")
        if len(fields) > 2 and fields[0] != name and fields[2] != number:
            kept.append(line)
    return "\n".join([*kept, entry, ""])
