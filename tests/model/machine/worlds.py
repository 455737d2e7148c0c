"""Worlds are worked in, captured, restored; records are replayed."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.model.machine.both import Both, picks
from tests.model.objects import Id, tree_id
from tests.model.semantics import Branch
from tests.support.folders import shape_of
from tests.support.wire import WireError

branches = Both.branches
paths = st.sampled_from(["a", "b", "d/a", "d/e/b"])
contents = st.sampled_from([b"", b"one\n", b"two\n", b"x" * 5000])


class Worlds(Both):
    """Each rule does one thing to both and compares what they answer."""

    @rule(branch=branches, path=paths, content=st.one_of(st.none(), contents))
    def write(self, branch: Branch, path: str, content: bytes | None) -> None:
        """Somebody works in a world; no other world may see it."""
        if not self.living(branch):
            return
        at = self.worlds[id(branch)] / path
        if content is None:
            at.unlink(missing_ok=True)
        else:
            for folder in reversed(at.relative_to(self.worlds[id(branch)]).parents[:-1]):
                (self.worlds[id(branch)] / folder).mkdir(mode=0o755, exist_ok=True)
            at.write_bytes(content)
            at.chmod(0o644)
        branch.world = shape_of(self.worlds[id(branch)])

    @rule(branch=branches)
    def take(self, branch: Branch) -> None:
        params = {"branch": branch.name}
        if not self.living(branch):
            assert (
                self.sidecar.error(self.sidecar.request("snapshot/take", params)).name == "NoWorld"
            )
            return
        if branch.status != "live":
            return
        got = self.same("snapshot/take", params, lambda: {"commit": self.model.take(branch.name)})
        assert got["snapshot"]["tree"] == tree_id(branch.world or {})

    @rule(branch=branches, number=picks, only=st.one_of(st.none(), paths))
    def restore(self, branch: Branch, number: int, only: str | None) -> None:
        """And every second time, undo."""
        if not self.living(branch) or branch.status != "live":
            return
        log = self.model.log(branch.head)
        to = log[number % len(log)]
        before = branch.world
        try:
            safety = self.restore_both(branch, to, only)
        except WireError as error:
            assert error.name == "PathNotFound"
            assert only is not None
            return
        if number % 2:
            self.restore_both(branch, safety, None)
            assert branch.world == before

    def restore_both(self, branch: Branch, to: Id, only: str | None) -> Id:
        params = {"branch": branch.name, "to": to, "paths": [only] if only else None}
        got = self.sidecar.call("snapshot/restore", params)
        wanted = self.model.restore(branch.name, to, [only] if only else None)
        assert (got["safety"], got["commit"]) == wanted
        assert shape_of(self.worlds[id(branch)]) == branch.world
        return str(got["safety"])

    @rule(target=branches, branch=branches, number=picks)
    def replay(self, branch: Branch, number: int) -> Branch:
        """Law 4: the machine that made a log, replayed, ends at the same head id."""
        log = self.model.log(branch.head)
        end, into = log[-1 - number % min(len(log), 3)], self.new_name("replay")
        params = {"from": end, "mode": "cached", "into": into}
        opened = self.sidecar.call("replay/open", params)
        outcomes, complete = self.model.cached(end, into)
        made = self.model.branches[into]
        for intent, outcome in itertools.zip_longest(self.model.intents(end), outcomes):
            event = self.model.objects[intent].event
            asked = self.sidecar.request(
                "replay/next",
                {"replay": opened["replay"], "kind": event.kind, "payload": event.payload},
            )
            if outcome is None:
                assert self.sidecar.error(asked).name == "Diverged"
                break
            got = self.sidecar.result(asked)
            assert (got["hit"], got["outcome"]) == (True, outcome.payload)
        closed = self.sidecar.call("replay/close", {"replay": opened["replay"]})
        assert (closed["complete"], closed["head"]) == (complete, made.head)
        assert (made.head == end) == complete
        return made
