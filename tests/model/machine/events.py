"""Agents report and propose; rules and people decide; agents say what came of it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.model.machine.both import Both, client_ids, effects, picks, texts
from tests.model.objects import Event, Id
from tests.model.semantics import Branch, Refused

branches = Both.branches
tools = st.sampled_from(["go", "go", "no", "dry", "ask"])
DEFAULTS = {"tool_call": "irreversible", "model_call": "irreversible"}


class Events(Both):
    """Each rule does one thing to both and compares what they answer."""

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
