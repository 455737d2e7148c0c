"""The gate: the rules of a file, read again whenever the file changes.

Layer: engine. Keeps: a rule file never fails open. What cannot be read or understood raises
at every decision until it is repaired; only a file that is not there means no rules, and not
even that where the file was asked for by name.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from stat import S_ISREG
from typing import Final

from shepherd_sidecar.engine.gate_file import invalid, parse
from shepherd_sidecar.engine.gate_rules import NO_RULES, IntentView, Rules, Ruling, decide

__all__ = ["GateFile", "IntentView", "Rules", "Ruling", "decide"]

_SETTLED_NS: Final = 100_000_000
"""A file younger than this may change again without a new time stamp, so it is not remembered."""

_Stamp = tuple[int, int, int, int]


class GateFile:
    """The rules in one file.

    Args:
        path: where it is.
        required: whether it is an error that there is none.
    """

    def __init__(self, path: Path, *, required: bool = False) -> None:
        self.path = path
        self._required = required
        self._known: tuple[_Stamp, Rules] | None = None

    def decide(self, view: IntentView) -> Ruling:
        """The ruling on an intent. Links are followed where the workspace now is.

        Raises:
            GateInvalid: the file cannot be used.
        """
        return decide(self.rules(), view, os.path.realpath)

    def rules(self) -> Rules:
        """The rules as the file is now.

        Raises:
            GateInvalid: the file cannot be used.
        """
        try:
            known, now = self._known, os.stat(self.path)
            if known is not None and _stamp(now) == known[0]:
                return known[1]
            if not S_ISREG(now.st_mode):
                raise invalid(self.path, None, "not a regular file")
            with self.path.open("rb") as file:
                stat = os.fstat(file.fileno())
                data = file.read()
            text = data.decode()
        except FileNotFoundError as error:
            if self._required:
                raise invalid(self.path, None, "there is no such file") from error
            return NO_RULES
        except UnicodeDecodeError as error:
            raise invalid(self.path, None, f"not UTF-8: {error}") from error
        except OSError as error:
            raise invalid(self.path, None, f"cannot be read: {error.strerror}") from error
        rules = parse(text, self.path)
        settled = time.time_ns() - stat.st_mtime_ns > _SETTLED_NS
        self._known = (_stamp(stat), rules) if settled else None
        return rules


def _stamp(stat: os.stat_result) -> _Stamp:
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino
