"""sandbox.toml: read strictly, and anew when it changes."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.errors import SandboxInvalid
from shepherd_sidecar.worlds.confine.policy import Limits, Policy
from shepherd_sidecar.worlds.confine.policy_file import PolicyFile, default_limits, load, parse

pytestmark = pytest.mark.requirement("SANDBOX-04")
WHOLE = """
read = ["/srv/data", "~/models"]
write = ["/srv/out/"]
hide = ["/etc/private.conf"]
network = true
env = ["LANGUAGE", "API_URL"]
required = true

[limits]
seconds = 10
memoryBytes = 1000000000
processes = 50
fileBytes = 1000000
openFiles = 100
scratchBytes = 5000000
"""


def test_everything_that_can_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    (tmp_path / "link").symlink_to(tmp_path / "store")
    policy = parse(WHOLE, tmp_path / "sandbox.toml", tmp_path / "link")
    assert policy == Policy(
        read=("/srv/data", "/home/ana/models"),
        write=("/srv/out",),
        hide=("/etc/private.conf",),
        network=True,
        env=("LANGUAGE", "API_URL"),
        limits=Limits(10, 1_000_000_000, 50, 1_000_000, 100, 5_000_000),
        required=True,
        store=str(tmp_path / "store"),
        interpreter=policy.interpreter,
        home="/home/ana",
    )
    assert os.path.realpath(os.sys.prefix) in policy.interpreter  # type: ignore[attr-defined]


def test_without_a_file_the_default_holds(tmp_path: Path) -> None:
    policy = load(tmp_path / "sandbox.toml", tmp_path)
    assert (policy.read, policy.write, policy.network, policy.env) == ((), (), False, ())
    assert policy.limits == default_limits()
    assert not policy.required


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("reed = []", "reed", "unknown; known are env, hide, limits"),
        ('read = "/x"', "read", "list of texts"),
        ("read = [1]", "read", "list of texts"),
        ('read = ["data"]', "read", "the whole path"),
        ('write = ["/"]', "write", "too much"),
        ('write = ["/proc"]', "write", "too much"),
        ('write = ["//"]', "write", "too much"),
        ('hide = ["/a/../b"]', "hide", "without .."),
        ('read = ["/a\\u0000b"]', "read", "the whole path"),
        ("network = 1", "network", "true or false"),
        ('required = "yes"', "required", "true or false"),
        ('env = ["A=b"]', "env", "no name of a variable"),
        ('env = [""]', "env", "no name of a variable"),
        ("limits = 5", "limits", "[limits]"),
        ("[limits]\nseconds = 0", "limits.seconds", "1 or more"),
        ("[limits]\nseconds = 1.5", "limits.seconds", "whole number"),
        ("[limits]\nprocesses = true", "limits.processes", "whole number"),
        ("[limits]\nmemory_bytes = 5", "limits.memory_bytes", "unknown"),
        ("read = [", None, "not TOML"),
        ("[limits]\n[limits]", None, "not TOML"),
    ],
)
def test_what_is_not_understood_stops_everything(
    text: str, key: str | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "sandbox.toml"
    path.write_text(text)
    with pytest.raises(SandboxInvalid) as failed:
        load(path, tmp_path)
    assert failed.value.data == {"path": str(path), "key": key}
    assert words in failed.value.message
    assert failed.value.advice


def test_what_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.toml"
    path.write_bytes(b'env = ["\xff"]')
    with pytest.raises(SandboxInvalid, match="UTF-8"):
        load(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(SandboxInvalid, match="cannot be read"):
        load(path)


def test_it_is_read_anew_when_it_changes(tmp_path: Path) -> None:
    file = PolicyFile(tmp_path / "sandbox.toml", tmp_path)
    assert not file.policy().network
    assert file.policy() is file.policy()
    file.path.write_text("network = true")
    assert file.policy().network
    before = time.time_ns() - 10**9
    os.utime(file.path, ns=(before, before))
    assert file.policy() is file.policy(), "settled: remembered"
    file.path.write_text("network = maybe")
    for _ in range(2):
        with pytest.raises(SandboxInvalid):
            file.policy()
    file.path.unlink()
    assert not file.policy().network


_PATHS = st.lists(st.text(st.characters(blacklist_characters="\0"), max_size=8)).map(tuple)
_NUMBER = st.none() | st.integers(1, 1 << 60)


@given(
    st.builds(
        Policy,
        read=_PATHS,
        write=_PATHS,
        hide=_PATHS,
        network=st.booleans(),
        env=_PATHS,
        required=st.booleans(),
        store=st.none() | st.text(),
        interpreter=_PATHS,
        home=st.none() | st.text(),
        limits=st.builds(Limits, _NUMBER, _NUMBER, _NUMBER, _NUMBER, _NUMBER, st.integers(1, 99)),
    )
)
def test_it_goes_through_json(policy: Policy) -> None:
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3),
)


@given(st.sampled_from(["read", "write", "network", "env", "limits", "other"]), _VALUES)
def test_whatever_it_says_is_a_policy_or_an_error(key: str, value: Any) -> None:
    try:
        policy = parse(f"{key} = {json.dumps(value)}", Path("sandbox.toml"))
    except SandboxInvalid as error:
        assert error.data["key"] in (key, None)
    else:
        assert all(path.startswith("/") for path in (*policy.read, *policy.write))
