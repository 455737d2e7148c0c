"""Branches come, go, move and are renamed."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.model.machine.both import Both, picks
from tests.model.objects import Id
from tests.model.semantics import Branch, Refused

branches = Both.branches
DERIVED = re.compile(r"(?<=.)(-(fork|tail|replay)(-\d+)?)+$")
"""What a name made from a branch's ends with; what is made from that branch in turn does not."""


class Branches(Both):
    """Each rule does one thing to both and compares what they answer."""

    @rule(
        target=branches, origin=branches, number=picks, by_name=st.booleans(), world=st.booleans()
    )
    def fork(self, origin: Branch, number: int, by_name: bool, world: bool) -> Branch:
        at = origin.name if by_name else self.pick(origin.name, number)
        name = self.new_name("fork")
        params = {"at": at, "names": [name], "world": world}
        try:
            made = self.model.fork(at, name, world)
        except Refused as refused:
            assert self.sidecar.error(self.sidecar.request("branch/fork", params)).name == (
                refused.name
            )
            return origin
        [got] = self.sidecar.call("branch/fork", params)["branches"]
        assert (got["branch"], got["head"]) == (name, made.head)
        self.keep_world(made, got.get("world"))
        return made

    @rule(branch=branches)
    def fork_into_a_name_that_is_taken(self, branch: Branch) -> None:
        names = [self.new_name("fork"), branch.name]
        params = {"at": branch.name, "names": names, "count": 2}
        assert self.sidecar.error(self.sidecar.request("branch/fork", params)).name == "NameTaken"

    @rule(branch=branches)
    def discard(self, branch: Branch) -> None:
        self.same(
            "branch/discard",
            {"branch": branch.name},
            lambda: self.does(self.model.discard, branch.name),
        )

    @rule(branch=branches)
    def take_back(self, branch: Branch) -> None:
        params = {"branch": branch.name, "restore": True}
        self.same("branch/discard", params, lambda: self.does(self.model.take_back, branch.name))

    @rule(branch=branches, taken=st.booleans())
    def rename(self, branch: Branch, taken: bool) -> None:
        new = self.tag if taken else self.new_name("renamed")
        params = {"branch": branch.name, "name": new}
        self.same("branch/rename", params, lambda: self.does(self.model.rename, branch.name, new))

    @rule(target=branches, branch=branches, number=picks)
    def rewind(self, branch: Branch, number: int) -> Branch:
        to, base = self.pick(branch.name, number), DERIVED.sub("", branch.name)
        tail, count = f"{base}-tail", 1
        while tail in self.model.branches:
            count += 1
            tail = f"{base}-tail-{count}"
        cut: list[Id] = []

        def expected() -> dict[str, Any]:
            cut.extend(self.model.rewind(branch.name, to, tail))
            return {"head": branch.head, "tail": tail}

        if self.same("branch/rewind", {"branch": branch.name, "to": to}, expected) is None:
            return branch
        for intent in cut:
            denial = {"decision": "deny", "by": "rewind"}
            denial["reason"] = "the branch was rewound past this intent"
            self.answered(branch, intent, denial)
        return self.model.branches[tail]

    @rule(branch=branches, status=st.sampled_from(["finished", "failed"]), really=picks)
    def end(self, branch: Branch, status: str, really: int) -> None:
        if really > 10:  # an ended branch has little left to tell
            return
        params = {"branch": branch.name, "status": status}
        self.same("run/end", params, lambda: {"commit": self.model.end(branch.name, status)})
