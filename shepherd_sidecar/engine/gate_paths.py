"""The paths that a tool call's arguments name.

Layer: engine, pure but for ``resolve``, which the caller passes. A path is told by the name it
stands under (``path``, ``cwd``, ``files`` …) or by its looks in a command line. Keeps: ``..``
and links lead where they really lead; what cannot be known is not taken to be inside.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Iterator
from typing import Final

from shepherd_sidecar.engine.gate_globs import Globs, Place, parse_globs
from shepherd_sidecar.engine.gate_texts import Unreadable, is_blob, opened
from shepherd_sidecar.trace.canonical import MAX_DEPTH, Json

__all__ = ["Globs", "Place", "Unreadable", "command_lines", "parse_globs", "places"]

_FOLDERS: Final = frozenset(("cwd", "workdir", "workingdirectory", "workingdir"))
_PATHS: Final = _FOLDERS | frozenset(
    (
        *("path", "paths", "file", "files", "filepath", "filepaths", "filename", "filenames"),
        *("directory", "directories", "dir", "dirs", "folder", "folders", "root", "notebookpath"),
        *("source", "src", "destination", "dest", "dst", "target", "oldpath", "newpath"),
        *("srcpath", "dstpath", "sourcepath", "destinationpath", "targetpath", "targetfile"),
        *("outputpath", "outputfile", "inputpath", "inputfile", "relativepath", "absolutepath"),
    )
)
_COMMANDS: Final = frozenset(
    ("command", "commands", "cmd", "argv", "args", "script", "shell", "keystrokes")
)
_BREAKS: Final = re.compile(r"[;|&<>()`=,{}\r\n]+")
_SPACES: Final = re.compile(r"\s+")
_PLAIN: Final = re.compile(r"[;|&<>()`=,{}\s\"']+")
_WITH_SUFFIX: Final = re.compile(r"[\w.-]*\w\.[A-Za-z]\w{0,7}")

Resolve = Callable[[str], str]


def places(
    arguments: Json,
    workspace: str | None,
    world: str | None = None,
    resolve: Resolve | None = None,
    most: int = 64 * 1024,
) -> Iterator[Place | Unreadable]:
    """Every place that the arguments name, as spelt and as links lead.

    ``workspace`` is the folder as the action sees it, ``world`` the same folder as we see it.
    ``most`` is the length in characters up to which a command line is read.
    """
    arguments = opened(arguments)
    folder = _folder(arguments)
    root = posixpath.normpath(workspace) if workspace is not None else None
    for named in _named(arguments, most):
        if isinstance(named, Unreadable):
            yield named
            continue
        path = posixpath.join(folder, named)
        if any(character in path for character in "$`\0"):
            yield Place(None, None)
        elif path.startswith("~"):
            yield Place(None, posixpath.normpath(path))
        elif root is None:
            yield _nowhere(posixpath.normpath(path))
        else:
            spelt = posixpath.join(root, path)
            yield _place(posixpath.normpath(spelt), [root])
            if resolve is not None:
                yield _led(spelt, root, world or root, resolve)


def command_lines(arguments: Json) -> Iterator[str | Unreadable]:
    """Every command line that the arguments hold; a list of words is one."""
    arguments = opened(arguments)
    if isinstance(arguments, str):
        yield arguments
        return
    ahead: list[Json] = [arguments]
    while ahead:
        part = ahead.pop()
        if isinstance(part, list):
            ahead.extend(inner for inner in part if not isinstance(inner, str))
        elif isinstance(part, dict):
            for name, inner in part.items():
                if _plain_name(name) in _COMMANDS and not _is_object(inner):
                    yield from _strings(inner)
                    if isinstance(inner, list):
                        yield " ".join(word for word in inner if isinstance(word, str))
                elif not isinstance(inner, str):
                    ahead.append(inner)


def _nowhere(path: str) -> Place:
    """A place when the workspace is not known."""
    if path.startswith("/"):
        return Place(None, path)
    return Place(None if path.split("/")[0] == ".." else path, None)


def _led(spelt: str, root: str, world: str, resolve: Resolve) -> Place:
    """Where a path leads; links are looked up in our view of the folder."""
    inside = spelt == root or spelt.startswith(_under(root))
    real = resolve(world + spelt[len(root.rstrip("/")) :] if inside else spelt)
    return _place(real, [resolve(world), root, resolve(root)])


def _place(path: str, roots: list[str]) -> Place:
    path = "/" + path.lstrip("/")  # POSIX lets two slashes at the front mean something else
    for root in roots:
        if path == root:
            return Place(".", path)
        if path.startswith(_under(root)):
            return Place(path[len(_under(root)) :], path)
    return Place(None, path)


def _under(folder: str) -> str:
    return folder.rstrip("/") + "/"


def _folder(arguments: Json) -> str:
    """The folder that relative paths start from: the action's own ``cwd``."""
    if isinstance(arguments, dict):
        for name, value in arguments.items():
            if _plain_name(name) in _FOLDERS and isinstance(value, str):
                return value
    return ""


def _named(value: Json, most: int) -> Iterator[str | Unreadable]:
    if isinstance(value, str):
        yield from _in_command(value, most)
        return
    ahead: list[Json] = [value]
    while ahead:
        part = ahead.pop()
        if isinstance(part, list):
            ahead.extend(part)
        elif isinstance(part, dict):
            for name, inner in part.items():
                plain = _plain_name(name)
                if plain in _FOLDERS and part is value:
                    yield from ("" if isinstance(inner, str) else text for text in _strings(inner))
                elif plain in _PATHS:
                    yield from _strings(inner)
                elif plain in _COMMANDS and not _is_object(inner):
                    for text in _strings(inner):
                        if isinstance(text, Unreadable):
                            yield text
                        else:
                            yield from _in_command(text, most)
                ahead.append(inner)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict) and not is_blob(value)


def _strings(value: Json, depth: int = 0) -> Iterator[str | Unreadable]:
    """The texts in a value that is a text, or lists of texts."""
    if depth > MAX_DEPTH:
        yield Unreadable("nested too deeply")
    elif isinstance(value, str):
        yield value.removeprefix("file://")
    elif is_blob(value):
        yield Unreadable("a path or command that is only referred to")
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part, depth + 1)


def _in_command(line: str, most: int) -> Iterator[str | Unreadable]:
    """The words of a command line that look like paths."""
    if len(line) > most:
        yield Unreadable(f"a command line of {len(line)} characters")
        line = line[:most]
    try:
        words = [part for word in shlex.split(line) for part in _BREAKS.split(word)]
    except ValueError:  # quotes that do not close
        words = _PLAIN.split(line)
    for word in words:
        if _looks_like_path(word):
            yield word
        if _SPACES.search(word):  # a command line within a word, as after ``sh -c``
            for inner in _PLAIN.split(word):
                if inner.startswith(("/", "~", "./", "..")):
                    yield inner


def _looks_like_path(word: str) -> bool:
    if not word or "://" in word:
        return False
    if "/" in word or word.startswith("~") or word in (".", ".."):
        return True
    return word.startswith(".") or _WITH_SUFFIX.fullmatch(word) is not None


def _plain_name(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
