"""The gate: what a rule matches, what rules say together, and that no file fails open."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.engine import gate
from shepherd_sidecar.engine.gate import GateFile, IntentView, Rules, Ruling, decide
from shepherd_sidecar.engine.gate_file import parse
from shepherd_sidecar.engine.gate_rules import STRENGTH, Decision, Rule, merge_patch
from shepherd_sidecar.errors import GateInvalid
from tests.trace.values import json_values

HERE = Path("gate.toml")


def rules(text: str) -> Rules:
    return parse(text, HERE)


def one(conditions: str, decision: str = "deny") -> Rules:
    reason = 'reason = "no"\n' if decision in ("deny", "hold") else ""
    return rules(f'[[rule]]\nname = "r"\ndecision = "{decision}"\n{reason}{conditions}')


def call(
    arguments: Any = None, name: str = "bash", workspace: str | None = "/work", **more: Any
) -> IntentView:
    payload = {"name": name, "arguments": arguments if arguments is not None else {}}
    settings = {"kind": "tool_call", "effect": "irreversible", **more}
    return IntentView(payload=payload, workspace=workspace, **settings)


def denied(rules: Rules, view: IntentView) -> bool:
    return decide(rules, view).decision == "deny"


def command(line: Any, **more: Any) -> IntentView:
    return call({"command": line}, **more)


@pytest.mark.requirement("GATE-01")
@pytest.mark.parametrize(
    ("conditions", "view", "matches"),
    [
        ("", call(), True),
        ('kinds = ["model_call"]', call(), False),
        ('kinds = ["model_call", "tool_call"]', call(), True),
        ('tools = ["bash"]', call(), True),
        ('tools = ["shell_*", "b?sh"]', call(), True),
        ('tools = ["Bash"]', call(), False),
        ('tools = ["*"]', IntentView("model_call", {"model": "m"}, "irreversible"), False),
        ('effects = ["pure"]', call(), False),
        ('effects = ["irreversible"]', call(), True),
        ('agents = ["demo-*"]', call(agent="demo-1"), True),
        ('agents = ["demo-*"]', call(agent=None), False),
        ('tools = ["bash"]\neffects = ["pure"]', call(), False),
        (r"arguments = { command = 'rm\s+-rf' }", command("x; rm  -rf /"), True),
        (r"arguments = { command = 'rm\s+-rf' }", command(["rm", "-rf", "/"]), True),
        (r"arguments = { command = 'rm\s+-rf' }", command({"line": "rm -rf"}), True),
        (r"arguments = { command = 'rm\s+-rf' }", call({"cmd": "rm -rf"}), False),
        (r"arguments = { '*' = 'rm\s+-rf' }", call({"a": [{"b": "rm -rf"}]}), True),
        (r"arguments = { '*' = 'rm\s+-rf' }", call({"a": {"rm -rf": 1}}), True),
        ('arguments = { "a.b" = "x" }', call({"a": {"b": "x"}}), True),
        ('arguments = { "a.b" = "x" }', call({"a": [{"b": 1}, {"b": "x"}]}), True),
        ('arguments = { "a.b" = "x" }', call({"a.b": "x"}), True),
        ('arguments = { port = "^443$" }', call({"port": 443}), True),
        ('arguments = { force = "true" }', call({"force": True}), True),
        ('arguments = { a = "x", b = "y" }', call({"a": "x", "b": "z"}), False),
        ('arguments = { command = "rm" }', call('{"command": "rm x"}'), True),
        ('arguments = { command = "rm" }', call("rm x"), True),
        ('arguments = { command = "rm" }', call(), False),
    ],
)
def test_a_rule_matches_when_all_its_conditions_do(
    conditions: str, view: IntentView, matches: bool
) -> None:
    assert denied(one(conditions), view) is matches


@pytest.mark.requirement("GATE-03")
@pytest.mark.parametrize(
    ("globs", "arguments", "inside", "outside"),
    [
        (["src/**"], {"path": "src/a.py"}, True, False),
        (["src/**"], {"path": "src"}, True, False),
        (["src/**"], {"path": "srcs/a"}, False, True),
        (["src/**"], {"path": "./src//x/../a"}, True, False),
        (["src/**"], {"path": "src/../etc/x"}, False, True),
        (["src/**"], {"path": "/work/src/a"}, True, False),
        (["src/**"], {"path": "//work/src/a"}, True, False),
        (["src/**"], {"path": "/work/src/../../etc/passwd"}, False, True),
        (["src/**"], {"path": "/workshop/src/a"}, False, True),
        (["src/**"], {"path": "../work/src/a"}, True, False),
        (["src/**"], {"path": "~/src/a"}, False, True),
        (["src/**"], {"path": "file:///work/src/a"}, True, False),
        (["src/**"], {"paths": ["src/a", "doc/b"]}, True, True),
        (["src/**"], {"edits": [{"file_path": "doc/b"}]}, False, True),
        (["src/**"], {"cwd": "src", "path": "a"}, True, False),
        (["src/**"], {"cwd": "/etc", "path": "src/a"}, False, True),
        (["src/**"], {"cwd": "/etc"}, False, True),
        (["src/**"], {"content": "../../x"}, False, False),
        (["src/**"], {"command": "cat src/a.py"}, True, False),
        (["src/**"], {"command": "cat /etc/passwd"}, False, True),
        (["src/**"], {"command": "cd .. && rm x"}, False, True),
        (["src/**"], {"command": "echo hi >out.txt"}, False, True),
        (["src/**"], {"command": "dd if=/dev/sda"}, False, True),
        (["src/**"], {"command": "sh -c 'cat /etc/passwd'"}, False, True),
        (["src/**"], {"command": ["cat", "/etc/passwd"]}, False, True),
        (["src/**"], {"command": "cat $HOME/x"}, False, True),
        (["src/**"], {"command": "cat 'unclosed /etc/x"}, False, True),
        (["src/**"], {"command": 'cat "src/my file.txt"'}, True, False),
        (["src/**"], {"command": "curl https://example.com/x"}, False, False),
        (["src/**"], {"command": "make -j4 all"}, False, False),
        (["src/**"], '{"path": "/etc/passwd"}', False, True),
        (["src/**"], "cat /etc/passwd", False, True),
        (["src/**", "!src/gen/**"], {"path": "src/gen/a"}, False, True),
        (["src/**", "!src/gen/**", "src/gen/keep"], {"path": "src/gen/keep"}, True, False),
        (["*.pem"], {"path": "a/b/key.pem"}, True, False),
        (["a/*.py"], {"path": "a/b/c.py"}, False, True),
        (["a/**/c.py"], {"path": "a/c.py"}, True, False),
        (["a/**/c.py"], {"path": "a/x/y/c.py"}, True, False),
        (["[a-c]?[!x]/*"], {"path": "bqy/1"}, True, False),
        (["[a-c]?[!x]/*"], {"path": "bqx/1"}, False, True),
        (["/tmp/**"], {"path": "/tmp/x"}, True, False),
        (["~/.ssh/**"], {"command": "cat ~/.ssh/id_rsa"}, True, False),
        (["**"], {"path": "a/b"}, True, False),
        (["**"], {"path": "/etc"}, False, True),
        (["."], {"path": "."}, True, False),
    ],
)
def test_paths_are_found_and_normalised(
    globs: list[str], arguments: Any, inside: bool, outside: bool
) -> None:
    among = one(f"paths = {globs}")
    beyond = one(f"paths = {globs}\noutside = true")
    assert denied(among, call(arguments)) is inside
    assert denied(beyond, call(arguments)) is outside


@pytest.mark.requirement("GATE-03")
def test_links_lead_where_they_lead(tmp_path: Path) -> None:
    (tmp_path / "work/src").mkdir(parents=True)
    (tmp_path / "work/src/out").symlink_to(tmp_path)
    (tmp_path / "work/src/secret").symlink_to("../secrets/key")
    workspace = str(tmp_path / "work")
    path = tmp_path / "gate.toml"
    path.write_text(
        '[[rule]]\nname="in"\ndecision="deny"\nreason="x"\npaths=["src/**"]\noutside=true\n'
    )
    file = GateFile(path)

    def decision(named: str, **more: Any) -> str:
        return file.decide(call({"path": named}, workspace=workspace, **more)).decision

    assert decision("src/new.txt") == "allow"
    assert decision("src/out/x") == "deny"
    assert decision("src/secret") == "deny"
    assert decision("src/out/work/src/a") == "allow"
    assert decision("src/out/../src/a") == "deny"
    world = tmp_path / "world"
    (world / "src").mkdir(parents=True)
    assert decision("src/out/x", world=str(world)) == "allow"
    (world / "src/out").symlink_to("/etc")
    assert decision("src/out/x", world=str(world)) == "deny"
    assert decision(f"{workspace}/src/out/x", world=str(world)) == "deny"


@pytest.mark.parametrize("workspace", [None, "/"])
def test_paths_without_a_workspace(workspace: str | None) -> None:
    inside = one('paths = ["src/**"]')
    assert denied(inside, call({"path": "src/a"}, workspace=workspace))
    outside = one('paths = ["src/**"]\noutside = true')
    assert denied(outside, call({"path": "/etc"}, workspace=workspace))
    assert denied(outside, call({"path": "../src/a"}, workspace=None))


def test_what_cannot_be_looked_at_counts_as_a_match_for_deny_and_hold() -> None:
    hidden = call({"command": {"$blob": "0" * 64}})
    long = command("x" * 100_000 + "rm -rf /")
    for decision in ("deny", "hold"):
        for condition in ('arguments = { command = "rm" }', 'paths = ["src/**"]'):
            ruling = decide(one(condition, decision), hidden)
            assert (ruling.decision, ruling.by) == (decision, "rule:r")
            assert ruling.reason is not None
            assert "cannot be checked" in ruling.reason
        assert decide(one('arguments = { command = "rm" }', decision), long).decision == decision
    override = 'arguments = { command = "rm" }\npayload = { name = "y" }'
    assert decide(one(override, "override"), hidden).decision == "allow"
    assert decide(one(override, "override"), long).decision == "allow"
    near = command("rm " + "x" * 100_000)
    assert decide(one('arguments = { command = "rm" }'), near).reason == "no"
    other = call({"content": {"$blob": "0" * 64}, "path": "src/a"})
    assert not denied(one('paths = ["src/**"]\noutside = true'), other)
    assert not denied(one('arguments = { command = "rm" }'), other)


DECISIONS: list[Decision] = ["allow", "deny", "override", "hold"]


@pytest.mark.requirement("GATE-02")
@given(st.lists(st.tuples(st.sampled_from(DECISIONS), st.booleans()), max_size=8))
def test_the_strongest_matching_rule_wins_and_of_equals_the_first(
    drawn: list[tuple[Decision, bool]],
) -> None:
    written = [
        Rule(f"r{i}", decision, "why", tools=("bash",) if hits else ("other",), payload={"n": i})
        for i, (decision, hits) in enumerate(drawn)
    ]
    ruling = decide(Rules(tuple(written)), call())
    matching = [rule for rule, (_, hits) in zip(written, drawn, strict=True) if hits]
    if not matching:
        assert (ruling.decision, ruling.by) == ("allow", "default")
        return
    best = max(STRENGTH[rule.decision] for rule in matching)
    winner = next(rule for rule in matching if STRENGTH[rule.decision] == best)
    assert (ruling.decision, ruling.by) == (winner.decision, f"rule:{winner.name}")


@pytest.mark.requirement("GATE-04")
def test_an_override_merges_its_payload() -> None:
    override = one("payload = { arguments = { dryRun = true } }", "override")
    ruling = decide(override, call({"to": "prod", "dryRun": False}, name="deploy"))
    assert ruling == Ruling(
        "override",
        "rule:r",
        payload={"name": "deploy", "arguments": {"to": "prod", "dryRun": True}},
    )


@pytest.mark.requirement("GATE-04")
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # the examples of RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_is_that_of_the_rfc(target: Any, patch: Any, result: Any) -> None:
    assert merge_patch(target, patch) == result


@given(json_values(), json_values())
def test_merging_twice_is_merging_once_and_changes_no_input(target: Any, patch: Any) -> None:
    before = repr((target, patch))
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once
    assert repr((target, patch)) == before


def test_a_hold_says_how_long_and_what_then() -> None:
    text = """
        [defaults]
        hold_timeout_ms = 1000
        on_timeout = { pure = "deny" }
        [[rule]]
        name = "own"
        decision = "hold"
        reason = "look"
        tools = ["own"]
        timeout_ms = 5
        on_timeout = "allow"
        [[rule]]
        name = "rest"
        decision = "hold"
        reason = "look"
    """
    written = rules(text)
    own = decide(written, call(name="own"))
    assert (own.timeout_ms, own.on_timeout) == (5, "allow")
    rest = decide(written, call())
    assert (rest.timeout_ms, rest.on_timeout) == (1000, "deny")
    assert decide(written, call(effect="pure")).on_timeout == "deny"
    assert decide(written, call(effect="reversible")).on_timeout == "allow"
    bare = decide(rules(""), call())
    assert bare == Ruling("allow", "default", None, None, 300_000, "deny")


RULE = '[[rule]]\nname = "a"\n'
DENY = RULE + 'decision = "deny"\nreason = "x"\n'


@pytest.mark.requirement("GATE-05")
@pytest.mark.parametrize(
    ("text", "rule", "key"),
    [
        ("rule = [", None, "TOML"),
        ("other = 1", None, "other"),
        ("rule = 1", None, "rule"),
        ("rule = [1]", None, "rule"),
        ("defaults = 1", None, "defaults"),
        ("[defaults]\ntimeout = 1", None, "timeout"),
        ("[defaults]\nhold_timeout_ms = -1", None, "hold_timeout_ms"),
        ("[defaults]\nhold_timeout_ms = true", None, "hold_timeout_ms"),
        ("[defaults]\non_timeout = 1", None, "on_timeout"),
        ("[defaults]\non_timeout = { some = 'deny' }", None, "some"),
        ("[defaults]\non_timeout = { pure = 'hold' }", None, "pure"),
        ('[[rule]]\ndecision = "allow"', "#1", "name"),
        ("[[rule]]\nname = 5", "#1", "name"),
        ("[[rule]]\nname = ' '", "#1", "name"),
        ('[[rule]]\nname = "a\\nb"', "#1", "name"),
        (DENY + DENY, "a", "name"),
        (RULE, "a", "decision"),
        (RULE + 'decision = "refuse"', "a", "decision"),
        (RULE + 'decision = "deny"', "a", "reason"),
        (RULE + 'decision = "hold"\nreason = ""', "a", "reason"),
        (RULE + 'decision = "override"', "a", "payload"),
        (DENY + "payload = { a = 1 }", "a", "payload"),
        (RULE + 'decision = "override"\npayload = { name = "" }', "a", "name"),
        (RULE + 'decision = "override"\npayload = { a = 2020-01-01 }', "a", "date"),
        (RULE + 'decision = "override"\npayload = { a = nan }', "a", "NaN"),
        (DENY + "timeout_ms = 5", "a", "timeout_ms"),
        (DENY + 'on_timeout = "deny"', "a", "on_timeout"),
        (DENY + "tool = ['x']", "a", "tool"),
        (DENY + "tools = []", "a", "tools"),
        (DENY + "tools = 'x'", "a", "tools"),
        (DENY + "tools = [5]", "a", "tools"),
        (DENY + "kinds = ['tool']", "a", "kinds"),
        (DENY + "kinds = ['message']", "a", "kinds"),
        (DENY + "effects = ['bad']", "a", "effects"),
        (DENY + "arguments = { x = '(' }", "a", "arguments"),
        (DENY + "arguments = {}", "a", "arguments"),
        (DENY + "arguments = { x = 5 }", "a", "arguments"),
        (DENY + "paths = ['../x']", "a", "paths"),
        (DENY + "paths = ['[x']", "a", "paths"),
        (DENY + "paths = ['[b-a]']", "a", "paths"),
        (DENY + "paths = ['!x']", "a", "paths"),
        (DENY + "outside = true", "a", "outside"),
        (DENY + "paths = ['x']\noutside = 1", "a", "outside"),
    ],
)
def test_a_bad_file_is_refused_with_file_rule_and_key(
    text: str, rule: str | None, key: str
) -> None:
    with pytest.raises(GateInvalid) as caught:
        rules(text)
    assert caught.value.data == {"path": "gate.toml", "rule": rule}
    assert key in caught.value.message


def test_the_example_of_the_protocol_page_is_a_rule_file() -> None:
    page = Path(__file__).parents[2] / "protocol/intents-and-verdicts.md"
    example = re.search(r"```toml gate\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert example is not None
    written = rules(example[1])
    assert denied(written, command("rm -rf x"))
    assert decide(written, call({"path": "src/generated/a"}, name="write")).decision == "hold"
    assert decide(written, call({"path": "tests/a"}, name="write")).decision == "allow"


@pytest.mark.requirement("GATE-06")
def test_a_change_of_the_file_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    file = GateFile(path)
    assert file.decide(call()) == Ruling("allow")
    for _ in range(5):  # quicker than time stamps tell apart, and of the same size
        path.write_text(DENY)
        assert file.decide(call()).decision == "deny"
        path.write_text(DENY.replace('"deny"', '"hold"'))
        assert file.decide(call()).decision == "hold"
    path.unlink()
    assert file.decide(call()).decision == "allow"


def test_an_unchanged_file_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(DENY)
    os.utime(path, ns=(time.time_ns(), time.time_ns() - 10**10))
    file = GateFile(path)
    assert file.decide(call()).decision == "deny"
    monkeypatch.setattr(gate, "parse", None)
    assert file.decide(call()).decision == "deny"


@pytest.mark.requirement("GATE-05")
def test_an_unusable_file_stops_every_decision_until_it_is_repaired(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(DENY)
    file = GateFile(path)
    file.rules()
    for bad in (b"rule = [", b"\xff", None):
        if bad is None:
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes(bad)
        for _ in range(2):
            with pytest.raises(GateInvalid):
                file.decide(call())
    path.rmdir()
    path.write_text(DENY)
    assert file.decide(call()).decision == "deny"


def test_a_file_asked_for_by_name_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(GateInvalid, match="no such file"):
        GateFile(tmp_path / "gate.toml", required=True).rules()


ARGUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=20)
    | st.sampled_from(
        ["rm -rf", "../x", "/etc/passwd", "src/a", '{"path": "/x"}', "'", "~", "$x/y"]
    ),
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.dictionaries(
            st.sampled_from(["path", "cwd", "command", "a", "$blob", "x.y"]), parts, max_size=4
        )
    ),
    max_leaves=12,
)


@given(ARGUMENTS)
def test_any_arguments_get_a_ruling(arguments: Any) -> None:
    written = rules(
        RULE
        + 'decision="deny"\nreason="x"\narguments={"*"="rm", "a.x.y"="."}\npaths=["src/**"]\n'
        + '[[rule]]\nname="b"\ndecision="hold"\nreason="x"\npaths=["src/**"]\noutside=true\n'
    )
    assert decide(written, call(arguments), os.path.realpath).decision in ("allow", "deny", "hold")


@given(st.text("ab/.*?[]!-~", min_size=1, max_size=8), st.text("ab/.-", max_size=8))
def test_any_glob_is_refused_or_matches_without_a_crash(glob: str, path: str) -> None:
    try:
        written = rules(DENY + f"paths = ['{glob}']")
    except GateInvalid:
        return
    decide(written, call({"path": path}))
