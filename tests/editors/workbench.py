"""A real VS Code in a real browser, with the packed extension in it, driven by clicks and keys.

with Workbench.start(folder) as workbench:
    window = workbench.open(project)
    window.command("Shepherd: Show the Branch Graph")
    window.shot("graph")

Every wait is for something to be seen; nothing here sleeps.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator, Locator, Page, TimeoutError, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "editors"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "editors" / "vscode"))

import headless  # these are in the source tree, not installed
import package

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts" / "vscode"
SEEN_MS = 20_000
"""How long anything may take to be seen; the machine may be busy."""
QUIET = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": True,
    "telemetry.telemetryLevel": "off",
    "extensions.autoCheckUpdates": False,
    "editor.accessibilitySupport": "off",
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
    def start(cls, folder: Path, *, extension: bool = True) -> Iterator[Workbench]:
        """Install the extension into a server of its own, and serve. Raises toolchain.Missing."""
        tools = headless.ensure()
        data = folder / "server"
        (data / "data" / "Machine").mkdir(parents=True)
        program = folder / "bin" / "shepherd-sidecar"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shepherd_sidecar "$@"\n')
        program.chmod(0o755)
        settings = {**QUIET, "shepherd.path": str(program), "shepherd.name": "ana"}
        (data / "data" / "Machine" / "settings.json").write_text(json.dumps(settings))
        env = {**os.environ, "HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
        server = [str(tools.node), str(tools.server), "--server-data-dir", str(data)]
        server.append("--accept-server-license-terms")
        log = (folder / "server.log").open("w")
        with log, socket.socket() as free:
            if extension:
                install = [*server, "--install-extension", str(package.package(quick=True))]
                subprocess.run(install, env=env, stdout=log, stderr=log, check=True, timeout=60)
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (folder / "server.log").open("a") as log:
            serve = [*server, "--host", "127.0.0.1", "--port", str(port)]
            serve += ["--without-connection-token", "--disable-telemetry"]
            process = subprocess.Popen(
                [*serve, "--disable-workspace-trust"],
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
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(
                        executable_path=tools.browser,
                        args=["--no-sandbox", "--force-color-profile=srgb"],
                    )
                    yield cls(browser, port, folder, data)
                    browser.close()
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
        (folder / ".vscode").mkdir(parents=True, exist_ok=True)
        (folder / ".vscode" / "settings.json").write_text(json.dumps({**QUIET, **(settings or {})}))
        page = self._browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(SEEN_MS)
        page.goto(f"http://127.0.0.1:{self._port}/?folder={folder}")
        window = Window(page, folder)
        if not shown:
            return window
        page.get_by_role("tab", name=re.compile("^Shepherd")).first.click()
        page.locator(".statusbar-item", has_text="Shepherd").wait_for()
        return window


class Window:
    """One window."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder

    def command(self, title: str) -> None:
        """Run a command from the palette, as with the keyboard alone."""
        rows = self.page.locator(".quick-input-list .monaco-list-row")
        wanted = rows.filter(has_text=re.compile(f"^{re.escape(title)}")).first
        for patience in (2_000, 5_000, SEEN_MS):  # what takes the focus late closes the palette
            with contextlib.suppress(TimeoutError):
                self.page.keyboard.press("F1")
                box = self.page.locator(".quick-input-widget input[type=text]")
                box.fill(f">{title}", timeout=patience)
                wanted.wait_for(timeout=patience)
                wanted.click(timeout=patience)
                return
        raise AssertionError(f"the palette does not stay open for {title}")

    def answer(self, text: str | None = None) -> None:
        """Accept an input box, with this text or with what stands there."""
        box = self.page.locator(".quick-input-widget:visible input[type=text]")
        box.wait_for()
        if text is not None:
            box.fill(text)
        self.page.keyboard.press("Enter")

    def choose(self, text: str) -> None:
        """Choose from a quick pick by typing."""
        box = self.page.locator(".quick-input-widget:visible input")
        box.first.wait_for()
        self.page.keyboard.type(text)
        focused = self.page.locator(".quick-input-list .monaco-list-row.focused")
        focused.filter(has_text=text).wait_for()
        self.page.keyboard.press("Enter")

    def rows(self, view: str = "Runs") -> Locator:
        """The rows of a tree view that are on the screen."""
        return self.page.get_by_role("tree", name=re.compile(view)).get_by_role("treeitem")

    def row(self, text: str | re.Pattern[str], view: str = "Runs") -> Locator:
        """The first row with this text."""
        return self.rows(view).filter(has_text=text).first

    def last(self, text: str) -> Locator:
        """The row with this text, at the end of the runs, which may still be growing."""
        row = self.rows().filter(has_text=re.compile(f"^{re.escape(text)}($|#)")).last
        for _ in range(SEEN_MS // 500):
            with contextlib.suppress(TimeoutError):
                self.page.keyboard.press("End")
                row.wait_for(timeout=500)
                break
        row.wait_for(timeout=500)
        return row

    def act(self, row: Locator, action: str) -> None:
        """Press an inline button of a row."""
        row.hover()
        row.get_by_role("button", name=action).first.click()

    def menu(self, row: Locator, entry: str) -> None:
        """Choose from a row's context menu."""
        row.click(button="right")
        item = self.page.get_by_role("menuitem", name=entry).first
        item.click()
        while item.is_visible():  # a menu takes no click in the moment in which it opens
            with contextlib.suppress(TimeoutError):
                item.click(timeout=1000)

    def notice(self, text: str | re.Pattern[str]) -> Locator:
        """The notification with this text."""
        found = self.page.locator(".notification-toast").filter(has_text=text).first
        found.wait_for()
        return found

    def press(self, notice: Locator, button: str) -> None:
        """Press a button of a notification."""
        notice.get_by_role("button", name=button).click()

    def dialog(self, button: str) -> str:
        """Press a button of the modal dialog; returns what it said."""
        dialog = self.page.locator(".monaco-dialog-box")
        dialog.wait_for()
        said = dialog.inner_text()
        dialog.get_by_role("button", name=button).click()
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
