"""A supervisor as a process of its own: ``python -m bench.guard STORE PARAMS``.

It allows whatever it is asked, reads whatever it is told, and says when it is attached. It ends
when its stdin does. A thread of the measuring process would take turns with what is measured.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson

from bench.harness import ROOT
from bench.pipe import ENV, Pipe


class Guard:
    """One that runs while the block does."""

    def __init__(self, store: Path, name: str, **params: Any) -> None:
        argv = [sys.executable, "-m", "bench.guard", str(store)]
        argv += [orjson.dumps({"name": name, **params}).decode()]
        self._process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=ENV
        )

    def __enter__(self) -> Guard:
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError("the supervisor did not attach")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def main(store: Path, params: dict[str, Any]) -> None:
    with Pipe.serve(store, "supervisor") as pipe:
        pipe.call("supervisor/attach", params)
        os.write(1, b"attached\n")

        def until_the_end() -> None:
            while os.read(0, 1024):
                pass
            pipe.process.kill()

        threading.Thread(target=until_the_end, daemon=True).start()
        while True:
            try:
                found = orjson.loads(pipe.receive())
            except RuntimeError:
                return  # the measurement is over
            if found.get("method") == "supervisor/decide":
                result = {"decision": "allow", "reason": "go on"}
                body = orjson.dumps({"jsonrpc": "2.0", "id": found["id"], "result": result})
                pipe.send(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


if __name__ == "__main__":
    main(Path(sys.argv[1]), orjson.loads(sys.argv[2]))
