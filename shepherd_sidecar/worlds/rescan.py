"""The walk of a snapshot when it is known which folders changed: only those are looked at.

Layer: worlds. Comes to the very result of a full walk (``Scan``), whose code looks at each
marked folder; the others come back as they were. Where the marks cannot tell the whole truth
it gives up (``WalkAll``): a file with several hard links may have changed under a name in
another folder; a budget that was passed must name its biggest offenders.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

from shepherd_sidecar.errors import BudgetExceeded
from shepherd_sidecar.worlds.dirty import Dirty
from shepherd_sidecar.worlds.ignore import Rules
from shepherd_sidecar.worlds.scan import Scan
from shepherd_sidecar.worlds.stat_cache import Folder, all_folders


class WalkAll(Exception):
    """What changed cannot be told from the marks: only a full walk can."""


@dataclass
class Rescan(Scan):
    """One walk over the marked folders."""

    same_notes: bool = True
    """Whether what is left out is what was left out before."""
    _marks: dict[str, Dirty] = field(default_factory=dict)
    """The marks by path (empty, or ending in ``/``)."""
    _within: int = 0
    """How many folders around are walked whole."""

    def look(self, root: int, old: Folder, dirty: Dirty) -> Folder:
        """Look at the marked folders below ``root``; ``old`` is the last walk, sealed.

        Raises:
            WalkAll: see there. Vanished, SnapshotFailed: as for a full walk.
        """
        if old.links_below:
            for path in _with_links(old):
                dirty.at(path.split("/")[:-1]).here = True
        self._marks = dict(dirty.paths())
        self._whole = False
        try:
            return self.run(root, old)
        except BudgetExceeded as error:
            raise WalkAll from error

    def _folder(
        self, fd: int, mode: int, path: str, old: Folder | None, above: Rules, depth: int
    ) -> Folder:
        marks = self._marks.get(path)
        if (
            old is not None
            and marks is not None
            and not (marks.here or marks.whole or self._within)
        ):
            return self._passed(fd, mode, path, old, above, depth, marks)
        whole = old is None or (marks is not None and marks.whole)
        self._within += whole
        before, left_out = len(self.unread), old.left_out if old is not None else {}
        try:
            new = super()._folder(fd, mode, path, old, above, depth)
        finally:
            self._within -= whole
        if new is not old:
            self._check_links(new, old, before)
        self._compare_notes(new, old, left_out)
        return new

    def _inner(
        self,
        fd: int,
        path: str,
        name: str,
        new: Folder,
        judged: Folder | None,
        old: Folder | None,
        rules: Rules,
        depth: int,
    ) -> bool:
        known = judged.folders.get(name) if judged is not None else None
        if known is not None and not self._within and f"{path}{name}/" not in self._marks:
            try:
                found = os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode
            except OSError:
                found = 0
            if stat.S_ISDIR(found) and stat.S_IMODE(found) == known.mode:
                self._unmarked(new, name, known)
                return True
        # Under other rules than before anything below may be judged otherwise.
        whole = judged is None
        self._within += whole
        try:
            return super()._inner(fd, path, name, new, judged, old, rules, depth)
        finally:
            self._within -= whole

    def _passed(
        self,
        fd: int,
        mode: int,
        path: str,
        old: Folder,
        above: Rules,
        depth: int,
        marks: Dirty,
    ) -> Folder:
        """A folder that only lies on the way: it is not listed."""
        rules = self._rules(fd, path, above)
        if rules.digest != old.rules or old.largest > self.limits.bytes_per_file:
            raise WalkAll
        new = Folder(mode)
        new.files, new.linked, new.rules = old.files, old.linked, old.rules
        new.attributed = old.attributed
        new.left_out = dict(old.left_out)
        self.tally.files += len(old.files)
        self.tally.bytes += old.size
        same = mode == old.mode
        for name, known in old.folders.items():
            if name in marks.inner:
                same &= self._inner(fd, path, name, new, old, old, rules, depth + 1)
            else:
                self._unmarked(new, name, known)
        if same and len(new.folders) == len(old.folders):
            return old
        self._compare_notes(new, old, old.left_out)
        return new

    def _unmarked(self, new: Folder, name: str, known: Folder) -> None:
        new.folders[name] = known
        self.tally.files += known.files_below
        self.tally.bytes += known.bytes_below

    def _check_links(self, new: Folder, old: Folder | None, before: int) -> None:
        """Give up when a file with several names came, changed or went."""
        if any(
            item.found.st_nlink > 1 and stat.S_ISREG(item.found.st_mode)
            for item in self.unread[before:]
        ):
            raise WalkAll
        if old is not None and old.links_below:
            if old.linked.keys() - new.files.keys():
                raise WalkAll
            gone = old.folders.keys() - new.folders.keys()
            if any(old.folders[name].links_below for name in gone):
                raise WalkAll

    def _compare_notes(self, new: Folder, old: Folder | None, left_out: dict[str, str]) -> None:
        if new.left_out != left_out or (old is not None and new.attributed != old.attributed):
            self.same_notes = False
        elif old is None or (new is not old and new.folders.keys() != old.folders.keys()):
            self.same_notes = False  # something may be left out in a folder that came or went


def left_out_below(root: Folder) -> list[tuple[str, str]]:
    """Path and why of all that a walk left out."""
    return [
        (path + name.rstrip("/"), why)
        for path, folder in all_folders(root)
        for name, why in folder.left_out.items()
    ]


def _with_links(folder: Folder, path: str = "") -> list[str]:
    """The paths of folders that hold files with several hard links."""
    found = [path] if folder.linked else []
    for name, inner in folder.folders.items():
        if inner.links_below:
            found += _with_links(inner, f"{path}{name}/")
    return found
