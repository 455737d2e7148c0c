"""What an editor waits for: the trace beside the code, held intents, a run as a page."""

from __future__ import annotations

import itertools
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from bench.harness import ROOT, Row, Run, Sample, at_most, interleave, ms
from bench.material import observation, texts
from bench.pipe import Pipe, message

LINES, EDITS = 5_000, 500
PER_SECOND: Final = 50
_NOBODY: Final = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0")
_TOGETHER: Final = 5
"""Files that are written before the agent reports an outcome."""


def rows(run: Run) -> Iterator[Row]:
    yield from _beside_the_code(run, run.folder("editors-code"))
    yield _while_an_agent_writes(run, run.folder("editors-typing"))
    yield _held(run, run.folder("editors-held"))
    yield _page(run, run.folder("editors-page"))


class _Agent:
    """An agent that works in the user's own folder."""

    def __init__(self, pipe: Pipe, folder: Path) -> None:
        self._pipe = pipe
        asked = {"name": "bench", "workspace": str(folder), "place": "inPlace", "driver": "copy"}
        self.branch = pipe.call("run/start", asked)["branch"]

    def edit(self, *paths: Path) -> Iterator[None]:
        """One action; what is done inside the loop is what it changed."""
        named = {"paths": [str(path) for path in paths]}
        payload = {"name": "edit", "arguments": named}
        asked = {"branch": self.branch, "kind": "tool_call", "effect": "reversible"}
        intent = self._pipe.call("intent/propose", {**asked, "payload": payload})["commit"]
        yield
        told = {"branch": self.branch, "intent": intent, "payload": {}, "status": "ok"}
        self._pipe.call("intent/resolve", told)


