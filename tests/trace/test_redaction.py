"""Redaction: every secret goes, nothing else goes, and doing it twice is doing it once."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shepherd_sidecar.errors import GateInvalid
from shepherd_sidecar.trace.canonical import encode
from shepherd_sidecar.trace.redaction import Redactor, load
from shepherd_sidecar.trace.redaction_rules import Rule, fold
from shepherd_sidecar.trace.redaction_sieve import Sieve
from tests.trace.values import SCALARS, json_values

REDACTOR = Redactor()
TAIL = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0"

TOKENS = {
    "anthropic": f"sk-ant-api03-{TAIL}_-x",
    "openai": f"sk-proj-{TAIL}",
    "github": f"ghp_{TAIL[:36]}",
    "gitlab": f"glpat-{TAIL[:20]}",
    "aws-key-id": "AKIAIOSFODNN7EXAMPLE",
    "google": f"AIza{TAIL[:35]}",
    "slack": f"xoxb-{TAIL[:12]}-{TAIL[12:30]}",
    "stripe": f"sk_live_{TAIL[:24]}",
    "npm": f"npm_{TAIL[:36]}",
    "pypi": f"pypi-AgEIcHlwaS5vcmc{TAIL}",
    "huggingface": f"hf_{TAIL[:34]}",
    "jwt": f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{TAIL}",
}
PEM = f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{TAIL}\n{TAIL}\n-----END RSA PRIVATE KEY-----"  # noqa: E501


def clean(value: Any, redactor: Redactor = REDACTOR) -> Any:
    result = redactor.clean(value, encode(value))
    return value if result is None else result


@pytest.mark.requirement("PRIVATE-02")
@pytest.mark.parametrize(("rule", "token"), TOKENS.items())
def test_a_token_is_taken_out_wherever_it_stands(rule: str, token: str) -> None:
    mark = f"[redacted:{rule}]"
    assert clean({"text": f"key {token}, then"}) == {"text": f"key {mark}, then"}
    assert clean([["deep", {"x": token}]]) == [["deep", {"x": mark}]]
    assert clean({token: 1}) == {mark: 1}
    assert clean({"out": f"a\n{token}\nb"}) == {"out": f"a\n{mark}\nb"}
    assert REDACTOR.clean_text(f"x={token}\n".encode()) == f"x={mark}\n".encode()


@pytest.mark.requirement("PRIVATE-02")
@pytest.mark.parametrize(
    ("text", "left"),
    [
        (PEM, "[redacted:private-key]"),
        (f"before {PEM} after", "before [redacted:private-key] after"),
        (
            "-----BEGIN PRIVATE KEY-----\n" + TAIL * 3,
            "[redacted:private-key]",
        ),
        ("Authorization: Bearer abcdefgh", "Authorization: Bearer [redacted:authorization]"),
        ("authorization: basic dXNlcjpwYXNz", "authorization: basic [redacted:authorization]"),
        (f"curl -H 'Bearer {TAIL}'", "curl -H 'Bearer [redacted:bearer]'"),
        ("X-Api-Key: 12345678abc", "X-Api-Key: [redacted:header]"),
        ("Cookie: sid=0123456; b=2\nHost: x", "Cookie: [redacted:cookie]\nHost: x"),
        ("postgres://ana:hunter2@db/x", "postgres://ana:[redacted:url-password]@db/x"),
        (
            f"aws_secret_access_key = {TAIL[:40]}",
            "aws_secret_access_key = [redacted:aws-secret]",
        ),
        ("DB_PASSWORD=hunter2\nX=1", "DB_PASSWORD=[redacted:assignment]\nX=1"),
        ("GET /a?access_token=abcd&b=1", "GET /a?access_token=[redacted:assignment]&b=1"),
        ("mysql --password=hunter2 db", "mysql --password=[redacted:assignment] db"),
        ('{"password": "hunter2", "b": 1}', '{"password": "[redacted:key]", "b": 1}'),
        (r'{"args": "{\"api_key\": \"a,b\"}"}', r'{"args": "{\"api_key\": \"[redacted:key]\"}"}'),
        (r'{"password": "a\"b"}', r'{"password": "[redacted:key]"}'),
        ("{'client_secret': 'it'}", "{'client_secret': '[redacted:key]'}"),
    ],
)
def test_only_the_secret_part_of_a_text_goes(text: str, left: str) -> None:
    assert clean({"x": text}) == {"x": left}
    assert REDACTOR.clean_text(text.encode()) == left.encode()


@pytest.mark.parametrize(
    "text",
    [
        "the password: is long; a secret garden",
        "def login(password: str, token: str | None = None) -> None:",
        "curl -H 'Authorization: Bearer $TOKEN' https://x",
        "authorization: required",
        "TOKEN=${TOKEN} MAX_TOKEN=4096 SECRET=$(cat f)",
        "https://user@host/path git@github.com:a/b.git 10:30@noon",
        "the task-runner of the risk-assessment-and-mitigation-committee-board",
        "sk-learn-contrib-something-very-long-and-lower",
        'if "-----BEGIN PRIVATE KEY-----" in text: return "-----END"',
        "blob 6c50e3aa262c83062047ffec25e557f410dd4ba0a403fdc9a18e4790da7121e7",
        "ASIA and AKIA, eyJ, xox, ghp_ and hf_ are prefixes",
        "'password': null",
        "[redacted:openai] [redacted:key]",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert REDACTOR.clean({"x": text}, encode({"x": text})) is None
    assert REDACTOR.clean_text(text.encode()) == text.encode()


@pytest.mark.requirement("PRIVATE-02")
@pytest.mark.parametrize(
    "key", ["password", "Proxy-Authorization", "API_KEY", "apiKey", "accessToken", "set-cookie"]
)
def test_values_under_sensitive_names_go_whole(key: str) -> None:
    assert clean({key: "a b"}) == {key: "[redacted:key]"}
    assert clean({key: ["a", ["b"], 7, None, True, ""]}) == {
        key: ["[redacted:key]", ["[redacted:key]"], "[redacted:key]", None, True, ""]
    }
    assert clean({"headers": [{"name": key, "value": "x"}]}) == {
        "headers": [{"name": key, "value": "[redacted:key]"}]
    }
    assert clean({"headers": [["accept", "a"], [key, "x"]]}) == {
        "headers": [["accept", "a"], [key, "[redacted:key]"]]
    }
    assert clean({"argv": ["x", f"--{key}", "hunter2", "y"]}) == {
        "argv": ["x", f"--{key}", "[redacted:key]", "y"]
    }


def test_a_schema_that_speaks_of_secrets_stays() -> None:
    schema = {
        "properties": {"password": {"type": "string", "description": "at least 8"}},
        "required": ["user", "password", "email"],
        "token": "hello",
        "max_tokens": 4096,
    }
    assert REDACTOR.clean(schema, encode(schema)) is None


def test_members_do_not_fall_together() -> None:
    first, second = TOKENS["github"], TOKENS["github"][:-1]
    value = {first: 1, second: 2, "[redacted:github]": 3}
    cleaned = clean(value)
    assert sorted(cleaned.values()) == [1, 2, 3]
    assert clean(dict(reversed(value.items()))) == cleaned


FRAGMENTS = st.sampled_from(
    [
        *TOKENS.values(),
        PEM,
        "[redacted:",
        "[redacted:jwt]",
        "[redacted:key]",
        "]",
        "Authorization: Bearer ",
        "Bearer ",
        "://u:",
        "@",
        '"password": "',
        '\\"',
        "'",
        "PASSWORD=",
        "--token=",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "AKIA",
        "sk-",
        TAIL,
        "Cookie: a=",
        " ",
        "\n",
        ",",
        "}",
    ]
)
RISKY_TEXTS = st.lists(FRAGMENTS | st.text("aZ0_-.[]:'\"\\", max_size=3), max_size=8).map("".join)
NAMES = st.sampled_from(["password", "name", "value", "API-Key", "x", TOKENS["npm"]]) | RISKY_TEXTS
RISKY = st.recursive(
    RISKY_TEXTS | SCALARS,
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(NAMES, parts, max_size=4),
    max_leaves=12,
)


@pytest.mark.requirement("PRIVATE-02")
@given(RISKY)
def test_clean_is_idempotent(value: Any) -> None:
    once = clean(value)
    assert REDACTOR.clean(once, encode(once)) is None


@given(RISKY)
def test_clean_keeps_the_shape(value: Any) -> None:
    def shape(part: Any) -> Any:
        if isinstance(part, dict):
            return ("object", sorted(map(repr, map(shape, part.values()))))
        return [shape(item) for item in part] if isinstance(part, list) else "leaf"

    assert shape(clean(value)) == shape(value)


@given(RISKY_TEXTS)
def test_text_is_cleaned_as_a_string_is(text: str) -> None:
    data = REDACTOR.clean_text(text.encode())
    assert data.decode() == clean(text)
    assert REDACTOR.clean_text(data) == data


OWN = (
    Rule("letters", "a+b?"),
    Rule("behind", "(?<=x)y|y(?=z)"),
    Rule("part", "k(?P<secret>v*)"),
    Rule("empty", "q*"),
)


@given(RISKY | st.text("abxyzkvq[]:redacted", max_size=40))
def test_clean_is_idempotent_for_any_rules(value: Any) -> None:
    redactor = Redactor(OWN, ["own"])
    once = clean(value, redactor)
    assert redactor.clean(once, encode(once)) is None


def test_a_text_that_never_settles_is_redacted_whole() -> None:
    redactor = Redactor([Rule("tail", "(?<![ab])a(?!a)|b\\Z|a\\Z")], [])
    text = "ab" * 40
    cleaned = clean(text, redactor)
    assert cleaned == "[redacted:tail]"
    assert clean(cleaned, redactor) == cleaned


@given(RISKY)
@example({"x": "a\tsk-" + TAIL})
def test_the_sieve_never_loses_a_rule_that_matches(value: Any) -> None:
    """Differential: all rules on every string, without the sieve."""
    everything = Redactor()
    everything._sieve.suspects = lambda data: list(everything._rules)  # type: ignore[method-assign]
    assert clean(value, everything) == clean(value)


@given(json_values())
def test_values_without_secrets_are_not_copied(value: Any) -> None:
    if not re.search(r"redacted", repr(clean(value))):
        assert REDACTOR.clean(value, encode(value)) is None


@given(st.binary(max_size=60), st.binary(max_size=10), st.binary(max_size=60))
def test_folding_maps_parts_to_parts(before: bytes, word: bytes, after: bytes) -> None:
    assert fold(word) in fold(before + word + after)
    assert fold(before) + fold(word) == fold(before + word)


@given(st.text("abcK-_:=' ", min_size=1, max_size=8), st.text("abcK-_:=' ", max_size=30))
def test_the_sieve_finds_every_word(word: str, text: str) -> None:
    rule = Rule("own", "x", (word,))
    if fold(word.encode()) in fold(text.encode()):
        assert Sieve([rule]).suspects(text.encode()) == [rule]


HOSTILE = {
    "names": '"password":',
    "quotes": '"password":"',
    "slashes": "\\",
    "slashed": '\\\\"password\\\\":\\\\"',
    "begin": "-----BEGIN PRIVATE KEY-----",
    "dashes": "-",
    "colons": "://a:",
    "at": "://a:b",
    "sk": "sk-",
    "ant": "sk-ant-",
    "jwt": "eyJ",
    "jwt dots": "eyJaaaaaaaaaaaaaaaaaa.",
    "bearer": "Bearer ",
    "bearers": "bearer a",
    "token": "gho_aaaaaaaaaaaaaaaaaaa-",
    "secret": "secret_access_key=",
    "cookie": "cookie:a",
    "cookies": "cookie: a=b$",
    "assign": "&token=a",
    "upper": "PASSWORD=",
    "long": "A",
    "key ids": "AKIAIOSFODNN7EXAMPLE",
    "authorization": "authorization:",
    "digest": "authorization: digest ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """Time per byte on 1 MB is about that on 32 KB (quadratic would be 32 times as much)."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece)) + " ghp_ sk- eyJ PRIVATE KEY @ token: secret_access_key"
        start = time.thread_time()
        REDACTOR.scrub(text, REDACTOR._rules)
        return time.thread_time() - start

    small = min(seconds(1 << 15) for _ in range(3))
    large = seconds(1 << 20)
    assert large < 32 * small * 6 + 0.2
    assert large < 20


