"""Docker as a peer: commit of a running container, and a new one that has run a command.

Its own daemon with its own data, over its API, which costs half of what its program costs.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from bench.ground import Refused, quietly, unmount_all
from bench.peers import program

_STARTS = 30.0
"""Seconds in which a daemon must answer."""


class Daemon:
    """A Docker engine of one's own, without a network, and the image of a static busybox."""

    def __init__(self, folder: Path) -> None:
        program("dockerd", "docker.io")
        program("busybox", "busybox-static")
        folder.mkdir()
        self.folder, self._socket = folder, folder / "api"
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [
                *("dockerd", "--iptables=false", "--ip6tables=false", "--bridge=none"),
                *("--storage-driver=overlay2", f"--data-root={folder / 'data'}"),
                *(f"--exec-root={folder / 'run'}", f"--pidfile={folder / 'pid'}"),
                *(f"--host=unix://{self._socket}", "--live-restore=false"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        try:
            self._await()
            root = folder / "root" / "bin"
            root.mkdir(parents=True)
            shutil.copy(shutil.which("busybox") or "", root)
            for name in ("sleep", "true"):
                (root / name).symlink_to("busybox")
        except BaseException:
            self.close()
            raise

    def import_(self, name: str, *more: str) -> None:
        """An image of busybox and what else ``tar`` is told."""
        with subprocess.Popen(
            ["tar", "-c", "-C", str(self.folder / "root"), "bin", *more], stdout=subprocess.PIPE
        ) as tar:
            self.call("POST", f"/images/create?fromSrc=-&repo={name}", tar.stdout)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A request; the answer, or None when it has none. Raises Refused."""
        connection = _Connection(self._socket)
        try:
            if hasattr(body, "read"):
                headers = {"Transfer-Encoding": "chunked", "Content-Type": "application/x-tar"}
                connection.request(method, path, body, headers, encode_chunked=True)
            else:
                headers = {"Content-Type": "application/json"}
                connection.request(method, path, json.dumps(body or {}), headers)
            reply = connection.getresponse()
            said = reply.read()
        finally:
            connection.close()
        if reply.status >= 400:
            raise Refused(f"docker: {said.decode(errors='replace').strip()}")
        lines = said.splitlines()
        return json.loads(lines[-1]) if lines else None

    def close(self) -> None:
        self._process.send_signal(signal.SIGTERM)  # it ends its containers and its containerd
        self._process.wait()
        self._log.close()
        unmount_all(self.folder)
        shutil.rmtree(self.folder)

    def _await(self) -> None:
        until = time.monotonic() + _STARTS
        while True:
            with contextlib.suppress(OSError):
                self.call("GET", "/version")
                return
            if self._process.poll() is not None or time.monotonic() > until:
                last = (self.folder / "log").read_text(errors="replace").strip().splitlines()
                raise Refused(f"dockerd does not start: {last[-1] if last else 'it says nothing'}")
            time.sleep(0.05)


class Docker:
    """A container in which the agent works, its workspace in one of the two layouts."""

    snapshots = True

    def __init__(self, daemon: Daemon, workspace: Path, *, in_image: bool) -> None:
        layer = "an image layer" if in_image else "the writable layer"
        self.name = f"docker commit, new container; workspace in {layer}"
        self._daemon = daemon
        image = f"bench-{workspace.name}-{in_image:d}".lower()
        more = ("-C", str(workspace.parent), workspace.name) if in_image else ()
        daemon.import_(image, *more)
        self._container = self._start(image, "/bin/sleep", "1000000")
        found = daemon.call("GET", f"/containers/{self._container}/json")
        merged = Path(found["GraphDriver"]["Data"]["MergedDir"])
        self.live = merged / workspace.name
        if not in_image:
            quietly("cp", "-a", str(workspace), str(self.live))
        self._image = ""
        self._fork = ""

    def snapshot(self) -> None:
        self._image = self._daemon.call("POST", f"/commit?container={self._container}")["Id"]

    def fork(self) -> None:
        self._fork = self._start(self._image, "/bin/true")

    def command(self) -> None:
        done = self._daemon.call("POST", f"/containers/{self._fork}/wait")
        if done["StatusCode"] != 0:
            raise Refused(f"docker: {done}")

    def drop(self) -> None:
        self._remove(self._fork)
        self._daemon.call("DELETE", f"/images/{self._image}?force=true")

    def close(self) -> None:
        self._remove(self._container)

    def _start(self, image: str, *argv: str) -> str:
        asked = {"Image": image, "Cmd": list(argv), "HostConfig": {"NetworkMode": "none"}}
        made = str(self._daemon.call("POST", "/containers/create", asked)["Id"])
        self._daemon.call("POST", f"/containers/{made}/start")
        return made

    def _remove(self, container: str) -> None:
        self._daemon.call("DELETE", f"/containers/{container}?force=true")


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(os.fspath(self._path))