class _Editor:
    """A client that has one file open."""

    def __init__(self, pipe: Pipe, file: Path, **options: Any) -> None:
        self._pipe = pipe
        self._uri = {"uri": file.as_uri()}
        self._version = itertools.count(2)
        refresh = {"refreshSupport": True}
        able = {"workspace": {"codeLens": refresh, "inlayHint": refresh}}
        said = {"shepherd": {"heldIntents": "none", **options}}
        asked = {"processId": None, "rootUri": None, "capabilities": able}
        pipe.call("initialize", {**asked, "initializationOptions": said})
        pipe.send(message("initialized", {}))
        opened = {**self._uri, "languageId": "python", "version": 1, "text": file.read_text()}
        pipe.send(message("textDocument/didOpen", {"textDocument": opened}))

    def beside(self) -> tuple[int, int]:
        """Lenses and hints of the whole file; how many of each."""
        document = {"textDocument": self._uri}
        end = {"line": LINES, "character": 0}
        where = {"range": {"start": {"line": 0, "character": 0}, "end": end}}
        lenses = self._pipe.call("textDocument/codeLens", document)
        hints = self._pipe.call("textDocument/inlayHint", {**document, **where})
        return len(lenses), len(hints)

    def type(self) -> None:
        """One character, in the middle of the file."""
        at = {"line": LINES // 2, "character": 0}
        change = {"range": {"start": at, "end": at}, "text": "x"}
        document = {**self._uri, "version": next(self._version)}
        sent = {"textDocument": document, "contentChanges": [change]}
        self._pipe.send(message("textDocument/didChange", sent))

    def hover(self, line: int) -> None:
        """The card of a line."""
        at = {"line": line, "character": 0}
        self._pipe.call("textDocument/hover", {"textDocument": self._uri, "position": at})


def _beside_the_code(run: Run, folder: Path) -> Iterator[Row]:
    edits = run.some(EDITS, 20)
    with Pipe.serve(folder / "store") as pipe, Pipe.serve(folder / "store") as other:
        file = _file(folder / "work")
        agent = _Agent(pipe, file.parent)
        repository = _Repository(folder / "git", file)
        lines = random.Random(1).sample(range(LINES), edits)
        for number, line in enumerate(lines):
            for _ in agent.edit(file):
                _change(file, line, number)
            repository.commit(file)
        editor = _Editor(other, file, diagnostics=False)
        cold = ms(editor.beside)
        lenses, hints = editor.beside()

        def typed() -> None:
            editor.type()
            editor.beside()

        def after_an_edit() -> float:
            for _ in agent.edit(file):
                _change(file, lines[0], time.monotonic_ns())
            return ms(editor.beside)

        rounds = run.some(10, 2)
        same, keyed, moved, peer = interleave(
            rounds,
            lambda: [ms(editor.beside) for _ in range(10)],
            lambda: [ms(typed) for _ in range(10)],
            lambda: [after_an_edit() for _ in range(5)],
            lambda: [ms(repository.blame)],
        )
    work = f"lenses and hints of {LINES:,} lines, {edits} edits"
    git = "git blame of the same history"
    facts = [f"{lenses} lenses and {hints} hints; the first answer took {cold:.0f} ms."]
    yield Row(work, "ms", same, git, peer, (at_most(50),), facts)
    yield Row(f"{work}, after a key", "ms", keyed, git, peer, (at_most(50),))
    yield Row(f"{work}, after an agent's edit", "ms", moved, git, peer, (at_most(50),))


def _while_an_agent_writes(run: Run, folder: Path) -> Row:
    with Pipe.serve(folder / "store") as pipe, Pipe.serve(folder / "store") as other:
        file = _file(folder / "work")
        agent = _Agent(pipe, file.parent)
        for number in range(50):
            for _ in agent.edit(file):
                _change(file, number * 90, number)
        editor = _Editor(other, file)
        editor.beside()

        def asked() -> float:
            times = []
            for line in range(run.some(60, 10)):
                editor.type()
                times += [ms(lambda at=line: editor.hover(at)), ms(editor.beside)]
                time.sleep(0.02)  # nobody types faster
            return Sample.of(*times).at(0.95)

        quiet, busy = [], []
        with _writing(agent, file.parent) as writer:
            for _ in range(run.some(5, 1)):
                writer.pause()
                quiet.append([asked()])
                writer.go_on()
                busy.append([asked()])
        rate = writer.rate
    return Row(
        "typing while an agent writes 50 files/s, p95 of what is asked",
        "ms",
        Sample(busy),
        "the same while nobody writes",
        Sample(quiet),
        (at_most(20),),
        [f"A hover, and all lenses and hints, after each key; {rate:.0f} files/s were written."],
    )


def _held(run: Run, folder: Path) -> Row:
    store = folder / "store"
    with Pipe.serve(store) as agent, Pipe.serve(store) as other:
        branch = agent.call("run/start", {"name": "bench"})["branch"]
        beside = agent.call("run/start", {"name": "beside"})["branch"]
        (store / "gate.toml").write_text(
            '[[rule]]\nname = "ask"\ndecision = "hold"\nreason = "look"\ntools = ["ask"]\n'
        )
        file = _file(folder / "work")
        _Editor(other, file, heldIntents="notify")
        text, ids = texts(), itertools.count(1)

        def told() -> float:
            payload = {"name": "ask", "arguments": {}}
            asked = {"branch": branch, "kind": "tool_call", "payload": payload}
            id_ = next(ids)
            start = time.perf_counter()
            agent.send(message("intent/propose", asked, id_))
            held = _held_in(other)
            took = (time.perf_counter() - start) * 1e3
            ruling = {"intent": held[0]["intent"], "verdict": {"decision": "allow"}, "by": "me"}
            other.send(message("intervene/decide", ruling, next(ids)))
            assert _held_in(other) == []
            agent.answer(id_)
            return took

        def floor() -> float:
            events = {"branch": beside, "events": [observation(next(text))]}
            return agent.serial([message("trace/append", events, next(ids))])[0]

        found, append = interleave(
            run.some(20, 3), lambda: [told() for _ in range(5)], lambda: [floor() for _ in range(5)]
        )
    return Row(
        "held intent told to an editor, from propose in another process",
        "ms",
        found,
        "append of one event of 1 KB",
        append,
        (at_most(100),),
    )


def _page(run: Run, folder: Path) -> Row:
    events = run.some(10_000, 500)
    work = f"a run of {events:,} events opened as a page, until its list shows"
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return Row.absent(work, "there is no Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return Row.absent(work, "the Python package playwright is not installed")
    text = texts()
    with Pipe.serve(folder / "store") as pipe:
        branch = pipe.call("run/start", {"name": "bench"})["branch"]
        for start in range(0, events, 500):
            batch = [observation(next(text)) for _ in range(min(500, events - start))]
            pipe.call("trace/append", {"branch": branch, "events": batch})
    page, empty = folder / "run.html", folder / "empty.html"
    program = [sys.executable, "-m", "shepherd_sidecar", "--store", str(folder / "store")]
    written = ms(
        lambda: subprocess.run(
            [*program, "export", "--html", branch, "-o", str(page)],
            check=True,
            cwd=ROOT,
            capture_output=True,
        )
    )
    empty.write_text('<!doctype html><title>empty</title><p class="row">empty</p>')
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])

        def opened(path: Path) -> float:
            tab = running.new_page()
            try:

                def open_it() -> None:
                    tab.goto(path.as_uri(), wait_until="commit")
                    tab.wait_for_selector(".row")

                return ms(open_it)
            finally:
                tab.close()

        found, floor = interleave(run.some(10, 2), lambda: [opened(page)], lambda: [opened(empty)])
        running.close()
    size = page.stat().st_size / 1e6
    facts = [f"{size:.1f} MB; writing it took {written / 1e3:.1f} s, with the start of Python."]
    return Row(work, "ms", found, "an empty page", floor, (at_most(1000),), facts)


