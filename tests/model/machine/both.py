"""What every part has: both sides, how they are compared, and what holds after every step."""

from __future__ import annotations

import base64
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant

from tests.model.objects import Id, tree_id
from tests.model.semantics import Branch, Refused, Store
from tests.support.folders import Shape, make, shape_of
from tests.support.sidecar import NO_ID, Sidecar

NUMBERS = itertools.count()

texts = st.sampled_from(["a", "b", "ü\n\U0001f600"])
client_ids = st.sampled_from([None, None, "one", "two"])
effects = st.sampled_from([None, "pure", "reversible", "compensable", "irreversible"])
picks = st.integers(0, 63)


class Both(RuleBasedStateMachine):
    """One sidecar serves all examples; each begins a run, whose name makes its ids its own."""

    sidecar: Sidecar
    base: Path
    """Where the workspaces of the examples are made; pytest removes it."""
    branches = Bundle("branches")

    def __init__(self) -> None:
        super().__init__()
        self.model = Store()
        self.tag = f"m{next(NUMBERS)}"
        self.waiting: dict[tuple[int, Id], list[Any]] = {}
        self.worlds: dict[int, Path] = {}
        self.made = itertools.count()
        self.scratch = Path(tempfile.mkdtemp(dir=self.base))

    def same(self, method: str, params: dict[str, Any], expected: Callable[[], Any]) -> Any:
        """Ask the sidecar and the model; their answers, or their refusals, are equal."""
        try:
            wanted = expected()
        except Refused as refused:
            error = self.sidecar.error(self.sidecar.request(method, params))
            assert error.name == refused.name, f"{method}: {error}"
            assert error.data["hint"]
            return None
        got = self.sidecar.call(method, params)
        picked = {name: got.get(name) for name in wanted}
        assert picked == wanted, method
        return got

    def pick(self, branch: str, number: int) -> Id:
        """Some commit: of the branch's log mostly, else of another, else of nothing."""
        log = self.model.log(self.model.branches[branch].head)
        everything = [*log, *log, *self.model.objects, NO_ID]  # the same in every run of an example
        return everything[number * 7 % len(everything)]

    def new_name(self, kind: str) -> str:
        return f"{self.tag} {kind} {next(self.made)}"

    def does(self, step: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        step(*arguments)
        return {}

    @initialize(target=branches, with_world=st.booleans())
    def begin(self, with_world: bool) -> Branch:
        folder = self.scratch / "workspace"
        start: Shape = {b"a": ("file", 0o644, b"one\n"), b"l": ("link", b"a")}
        params: dict[str, Any] = {"name": self.tag}
        if with_world:
            folder.mkdir(mode=0o755)
            make(start, folder)
            params["workspace"] = str(folder)
        branch = self.model.begin(self.tag, start if with_world else None)
        got = self.same("run/start", params, lambda: {"branch": self.tag, "head": branch.head})
        self.run = got["run"]
        self.keep_world(branch, got.get("world"))
        return branch

    def keep_world(self, branch: Branch, world: dict[str, Any] | None) -> None:
        assert (world is not None) == (branch.world is not None)
        if world is not None:
            self.worlds[id(branch)] = Path(world["path"])

    def living(self, branch: Branch) -> bool:
        return id(branch) in self.worlds

    def held(self) -> list[tuple[Branch, Id]]:
        known = {id(branch): branch for branch in self.model.branches.values()}
        return [(known[at], intent) for at, intent in self.waiting]

    def answered(self, branch: Branch, intent: Id, verdict: dict[str, Any]) -> None:
        """Everyone who waits gets the verdict; the first of them what was injected."""
        first, *others = self.waiting.pop((id(branch), intent))
        results = [self.sidecar.result(asked) for asked in (first, *others)]
        told = [result["verdict"].pop("injected", None) for result in results]
        wanted = self.model.deliver(branch, verdict).pop("injected", None)
        assert [one for one in told if one is not None] == ([wanted] if wanted else [])
        for result in results:
            assert result == {"commit": intent, "verdict": verdict}

    # After every step, and at the end

    @invariant()
    def every_branch_stands_where_the_model_says(self) -> None:
        """So nothing that was done to one branch touched another (law 2)."""
        if not self.model.branches:
            return
        listed = self.sidecar.call("branch/list", {"run": self.run, "limit": 1000})["branches"]
        assert {one["branch"]: told(one) for one in listed} == {
            name: modelled(self.model, branch) for name, branch in self.model.branches.items()
        }

    def teardown(self) -> None:
        for branch, intent in self.held():
            self.decide_one(branch, intent)
        for name, branch in self.model.branches.items():
            self.compare_log(name, branch)
            if self.living(branch):
                assert shape_of(self.worlds[id(branch)]) == branch.world

    def decide_one(self, branch: Branch, intent: Id) -> None:
        params = {"intent": intent, "branch": branch.name, "by": "ana"}
        self.sidecar.call("intervene/decide", {**params, "verdict": {"decision": "allow"}})
        self.model.decide(branch.name, intent, "allow", "ana")
        self.answered(branch, intent, {"decision": "allow", "by": "ana"})

    def compare_log(self, name: str, branch: Branch) -> None:
        entries = self.sidecar.log(name)
        assert [entry["commit"] for entry in entries] == self.model.log(branch.head)
        for entry in entries:
            commit = self.model.objects[entry["commit"]]
            event = commit.event.json()
            assert entry["parents"] == list(commit.parents)
            assert {key: entry.get(key) for key in event} == event | {
                "payload": entry["payload"] if event["kind"] == "model_call" else event["payload"]
            }
            assert entry["event"] == commit.event.id
            wanted = tree_id(commit.world) if commit.world is not None else None
            assert entry.get("tree") == wanted
        for path, entry in self.model.world(branch.head).items():
            if entry[0] == "file":
                params = {"commit": branch.head, "path": path.decode()}
                got = self.sidecar.call("snapshot/read", params)
                assert base64.b64decode(got["data"]) == entry[2]


def told(one: dict[str, Any]) -> tuple[Any, ...]:
    origin = one.get("forkedFrom") or {}
    return one["head"], one["status"], one["depth"], origin.get("branch"), origin.get("commit")


def modelled(model: Store, branch: Branch) -> tuple[Any, ...]:
    origin, commit = branch.forked_from or (None, None)
    depth = len(model.log(branch.head)) - 1
    return branch.head, branch.status, depth, origin.name if origin else None, commit
