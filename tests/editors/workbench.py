"""A real VS Code in a real browser, with the packed extension in it, driven by clicks and keys.

with Workbench.start(folder) as workbench:
    window = workbench.open(project)
    window.command("Shepherd: Show the Branch Graph")
    window.shot("graph")

Every wait is for something to be seen; nothing here sleeps. On a busy machine a click may hit
nothing: what takes the focus late closes a palette, a menu takes no click in the moment in which it
opens, a tree that grows moves the row away. So whoever acts names what is seen when it worked
(``then``), and until that is seen, it is done again.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, FrameLocator, Locator, Page, TimeoutError, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "editors"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "editors" / "vscode"))

import headless  # these are in the source tree, not installed
import package

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts" / "vscode"
SEEN_MS = 90_000
"""How long anything may take to be seen; the machine may be busy."""
_PATIENCE = (5_000, 15_000, SEEN_MS)
"""How long to wait for what an action shows, before it is done again."""
QUIET = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": True,
    "telemetry.telemetryLevel": "off",
    "extensions.autoCheckUpdates": False,
    "workbench.reduceMotion": "on",
    "files.autoSave": "off",
    "editor.accessibilitySupport": "off",
    "editor.cursorBlinking": "solid",
    "window.commandCenter": False,
}


class Workbench:
    """The server and the browser; each window is a page of its own."""

    def __init__(self, browser: Browser, port: int, folder: Path, server_data: Path) -> None:
        self._browser, self._port = browser, port
        self.folder, self.server_data = folder, server_data
        self.program = folder / "bin" / "shepherd-sidecar"

    @classmethod
    @contextlib.contextmanager
    def start(
        cls,
        folder: Path,
        *,
        extension: bool = True,
        trusting: bool = True,
        beside: Workbench | None = None,
    ) -> Iterator[Workbench]:
        """Install the extension into a server of its own, and serve. Raises toolchain.Missing.

        ``trusting``: every folder is trusted, and nobody is asked. ``beside``: one that lives
        longer; its browser is used, since a process has one, and its package.
        """
        tools = headless.ensure()
        data = folder / "server"
        (data / "data" / "Machine").mkdir(parents=True)
        program = folder / "bin" / "shepherd-sidecar"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shepherd_sidecar "$@"\n')
        program.chmod(0o755)
        settings = {**QUIET, "shepherd.path": str(program), "shepherd.name": "ana"}
        (data / "data" / "Machine" / "settings.json").write_text(json.dumps(settings))
        found = os.environ["PATH"].split(os.pathsep)
        path = os.pathsep.join(p for p in found if not Path(p, "shepherd-sidecar").exists())
        env = {**os.environ, "HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "PATH": path}
        server = [str(tools.node), str(tools.server), "--server-data-dir", str(data)]
        server.append("--accept-server-license-terms")
        log = (folder / "server.log").open("w")
        with log, socket.socket() as free:
            if extension:
                packed = package.package(quick=True) if beside is None else package.VSIX
                install = [*server, "--install-extension", str(packed)]
                subprocess.run(install, env=env, stdout=log, stderr=log, check=True, timeout=60)
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (folder / "server.log").open("a") as log:
            serve = [*server, "--host", "127.0.0.1", "--port", str(port)]
            serve += ["--without-connection-token", "--disable-telemetry"]
            serve += ["--disable-workspace-trust"] if trusting else []
            process = subprocess.Popen(
                serve,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
            try:
                assert process.stdout is not None
                said = next((line for line in process.stdout if "listening on" in line), None)
                assert said, f"the server ended: {(folder / 'server.log').read_text()[-2000:]}"
                with contextlib.ExitStack() as opened:
                    browser = beside._browser if beside is not None else None
                    if browser is None:
                        chromium = opened.enter_context(sync_playwright()).chromium
                        browser = chromium.launch(
                            executable_path=tools.browser,
                            args=["--no-sandbox", "--force-color-profile=srgb"],
                        )
                        opened.callback(browser.close)
                    yield cls(browser, port, folder, data)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                process.wait(20)
                if process.stdout is not None:
                    process.stdout.close()

    def owns(self, process: Path) -> bool:
        """Whether a process (its folder in /proc) is one of this server's."""
        return str(self.folder).encode() in (process / "environ").read_bytes()

    def open(
        self, folder: Path, *, settings: dict[str, Any] | None = None, shown: bool = True
    ) -> Window:
        """A window on a folder, with the side bar of Shepherd open if it is to be shown."""
        page = self._browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(SEEN_MS)
        window = Window(page, folder)
        window.settings(**(settings or {}))
        page.goto(f"http://127.0.0.1:{self._port}/?folder={folder}", wait_until="commit")
        if not shown:
            return window
        window.side_bar("Shepherd")
        page.locator(".statusbar-item", has_text="Shepherd").wait_for()
        return window


