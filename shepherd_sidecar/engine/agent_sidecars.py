"""A sidecar for an agent that the sidecar itself started: at the agent's descriptors 3 and 4.

Layer: engine. It serves the store in the role ``agent``, for the agent's own branch, over two
pipes whose other ends the agent inherits (a socket would tie it to the network that it was made
in). It outlives who started it and ends with the agent.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

DESCRIPTOR: Final = 3
VARIABLE: Final = "SHEPHERD_SIDECAR_FD"
_LOG: Final = "sidecar.log"
_PACKAGES: Final = str(Path(__file__).resolve().parents[2])


class Link:
    """The agent's ends of a connection; the others are served from ``serve`` on.

    What the agent says before that waits in its pipe.
    """

    def __init__(self) -> None:
        reads, self._writing = os.pipe2(os.O_CLOEXEC)
        self._reading, writes = os.pipe2(os.O_CLOEXEC)
        self._agent = [reads, writes]

    def ends(self) -> tuple[int, int]:
        """The agent's: to read from, and to write to."""
        reads, writes = self._agent
        return reads, writes

    def serve(
        self,
        store: Path,
        branch: str,
        folder: Path,
        *,
        known_as: str | None = None,
        copied: tuple[str, str] | None = None,
    ) -> None:
        """Start the sidecar.

        Args:
            store: the store's folder.
            branch: the agent's own.
            folder: where the sidecar logs to.
            known_as: the name by which the agent calls its branch, when it is a copy.
            copied: the ids of the copy and of the original.
        """
        argv = [sys.executable, "-m", "shepherd_sidecar", "serve", "--store", str(store)]
        argv += ["--role", "agent", "--own", branch]
        if known_as is not None and known_as != branch:
            argv += ["--known-as", known_as]
        if copied is not None:
            argv += ["--copied", *copied]
        paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        with open(os.open(folder / _LOG, flags, 0o600), "wb") as log:
            started = subprocess.Popen(
                argv,
                stdin=self._reading,
                stdout=self._writing,
                stderr=log,
                cwd="/",
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,
            )
        # Nobody waits for it; but while this process lives its end must be taken notice of.
        threading.Thread(target=started.wait, name="agent-sidecar", daemon=True).start()

    def hand_over(self) -> None:
        """The agent has its ends."""
        while self._agent:
            os.close(self._agent.pop())

    def close(self) -> None:
        """Close all that is open here; whoever inherited an end keeps it."""
        self.hand_over()
        for fd in (self._reading, self._writing):
            if fd >= 0:
                os.close(fd)
        self._reading = self._writing = -1
