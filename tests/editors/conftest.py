"""One VS Code for all tests of its extension, and a project with an agent for each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.lacking import lacking
from tests.support.sidecar import Sidecar

_count = itertools.count()


@pytest.fixture(scope="package")  # Playwright's loop runs meanwhile: no async test may
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    from tests.editors.workbench import Workbench, headless

    try:
        headless.ensure()
    except headless.toolchain.Missing as why:
        lacking(str(why))
    with Workbench.start(tmp_path_factory.mktemp("vscode")) as found:
        yield found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small folder with a program in it."""
    folder = tmp_path / f"project-{next(_count)}"
    folder.mkdir()
    (folder / "app.py").write_text('def greet():\n    print("hello")\n')
    return folder


@pytest.fixture
def agent(project: Path) -> Iterator[Sidecar]:
    """The sidecar of an agent, on the project's store."""
    with Sidecar.on(project / ".shepherd") as sidecar:
        yield sidecar
