"""Which names a snapshot leaves out on purpose.

Layer: worlds. Only ``.shepherdignore`` files (gitignore syntax, any folder) leave things out;
``.gitignore`` does not, because what Git ignores is often exactly what cannot be made again.
Whatever is left out is named in ``notCaptured``. Who writes in a workspace writes these files too,
so none may keep a walk busy: they are read to a limit, and a pattern that could take for ever to
compare is no pattern.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".shepherdignore"
STORE_NAME = ".shepherd"
"""A folder of this name is a store, at any depth: never captured, never restored over."""

MOST_BYTES = 1 << 17
"""More than this of an ignore file is not read: it is no list written for people."""
_CHOICES = 2
"""Wildcards of a pattern that may end in several places: each is up to 255 times the work."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force in one folder: those of its own file and of the folders above.

    Paths are relative to the workspace, as the file system gives them (surrogateescape).
    """

    layers: tuple[tuple[int, GitIgnoreSpec], ...] = field(default=(), compare=False)
    """Length of the folder's path with its ``/``, and its patterns; the outermost first."""
    digest: str = ""
    """Names the rules; equal digests judge alike."""

    def below(self, folder: str, text: bytes) -> Rules:
        """The rules with those that ``folder`` (its path with ``/``, or empty) adds."""
        return _extended(self, folder, text[:MOST_BYTES])

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Whether the path is left out. What lies in an ignored folder is never asked for."""
        shown = path + "/" if is_folder else path
        for length, spec in reversed(self.layers):
            verdict = spec.check_file(shown[length:]).include
            if verdict is not None:
                return verdict
        return False


NO_RULES = Rules()


@lru_cache(maxsize=256)
def _extended(rules: Rules, folder: str, text: bytes) -> Rules:
    spec = _compiled(text)
    if spec is None:
        return rules
    name = f"{rules.digest}\n{folder}\n".encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(name + text).hexdigest()
    return Rules((*rules.layers, (len(folder), spec)), digest)


def _compiled(text: bytes) -> GitIgnoreSpec | None:
    # Imported when a file of rules is met: the library takes 46 ms, most workspaces none.
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    patterns = []
    for line in text.decode("utf-8", "surrogateescape").splitlines():
        if _choices(line) > _CHOICES:
            continue
        try:
            pattern = GitIgnoreSpecPattern(line)
        except (ValueError, re.error):
            continue  # as in Git, a line that is no pattern matches nothing
        if pattern.include is not None:
            patterns.append(pattern)
    return GitIgnoreSpec(patterns) if patterns else None


def _choices(line: str) -> int:
    """How many wildcards of a pattern may end in several places: not the last of a name."""
    names = line.rstrip().removesuffix("/**").split("/")
    return sum(1 if name == "**" else max(0, name.count("*") - 1) for name in names)
