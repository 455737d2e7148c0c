"""What a debugger cannot have is refused in a plain sentence, and nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dap.client import Debugger, Refused
from tests.dap.conftest import Attach
from tests.support.sidecar import Sidecar, proposal
from tests.support.waiting import PATIENCE
from tests.support.wire import frame


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Debugger]:
    """One that is attached to nothing yet."""
    with Debugger(cwd=tmp_path) as debugger:
        yield debugger
        debugger.check()


@pytest.mark.requirement("DAP-08")
def test_what_comes_too_early_or_is_no_request(alone: Debugger, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="first request is `initialize`"):
        alone.ask("threads")
    alone.ask("initialize", adapterID="shepherd")
    with pytest.raises(Refused, match="said before"):
        alone.ask("initialize", adapterID="shepherd")
    with pytest.raises(Refused, match="send `attach` first"):
        alone.ask("threads")
    with pytest.raises(Refused, match="'gotoTargets' is not offered"):
        alone.ask("gotoTargets")
    with pytest.raises(Refused, match="attach to its store"):
        alone.ask("launch")
    with pytest.raises(Refused, match="there is no store at"):
        alone.ask("attach")
    assert not (tmp_path / ".shepherd").exists()
    for nonsense in (b"[1]", b'{"seq": "x"}', b"{", b'{"jsonrpc": "2.0", "method": "x"}'):
        alone.send_bytes(frame(nonsense))
        assert "skipped" in alone.event("output")["output"]
    alone.ask("disconnect")
    assert alone.process.wait(PATIENCE) == 0


WRONG = [
    ({"branch": "nobody"}, r"no branch 'nobody' \(`shepherd-sidecar branches`"),
    ({"run": "nothing"}, "no run 'nothing'"),
    ({"run": "a", "branch": "b"}, "not both"),
    ({"branch": 7}, r"\$\.branch: text is expected"),
    ({"onTimeout": "maybe"}, "allow or deny"),
    ({"timeoutMs": 0}, "1 to 3600000"),
    ({"timeoutMs": True}, "a whole number"),
    ({"documents": "paper"}, "reference or uri"),
    ({"by": ""}, "bytes"),
]


@pytest.mark.requirement("DAP-08")
def test_what_cannot_be_attached(agent: Sidecar, alone: Debugger) -> None:
    alone.ask("initialize", adapterID="shepherd")
    for arguments, words in WRONG:
        with pytest.raises(Refused, match=words):
            alone.ask("attach", **{"store": str(agent.store), **arguments})
    alone.ask("attach", store=str(agent.store))
    with pytest.raises(Refused, match="attached already"):
        alone.ask("attach", store=str(agent.store))


@pytest.mark.requirement("DAP-08")
def test_what_cannot_be_done(agent: Sidecar, work: str, attach: Attach) -> None:
    debugger = attach("bash", branch=work)
    thread = debugger.thread(work)
    [none] = debugger.break_on(" ")
    assert not none["verified"]
    debugger.break_on("bash")
    [line] = debugger.ask("setBreakpoints", source={}, breakpoints=[{"line": 1}])["breakpoints"]
    assert not line["verified"]
    with pytest.raises(Refused, match="no thread 999999"):
        debugger.ask("continue", threadId=999_999)
    with pytest.raises(Refused, match="runs: pause it first"):
        debugger.ask("stackTrace", threadId=thread)
    with pytest.raises(Refused, match="nothing waits"):
        debugger.ask("terminateThreads", threadIds=[thread])
    with pytest.raises(Refused, match="no frame 5"):
        debugger.ask("scopes", frameId=5)
    with pytest.raises(Refused, match="no source 5"):
        debugger.ask("source", sourceReference=5)
    asked = agent.request("intent/propose", proposal(work, "bash", arguments={"n": 1}))
    debugger.stopped(thread, "function breakpoint")
    with pytest.raises(Refused, match="stands still already"):
        debugger.ask("pause", threadId=thread)
    payload, event = debugger.scope(thread, "Payload"), debugger.scope(thread, "Event")
    given = debugger.scope(thread, "Arguments")
    for reference, name, value, words in (
        (given, "n", "one", "JSON is expected"),
        (given, "m", "1", "there is no 'm' here"),
        (payload, "name", '"ls"', "keeps its tool"),
        (payload, "arguments", "[]", "are an object"),
        (event, "kind", "x", "only the payload"),
        (4711, "n", "1", "no variables 4711"),
    ):
        with pytest.raises(Refused, match=words):
            debugger.ask("setVariable", variablesReference=reference, name=name, value=value)
    frame_id = debugger.frames(thread)[0]["id"]
    for text, words in (
        ("$.nowhere", "nothing stands at"),
        ("$..", "no path from"),
        ("", "words to find"),
    ):
        with pytest.raises(Refused, match=words):
            debugger.ask("evaluate", expression=text, frameId=frame_id)
    for others in ([thread, 999_999], [thread, "x" * 1000]):
        with pytest.raises(Refused, match="no thread"):
            debugger.ask("terminateThreads", threadIds=others)
    debugger.ask("continue", threadId=thread)
    assert agent.result(asked)["verdict"] == {"decision": "allow", "by": "debugger"}, "all or none"
    agent.call("run/end", {"branch": work, "status": "finished"})
    debugger.stopped(thread, "end")
    with pytest.raises(Refused, match="its log ends here"):
        debugger.ask("continue", threadId=thread)


@pytest.mark.requirement("DAP-08")
def test_what_somebody_else_decides_goes_on(agent: Sidecar, work: str, attach: Attach) -> None:
    debugger = attach("bash", branch=work)
    before = agent.head(work)
    asked = agent.request("intent/propose", proposal(work, "bash"))
    thread = debugger.thread(work)
    debugger.stopped(thread, "function breakpoint")
    with Sidecar.on(agent.store) as owner:
        owner.call("branch/rewind", {"branch": work, "to": before})
    assert agent.result(asked)["verdict"]["by"] == "rewind"
    debugger.event("continued", lambda body: body["threadId"] == thread)
    with pytest.raises(Refused, match="pause it first"):
        debugger.ask("continue", threadId=thread)
