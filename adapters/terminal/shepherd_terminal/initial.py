"""The workspace as it was when the run began: a tar archive, laid out.

Keeps: nothing outside the folder is written, whatever the archive says.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from shepherd_terminal.room import HOME


class BadArchive(ValueError):
    """The archive holds what a workspace cannot; the message says what."""


def unpack(initial: Path, folder: Path) -> dict[str, int]:
    """Lay the archive out; returns its files and their sizes.

    Permissions and times are kept, owners are not. Links are made last, so that nothing is
    written through one.

    Raises:
        BadArchive: a path leaves the folder, or something is neither file, folder nor link.
    """
    sizes: dict[str, int] = {}
    links: list[tuple[Path, str]] = []
    folders: list[tuple[Path, tarfile.TarInfo]] = []
    try:
        with tarfile.open(initial) as archive:
            for member in archive:
                path = PurePosixPath(member.name)
                if path.is_absolute() or ".." in path.parts:
                    raise BadArchive(f"{member.name} lies outside the workspace")
                target = folder / path
                if member.isdir():
                    target.mkdir(parents=True, exist_ok=True)
                    folders.append((target, member))
                elif member.issym():
                    links.append((target, member.linkname))
                elif member.isreg():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _write(archive, member, target)
                    sizes[str(path)] = member.size
                else:
                    raise BadArchive(f"{member.name} is neither file, folder nor symbolic link")
    except tarfile.TarError as error:
        raise BadArchive(f"{initial}: {error}") from error
    for target, text in links:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.parent.resolve() != folder.resolve() / target.parent.relative_to(folder):
            raise BadArchive(f"{target.relative_to(folder)} lies behind a symbolic link")
        target.symlink_to(text)
    for target, member in reversed(folders):
        _settle(target, member)
    return sizes


def names_of(inputs: Mapping[str, int]) -> dict[str, int]:
    """Files by every name a listing may give them: the whole path, or the last part.

    A last part that several files share names none of them.
    """
    names = {f"{HOME}/{path}": size for path, size in inputs.items()}
    last = Counter(PurePosixPath(path).name for path in inputs)
    for path, size in inputs.items():
        name = PurePosixPath(path).name
        if last[name] == 1:
            names[name] = size
    return names


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = archive.extractfile(member)
    assert source is not None, "a regular file has content"
    with source, target.open("xb") as file:
        shutil.copyfileobj(source, file)
    _settle(target, member)


def _settle(target: Path, member: tarfile.TarInfo) -> None:
    target.chmod(member.mode & 0o777)
    os.utime(target, (member.mtime, member.mtime))
