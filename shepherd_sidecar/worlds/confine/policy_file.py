"""What a store's ``sandbox.toml`` says, or why it cannot be used.

Layer: worlds. The file is the owner's. Keeps: rules never fail open. Anything in it that is
not understood, down to one unknown key, makes the whole file unusable, and then nothing runs.
"""

from __future__ import annotations

import os
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.errors import SandboxInvalid
from shepherd_sidecar.worlds.confine.policy import Limits, Policy

_NO_FILE: Final[tuple[int, ...]] = ()
_SETTLED_NS: Final = 100_000_000
"""A file younger than this may change again without a new time stamp, so it is not remembered."""
_MEMORY_SHARE: Final = 0.75
"""Of the machine's memory: what one process gets when the owner says nothing."""


class PolicyFile:
    """The policy in one file, read again whenever the file changes.

    Args:
        path: the ``sandbox.toml``; when there is none the default policy holds.
        store: the store's folder, which no command sees.
    """

    def __init__(self, path: Path, store: Path | None = None) -> None:
        self.path = path
        self._store = store
        self._known: tuple[tuple[int, ...], Policy] | None = None

    def policy(self) -> Policy:
        """The policy as the file is now.

        Raises:
            SandboxInvalid: the file cannot be used.
        """
        text, stamp = "", _NO_FILE
        try:
            stamp = _stamp(os.stat(self.path))
            if self._known is not None and self._known[0] == stamp:
                return self._known[1]
            text = self.path.read_bytes().decode()
        except FileNotFoundError:
            if self._known is not None and self._known[0] == _NO_FILE:
                return self._known[1]
        except UnicodeDecodeError as error:
            raise _invalid(self.path, None, f"not UTF-8: {error}") from error
        except OSError as error:
            raise _invalid(self.path, None, f"cannot be read: {error.strerror}") from error
        found = parse(text, self.path, self._store)
        settled = stamp == _NO_FILE or time.time_ns() - stamp[0] > _SETTLED_NS
        self._known = (stamp, found) if settled else None
        return found


def load(path: Path, store: Path | None = None) -> Policy:
    """The policy of a file once. Raises SandboxInvalid."""
    return PolicyFile(path, store).policy()


def parse(text: str, path: Path, store: Path | None = None) -> Policy:
    """The policy that ``text`` says. ``path`` is for the errors.

    Raises:
        SandboxInvalid: with ``data.path`` and ``data.key``.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _invalid(path, None, f"not TOML: {error}") from error
    said: dict[str, Any] = {"limits": default_limits(), **_read(table, _KEYS, path, "")}
    return Policy(
        **said,
        store=os.path.realpath(store) if store is not None else None,
        interpreter=interpreter(),
        home=_home(),
    )


@cache
def interpreter() -> tuple[str, ...]:
    """The folders that this Python needs to run, by the names it calls them and where they are."""
    named = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    roots = {os.path.abspath(name) for name in named} | {os.path.realpath(name) for name in named}
    return tuple(sorted(root for root in roots if root != "/"))


def default_limits() -> Limits:
    """The limits that hold unless the owner says otherwise."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Limits(memory_bytes=int(memory * _MEMORY_SHARE))


def _stamp(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino


def _home() -> str | None:
    home = os.path.abspath(os.path.expanduser("~"))
    return home if home != "/" else None


class _Bad(ValueError):
    """What is wrong with one value."""


def _read(
    table: Mapping[str, Any], known: Mapping[str, Callable[[Any], Any]], path: Path, within: str
) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in table.items():
        name = within + key
        if key not in known:
            raise _invalid(path, name, f"unknown; known are {', '.join(sorted(known))}")
        try:
            if key == "limits":
                if not isinstance(value, dict):
                    raise _Bad("write [limits]")
                said = _read(value, _LIMITS, path, "limits.")
                made = {_snake(limit): number for limit, number in said.items()}
                read[key] = Limits(**{**asdict(default_limits()), **made})
            else:
                read[_snake(key)] = known[key](value)
        except _Bad as error:
            raise _invalid(path, name, str(error)) from error
    return read


def _snake(key: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in key)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _paths(value: Any) -> tuple[str, ...]:
    return tuple(_path(text) for text in _texts(value))


def _path(text: str) -> str:
    path = os.path.expanduser(text) if text.startswith("~") else text
    if not path.startswith("/") or "\0" in path:
        raise _Bad(f"{text!r}: write the whole path, from / on (or from ~/)")
    if ".." in path.split("/"):
        raise _Bad(f"{text!r}: write it without ..")
    if os.path.normpath(path) in ("/", "//", "/proc", "/sys", "/dev"):
        raise _Bad(f"{text!r}: too much; name folders or files in it")
    return "/" + os.path.normpath(path).lstrip("/")


def _names(value: Any) -> tuple[str, ...]:
    for name in _texts(value):
        if not name or "=" in name or "\0" in name:
            raise _Bad(f'{name!r} is no name of a variable; write names only, as in ["LANG"]')
    return tuple(value)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _Bad('write a list of texts, as in ["a", "b"]')
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Bad("write true or false")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 1 <= value < 1 << 62:
        raise _Bad("write a whole number, 1 or more")
    return value


_KEYS: Final[dict[str, Callable[[Any], Any]]] = {
    "read": _paths,
    "write": _paths,
    "hide": _paths,
    "network": _truth,
    "env": _names,
    "required": _truth,
    "limits": dict,
}
_LIMITS: Final[dict[str, Callable[[Any], Any]]] = {
    _camel(limit.name): _count for limit in fields(Limits)
}


def _invalid(path: Path, key: str | None, why: str) -> SandboxInvalid:
    place = f"{path}: {key}: " if key is not None else f"{path}: "
    return SandboxInvalid(place + why, path=str(path), key=key)