class Window:
    """One window."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder

    def settings(self, **settings: Any) -> None:
        """The settings of the folder; a window that is open takes them in."""
        (self.folder / ".vscode").mkdir(parents=True, exist_ok=True)
        text = json.dumps({**QUIET, **settings})
        (self.folder / ".vscode" / "settings.json").write_text(text)

    def until(
        self,
        act: Callable[[float], object],
        then: Locator,
        state: Literal["visible", "hidden"] = "visible",
    ) -> None:
        """Act, and again, until its effect is seen. The act is told how long it may wait."""
        for patience in _PATIENCE:
            with contextlib.suppress(TimeoutError):
                act(patience)
            with contextlib.suppress(TimeoutError):
                then.wait_for(state=state, timeout=patience)
                return
            self.page.keyboard.press("Escape")  # what is half done is in the way
        raise AssertionError(f"not {state}, whatever is done: {then}")

    def click(self, what: Locator, then: Locator) -> None:
        """Click on something."""
        self.until(lambda patience: what.click(timeout=patience), then)

    def press_key(self, key: str, then: Locator) -> None:
        """Press a key, with whatever has the focus."""
        self.until(lambda _: self.page.keyboard.press(key), then)

    def write(self, text: str) -> None:
        """Write a line over all that stands in the editor with the focus."""
        focused = self.page.locator(".editor-instance .monaco-editor.focused")

        def once(patience: float) -> None:
            focused.wait_for(timeout=patience)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(text)
            self.page.keyboard.press("Control+Shift+End")  # quotes and brackets that it closed
            self.page.keyboard.press("Delete")

        self.until(once, focused.locator(".view-line").get_by_text(text, exact=True))

    def open_file(self, name: str) -> None:
        """Open a file of the folder by its name."""
        found = self.page.locator(".quick-input-list .monaco-list-row", has_text=name).first

        def once(patience: float) -> None:
            self.page.keyboard.press("Control+p")
            box = self.page.locator(".quick-input-widget input[type=text]")
            box.fill(name, timeout=patience)
            found.click(timeout=patience)

        self.until(once, self.tab(name))

    def tab(self, title: str) -> Locator:
        """The tab of an editor."""
        return self.page.locator(".tab", has_text=title).first

    def side_bar(self, name: str) -> None:
        """Open a side bar by its icon, if it is not open."""
        tab = self.page.get_by_role("tab", name=re.compile(f"^{name}")).first
        tab.wait_for()
        opened = tab.and_(self.page.locator("[aria-selected=true]"))

        def once(patience: float) -> None:
            if not opened.is_visible():  # or it would be folded away
                tab.click(timeout=patience)

        self.until(once, opened)

    def command(self, title: str, then: Locator | None = None) -> None:
        """Run a command from the palette, as with the keyboard alone."""
        rows = self.page.locator(".quick-input-list .monaco-list-row")
        wanted = rows.filter(has_text=re.compile(f"^{re.escape(title)}")).first

        def once(patience: float) -> None:
            self.page.keyboard.press("F1")
            box = self.page.locator(".quick-input-widget input[type=text]")
            box.fill(f">{title}", timeout=patience)
            wanted.click(timeout=patience)
            wanted.wait_for(state="hidden", timeout=patience)

        if then is not None:
            self.until(once, then)
            return
        for patience in _PATIENCE:
            with contextlib.suppress(TimeoutError):
                once(patience)
                return
            self.page.keyboard.press("Escape")
        raise AssertionError(f"the palette does not stay open for {title}")

    def asked(self, text: str = "") -> Locator:
        """The question that is asked above the editors: an input box or a quick pick."""
        return self.page.locator(".quick-input-widget:visible").filter(has_text=text)

    def answer(self, text: str | None = None) -> None:
        """Accept an input box, with this text or with what stands there."""
        boxes = self.page.locator(".quick-input-widget:visible")
        boxes = boxes.filter(has_not=self.page.locator(".quick-input-list:visible"))
        box = boxes.locator("input[type=text]")
        box.wait_for()
        if text is not None:
            box.fill(text)
        box.press("Enter")
        box.wait_for(state="hidden")

    def choose(self, text: str) -> None:
        """Choose from a quick pick by typing."""
        box = self.page.locator(".quick-input-widget:visible input[type=text]")
        box.fill(text)
        focused = self.page.locator(".quick-input-list .monaco-list-row.focused")
        focused = focused.filter(has_text=text)
        focused.wait_for()
        box.press("Enter")
        focused.wait_for(state="hidden")

    def rows(self, view: str = "Runs") -> Locator:
        """The rows of a tree view that are on the screen."""
        return self.tree(view).get_by_role("treeitem")

    def tree(self, view: str = "Runs") -> Locator:
        """A tree view."""
        return self.page.get_by_role("tree", name=re.compile(view))

    def row(self, text: str | re.Pattern[str], view: str = "Runs") -> Locator:
        """The first row with this text."""
        return self.rows(view).filter(has_text=text).first

    def last(self, text: str) -> Locator:
        """The row with this text, at the end of the runs, which may still be growing."""
        row = self.rows().filter(has_text=re.compile(f"^{re.escape(text)}($|#)")).last
        for _ in range(SEEN_MS // 500):
            with contextlib.suppress(TimeoutError):
                self.tree().press("End", timeout=500)
                row.wait_for(timeout=500)
                break
        row.wait_for(timeout=500)
        return row

    def act(self, row: Locator, action: str, then: Locator) -> None:
        """Press an inline button of a row."""

        def once(patience: float) -> None:
            row.hover(timeout=patience)
            row.get_by_role("button", name=action).first.click(timeout=patience)

        self.until(once, then)

    def menu(self, row: Locator, entry: str, then: Locator) -> None:
        """Choose from a row's context menu."""
        item = self.page.get_by_role("menuitem", name=entry).first
        focused = row.and_(self.page.locator(".focused"))

        def once(patience: float) -> None:
            row.click(button="right", timeout=patience)
            item.wait_for(timeout=patience)
            focused.wait_for(timeout=patience)  # or another row has come under the mouse
            self.pick(item, patience)

        self.until(once, then)

    def pick(self, item: Locator, patience: float) -> None:
        """Click on an entry of a menu that opens: until it has gone, for it takes no click yet."""
        for _ in range(int(patience) // 1_000):
            with contextlib.suppress(TimeoutError):
                item.click(timeout=1_000)
            if not item.is_visible():
                break

    def notice(self, text: str | re.Pattern[str]) -> Locator:
        """The notification with this text, as a toast or in the list of all."""
        found = self.notices(text)
        found.wait_for()
        return found

    def notices(self, text: str | re.Pattern[str]) -> Locator:
        """Where a notification with this text will be."""
        return self.page.locator(".notification-list-item:visible").filter(has_text=text).first

    def press(self, notice: Locator, button: str, then: Locator) -> None:
        """Press a button of a notification."""

        def once(patience: float) -> None:
            if not notice.is_visible():  # a toast goes by itself after some seconds
                self.command("Notifications: Show Notifications", notice)
            notice.get_by_role("button", name=button).click(timeout=patience)

        self.until(once, then)

    def modal(self) -> Locator:
        """The dialog that wants an answer before anything else."""
        return self.page.locator(".monaco-dialog-box")

    def dialog(self, button: str) -> str:
        """Press a button of the modal dialog; returns what it said."""
        dialog = self.modal()
        dialog.wait_for()
        said = dialog.inner_text()
        pressed = dialog.get_by_role("button", name=button)
        self.until(lambda patience: pressed.click(timeout=patience), pressed, "hidden")
        return said

    def status(self) -> Locator:
        """Shepherd's item in the status bar."""
        return self.page.locator("[id='shepherd-sidecar.shepherd-sidecar.shepherd.status']")

    def webview(self) -> FrameLocator:
        """The document of the webview that is on top."""
        return self.page.frame_locator("iframe.webview.ready").last.frame_locator("#active-frame")

    def shot(self, name: str) -> Path:
        """Keep a picture of the window."""
        path = self.picture(name)
        self.page.mouse.move(640, 600)  # no tooltip in the picture
        self.page.locator(".workbench-hover:visible").wait_for(state="hidden")
        self.page.screenshot(path=path)
        return path

    def picture(self, name: str) -> Path:
        """Where a picture of this name is kept."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        return ARTEFACTS / f"{name}.png"

    def close(self) -> None:
        """Leave, as one closes a browser's tab."""
        self.page.close()
