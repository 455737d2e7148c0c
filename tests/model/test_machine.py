"""The running sidecar beside the model: every reply, every id, every world is the same.

One sidecar serves all examples; each begins a run of its own, whose name makes its ids its own.
``SHEPHERD_EXAMPLES=2500 pytest tests/model`` looks longer (minutes);
``SHRINK=0`` stops at the first find.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.model.objects import Event, Id, tree_id
from tests.model.semantics import Branch, Refused, Store
from tests.support.folders import Shape, make, shape_of
from tests.support.sidecar import NO_ID, Sidecar
from tests.support.wire import WireError

GATE = """
[[rule]]
name = "no"
decision = "deny"
reason = "never"
tools = ["no"]
[[rule]]
name = "dry"
decision = "override"
tools = ["dry"]
payload = { arguments = { dry = true } }
[[rule]]
name = "ask"
decision = "hold"
reason = "look"
tools = ["ask"]
"""
NUMBERS = itertools.count()
DERIVED = re.compile(r"(?<=.)(-(fork|tail|replay)(-\d+)?)+$")
"""What a name made from a branch's ends with; what is made from that branch in turn does not."""
EXAMPLES = int(os.environ.get("SHEPHERD_EXAMPLES", "150"))
PHASES = tuple(Phase) if os.environ.get("SHRINK", "1") == "1" else (Phase.generate,)

texts = st.sampled_from(["a", "b", "ü\n\U0001f600"])
client_ids = st.sampled_from([None, None, "one", "two"])
effects = st.sampled_from([None, "pure", "reversible", "compensable", "irreversible"])
tools = st.sampled_from(["go", "go", "no", "dry", "ask"])
picks = st.integers(0, 63)
paths = st.sampled_from(["a", "b", "d/a", "d/e/b"])
contents = st.sampled_from([b"", b"one\n", b"two\n", b"x" * 5000])
DEFAULTS = {"tool_call": "irreversible", "model_call": "irreversible"}