def _held_in(pipe: Pipe) -> list[dict[str, Any]]:
    while (found := orjson.loads(pipe.receive())).get("method") != "editor/didHold":
        pass
    held: list[dict[str, Any]] = found["params"]["held"]
    return held


def _file(folder: Path) -> Path:
    folder.mkdir()
    file = folder / "app.py"
    text = texts()
    file.write_text("".join(f"line_{n} = {next(text)[:40]!r}\n" for n in range(LINES)))
    return file


def _change(file: Path, line: int, number: int) -> None:
    lines = file.read_text().splitlines(keepends=True)
    lines[line] = f"changed_{number} = {line}\n"
    file.write_text("".join(lines))


class _Repository:
    """The same file, in git."""

    def __init__(self, folder: Path, file: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self._git("init", "-q")
        self.commit(file)

    def commit(self, file: Path) -> None:
        shutil.copy(file, self._folder / file.name)
        self._git("add", file.name)
        self._git("commit", "-qm", "edit")

    def blame(self) -> None:
        self._git("blame", "--porcelain", "app.py")

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *_NOBODY, *words], cwd=self._folder, check=True, capture_output=True)


class _Writer:
    """Writes files at a steady rate, on a thread of its own, and reports them."""

    def __init__(self, agent: _Agent, folder: Path) -> None:
        self._agent, self._folder = agent, folder
        self._go, self._resting, self._over = threading.Event(), threading.Event(), False
        self._resting.set()
        self._written, self._took = 0, 0.0
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    @property
    def rate(self) -> float:
        return self._written / self._took if self._took else 0.0

    def pause(self) -> None:
        self._go.clear()
        self._resting.wait()

    def go_on(self) -> None:
        self._resting.clear()
        self._go.set()

    def end(self) -> None:
        self._over = True
        self._go.set()
        self._thread.join()

    def _work(self) -> None:
        for turn in itertools.count():
            if not self._go.is_set():
                self._resting.set()
            self._go.wait()
            if self._over:
                return
            start = time.perf_counter()
            files = [
                self._folder / f"out_{(turn * _TOGETHER + n) % 500}.py" for n in range(_TOGETHER)
            ]
            for _ in self._agent.edit(*files):
                for file in files:
                    file.write_text(f"turn = {turn}\n")
            time.sleep(max(0.0, _TOGETHER / PER_SECOND - (time.perf_counter() - start)))
            self._written += _TOGETHER
            self._took += time.perf_counter() - start


@contextmanager
def _writing(agent: _Agent, folder: Path) -> Iterator[_Writer]:
    writer = _Writer(agent, folder)
    try:
        yield writer
    finally:
        writer.end()
