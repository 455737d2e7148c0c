"""Processes as they were at a commit: kept with it, brought back with its files.

Layer: engine. A checkpoint is an image of CRIU in the store's folder of images; the commit that it
belongs to names it, and gc keeps it as long as that commit. Keeps: memory and files are of one
moment, for the whole of which nothing in the world runs.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import orjson

from shepherd_sidecar.engine.prepare import Prepared, Preparer
from shepherd_sidecar.engine.processes import Processes, missing
from shepherd_sidecar.engine.workspaces import Workspaces, change_payload, snapshot_view
from shepherd_sidecar.errors import DriverUnavailable, ShepherdError, UnknownProcess
from shepherd_sidecar.protocol.snapshots import (
    Checkpoint,
    SnapshotTakeParams,
    SnapshotTakeResult,
)
from shepherd_sidecar.store import commits, payloads
from shepherd_sidecar.store.places import Place
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.building import building
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.driver import Snapshot
from shepherd_sidecar.worlds.processes.criu import Image
from shepherd_sidecar.worlds.processes.records import Record, revived
from shepherd_sidecar.worlds.processes.zygote import NotCopied

_COMMIT: Final = "commit"
"""The file in an image's folder that names the commit it belongs to."""


class Source(Protocol):
    """A process that is to be copied."""

    record: Record
    way: str
    image: Image | None
    why: str | None


class Checkpoints:
    """The checkpoints of one store.

    Args:
        catch_up: writes down what nobody has reported of a branch's world.
    """

    def __init__(
        self,
        store: Store,
        preparer: Preparer,
        workspaces: Workspaces,
        processes: Processes,
        catch_up: Callable[[str, str], None],
    ) -> None:
        self._store = store
        self._preparer = preparer
        self._workspaces = workspaces
        self._processes = processes
        self._catch_up = catch_up

    def why_not(self, record: Record, policy: Policy) -> str | None:
        """Why a process cannot be checkpointed; None when it may work."""
        if record.driver != "criu":
            return record.why or "it was not launched to be checkpointed"
        found = self._processes.criu.probe()
        if not found.available:
            return found.why
        if policy.required and os.geteuid() != 0:
            return "without root a copy has no filter of system calls, and sandbox.toml requires it"
        return None

    def catch_up(self, branch: str, author: str) -> None:
        """Write down what nobody has reported of a branch's world."""
        self._catch_up(branch, author)

    def moment(
        self,
        branch: str,
        sources: list[Any],
        author: str,
        begin: Callable[[], None],
        *,
        held: bool,
    ) -> Id:
        """Capture a branch's world, and those of its processes that CRIU copies; the commit.

        One that cannot be taken is to be run again. Blocks.

        Args:
            branch: whose.
            sources: what runs there and stands still.
            author: who asks.
            begin: called before the files are captured.
            held: whether a cgroup holds the world still.
        """
        for source in sources:
            if source.way == "criu":
                try:
                    source.image = self._dump(source.record, held=held)
                except NotCopied as error:
                    source.way, source.why = "rerun", str(error)
        try:
            begin()
            _, commit = self._workspaces.capture(branch, self._on_the_way, author, still=True)
        except BaseException:
            for source in sources:
                if source.image is not None:
                    remove(source.image)
            raise
        return commit

    def take(self, params: SnapshotTakeParams, author: str) -> SnapshotTakeResult:
        """Capture a branch's world with its processes. Blocks.

        Raises:
            UnknownProcess: nothing launched runs there.
            DriverUnavailable: one of them cannot be checkpointed; nothing is kept.
        """
        place = self._workspaces.need(params.branch)
        policy = self._processes.policy()
        records = self._processes.living(place.branch)
        if not records:
            raise UnknownProcess(
                f"nothing that was launched runs on {params.branch!r}", branch=params.branch
            )
        self._catch_up(params.branch, author)
        images: list[Image] = []
        with building(self._workspaces.folder):
            try:
                with self.still(place) as held:
                    for record in records:
                        why = self.why_not(record, policy)
                        if why is not None:
                            raise NotCopied(f"process {record.id}: {why}")
                        images.append(self._dump(record, held=held))

                    def event(taken: Snapshot) -> Prepared:
                        said = change_payload(taken, "checkpoint")
                        kept = [
                            {"checkpoint": image.name, "process": image.process["id"]}
                            for image in images
                        ]
                        own = {**said, "checkpoints": kept}
                        return self._preparer.own("workspace_change", own)

                    taken, commit = self._workspaces.capture(
                        params.branch, event, author, still=True
                    )
            except NotCopied as error:
                self._drop(images)
                raise DriverUnavailable(
                    f"there is no checkpoint: {error}",
                    hint='launch it with copyable: "checkpoint"; initialize says what CRIU lacks',
                ) from error
            except BaseException:
                self._drop(images)
                raise
            for image in images:
                (image.folder / _COMMIT).write_text(commit, "ascii")
        return SnapshotTakeResult(
            snapshot=snapshot_view(taken),
            commit=commit,
            checkpoints=[
                Checkpoint(
                    checkpoint=image.name,
                    process=image.process["id"],
                    bytes=_size(image.folder),
                    not_captured=missing(image.not_captured),
                )
                for image in images
            ],
        )

    def at(self, commit: Id) -> list[tuple[Image, Record]]:
        """What was checkpointed at a commit, as far as it is still there."""
        with self._store.reading() as conn:
            node = commits.need(conn, commit)
            if node.kind != "workspace_change":
                return []
            try:
                said = orjson.loads(payloads.canonical_bytes(conn, self._store.root, node))
            except ShepherdError:
                return []
        found = []
        for one in said.get("checkpoints") or ():
            image = self._processes.criu.image(one["checkpoint"])
            if image is not None:
                found.append((image, revived(image.process)))
        return found

    def sweep(self) -> None:
        """Remove the images that no commit is known for. Under the lock of who clears away."""
        keep = []
        with self._store.reading() as conn:
            for image in self._processes.criu.images():
                with contextlib.suppress(OSError, ValueError):
                    named = bytes.fromhex((image.folder / _COMMIT).read_text("ascii"))
                    if commits.find(conn, named) is not None:
                        keep.append(image.name)
        self._processes.criu.sweep(keep)

    @contextlib.contextmanager
    def still(self, place: Place, but: Sequence[str] = ()) -> Iterator[bool]:
        """Nothing in the world runs inside the block; whether its cgroup holds it.

        ``but``: processes that stand still already.
        """
        home = self._workspaces.world(place).stands_in
        with self._workspaces.keeper.freeze(home, but) as how:
            yield how == "cgroup"

    def _dump(self, record: Record, *, held: bool) -> Image:
        scratch = folders_of_scratch(self._processes.policy())
        return self._processes.criu.dump(record, scratch, held=held)

    def _on_the_way(self, taken: Snapshot) -> Prepared | None:
        if not taken.changed:
            return None
        return self._preparer.own("workspace_change", change_payload(taken, "fork"))

    @staticmethod
    def _drop(images: list[Image]) -> None:
        for image in images:
            remove(image)


def folders_of_scratch(policy: Policy) -> list[str]:
    """The folders of a process's own outside its world."""
    home = [policy.home] if policy.home is not None else []
    return list(dict.fromkeys(["/tmp", "/var/tmp", "/dev/shm", *home]))  # noqa: S108


def remove(image: Image) -> None:
    """Forget a checkpoint."""
    shutil.rmtree(image.folder, ignore_errors=True)


def _size(folder: Path) -> int:
    return sum(
        os.lstat(os.path.join(at, name)).st_blocks * 512
        for at, _, names in os.walk(folder)
        for name in names
    )
