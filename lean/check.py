"""Check every module below a folder with a real Lean, and say what was checked.

    python lean/check.py               the modules of this project
    python lean/check.py --root DIR    those below another folder, from its root module
    python lean/check.py --all         also what passed before and did not change

A module passes when Lean accepts it without an error or a warning. One that passed is skipped
until its text, that of a module it imports, or the checker changes. Fails on any error, on words
that would let something through unproved, and on a file that the root module does not import.
Where Lean cannot be installed nothing is checked: that is said, and fails where CI is set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from checker.installing import Lean, Missing, ensure_lean
from checker.serving import Ended, Serving
from checker.sources import BadSources, Module, read_modules

HERE: Final = Path(__file__).resolve().parent
MAIN: Final = "Shepherd"
BUILT: Final = ".checked"
"""Below the root: what Lean wrote, and a note of each module that passed."""
BYTES_EACH: Final = 5 << 30
"""Memory that one Lean may need: 3.5 GB measured."""
_MESSAGE: Final = re.compile(r"^\S.*\.lean:\d+:\d+: (error|warning|info)\b")


@dataclass(frozen=True, slots=True)
class Passed:
    """A module that Lean accepted."""

    key: str
    """Of its text, its imports' keys, and the checker."""
    seconds: float


class Failed(Exception):
    """Lean did not accept a module; the message is what it said."""


def check(root: Path, main: str, lean: Lean, *, again: bool) -> bool:
    """Check all modules; prints a line for each and a summary. True when all passed."""
    started = time.monotonic()
    modules = read_modules(root, main)
    built = root / BUILT
    built.mkdir(exist_ok=True)
    before = {} if again else _remembered(built)
    keys = _keys(modules, lean)
    passed: dict[str, Passed] = {}
    failed: dict[str, str] = {}
    width = max(map(len, modules))
    say(f"{'module':<{width}}  seconds  lines  theorems")
    for name, module in modules.items():
        if before.get(name) == keys[name] and _olean(built, name).is_file():
            passed[name] = Passed(keys[name], 0.0)
            _row(module, width, "-")
    ran = len(modules) - len(passed)
    waiting = {name for name in modules if name not in passed}
    running: dict[Future[float], str] = {}
    with Leans(lean, root) as leans, ThreadPoolExecutor(_workers()) as pool:
        while waiting or running:
            for name in sorted(waiting):
                needs = modules[name].imports
                if any(one in failed for one in needs):
                    waiting.discard(name)
                    failed[name] = "not checked: a module that it imports failed"
                elif all(one in passed for one in needs):
                    waiting.discard(name)
                    running[pool.submit(leans.check, modules[name])] = name
            for done in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                name = running.pop(done)
                try:
                    passed[name] = Passed(keys[name], done.result())
                    _row(modules[name], width, f"{passed[name].seconds:.1f}")
                except Failed as error:
                    failed[name] = str(error)
                    _row(modules[name], width, "FAILED")
                _remember(built, passed)
    for name in sorted(failed):
        say(f"\n{name}:\n{failed[name]}")
    _summary(modules, passed, ran, time.monotonic() - started)
    return not failed


class Leans:
    """The Leans that run; each checks one module after the other, until it is full or ends."""

    def __init__(self, lean: Lean, root: Path) -> None:
        self._lean = lean
        self._root = root
        self._idle: list[Serving] = []

    def check(self, module: Module) -> float:
        """Check one module; returns seconds. What later modules import is written.

        Raises:
            Failed: Lean did not accept it.
        """
        started = time.monotonic()
        built = self._root / BUILT
        out = _olean(built, module.name)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.unlink(missing_ok=True)
        one = self._idle.pop() if self._idle else Serving(self._lean, self._root, built)
        try:
            code, lines = one.check(module.path)
        except Ended as error:
            one.close()
            raise Failed(str(error)) from None
        except BaseException:
            one.close()
            raise
        said = _messages(lines)
        passed = not said and code == 0 and one.out.is_file()
        if passed and module.path.read_text("utf-8") == module.text:
            one.out.replace(out)
        if one.full:
            one.close()
        else:
            self._idle.append(one)
        if not passed:
            raise Failed(said or "\n".join((f"Lean ended with {code}:", *lines[-10:])))
        if not out.is_file():
            raise Failed("it changed while it was checked")
        return time.monotonic() - started

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._idle:
            self._idle.pop().close()


def _messages(lines: Iterable[str]) -> str:
    """What Lean said of the module, without this build's chatter."""
    kept: list[str] = []
    inside = False
    for line in lines:
        if _MESSAGE.match(line):
            inside = True
        elif line.startswith("[DEBUG:"):
            inside = False
        if inside:
            kept.append(line)
    return "\n".join(kept)


def _keys(modules: Mapping[str, Module], lean: Lean) -> dict[str, str]:
    """A key for each module, that changes with all that its passing depends on."""
    keys: dict[str, str] = {}
    for name, module in modules.items():
        imported = [keys[one] for one in module.imports]
        parts = [lean.version, name, module.text, *imported]
        keys[name] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return keys


def _olean(built: Path, name: str) -> Path:
    return built.joinpath(*name.split(".")).with_suffix(".olean")


def _remembered(built: Path) -> dict[str, str]:
    try:
        noted: dict[str, str] = json.loads((built / "passed.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted


def _remember(built: Path, passed: Mapping[str, Passed]) -> None:
    fresh = built / "passed.json.new"
    noted = {name: one.key for name, one in passed.items()}
    fresh.write_text(json.dumps(noted, indent=1, sort_keys=True), "utf-8")
    fresh.replace(built / "passed.json")


def _workers() -> int:
    """How many Leans at once: one a processor, and as memory allows."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with open("/proc/meminfo", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("MemAvailable:"):
                free = int(line.split()[1]) << 10
    return max(1, min(os.cpu_count() or 1, free // BYTES_EACH))


def _row(module: Module, width: int, seconds: str) -> None:
    say(f"{module.name:<{width}}  {seconds:>7}  {module.lines:>5}  {module.theorems:>8}")


def _summary(
    modules: Mapping[str, Module], passed: Mapping[str, Passed], ran: int, seconds: float
) -> None:
    parts = []
    for part in ("Spec", "Thm"):
        of = [module for name, module in modules.items() if f".{part}." in name]
        parts.append(f"{part} {sum(module.lines for module in of)} lines")
    theorems = sum(modules[name].theorems for name in passed)
    say(
        f"\n{len(passed)} of {len(modules)} modules passed ({ran} run, the rest unchanged),"
        f" {theorems} theorems; {', '.join(parts)}; {seconds:.1f} s"
    )


def say(words: str) -> None:
    """A line for the reader, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Check; 1 when something did not pass, or could not be checked where it must be."""
    parser = argparse.ArgumentParser(description="Check the proofs with a real Lean.")
    parser.add_argument("--root", type=Path, default=HERE, help="the folder of the modules")
    parser.add_argument("--main", default=MAIN, help="the module that must import all others")
    parser.add_argument("--all", action="store_true", help="check what did not change as well")
    asked = parser.parse_args()
    try:
        lean = ensure_lean()
    except Missing as error:
        sys.stderr.write(f"lean: nothing was checked: {error}\n")
        return 1 if os.environ.get("CI") else 0
    try:
        passed = check(asked.root.resolve(), asked.main, lean, again=asked.all)
    except BadSources as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
