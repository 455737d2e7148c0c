"""A browser for tests, without a screen: the system's own Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.lacking import lacking


@contextmanager
def browser() -> Iterator[Any]:
    """A browser that ends with the block. Skips, or in CI fails, where none can be had."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        lacking("no Chromium: `make test` installs it where that can be done")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()