class SidecarAndModel(RuleBasedStateMachine):
    """Each rule does one thing to both and compares what they answer."""

    sidecar: Sidecar
    branches = Bundle("branches")

    def __init__(self) -> None:
        super().__init__()
        self.model = Store()
        self.tag = f"m{next(NUMBERS)}"
        self.waiting: dict[tuple[int, Id], list[Any]] = {}
        self.worlds: dict[int, Path] = {}
        self.made = itertools.count()
        self.scratch = Path(tempfile.mkdtemp(prefix="model-"))

    # Both sides

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

    def name_of(self, branch: Branch) -> str:
        return branch.name

    # Runs and branches

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

    def does(self, step: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        step(*arguments)
        return {}

    # Reports

    @rule(
        branch=branches,
        said=st.lists(st.tuples(texts, client_ids), min_size=1, max_size=3),
        expected=st.sampled_from(["any", "any", "head", "other"]),
        number=picks,
    )
    def append(
        self, branch: Branch, said: list[tuple[str, str | None]], expected: str, number: int
    ) -> None:
        events = [(Event("message", {"content": text}), client) for text, client in said]
        head = {"any": None, "head": branch.head, "other": self.pick(branch.name, number)}[expected]
        self.report(branch, events, head)

    @rule(branch=branches, number=picks, client_id=client_ids, text=texts, effect=effects)
    def append_an_intent_and_an_outcome(
        self, branch: Branch, number: int, client_id: str | None, text: str, effect: str | None
    ) -> None:
        intent = self.pick(branch.name, number)
        messages = [{"role": "user", "content": one} for one in (text, "more")]
        call = Event("model_call", {"model": "m", "messages": messages}, effect or "irreversible")
        kind = "tool_result" if number % 3 else "model_result"
        outcome = Event(kind, {"status": "ok", "result": text}, intent=intent)
        self.report(branch, [(call, None), (outcome, client_id)], None)

    def report(
        self, branch: Branch, events: list[tuple[Event, str | None]], head: Id | None
    ) -> None:
        sent = []
        for event, client_id in events:
            one: dict[str, Any] = {"kind": event.kind, "payload": event.payload}
            one |= {"effect": event.effect, "clientId": client_id, "intent": event.intent}
            sent.append(one)

        def expected() -> dict[str, Any]:
            commits = self.model.append(branch.name, events, head)
            return {"commits": commits, "head": branch.head}

        params = {"branch": branch.name, "events": sent, "expectedHead": head}
        self.same("trace/append", params, expected)

    # Intents

    @rule(
        branch=branches,
        tool=tools,
        client_id=client_ids,
        text=texts,
        effect=effects,
        kind=st.sampled_from(["tool_call", "tool_call", "model_call"]),
    )
    def propose(
        self,
        branch: Branch,
        tool: str,
        client_id: str | None,
        text: str,
        effect: str | None,
        kind: str,
    ) -> None:
        payload: dict[str, Any] = {"name": tool, "arguments": {"text": text}}
        ruling: dict[str, Any] = {"decision": "allow", "by": "default"}
        if kind == "model_call":
            payload = {"model": "m", "messages": [{"content": text}], "tools": []}
        elif tool == "no":
            ruling = {"decision": "deny", "by": "rule:no", "reason": "never"}
        elif tool == "dry":
            effective = {"name": tool, "arguments": {"text": text, "dry": True}}
            ruling = {"decision": "override", "by": "rule:dry", "payload": effective}
        elif tool == "ask":
            ruling = {"decision": "hold", "by": "rule:ask", "reason": "look"}
        params = {"branch": branch.name, "kind": kind, "payload": payload}
        params |= {"effect": effect, "clientId": client_id}
        event = Event(kind, payload, effect or DEFAULTS[kind])
        try:
            intent, verdict = self.model.propose(branch.name, event, client_id, ruling)
        except Refused as refused:
            assert self.sidecar.error(self.sidecar.request("intent/propose", params)).name == (
                refused.name
            )
            return
        asked = self.sidecar.request("intent/propose", params)
        if verdict is not None:
            assert self.sidecar.result(asked) == {"commit": intent, "verdict": verdict}
            return
        self.waiting.setdefault((id(branch), intent), []).append(asked)
        self.sidecar.call("blob/put", {"data": ""})  # written after it: the hold stands

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

    @precondition(lambda self: self.waiting)
    @rule(number=picks, decision=st.sampled_from(["allow", "deny"]), reason=texts)
    def decide(self, number: int, decision: str, reason: str) -> None:
        held = self.held()
        branch, intent = held[number % len(held)]
        verdict = {"decision": decision, "by": "ana", "reason": reason}
        params = {"intent": intent, "branch": branch.name, "by": "ana"}
        params["verdict"] = {"decision": decision, "reason": reason}
        self.same(
            "intervene/decide",
            params,
            lambda: {"commit": self.model.decide(branch.name, intent, decision, "ana", reason)},
        )
        self.answered(branch, intent, verdict)
        error = self.sidecar.error(self.sidecar.request("intervene/decide", params))
        assert error.name == "IntentAlreadyResolved"

    @rule(branch=branches, text=texts)
    def inject(self, branch: Branch, text: str) -> None:
        params = {"branch": branch.name, "message": text, "by": "ana"}
        self.same(
            "intervene/inject",
            params,
            lambda: {"commit": self.model.inject(branch.name, text, "ana")},
        )

    @rule(
        branch=branches,
        number=picks,
        status=st.sampled_from(["ok", "error"]),
        client_id=client_ids,
        text=texts,
        snapshot=st.booleans(),
    )
    def resolve(
        self,
        branch: Branch,
        number: int,
        status: str,
        client_id: str | None,
        text: str,
        snapshot: bool,
    ) -> None:
        intents = self.model.intents(branch.head)
        intent = (
            intents[-1 - number % len(intents)]
            if intents and number % 5
            else self.pick(branch.name, number)
        )
        params = {"branch": branch.name, "intent": intent, "payload": {"text": text}}
        params |= {"status": status, "clientId": client_id, "snapshot": snapshot}
        arguments = intent, {"text": text}, status, client_id, snapshot
        self.same(
            "intent/resolve",
            params,
            lambda: {"commit": self.model.resolve(branch.name, *arguments)},
        )

    # Worlds

    def living(self, branch: Branch) -> bool:
        return id(branch) in self.worlds

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

    # Replay

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
        shutil.rmtree(self.scratch)

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


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    store = tmp_path_factory.mktemp("model") / ".shepherd"
    with contextlib.ExitStack() as stack:
        sidecar = stack.enter_context(Sidecar.on(store))
        sidecar.call("run/list", {})
        (store / "gate.toml").write_text(GATE)
        yield sidecar


@pytest.mark.requirement("APPEND-14", "OBJECT-01", "INTENT-04", "REPLAY-01", "RESTORE-01")
@pytest.mark.timeout(600)
def test_the_sidecar_does_what_the_model_says(serving: Sidecar) -> None:
    machine = type("Machine", (SidecarAndModel,), {"sidecar": serving})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
