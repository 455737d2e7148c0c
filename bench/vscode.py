"""What a person waits for in VS Code: the tree at 100,000 events, a hold, the extension's start.

The editor is real (code-server and Chromium, see editors/headless.py), and so is the click. Times
are taken in the page, from the click to the frame that shows the rows; a page of events stands
beside a folder of as many files in the editor's own explorer, in rounds that take turns.
"""

from __future__ import annotations

import itertools
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.harness import Row, Run, Sample, at_most, interleave
from bench.material import observation
from bench.pipe import Pipe, message

if TYPE_CHECKING:
    from tests.editors.workbench import Window, Workbench

PAGE = 100
_STEADY = 5
"""Readings alike, one after the other."""
GATE = """
[[rule]]
name = "ask"
decision = "hold"
reason = "somebody decides"
"""

# Clicks, and gives the time until a row that begins with the wanted text is on the screen.
CLICK = """
([row, wanted]) => new Promise((done) => {
  const shown = () => [...document.querySelectorAll('[role=treeitem]')]
    .some((one) => one.textContent.includes(wanted));
  const begun = performance.now();
  const look = () => requestAnimationFrame(() =>
    shown() ? done(performance.now() - begun) : look());
  row.click();
  look();
})
"""
# Begins to look; `window.seen` gives the wall-clock time at which the text is on the screen.
LOOK = """
(wanted) => {
  const places = () => [...document.querySelectorAll('.notification-toast, [role=treeitem]')];
  window.seen = new Promise((done) => {
    const look = () => places().some((one) => one.textContent.includes(wanted))
      ? done(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
    look();
  });
}
"""


def rows(run: Run) -> Iterator[Row]:
    from tests.editors.workbench import Workbench, package

    folder = run.folder("vscode")
    project = folder / "project"
    events = run.some(100_000, 20_000)
    for number in range(30):
        (project / f"part-{number:02}").mkdir(parents=True)
        for name in range(PAGE):
            (project / f"part-{number:02}" / f"file-{number:02}-{name:02}").touch()
    with Pipe.serve(project / ".shepherd") as agent:
        branch = agent.call("run/start", {"name": "long"})["branch"]
        for first in range(0, events, 10_000):
            said = [observation(f"event {n}") for n in range(first, first + 10_000)]
            agent.call("trace/append", {"branch": branch, "events": said})
        _say(f"a run of {events:,} events is there")
        with Workbench.start(folder / "editor") as workbench:
            yield from _windows(run, workbench, project, events)
            window = workbench.open(project)
            window.row(f"#{events} ").wait_for()
            yield _page(run, window, events)
            yield _held(run, window, agent, project, branch)
            _say("waiting until the extension host has settled")
            ours = _extension_host(workbench)
        yield from _memory(ours, project, folder)
    size = (package.DIST / "extension.js").stat().st_size / 1000
    yield Row("size of the extension's bundle", "KB", Sample.of(size), targets=(at_most(600),))


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def _windows(run: Run, workbench: Workbench, project: Path, events: int) -> Iterator[Row]:
    """Each in a window of its own: what is shown again is not read again, nor loaded again."""
    painted, activated = [], []
    rounds = run.some(7, 3)
    for number in range(rounds + 1):
        window = workbench.open(project, shown=False)
        window.status().filter(has_text=re.compile("KB|MB")).wait_for()
        tab = window.page.get_by_role("tab", name=re.compile("^Shepherd")).first
        took = window.page.evaluate(CLICK, [tab.element_handle(), f"#{events} "])
        loaded = _activation(window)
        window.close()
        _say(f"window {number}: the tree after {took:.0f} ms, activation {loaded:.0f} ms")
        if number:
            painted.append(float(took))
            activated.append(loaded)
    what = f"tree of {events:,} events: click on the icon to the first page"
    yield Row(what, "ms", Sample.of(*painted), targets=(at_most(300),))
    what = "activation, loading included"
    yield Row(what, "ms", Sample.of(*activated), targets=(at_most(200),))


