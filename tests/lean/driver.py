"""A case carried out by the real sidecar and by the Spec: they say the same, always."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.lean.cases import FIRST, Case, Playing
from tests.lean.running import Differs, Running, Served, shape
from tests.lean.spec import graph
from tests.lean.spec.meta import Reply
from tests.lean.spec.objects import Commit, Id, Tree
from tests.lean.spec.ops import Op
from tests.model.objects import tree_id


@dataclass
class Told:
    """What the sidecar told of a case, in the Spec's terms."""

    asked: list[Op]
    answers: list[Reply | str]
    commits: dict[Id, Commit]
    branches: dict[str, tuple[Id, str, Id | None]]
    """Head, status and fork point of each."""
    paused: list[str]
    logs: dict[str, tuple[Id, ...]]
    """From the head down."""


class Both:
    """The Spec and the sidecar beside each other: they say the same, always."""

    def __init__(self, served: Served, folder: Tree | None) -> None:
        self.spec = Playing(folder)
        self.real = Running(served, folder)
        self.answers: list[Reply | str] = []
        self.compare((FIRST,))

    def play(self, op: Op) -> Reply | str:
        """One request to both.

        Raises:
            Differs: they answered differently, or stand differently after it.
        """
        if op.what == "gc":  # which shorter branches stay is the sidecar's to say
            op = Op("gc", (op.args[0], self.real.collect()))
        before = self.spec.desk
        wanted = self.spec.play(op)
        waits = isinstance(wanted, Reply) and self.spec.desk.waits(op.args[0], wanted.commit)
        for commit in self.spec.store.commits.values():
            if commit.tree is not None:
                self.real.trees.setdefault(tree_id(shape(commit.tree)), commit.tree)
        got = self.real.play(op, before, waits)
        if isinstance(got, str) or isinstance(wanted, str):
            self._same(op, got, wanted)
        about = {
            "fork": op.args[2:3],
            "rewind": (op.args[-1], op.args[0]),
            "rename": op.args[1:],
            "replay": op.args[2:3],
            "apply": op.args,
        }.get(op.what, op.args[:1])
        if op.what in ("gc", "crash"):
            about = tuple(self.spec.store.branches)
            if self.real.present() != self.spec.store.commits.keys():
                raise Differs(f"there are {self.real.present()}: {self.spec.store.commits}")
        self.compare(tuple(n for n in about if n in self.spec.store.branches))
        self._same(op, got, wanted)
        self.answers.append(got)
        return wanted

    def _same(self, op: Op, got: Reply | str, wanted: Reply | str) -> None:
        if told(got) != told(wanted):
            raise Differs(f"{op}: the sidecar answers {got}, the Spec {wanted}")

    def compare(self, names: tuple[str, ...]) -> None:
        """Every branch's head, and of these the whole log and the folder."""
        store = self.spec.store
        for n in names:
            log = self.real.log(n)
            if log != graph.log(store.commits, store.branches[n].head):
                raise Differs(f"the log of {n} is {log}: {self.real.commits}")
            for i in log:
                if self.real.commits[i] != store.commits[i]:
                    raise Differs(f"commit {i}: {self.real.commits[i]}, not {store.commits[i]}")
            folder = store.branches[n].folder
            if self.real.folder(n) != (None if folder is None else shape(folder)):
                raise Differs(f"the folder of {n} is {self.real.folder(n)}, not {folder}")
        found = self.real.branches()
        wanted = {
            n: (b.head, b.status, b.forked_from[1] if b.forked_from else None)
            for n, b in store.branches.items()
        }
        if found != wanted:
            raise Differs(f"the branches are {found}, not {wanted}")
        if set(self.real.paused) != set(self.spec.desk.paused):
            raise Differs(f"paused are {self.real.paused}, not {self.spec.desk.paused}")

    def told(self) -> Told:
        """What the sidecar told, all of it."""
        branches = self.real.branches()
        logs = {n: self.real.log(n) for n in branches}
        paused = self.real.paused
        return Told(self.spec.asked, self.answers, self.real.commits, branches, paused, logs)


def told(answer: Reply | str) -> Any:
    """An answer, but for the order of paths."""
    return answer if isinstance(answer, str) else replace(answer, paths=frozenset(answer.paths))  # type: ignore[arg-type]


def carry_out(served: Served, case: Case) -> Told:
    """A case on the sidecar beside the Spec; what the sidecar told.

    Raises:
        Differs: they do not say the same.
    """
    both = Both(served, case.folder)
    for op in case.asked:
        both.play(op)
    return both.told()