def test_other_bytes_stay() -> None:
    data = b"\xff\xfe" + TOKENS["github"].encode()
    assert REDACTOR.clean_text(data) == data


def test_a_file_adds_rules_and_names_and_takes_rules_out(tmp_path: Path) -> None:
    path = tmp_path / "redaction.toml"
    path.write_text(
        'disable = ["jwt"]\nkeys = ["X-Internal-Id", "\\u5bc6\\u7801"]\n'
        '[[rule]]\nname = "badge"\npattern = "BADGE-(?P<secret>[0-9]{8})"\nanchors = ["badge-"]\n'
        '[[rule]]\nname = "phone"\npattern = "[+]49[0-9]+"\n'
    )
    redactor = load(path)
    assert clean({"x": "BADGE-12345678 +4930123"}, redactor) == {
        "x": "BADGE-[redacted:badge] [redacted:phone]"
    }
    assert clean({"x_internal_id": "7", "密码": "s"}, redactor) == {
        "x_internal_id": "[redacted:key]",
        "密码": "[redacted:key]",
    }
    assert clean({"x": TOKENS["jwt"]}, redactor) == {"x": TOKENS["jwt"]}
    assert clean({"x": TOKENS["npm"]}, redactor) == {"x": "[redacted:npm]"}


def test_no_file_means_the_built_in_rules(tmp_path: Path) -> None:
    assert clean({"password": "x"}, load(tmp_path / "none.toml")) == {"password": "[redacted:key]"}


