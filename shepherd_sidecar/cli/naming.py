"""From what a person types to a commit: a branch, an id or its first digits, ``NAME~3``.

Layer: cli. Keeps: a branch of exactly that name comes first; two candidates are an error
that shows them, never a guess.
"""

from __future__ import annotations

import re
from typing import Final

from shepherd_sidecar.cli.failures import AmbiguousCommit
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import SHORT as SHORT
from shepherd_sidecar.engine.text import short as short
from shepherd_sidecar.errors import UnknownBranch, UnknownCommit
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.store.commits import Node
from shepherd_sidecar.trace.ids import Id, is_id

_LEAST: Final = 4
_SHOWN: Final = 8
_PREFIX = re.compile(rf"[0-9a-f]{{{_LEAST},63}}")
_BACK = re.compile(r"(.+)~(\d+)")


def commit_of(engine: Engine, text: str) -> Id:
    """The commit that was meant.

    Raises:
        UnknownCommit, UnknownBranch: there is none.
        AmbiguousCommit: there are several.
    """
    return node_of(engine, text).hex


def node_of(engine: Engine, text: str) -> Node:
    """As ``commit_of``, with what the store keeps of it."""
    with engine.store.reading() as conn:
        branch = branches.by_name(conn, text)
        if branch is not None:
            return commits.get(conn, branch.head)
        if is_id(text):
            return commits.need(conn, text)
    back = _BACK.fullmatch(text)
    if back is not None:
        return _before(engine, node_of(engine, back[1]), int(back[2]), text)
    if _PREFIX.fullmatch(text.lower()):
        return _beginning(engine, text.lower())
    raise UnknownBranch(
        f"no branch {text!r}, and it is not spelt as a commit id (of {_LEAST} digits or more)",
        branch=text,
    )


def name_or_commit(engine: Engine, text: str) -> str:
    """A branch's name as it is, anything else as the commit's whole id."""
    with engine.store.reading() as conn:
        if branches.by_name(conn, text) is not None:
            return text
    return commit_of(engine, text)


def _before(engine: Engine, node: Node, steps: int, text: str) -> Node:
    if steps > node.depth:
        raise UnknownCommit(f"{text}: there are only {node.depth} commits before it", commit=text)
    with engine.store.reading() as conn:
        return commits.at_depth(conn, node, node.depth - steps)


def _beginning(engine: Engine, prefix: str) -> Node:
    with engine.store.reading() as conn:
        found = [node for node in commits.newest_first(conn) if node.hex.startswith(prefix)]
    if not found:
        raise UnknownCommit(f"no branch {prefix!r}, and no commit begins so", commit=prefix)
    if len(found) == 1:
        return found[0]
    shown = "".join(f"\n  {node.hex[:16]}  {node.kind}" for node in found[:_SHOWN])
    more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise AmbiguousCommit(
        f"{len(found)} commits begin with {prefix}:{shown}{more}", "give more digits"
    )
