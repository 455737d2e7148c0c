"""Each kind of condition: when it fires, what it says, and which settings are refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shepherd_sidecar.cli.commands.backtest import DEFAULT, load_python
from shepherd_sidecar.engine.gate_file import parse
from shepherd_sidecar.engine.gate_rules import Rules
from shepherd_sidecar.engine.rules import kinds
from shepherd_sidecar.engine.rules.condition import Seen, Touch
from shepherd_sidecar.engine.rules.fold import Watch, decide
from shepherd_sidecar.errors import GateInvalid
from tests.protocol.schema import PAGES

HERE = Path("supervisor.toml")


def one(conditions: str, decision: str = "deny") -> Rules:
    more = 'message = "m"\n' if decision == "inject" else ""
    return parse(f'[[rule]]\nname = "r"\ndecision = "{decision}"\n{more}{conditions}', HERE)


def call(command: str = "ls", name: str = "bash", **more: Any) -> Seen:
    payload = {"name": name, "arguments": more.pop("arguments", {"command": command})}
    settings = {"effect": "irreversible", "workspace": "/work", "branch": 1, **more}
    return Seen("tool_call", payload, **settings)


def after(intent: Seen, status: str = "ok", result: Any = None, **more: Any) -> Seen:
    payload = {"status": status, "result": result}
    return Seen("tool_result", payload, intent=intent.commit, branch=intent.branch, **more)


def log(*calls: Seen, status: str = "ok", result: Any = None) -> list[Seen]:
    """Calls, each with its outcome."""
    return list(_log(calls, status, result))


def _log(calls: Sequence[Seen], status: str, result: Any) -> Iterator[Seen]:
    for number, intent in enumerate(calls):
        named = replace(intent, commit=f"{number:064x}")
        yield named
        yield after(named, status, result, usage={"inputTokens": 60, "outputTokens": 40})


def why(rules: Rules, before: Sequence[Seen], intent: Seen) -> str | None:
    ruling = decide([rules], before, intent)
    assert ruling is None or (ruling.decision, ruling.by) == ("deny", "rule:r")
    return ruling.reason if ruling is not None else None


LS, CAT, MAKE = call("ls"), call("cat a"), call("make")


@pytest.mark.requirement("RULE-01")
@pytest.mark.parametrize(
    ("settings", "before", "intent", "said"),
    [
        ("{}", [LS, LS], LS, "the same call 3 times in the last 3"),
        ("{}", [LS], LS, None),
        ("{ same = 2 }", [LS, CAT], LS, "the same call 2 times in the last 3"),
        ("{ same = 2, within = 2 }", [LS, CAT], LS, None),
        ("{ same = 2 }", [call("ls", arguments={"command": "ls", "t": 1})], LS, None),
        (
            '{ same = 2, ignore = ["t"] }',
            [call(arguments={"command": "ls", "t": 1})],
            LS,
            "the same call 2 times in the last 2",
        ),
        ("{ same = 2 }", [call("ls", name="sh")], LS, None),
        ("{ same = 9 }", [LS, CAT] * 2 + [LS], CAT, "the same 2 calls in a circle, 3 times"),
        ("{ same = 9 }", [LS, CAT] * 2, LS, None),
        ("{ same = 9 }", [LS, CAT, MAKE] * 2 + [LS, CAT], MAKE, "the same 3 calls in a circle"),
        ("{ same = 9, longest = 2 }", [LS, CAT, MAKE] * 2 + [LS, CAT], MAKE, None),
        ("{ same = 9, cycle = 2 }", [LS, CAT, LS], CAT, "the same 2 calls in a circle, 2 times"),
        ("{ same = 9 }", [LS] * 7, LS, None),
    ],
)
def test_loops(settings: str, before: list[Seen], intent: Seen, said: str | None) -> None:
    found = why(one(f"loop = {settings}"), log(*before), intent)
    assert found is None if said is None else found is not None and said in found


@pytest.mark.requirement("RULE-01")
def test_a_loop_that_comes_out_differently_is_none() -> None:
    rules = one("loop = { same = 3, same_outcome = true }")
    first, told = log(LS, result="a")
    second = log(CAT, LS, result="b")[2:]
    assert why(rules, [first, told, *second], LS) is None
    assert why(rules, [*log(LS, LS, result="a")], LS) is not None


@pytest.mark.requirement("RULE-01")
def test_errors_in_a_row() -> None:
    rules = one("errors = { streak = 2 }")
    assert why(rules, log(LS, CAT, status="error"), MAKE) == "2 errors one after another"
    assert why(rules, log(LS, status="error"), MAKE) is None
    assert why(rules, log(LS, CAT, result={"exitCode": 1}), MAKE) is not None
    failed, fine = log(LS, CAT, status="error"), log(LS, CAT, MAKE)[4:]
    assert why(rules, failed + fine, MAKE) is None
    assert why(rules, failed[:2] + log(LS, CAT, status="denied")[2:] + failed[2:], MAKE) is not None
    text = one('errors = { streak = 2, text = "(?i)not found" }')
    assert why(text, log(LS, CAT, result={"content": "x: Not Found"}), MAKE) is not None
    assert why(text, log(LS, CAT, result={"observedWith": "not found"}), MAKE) is None
    assert why(one('tools = ["sh"]\nerrors = { streak = 2 }'), failed, call(name="sh")) is None


@pytest.mark.requirement("RULE-01")
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("{ calls = 3 }", "3 of 3 calls are spent"),
        ("{ calls = 4 }", None),
        ("{ tokens = 300 }", "300 of 300 tokens are spent"),
        ("{ tokens = 301 }", None),
        ("{ tokens = 301, calls = 2 }", "3 of 2 calls are spent"),
    ],
)
def test_budgets(settings: str, said: str | None) -> None:
    assert why(one(f"budget = {settings}"), log(LS, CAT, MAKE), LS) == said


@pytest.mark.requirement("RULE-01")
def test_budgets_of_time_and_money_and_of_one_tool() -> None:
    intent = call(at=60_000, commit="a" * 64)
    spent = [intent, after(intent, usage={"costUsd": 1.5}, at=240_000)]
    assert why(one("budget = { usd = 1.5 }"), spent, LS) == "1.5 of 1.5 USD are spent"
    minutes = one("budget = { minutes = 5 }")
    assert why(minutes, spent, call(at=359_999)) is None
    assert why(minutes, spent, call(at=360_000)) == "5 of 5 minutes are spent"
    assert why(minutes, spent, call(at=9_999_999, branch=2)) is None  # a fork begins its time
    deploys = one('tools = ["deploy"]\nbudget = { calls = 1 }')
    assert why(deploys, log(LS, call(name="deploy")), call(name="deploy")) is not None
    assert why(deploys, log(LS, call(name="deploy")), LS) is None
    assert why(deploys, log(call(name="deploy"), status="denied"), call(name="deploy")) is None


@pytest.mark.requirement("RULE-01")
def test_secrets_are_told_by_their_marks() -> None:
    hidden = call("curl -H 'Authorization: [redacted:bearer]'")
    assert why(one("secrets = {}"), [], hidden) == "the call carries a secret: bearer"
    assert why(one('secrets = { kinds = ["aws*"] }'), [], hidden) is None
    assert why(one("secrets = {}"), [], LS) is None


@pytest.mark.requirement("RULE-01")
@pytest.mark.parametrize(
    ("arguments", "fires"),
    [
        ({"command": "git push --force"}, True),
        ({"cmd": ["git", "push", "--force"]}, True),
        ({"keystrokes": "git push -f\n"}, True),
        ({"steps": [{"argv": ["git", "push", "-f"]}]}, True),
        ('{"command": "git push -f"}', True),
        ("git push -f", True),
        ({"command": {"$blob": "0" * 64}}, True),
        ({"text": "git push -f"}, False),
        ({"command": "git pull"}, False),
        ({}, False),
    ],
)
def test_commands_wherever_the_tool_has_them(arguments: Any, fires: bool) -> None:
    rules = one(r"commands = ['git\s+push\s.*(--force|-f)']")
    found = why(rules, [], call(arguments=arguments))
    assert (found is not None) is fires
    if found is not None and "$blob" not in str(arguments):
        assert found.startswith("the command says 'git push")


@pytest.mark.requirement("RULE-01")
@pytest.mark.parametrize(
    ("agent", "path", "said"),
    [
        ("web-1", "web/app.js", None),
        ("web-1", "server/app.py", "server/app.py is outside the scope of web-1"),
        ("web-1", "../x", "/x is outside the scope of web-1"),
        ("api", "server/app.py", None),
        ("other", "server/app.py", None),
        (None, "server/app.py", None),
    ],
)
def test_scopes(agent: str | None, path: str, said: str | None) -> None:
    rules = one('scopes = { "web-*" = ["web/**"], api = ["server/**"] }')
    assert why(rules, [], call(agent=agent, arguments={"path": path})) == said


@pytest.mark.requirement("RULE-01")
def test_two_branches_at_one_file() -> None:
    def touched(row: int, branch: int, agent: str) -> Touch:
        return Touch(row, branch, agent, "/work", "src/a.py", "f" * 64)

    edit = {"arguments": {"path": "src/a.py"}, "branch": 1}
    theirs, ours = touched(1, 2, "other"), touched(2, 1, "me")
    rules = one("files = {}")
    said = "src/a.py is being changed by other, too"
    assert why(rules, [], call(**edit, near=(theirs,))) == said
    assert why(rules, [], call(**edit, near=(theirs, ours))) == said
    assert why(rules, [], call(**edit, near=(ours,))) is None
    assert why(rules, [], call(**edit, near=(theirs,), effect="pure")) is None
    told = Watch([one("files = {}", "inject")])
    assert told.fired(told.begin(), call(**edit, near=(theirs,)))
    assert not told.fired(told.begin(), call(**edit, near=(theirs, ours)))


@pytest.mark.requirement("RULE-04")
def test_an_inject_is_quiet_for_a_while() -> None:
    watch = Watch([one("loop = { same = 2 }\nquiet = 3", "inject")])
    memory, fired = watch.begin(), []
    for number, event in enumerate(log(*[LS] * 12)):
        if event.is_intent and watch.fired(memory, event):
            fired.append(number // 2 + 1)
        memory = watch.see(memory, event)
    assert fired == [2, 6, 10]


@pytest.mark.requirement("RULE-03")
@pytest.mark.parametrize(
    "text",
    [
        "loop = 3",
        "loop = { same = 0 }",
        "loop = { same = 2, wrong = 1 }",
        'errors = { text = "(" }',
        "budget = {}",
        "budget = { usd = -1 }",
        'budget = { tokens = "many" }',
        "commands = []",
        "scopes = {}",
        "scopes = { a = [] }",
        "secrets = true",
        "nothing = {}",
        "quiet = 3\nloop = {}",
        'message = "no"\nloop = {}',
    ],
)
def test_a_setting_that_makes_no_sense_names_rule_and_key(text: str) -> None:
    with pytest.raises(GateInvalid) as refused:
        one(text)
    assert refused.value.data["rule"] == "r"
    assert text.split()[0] in refused.value.message


def test_an_inject_needs_a_message_and_a_deny_a_why() -> None:
    for text in ('decision = "inject"', 'decision = "pause"', 'decision = "deny"'):
        with pytest.raises(GateInvalid):
            parse(f'[[rule]]\nname = "r"\n{text}', HERE)


@pytest.mark.requirement("RULE-09")
def test_a_condition_in_ten_lines_as_the_page_has_it(tmp_path: Path) -> None:
    source = (PAGES / "rules.md").read_text("utf-8").split("```python\n")[1].split("```")[0]
    (tmp_path / "deploys.py").write_text(source)
    load_python(tmp_path / "deploys.py")
    try:
        deploy = call(name="deploy")
        rules = one("deploys = { most = 2 }")
        assert why(rules, log(deploy, LS, deploy), deploy) == "2 deploys already"
        assert why(rules, log(deploy, LS), deploy) is None
    finally:
        kinds.forget("deploys")


@pytest.mark.requirement("RULE-09")
def test_a_condition_comes_from_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (PAGES / "rules.md").read_text("utf-8").split("```python\n")[1].split("```")[0]
    (tmp_path / "their_rules.py").write_text(source)
    told = tmp_path / "their_rules-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: their-rules\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(
        "[shepherd_sidecar.rules]\ndeploys = their_rules:Deploys\n"
        "gone = their_rules:Gone\nother = their_rules:dataclass\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        deploy = call(name="deploy")
        assert why(one("deploys = { most = 1 }"), log(deploy), deploy) == "1 deploys already"
        for wrong in ("gone", "other"):
            with pytest.raises(GateInvalid, match=wrong):
                one(f"{wrong} = {{}}")
    finally:
        kinds.forget("deploys")
        sys.modules.pop("their_rules", None)


@pytest.mark.requirement("RULE-02")
def test_the_strongest_rule_of_all_files_wins_and_the_first_file_among_equals() -> None:
    gate = parse('[[rule]]\nname = "g"\ndecision = "hold"\nreason = "x"', HERE)
    assert (ruling := decide([gate, one("loop = { same = 2 }")], log(LS), LS)) is not None
    assert (ruling.decision, ruling.by) == ("deny", "rule:r")
    held = one("loop = { same = 2 }", "hold")
    assert (ruling := decide([gate, held], log(LS), LS)) is not None
    assert (ruling.decision, ruling.by) == ("hold", "rule:g")
    assert decide([one("loop = {}")], [], LS) is None


def test_the_rules_to_begin_with_are_those_of_the_page() -> None:
    text = DEFAULT.read_text("utf-8")
    assert f"```toml gate\n{text}```" in (PAGES / "rules.md").read_text("utf-8")
    assert len(parse(text, DEFAULT).rules) >= 8
