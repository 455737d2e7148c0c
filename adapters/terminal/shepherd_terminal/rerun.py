"""A recorded run played again, step by step, each screen compared with the recorded one."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shepherd_client import Sidecar

from shepherd_terminal.compare import Difference, compare
from shepherd_terminal.initial import names_of, unpack
from shepherd_terminal.player import Played, Player
from shepherd_terminal.room import Machine
from shepherd_terminal.trajectory import Call, Recorded, Step


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step, played."""

    step: int
    played: list[Played]
    shown: str
    differences: list[Difference]
    seconds: float

    @property
    def unexplained(self) -> int:
        """Differences that no reason was found for."""
        return sum(not one.explained for one in self.differences)


@dataclass(frozen=True, slots=True)
class ForkReport:
    """What other keys did in a fork, beside the original."""

    branch: str
    step: int
    shown: str
    played: list[Played]
    files: dict[str, Any]
    """How the fork's files differ from the original's, both as they were at the end."""


@dataclass(slots=True)
class RunReport:
    """A run, played again."""

    name: str
    branch: str
    steps: list[StepReport] = field(default_factory=list)
    fork: ForkReport | None = None
    hidden: tuple[str, ...] = ()
    """Programs that were hidden because the recorded machine did not have them."""
    seconds: float = 0.0

    @property
    def equal(self) -> int:
        """Steps that showed exactly the same."""
        return sum(not step.differences for step in self.steps)

    @property
    def kinds(self) -> Counter[str]:
        """How many differences of each kind."""
        return Counter(one.kind for step in self.steps for one in step.differences)

    @property
    def unexplained(self) -> int:
        """Differences that no reason was found for."""
        return sum(step.unexplained for step in self.steps)


@dataclass(frozen=True, slots=True)
class Options:
    """What to do beside playing everything."""

    until: int | None = None
    """The last step to play."""
    fork_at: int | None = None
    """The step after which to fork."""
    keys: tuple[str, ...] = ()
    """What to type in the fork."""
    duration: float = 1.0
    """Seconds that the fork's keys get."""


def rerun(
    sidecar: Sidecar,
    recorded: Recorded,
    initial: Path,
    store: Path,
    options: Options | None = None,
    told: Callable[[StepReport], None] = lambda step: None,
) -> RunReport:
    """Play a run in a world that begins as ``initial`` and compare every screen.

    ``store`` is the sidecar's store, which the shell must not see. ``told`` hears of every
    step as it ends.
    """
    options = options or Options()
    start = time.monotonic()
    with ExitStack() as cleanup:
        folder = Path(tempfile.mkdtemp(prefix="shepherd-rerun-"))
        cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        inputs = unpack(initial, folder)
        run = sidecar.start_run(
            f"rerun {recorded.name}",
            workspace=str(folder),
            place="apart",
            agent=recorded.agent,
            meta={"rerun": {"name": recorded.name, "session": recorded.session}},
        )
        machine = Machine(recorded.user, recorded.host, recorded.folder, recorded.missing)
        player = Player(run, machine, [store])
        cleanup.callback(player.close)
        report = RunReport(recorded.name, run.name, hidden=recorded.missing)
        other: tuple[int, Player, list[Played], str] | None = None
        for step in recorded.steps:
            if options.until is not None and step.id > options.until:
                break
            report.steps.append(play_step(player, step, recorded, inputs))
            told(report.steps[-1])
            if step.id == options.fork_at:
                branch = player.fork()
                cleanup.callback(branch.close)
                other = (step.id, branch, *branch.play(other_calls(options)))
        if other is not None:
            report.fork = compare_fork(sidecar, player, *other)
        run.end("finished", {"equal": report.equal, "unexplained": report.unexplained})
        report.seconds = round(time.monotonic() - start, 3)
        return report


def play_step(player: Player, step: Step, recorded: Recorded, inputs: dict[str, int]) -> StepReport:
    """Play one step, and write the comparison into the trace.

    ``inputs`` are the sizes of the files that were there before; those that the step changed
    are taken out.
    """
    start = time.monotonic()
    played, shown = player.play(step.calls)
    for one in played:
        for path in one.changed:
            inputs.pop(path, None)
    found: list[Difference] = []
    if step.screen is not None:
        found = compare(
            step.screen,
            shown,
            typed="".join(one.typed for one in played),
            columns=player.screen.columns,
            hosts=(recorded.host, player.machine.host),
            inputs=names_of(inputs),
        )
    said = {
        "what": "comparison",
        "step": step.id,
        "differences": [
            {"kind": one.kind, "recorded": one.recorded, "actual": one.actual} for one in found
        ],
    }
    player.branch.report("annotation", said)
    return StepReport(step.id, played, shown, found, round(time.monotonic() - start, 3))


def compare_fork(
    sidecar: Sidecar, original: Player, step: int, fork: Player, played: list[Played], shown: str
) -> ForkReport:
    """How the fork's files differ from the original's."""
    sides = {"left": original.branch.name, "right": fork.branch.name}
    files = sidecar.request("snapshot/diff", sides)
    return ForkReport(fork.branch.name, step, shown, played, files)


def other_calls(options: Options) -> tuple[Call, ...]:
    """The keys for the fork, as calls of the same tool."""
    return tuple(
        Call(f"fork_{number}", "bash_command", {"keystrokes": keys, "duration": options.duration})
        for number, keys in enumerate(options.keys, 1)
    )
