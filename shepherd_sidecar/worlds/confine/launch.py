"""Becoming a command without namespaces: the program that ``alone`` runs.

Layer: worlds. Run as a file by ``python -I -S`` with the number of the descriptor to read what is
asked from. What came of it is told line by line in JSON; the closing at exec is the success.
"""

import os
import sys

if __name__ == "__main__":
    sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3)))

import json
import warnings  # noqa: F401  (os.execvpe imports it, which may not find it then)
from typing import Any

from shepherd_sidecar.worlds.confine.enter import Entering, Refused
from shepherd_sidecar.worlds.confine.policy import Policy


def main(question: int) -> int:
    """Confine this process and become the command."""
    with os.fdopen(question, "rb") as file:
        asked = json.load(file)
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
