"""vcs_core of shepherd-ai as a peer, in a process of its own Python, and the clock in there.

Its fork is of the live world and commits nothing; ``seal``, which commits one, ends it. So its
snapshot comes after its fork, and another world is made for the next round.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from bench.ground import Refused, quietly, unmount_all
from bench.peers import SHEPHERD_AI, environment

PROGRAM = """
import subprocess, sys, time
from vcs_core import VcsCore
def main(workspace):
    core = VcsCore.from_config(workspace)
    core.activate()
    number, child = 0, None
    isolated = {"isolated": True}
    parent = core.fork(core.ground, "parent-0", hints=isolated)
    print(core.working_directory_for_scope(parent), flush=True)
    for line in sys.stdin:
        number += 1
        start = time.perf_counter()
        word = line.strip()
        if word == "fork":
            child = core.fork(parent, f"child-{number}", hints=isolated)
        elif word == "command":
            at = core.working_directory_for_scope(child)
            subprocess.run(["/bin/true"], cwd=at, check=True)
        elif word == "discard":
            core.discard(child)
        elif word == "seal":
            core.seal(parent)
        elif word == "renew":
            parent = core.fork(core.ground, f"parent-{number}", hints=isolated)
        took = (time.perf_counter() - start) * 1e3
        print(took, core.working_directory_for_scope(parent) if word == "renew" else "", flush=True)
    core.deactivate()
main(sys.argv[1])
"""
ADOPT = """
import sys
from vcs_core.cli import main
sys.argv = ["vcs-core", "init", "--adopt", "worktree", "--all", sys.argv[1]]
main()
"""


class VcsCore:
    """Its workspace is a copy that it adopted. Its mounts are in a namespace that ends with it."""

    name = "vcs_core of shepherd-ai 0.3.1"

    def __init__(self, folder: Path, workspace: Path) -> None:
        python = str(environment(SHEPHERD_AI))
        folder.mkdir()
        self.folder, copy = folder, folder / "workspace"
        quietly("cp", "-a", str(workspace), str(copy))
        quietly(python, "-c", ADOPT, str(copy))
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [
                *("unshare", "--mount", "--propagation", "private"),
                *(python, "-c", PROGRAM, str(copy)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            bufsize=1,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        self._inside = Path(f"/proc/{self._process.pid}/root")
        self.live = self._seen(self._line())

    def fork(self) -> float:
        return self._do("fork")

    def command(self) -> float:
        return self._do("command")

    def drop(self) -> None:
        self._do("discard")

    def seal(self) -> float:
        """Commit the world, which ends it; the next edits are in another."""
        took = self._do("seal")
        self._say("renew")
        self.live = self._seen(self._line().partition(" ")[2])
        return took

    def close(self) -> None:
        self._process.communicate()
        self._log.close()
        unmount_all(self.folder)
        shutil.rmtree(self.folder)

    def _do(self, word: str) -> float:
        self._say(word)
        return float(self._line())

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            said = (self.folder / "log").read_text(errors="replace").strip().splitlines()
            raise Refused(f"vcs_core: {said[-1] if said else 'it ended'}")
        return line.strip()

    def _seen(self, path: str) -> Path:
        """A path in its namespace as seen from here."""
        return self._inside / path.lstrip("/")
