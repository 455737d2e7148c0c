"""Three clients in three languages, the same golden transcripts, the real sidecar."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.lacking import needed

ROOT = Path(__file__).resolve().parents[2]
CONFORMANCE = ROOT / "adapters" / "conformance"
TYPESCRIPT = ROOT / "adapters" / "typescript"
SIDECAR = [sys.executable, "-m", "shepherd_sidecar", "serve"]
Drivers = Callable[[str], list[str]]
TRANSCRIPTS = sorted(path.stem for path in (CONFORMANCE / "transcripts").glob("*.json"))


def ran(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SHEPHERD_SIDECAR": json.dumps(SIDECAR),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def typescript() -> Path:
    """The TypeScript package, with its one development dependency."""
    needed("node")
    npm = needed("npm")
    if not (TYPESCRIPT / "node_modules" / "typescript").is_dir():
        ran(npm, "ci", cwd=TYPESCRIPT)
    return TYPESCRIPT


@pytest.fixture(scope="session")
def drivers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Drivers:
    """Language → command of its driver; each is built when first asked for."""
    built: dict[str, list[str]] = {}

    def build(language: str) -> list[str]:
        if language == "python":
            return [sys.executable, str(CONFORMANCE / "drivers" / "driver.py")]
        if language == "typescript":
            package: Path = request.getfixturevalue("typescript")
            tsc = package / "node_modules" / "typescript" / "bin" / "tsc"
            out = package / "build" / "driver"
            ran("node", tsc, "-p", CONFORMANCE / "drivers" / "tsconfig.json")
            return ["node", str(out / "conformance" / "drivers" / "driver.mjs")]
        javac, java = needed("javac"), needed("java")
        classes = tmp_path_factory.mktemp("classes")
        sources = (ROOT / "adapters/java/ShepherdSidecar.java", CONFORMANCE / "drivers/Driver.java")
        ran(javac, "-Xlint:all", "-Werror", "-d", classes, *sources)
        return [java, "-XX:TieredStopAtLevel=1", "-cp", str(classes), "Driver"]

    def driver(language: str) -> list[str]:
        if language not in built:
            built[language] = build(language)
        return built[language]

    return driver


@pytest.mark.parametrize("language", ["python", "typescript", "java"])
def test_every_transcript_goes_as_written(drivers: Drivers, language: str) -> None:
    told = played(*drivers(language))
    assert told.count("ok ") == len(TRANSCRIPTS)


def played(*driver: str, options: tuple[str, ...] = ()) -> str:
    sidecar = ("--jobs", "2", "--sidecar", shlex.join(SIDECAR))
    return ran(sys.executable, CONFORMANCE / "run.py", *sidecar, *options, "--", *driver)


def test_the_runner_lets_a_driver_begin_with_a_few_verbs(tmp_path: Path) -> None:
    """The driver in the README, as it stands there."""
    text = (CONFORMANCE / "README.md").read_text("utf-8")
    body = text.partition("```python\n")[2].partition("```")[0]
    beginner = tmp_path / "beginner.py"
    path = f"sys.path.insert(0, {str(ROOT / 'adapters' / 'python')!r})"
    body = body.replace("import json, sys", f"import json, sys; {path}")
    beginner.write_text(body.replace("my_client", "shepherd_client"))
    told = played(sys.executable, str(beginner), options=("--partial",))
    assert told.count("ok ") >= 5
    assert told.count("left out ") >= 5


def test_the_runner_notices_a_driver_that_is_wrong(tmp_path: Path) -> None:
    liar = tmp_path / "liar.py"
    liar.write_text("import sys\nfor line in sys.stdin: print('{\"ok\": {}}', flush=True)\n")
    runner = [sys.executable, str(CONFORMANCE / "run.py"), "--jobs", "2", "--timeout", "5"]
    command = [*runner, "--", sys.executable, str(liar)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stdout.count("FAILED") == len(TRANSCRIPTS)


def test_the_typescript_clients_own_tests(typescript: Path) -> None:
    ran(needed("npm"), "test", cwd=typescript)


def test_the_typescript_package_ships_what_it_says(typescript: Path) -> None:
    ran(needed("npm"), "run", "build", cwd=typescript)
    program = "import { Sidecar } from 'shepherd-sidecar-client'; console.log(typeof Sidecar.start)"
    assert ran("node", "--input-type=module", "-e", program, cwd=typescript) == "function\n"
    listed = ran(needed("npm"), "pack", "--dry-run", "--ignore-scripts", "--json", cwd=typescript)
    for name in ("dist/index.js", "dist/index.d.ts", "dist/generated/protocol.d.ts", "README.md"):
        assert f'"{name}"' in listed
    assert "node_modules" not in listed
    assert "resolved" not in (typescript / "package-lock.json").read_text("utf-8")


def test_the_java_file_is_an_example_by_itself(tmp_path: Path) -> None:
    source = ROOT / "adapters" / "java" / "ShepherdSidecar.java"
    said = ran(needed("java"), f"-Djava.io.tmpdir={tmp_path}", source, *SIDECAR, cwd=tmp_path)
    assert said.startswith("the sum is 5\n")
    assert said.count(" tool_result\n") == 1


def test_the_python_client_is_strictly_typed() -> None:
    mypy = shutil.which("mypy", path=str(Path(sys.executable).parent)) or needed("mypy")
    ran(mypy, cwd=ROOT / "adapters" / "python")
