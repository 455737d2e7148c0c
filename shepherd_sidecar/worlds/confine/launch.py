"""Starting a command without namespaces, and ending all it started: the program ``alone`` runs.

Layer: worlds. No pid namespace ends what a command left behind, so this process stays: whoever
is orphaned below it becomes its child, whatever session it made, and is killed when the command
has ended or this process is told to end (SIGTERM). Run as a file by ``python -I -S`` with the
number of the descriptor to read what is asked from. What came of it is told line by line in JSON;
the closing at exec is the success.
"""

import os
import sys

if __name__ == "__main__":
    sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3)))

import contextlib
import json
import resource
import signal
import warnings  # noqa: F401  (os.execvpe imports it, which may not find it then)
from typing import Any, Final

from shepherd_sidecar.worlds.confine.calls import set_process
from shepherd_sidecar.worlds.confine.enter import Entering, Refused
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.keeper.processes import below

_PR_SET_CHILD_SUBREAPER: Final = 36
_TOLD: Final = (signal.SIGTERM, signal.SIGCHLD)


def main(question: int) -> int:
    """Run the command; returns, or dies, as it did."""
    with os.fdopen(question, "rb") as file:
        asked = json.load(file)
    set_process(_PR_SET_CHILD_SUBREAPER, 1)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD)
    command = os.fork()
    if command == 0:
        os.setsid()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os._exit(become(asked))
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2, asked["telling"]):
        os.dup2(nothing, fd, inheritable=False)
    status = _end_of(command)
    _end_the_rest()
    if os.WIFSIGNALED(status):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        how = os.WTERMSIG(status)
        if how != signal.SIGKILL:
            signal.signal(how, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [how])
        os.kill(os.getpid(), how)
    return os.waitstatus_to_exitcode(status)


def _end_of(command: int) -> int:
    """Wait for its end, or bring it about when told to; its wait status."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == command:
            return status
        if pid == 0 and signal.sigwait(_TOLD) == signal.SIGTERM:
            os.kill(command, signal.SIGKILL)


def _end_the_rest() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            for pid in below(os.getpid()):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)


def become(asked: dict[str, Any]) -> int:
    """Confine this process and become the command; returns when that cannot be."""
    telling = asked["telling"]
    os.set_inheritable(telling, False)
    stage = "cwd"
    try:
        world = asked["world"]
        held = Entering(Policy.from_dict(asked["policy"]), world, ()).finish(world, asked["cwd"])
        _tell(telling, {"confinement": held.to_dict()})
        stage = "exec"
        os.execvpe(asked["argv"][0], asked["argv"], asked["env"])  # noqa: S606
    except Refused as error:
        _tell(telling, {"message": str(error)})
    except OSError as error:
        _tell(telling, {"stage": stage, "errno": error.errno})
    return 127


def _tell(telling: int, what: dict[str, Any]) -> None:
    os.write(telling, json.dumps(what).encode("ascii") + b"\n")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
