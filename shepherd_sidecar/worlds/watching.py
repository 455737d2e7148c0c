"""Knowing which folders of a workspace changed, so that a snapshot need not walk it.

Layer: worlds. Keeps: never a silent stale snapshot. A folder is watched before it is listed,
by the walk itself, so nothing falls between. Everything is walked again when the kernel's
queue overflowed, when the folder was moved, replaced, or something was mounted in it, and on
file systems where others make changes without a word; a folder that is new, was moved in, or
has new rules of what to ignore is walked with all below it.

What no watch tells of: stores through a mapping before it ends (its end is told), and writes
through a hard link that was made outside the workspace since. Restore looks at each path it
touches once more; ``doubt`` and ``capture(walk=True)`` make the next snapshot walk.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds import inotify
from shepherd_sidecar.worlds.dirty import Dirty
from shepherd_sidecar.worlds.driver import NotCaptured
from shepherd_sidecar.worlds.ignore import IGNORE_FILE
from shepherd_sidecar.worlds.mount_points import MountPoints
from shepherd_sidecar.worlds.stat_cache import Folder

_RULES = os.fsencode(IGNORE_FILE)
_GATHER_MS = 20
"""How long the thread lets events gather before it takes them. The queue holds 16,384."""

Notes = tuple[NotCaptured, ...]


@dataclass(slots=True, eq=False)
class _Node:
    """A watched folder."""

    watch: Watch
    parent: _Node | None
    name: str
    number: int = -1
    round: int = 0
    """The walk that entered it last."""
    attached: bool = True
    here: bool = False
    whole: bool = False
    fresh: set[str] = field(default_factory=set)
    children: dict[str, _Node] = field(default_factory=dict)

    def names(self) -> list[str]:
        names: list[str] = []
        node = self
        while node.parent is not None:
            names.append(node.name)
            node = node.parent
        return names[::-1]


@dataclass(slots=True)
class Claim:
    """What a snapshot was told, to be settled or given back."""

    dirty: Dirty | None
    """The folders to look at; None: walk everything."""
    known: Folder | None
    """The walk that ``dirty`` is relative to."""
    notes: Notes | None
    """What that walk left out, when it is known."""
    terms: Hashable
    taken: Dirty = field(default_factory=Dirty)
    everything: bool = False
    void: bool = False
    """Nothing is watched: nothing is to be settled."""


class Watch:
    """One watched folder. Made by ``Watching.of``."""

    def __init__(self, owner: Watching, path: Path) -> None:
        self.owner, self.path = owner, path
        self.why: str | None = None
        """Why it is not watched, if so (``fileSystem``, ``watchLimit``; ``others`` took its
        place, ``removed``, ``closed``). Then it is always walked."""
        self._root = os.fsencode(os.path.realpath(path))
        self._identity: tuple[int, int] | None = None
        self._mounts: frozenset[bytes] = frozenset()
        self._top = _Node(self, None, "")
        self._touched: set[_Node] = set()
        self._pending, self._again = Dirty(), Dirty()
        self._everything = True
        self._verify = False
        self._round = 0
        self._terms: Hashable = None
        self._base: tuple[Folder, Notes | None] | None = None
        self._earlier: tuple[Folder, Notes | None, Dirty] | None = None

    # For a snapshot, in this order: claim, the walk (enter), settle or give_back.

    def claim(self, root: int, known: Folder | None, terms: Hashable, walk: bool = False) -> Claim:
        """What changed since ``known`` was walked, by all that is over when this is called.

        Args:
            root: the folder, open.
            known: what is believed of it.
            terms: equal when the walk was, or would be, under the same limits.
            walk: walk everything all the same.
        """
        with self.owner.lock:
            if not self.owner.drain() or self.why not in (None, "fileSystem"):
                return Claim(None, known, None, terms, void=True)
            self._admit(root)
            if self.why is not None:
                return Claim(None, known, None, terms, void=True)
            claim = Claim(None, known, None, terms, self._collect(), self._everything)
            self._everything = False
            sure = not (walk or claim.everything) and terms == self._terms and known is not None
            if sure and self._base is not None and known is self._base[0]:
                claim.dirty, claim.notes = Dirty(), self._base[1]
            elif sure and self._earlier is not None and known is self._earlier[0]:
                claim.dirty, claim.notes = Dirty(), self._earlier[1]
                claim.dirty.add(self._earlier[2])
            if claim.dirty is not None:
                claim.dirty.add(claim.taken)
                claim.dirty.add(self._again)
            self._verify = claim.dirty is None
            self._round += 1
            return claim

    def enter(self, path: str, fd: int) -> None:
        """Watch a folder that the walk is about to list."""
        with self.owner.lock:
            if self.why is not None:
                return
            node = self._top
            for name in path.split("/")[:-1]:
                below = node.children.get(name)
                if below is None:
                    below = node.children[name] = _Node(self, node, name)
                node = below
            node.round = self._round
            if node.number < 0 or self._verify:
                try:
                    self.owner.arm(node, fd)
                except OSError:
                    self.give_up("watchLimit")

    def settle(self, claim: Claim, folder: Folder, notes: Notes, again: Iterable[str]) -> None:
        """The walk became a snapshot. ``again``: folders (paths with ``/``) to look at anew."""
        with self.owner.lock:
            if claim.void or self.why is not None:
                return
            if claim.dirty is None:
                self._sweep(self._top)
                self._earlier = None
            elif claim.known is not None:
                self._earlier = claim.known, claim.notes, claim.dirty
            self._again = Dirty()
            for path in again:
                self._again.at(path.split("/")[:-1]).here = True
            # What could not be read as it is may be readable by the next time.
            self._base = folder, (None if self._again else notes)
            self._terms = claim.terms

    def give_back(self, claim: Claim) -> None:
        """The walk came to nothing: what was told of is still to be looked at."""
        with self.owner.lock:
            if claim.void:
                return
            self._everything |= claim.everything
            self._pending.add(claim.taken)
            # A walk that broke off may have noted on the folders it shares what is left out.
            if self._base is not None:
                self._base = self._base[0], None
            if self._earlier is not None:
                self._earlier = self._earlier[0], None, self._earlier[2]

    # For others.

    def is_clean(self, tree: Id) -> bool:
        """Whether the folder surely is what was captured as ``tree``. Takes microseconds."""
        with self.owner.lock:
            return (
                self.owner.drain()
                and self.why is None
                and not self._everything
                and self._base is not None
                and self._base[0].tree == tree
                and not self._pending
                and not any(node.attached for node in self._touched)
            )

    def doubt(self) -> None:
        """Walk everything at the next snapshot."""
        with self.owner.lock:
            self._everything = True

    # Called by the owner, with the lock.

    def drop(self) -> None:
        """Watch nothing of it any more."""
        self.owner.detach(self._top)
        self._top = _Node(self, None, "")
        self._touched.clear()
        self._pending, self._again = Dirty(), Dirty()
        self._base = self._earlier = None
        self._everything = True

    def give_up(self, why: str) -> None:
        """Watch nothing of it from now on."""
        self.drop()
        self.why = why

    def lost(self) -> None:
        """Events were lost."""
        self._everything = True

    def look_at_mounts(self, mounts: MountPoints) -> None:
        """Compare what is mounted below."""
        found = mounts.below(self._root)
        if found != self._mounts:
            self._mounts = found
            self._everything = True

    def told(self, node: _Node, mask: int, name: bytes) -> None:
        """An event of a folder in it."""
        if mask & (inotify.SELF_GONE | inotify.UNMOUNTED | inotify.IGNORED):
            if node is self._top or mask & inotify.UNMOUNTED:
                self._everything = True
            return
        if mask & inotify.IS_FOLDER and mask & (inotify.CAME | inotify.WENT):
            text = os.fsdecode(name.rstrip(b"\0"))
            gone = node.children.pop(text, None)
            if gone is not None:
                self.owner.detach(gone)
            if mask & inotify.CAME:
                node.fresh.add(text)
        elif not node.whole and name.startswith(_RULES) and name.rstrip(b"\0") == _RULES:
            node.whole = True
        elif node.here:
            return
        node.here = True
        self._touched.add(node)

    def _admit(self, root: int) -> None:
        found = os.fstat(root)
        identity = found.st_dev, found.st_ino
        if identity != self._identity:
            self.drop()
            self._identity = identity
            self._root = os.fsencode(os.path.realpath(self.path))
            self._mounts = self.owner.mounts_below(self._root)
            self.why = None if inotify.is_local(root) else "fileSystem"

    def _collect(self) -> Dirty:
        found, self._pending = self._pending, Dirty()
        for node in self._touched:
            if node.attached:
                marks = found.at(node.names())
                marks.here = True
                marks.whole |= node.whole
                for name in node.fresh:
                    marks.at([name]).whole = True
            node.here = node.whole = False
            node.fresh.clear()
        self._touched.clear()
        return found

    def _sweep(self, node: _Node) -> None:
        """Let go of folders that a full walk did not come to."""
        for name, inner in list(node.children.items()):
            if inner.round == self._round:
                self._sweep(inner)
            else:
                del node.children[name]
                self.owner.detach(inner)


class Watching:
    """The watched folders of one process. Safe to use from several threads.

    Args:
        most: folders (workspaces) watched at once; the one not used for longest goes first.
        share: how much of the user's inotify watches it may take.
    """

    def __init__(self, most: int = 16, share: float = 0.5) -> None:
        self.lock = threading.RLock()
        self._most = most
        self._most_numbers = int(inotify.most_watches() * share)
        self._watches: OrderedDict[Path, Watch] = OrderedDict()
        self._nodes: dict[int, list[_Node]] = {}
        self._queue: inotify.Queue | None = None
        self._mounts: MountPoints | None = None
        self._thread: threading.Thread | None = None
        self._stop = -1
        self._pid = 0
        self._closed = False

    def of(self, path: Path) -> Watch | None:
        """The watch of a folder; None when nothing can be watched here.

        It costs nothing before the first snapshot that uses it.
        """
        if self._pid not in (0, os.getpid()):
            return None  # a fork: the queue is the parent's, and so are its events
        with self.lock:
            if not self._begin():
                return None
            watch = self._watches.pop(path, None) or Watch(self, path)
            self._watches[path] = watch
            while len(self._watches) > self._most:
                self._watches.popitem(last=False)[1].give_up("others")
            return watch

    def forget(self, path: Path) -> None:
        """Watch a folder no more: it was removed."""
        if self._pid == os.getpid():
            with self.lock:
                watch = self._watches.pop(path, None)
                if watch is not None:
                    watch.give_up("removed")

    def close(self) -> None:
        """Stop watching."""
        if self._pid not in (0, os.getpid()):
            return
        with self.lock:
            self._closed = True
            for watch in self._watches.values():
                watch.why = "closed"
            self._watches.clear()
            self._nodes.clear()
            thread, self._thread = self._thread, None
        if thread is not None:
            os.eventfd_write(self._stop, 1)
            thread.join()
        with self.lock:
            if self._queue is not None and self._mounts is not None:
                self._queue.close()
                self._mounts.close()
                os.close(self._stop)
                self._queue = self._mounts = None

    # For the watches, with the lock.

    def drain(self) -> bool:
        """Take in all events of changes that are over. False: nothing is watched any more."""
        queue = self._queue
        if queue is None or self._mounts is None or self._pid != os.getpid():
            return False
        if self._mounts.changed():
            for watch in self._watches.values():
                watch.look_at_mounts(self._mounts)
        nodes = self._nodes
        for number, mask, name in queue.read():
            if mask & inotify.OVERFLOW:
                for watch in self._watches.values():
                    watch.lost()
                continue
            for node in tuple(nodes.get(number, ())):
                node.watch.told(node, mask, name)
            if mask & inotify.IGNORED:
                for node in nodes.pop(number, ()):
                    node.number = -1
        return True

    def arm(self, node: _Node, fd: int) -> None:
        """Watch the open folder that a node stands for. Raises OSError when it cannot be."""
        assert self._queue is not None
        number = self._queue.watch(fd)
        if number == node.number:
            return
        self._let_go(node)
        node.number = number
        # A folder may have two nodes for a while when it moves, or for good by a bind mount.
        self._nodes.setdefault(number, []).append(node)
        if len(self._nodes) > self._most_numbers:
            raise OSError("more watches than this process shall take")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
            self._thread.start()

    def detach(self, node: _Node) -> None:
        """Watch a folder and those below it no more."""
        ahead = [node]
        while ahead:
            gone = ahead.pop()
            gone.attached = False
            ahead.extend(gone.children.values())
            gone.children = {}
            self._let_go(gone)

    def mounts_below(self, folder: bytes) -> frozenset[bytes]:
        """What is mounted below a folder now."""
        return self._mounts.below(folder) if self._mounts is not None else frozenset()

    def _let_go(self, node: _Node) -> None:
        if node.number < 0:
            return
        nodes = self._nodes.get(node.number, [])
        if node in nodes:
            nodes.remove(node)
            if not nodes:
                del self._nodes[node.number]
                if self._queue is not None:
                    self._queue.unwatch(node.number)
        node.number = -1

    def _begin(self) -> bool:
        if self._closed:
            return False
        if self._queue is None:
            with contextlib.ExitStack() as undo:
                try:
                    self._queue = inotify.Queue()
                    undo.callback(self._queue.close)
                    self._mounts = MountPoints()
                    undo.callback(self._mounts.close)
                    self._stop = os.eventfd(0, os.EFD_CLOEXEC)
                except OSError:
                    self._queue = self._mounts = None
                    return False
                undo.pop_all()
            self._pid = os.getpid()
        return True

    def _run(self) -> None:
        """Keep the queue from overflowing."""
        queue, stop = self._queue, self._stop
        assert queue is not None
        either, ended = select.poll(), select.poll()
        either.register(queue.fd, select.POLLIN)
        either.register(stop, select.POLLIN)
        ended.register(stop, select.POLLIN)
        while True:
            either.poll()
            if ended.poll(_GATHER_MS):
                return
            with self.lock:
                self.drain()
