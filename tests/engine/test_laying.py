"""What is laid in the background is whole and laid once; no fork waits for it for ever."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shepherd_sidecar.engine.batch import batch
from shepherd_sidecar.engine.laying import Laying, Wish, Wishes
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.copy_driver import CopyDriver
from shepherd_sidecar.worlds.driver import World
from shepherd_sidecar.worlds.layers import Layers
from shepherd_sidecar.worlds.registry import LAYERS
from tests.support.folders import shape_of


class Ground:
    """A store with one captured workspace."""

    def __init__(self, base: Path) -> None:
        self.root = base / ".shepherd"
        self.work = base / "w"
        for n in range(300):
            folder = self.work / f"{n % 7}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{n}.txt").write_text(f"content {n}")
        self.store = Store(self.root)
        self.tree = self.take()
        self.laying, self.layers = Laying(self.root), Layers(self.root / LAYERS)

    def take(self) -> Id:
        driver = CopyDriver()
        with batch(self.store) as content:
            tree = driver.snapshot(content, _in_place(self.work), None).tree
            self.store.write(lambda tx: content.insert(tx, tree))
        return tree

    def wait(self) -> None:
        """Until the process has ended."""
        worker = self.laying.wishes.worker()
        while worker is not None:
            select.select([worker], [], [])
            os.close(worker)
            worker = self.laying.wishes.worker()

    def fulfil(self) -> None:
        """Run the process until all is done."""
        command = [
            sys.executable,
            "-m",
            "shepherd_sidecar.engine.laying",
            "--store",
            str(self.root),
        ]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})


def _in_place(folder: Path) -> World:
    return World(folder, folder, "copy", "inPlace")


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.wait()
    made.store.close()


def test_what_is_wished_for_is_laid_and_the_process_ends(ground: Ground) -> None:
    ground.laying.want("layer", ground.tree)
    ground.laying.start()
    with ground.laying.turn(ground.tree) as mine:
        if mine:
            with batch(ground.store) as content:
                ground.layers.lay(content, ground.tree)
    ground.wait()
    stack = ground.layers.laid(ground.tree)
    assert stack is not None
    [laid] = ground.layers.paths(stack)
    assert shape_of(laid) == shape_of(ground.work)
    assert ground.laying.wishes.every() == []
    assert not ground.laying.working()


def test_every_kind_of_wish(ground: Ground) -> None:
    wishes = ground.laying.wishes
    wishes.add(Wish("layer", ground.tree))
    wishes.add(Wish("layer", ground.tree, ("0" * 64,)))
    (ground.work / "0" / "0.txt").write_text("changed")
    later = ground.take()
    wishes.add(Wish("layer", later, (ground.tree,)))
    wishes.add(Wish("squash", later))
    wishes.add(Wish("refill", ground.tree, driver="copy"))
    wishes.add(Wish("layer", "f" * 64))
    assert len(wishes.every()) == 5, "the same twice is one"
    ground.fulfil()
    assert wishes.every() == [], "also what cannot be fulfilled is over"
    assert ground.layers.laid(ground.tree) is not None
    assert ground.layers.laid(later) is not None
    assert list((ground.root / "worlds").rglob(f"{ground.tree}.*"))


@pytest.mark.requirement("LAYING-02")
def test_a_fork_does_not_lay_what_is_being_laid(ground: Ground) -> None:
    wishes = Wishes(ground.root)
    wish = Wish("layer", ground.tree)
    wishes.add(wish)
    asked, told = threading.Event(), []

    def fork() -> None:
        asked.set()
        with ground.laying.turn(ground.tree) as mine:
            told.append(mine)

    with wishes.held(wish, wait=False) as mine:
        assert mine
        thread = threading.Thread(target=fork)
        thread.start()
        asked.wait()
        with wishes.held(wish, wait=False) as second:
            assert not second
        assert told == []
        wishes.done(wish)
    thread.join()
    assert told == [False], "it was laid meanwhile"


def test_a_fork_lays_what_a_killed_process_left(ground: Ground) -> None:
    wishes = Wishes(ground.root)
    wish = Wish("layer", ground.tree)
    wishes.add(wish)
    holding = (
        "import sys\nfrom pathlib import Path\n"
        "from shepherd_sidecar.engine.laying import Wish, Wishes\n"
        "wishes = Wishes(Path(sys.argv[1]))\n"
        "with wishes.alone(), wishes.held(Wish('layer', sys.argv[2]), wait=False) as mine:\n"
        "    print(mine, flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, ground.root, ground.tree],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        assert ground.laying.working()
        process.send_signal(signal.SIGKILL)
        with ground.laying.turn(ground.tree) as mine:
            assert mine
    assert wishes.every() == []
    assert not ground.laying.working()


@pytest.mark.requirement("LAYING-02")
def test_killed_at_any_moment_nothing_half_made_is_used(ground: Ground) -> None:
    command = [sys.executable, "-m", "shepherd_sidecar.engine.laying", "--store", str(ground.root)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    for _ in range(6):
        ground.laying.wishes.add(Wish("layer", ground.tree))
        process = subprocess.Popen(command, env=environment)
        # Killed when some part of the layer is there: at another moment each time.
        area = ground.root / LAYERS
        while process.poll() is None and not list(area.glob("*-*/*")):
            pass
        process.kill()
        process.wait()
        stack = ground.layers.laid(ground.tree)
        if stack is not None:
            [laid] = ground.layers.paths(stack)
            assert shape_of(laid) == shape_of(ground.work)
            ground.layers.drop(ground.tree)
        ground.layers.clean()
    ground.laying.wishes.add(Wish("layer", ground.tree))
    ground.fulfil()
    assert ground.layers.laid(ground.tree) is not None