RULE = '[[rule]]\nname = "a"\n'


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        ("x = ", None, "not TOML"),
        ("keyz = []", None, "keyz"),
        ("keys = 5", None, "keys"),
        ('keys = ["-"]', None, "keys"),
        ('keys = ["a\\"b"]', None, "keys"),
        ('disable = ["nope"]', None, "nope"),
        ("rule = 5", None, "rule"),
        ('[[rule]]\npattern = "x"', "#1", "name"),
        ('[[rule]]\nname = "A b"\npattern = "x"', "#1", "name"),
        (RULE, "a", "pattern"),
        (RULE + 'pattern = "("', "a", "pattern"),
        (RULE + 'pattern = "x*"', "a", "empty"),
        (RULE + 'pattern = "x"\nanchor = "x"', "a", "anchor"),
        (RULE + 'pattern = "x"\nanchors = ["X"]', "a", "anchors"),
        (RULE + 'pattern = "x"\nanchors = ["-"]', "a", "anchors"),
        (RULE + 'pattern = "x"\n' + RULE + 'pattern = "y"', "a", "another"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(
    tmp_path: Path, text: str, rule: str | None, says: str
) -> None:
    path = tmp_path / "redaction.toml"
    path.write_text(text)
    with pytest.raises(GateInvalid) as caught:
        load(path)
    assert caught.value.data == {"path": str(path), "rule": rule}
    assert says in caught.value.message
    assert "nothing is recorded" in caught.value.advice