def _activation(window: Window) -> float:
    """What the editor says that loading and calling the extension took, in milliseconds."""
    row = window.page.locator(".extension", has_text="Shepherd").first
    window.command("Developer: Show Running Extensions", row)
    told = re.search(r"Activation: (\d+)ms", row.inner_text())
    assert told, row.inner_text()
    return float(told[1])


def _page(run: Run, window: Window, events: int) -> Row:
    page = window.page
    window.last("Events 0 to 9,999").click()
    window.last("Events 0 to 99")
    pages, folders = itertools.count(15, -1), itertools.count()

    def of_events() -> list[float]:
        window.side_bar("Shepherd")
        first = next(pages) * PAGE
        row = window.rows().filter(has_text=re.compile(f"^Events {first:,} to {first + 99:,}$"))
        row.wait_for()
        took = page.evaluate(CLICK, [row.element_handle(), f"#{first + 99} "])
        row.click()
        return [float(took)]

    def of_files() -> list[float]:
        window.side_bar("Explorer")
        number = next(folders)
        row = page.get_by_role("treeitem", name=f"part-{number:02}").first
        row.wait_for()
        took = page.evaluate(CLICK, [row.element_handle(), f"file-{number:02}-00"])
        row.click()
        return [float(took)]

    ours, beside = interleave(run.some(10, 3), of_events, of_files)
    window.side_bar("Shepherd")
    what = f"tree of {events:,} events: a page of {PAGE} opened"
    return Row(what, "ms", ours, f"a folder of {PAGE} files opened", beside, (at_most(50),))


def _held(run: Run, window: Window, agent: Pipe, project: Path, branch: str) -> Row:
    (project / ".shepherd" / "gate.toml").write_text(GATE)
    took = []
    empty = window.page.get_by_text("No intent waits")
    for number in range(run.some(15, 5)):
        wanted = f"command-{number:03}"
        payload = {"name": "bash", "arguments": {"command": wanted}}
        asked = {"branch": branch, "kind": "tool_call", "payload": payload}
        data = message("intent/propose", asked, number)
        window.page.evaluate(LOOK, wanted)
        begun = time.time() * 1e3
        agent.send(data)
        took.append(float(window.page.evaluate("() => window.seen")) - begun)
        window.act(window.row(wanted, "Waiting"), "Allow", empty)
        agent.answer(number)
    what = "held intent on the screen after propose in another process"
    return Row(what, "ms", Sample.of(*took), targets=(at_most(100),))


def _memory(ours: float, project: Path, folder: Path) -> Iterator[Row]:
    from tests.editors.workbench import Workbench

    with Workbench.start(folder / "bare", extension=False) as bare:
        window = bare.open(project, shown=False)
        window.page.locator(".explorer-viewlet").wait_for()
        beside = _extension_host(bare)
    what = "resident memory of the extension host, after all this"
    bound = (at_most(150),)
    yield Row(what, "MB", Sample.of(ours), "without ours", Sample.of(beside), bound)
    yield Row("resident memory that the extension adds", "MB", Sample.of(ours - beside))


def _extension_host(workbench: Workbench) -> float:
    """Resident megabytes of the newest extension host of a server, once it has settled.

    It loads the editor's own extensions for some ten seconds, with pauses between them.
    """
    before, steady = 0.0, 0
    for _ in range(60):
        hosts: list[tuple[int, float]] = []
        for folder in Path("/proc").iterdir():
            try:
                words = (folder / "cmdline").read_bytes() if folder.name.isdigit() else b""
                if b"--type=extensionHost" in words and workbench.owns(folder):
                    pages = int((folder / "statm").read_text().split()[1])
                    hosts.append((int(folder.name), pages * resource.getpagesize() / 1e6))
            except OSError:
                continue  # it has gone meanwhile
        resident = max(hosts)[1] if hosts else 0.0
        steady = steady + 1 if resident and abs(resident - before) < resident / 50 else 0
        if steady == _STEADY:
            return resident
        before = resident
        time.sleep(2)
    raise RuntimeError("no extension host that settles")
