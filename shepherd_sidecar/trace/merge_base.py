"""The commit that a merge compares both sides with.

Layer: trace. It is an ancestor of both sides, and no descendant of it is one as well.
"""

from __future__ import annotations

from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.trace.log import Commits, history, log


def merge_base(commits: Commits, onto: Id, other: Id) -> Id | None:
    """The nearest common ancestor; None when there is none.

    Several: the one deepest on ``log(onto)``; if none of them stands there, the one with the
    longest log of its own, and of equal ones the least id.
    """
    nearest = nearest_common(commits, onto, other)
    if not nearest:
        return None
    place = {commit: depth for depth, commit in enumerate(log(commits, onto))}
    return min(
        nearest,
        key=lambda commit: (-place.get(commit, -1), -len(log(commits, commit)), commit),
    )


def nearest_common(commits: Commits, left: Id, right: Id) -> set[Id]:
    """The common ancestors that are no ancestors of another common ancestor."""
    common = history(commits, left) & history(commits, right)
    # Ancestors of a common ancestor are common: one that lies below another is parent of one.
    return common - {parent for commit in common for parent in commits[commit].parents}
