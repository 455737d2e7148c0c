"""Playing one golden transcript through drivers.

Every connection (``as`` of a step) is a driver process of its own with a sidecar of its own, on
one store; so what one holds, another can decide.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from driver import Driver, DriverFailed
from matching import Mismatch, fill, match

Step = dict[str, Any]
_RUNNERS = {"as", "expect", "error", "later", "await", "retry", "say", "file"}
"""Members of a step that are the runner's; the others go to the driver."""
_PATIENCE = 60.0
"""For how many seconds a step with ``retry`` may be tried."""


class Failed(Exception):
    """A step that did not go as written."""


class LeftOut(Failed):
    """A step that the driver does not do (yet)."""


class Play:
    """One transcript in one folder.

    Args:
        command: the driver.
        sidecar: the sidecar; store and role are added.
        folder: an empty folder for the store and the transcript's files.
        timeout: seconds that one step may take.
        adapt: given an expectation and what came, the expectation to use and to keep in the step.
    """

    def __init__(
        self,
        command: Sequence[str],
        sidecar: Sequence[str],
        folder: Path,
        timeout: float,
        adapt: Callable[[Any, Any], Any] = lambda expected, _: expected,
    ) -> None:
        self._command = command
        self._sidecar = sidecar
        self._folder = folder
        self._timeout = timeout
        self._adapt = adapt
        self._drivers: dict[str, Driver] = {}
        self._later: dict[str, str] = {}
        self._captured: dict[str, Any] = {"dir": str(folder)}

    def run(self, transcript: dict[str, Any]) -> None:
        """Play every step.

        Raises:
            Failed: the first one that did not go as written.
            LeftOut: one that the driver does not do.
        """
        for path, text in transcript.get("files", {}).items():
            self._write(path, text)
        roles = transcript.get("roles", {})
        try:
            for number, step in enumerate(transcript["steps"], 1):
                try:
                    self._step(step, roles)
                except (Mismatch, DriverFailed, AssertionError) as error:
                    words = {k: v for k, v in step.items() if k in ("as", "do", "method", "say")}
                    raise Failed(f"step {number} {words}: {error}") from None
        finally:
            problems = [self._closed(driver) for driver in self._drivers.values()]
        if any(problems):
            raise Failed("; ".join(filter(None, problems)))

    def _step(self, step: Step, roles: dict[str, str]) -> None:
        if "file" in step:
            self._file(fill(step["file"], self._captured))
            return
        if "await" in step:
            driver = self._drivers[self._later.pop(step["await"])]
            self._compare(step, driver.answer())
            return
        name = step.get("as", "main")
        driver = self._drivers.get(name) or self._open(name, roles.get(name, "owner"))
        words = {key: value for key, value in step.items() if key not in _RUNNERS}
        if "later" in step:
            driver.send(fill(words, self._captured))
            self._later[step["later"]] = name
            return

        def attempt() -> None:
            for label, waiting in self._later.items():
                _supported(label, self._drivers[waiting].answered() or {})
            driver.send(fill(words, self._captured))
            self._compare(step, driver.answer())

        _patiently(attempt) if step.get("retry") else attempt()

    def _open(self, name: str, role: str) -> Driver:
        driver = self._drivers[name] = Driver(self._command, self._timeout)
        store = str(self._folder / "store" / ".shepherd")
        driver.send({"do": "open", "command": [*self._sidecar, "--store", store, "--role", role]})
        answer = driver.answer()
        if "ok" not in answer:
            raise DriverFailed(f"open: {answer}")
        return driver

    def _compare(self, step: Step, answer: dict[str, Any]) -> None:
        _supported(step.get("do") or step.get("await"), answer)
        if "error" in step and "error" not in answer:
            raise Mismatch(f"expected the error {step['error']!r}, got {answer['ok']!r}"[:2000])
        if "error" in answer and "error" not in step:
            raise Mismatch(f"the error {answer['error']!r}")
        member, actual = ("error", answer["error"]) if "error" in step else ("expect", answer["ok"])
        if member in step:
            step[member] = self._adapt(step[member], actual)
            match(step[member], actual, self._captured)

    def _file(self, wanted: dict[str, Any]) -> None:
        path = self._folder / wanted["path"]
        if "write" in wanted:
            self._write(wanted["path"], wanted["write"])
        elif "is" in wanted:
            found = path.read_text("utf-8") if path.is_file() else None
            if found != wanted["is"]:
                raise Mismatch(f"{path} holds {found!r}, not {wanted['is']!r}")
        elif path.exists():
            raise Mismatch(f"{path} is there")

    def _write(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def _closed(self, driver: Driver) -> str:
        try:
            driver.close()
        except DriverFailed as error:
            return str(error)
        return ""


def _supported(what: Any, answer: dict[str, Any]) -> None:
    if answer.get("error", {}).get("name") == "NotSupported":
        raise LeftOut(f"the driver does not do {what!r}")


def _patiently(attempt: Callable[[], None]) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            attempt()
        except Mismatch:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
