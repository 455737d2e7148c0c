"""Pairs of features for one small repository, each pair in conflict in its own way.

A step is a function of the folder as it is: it looks for the code it has to change (as an agent
greps for it), adapts to what is there, and changes nothing where it was done before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Do = Callable[[Path], None]
Step = tuple[str, Do]


@dataclass(frozen=True)
class Task:
    kind: str
    files: dict[str, str]
    left: list[Step]
    right: list[Step]


def sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith("test_"))


def sub(pattern: str, by: str | Callable[[str], str], unless: str = "\0") -> Do:
    """Change the first place that fits, wherever it stands by now."""

    def do(folder: Path) -> None:
        texts = {path: path.read_text() for path in sources(folder)}
        if any(unless in text for text in texts.values()):
            return
        for path, text in texts.items():
            found = re.search(pattern, text, re.M)
            if found:
                new = by(found[0]) if callable(by) else found.expand(by)
                path.write_text(text[: found.start()] + new + text[found.end() :])
                return

    return do


def everywhere(old: str, new: str) -> Do:
    """A name is another, in all files that are there."""

    def do(folder: Path) -> None:
        for path in folder.glob("*.py"):
            path.write_text(re.sub(rf"\b{old}\b", new, path.read_text()))

    return do


def write(name: str, text: str | Callable[[Path], str]) -> Do:
    def do(folder: Path) -> None:
        (folder / name).write_text(text(folder) if callable(text) else text)

    return do


def test(name: str, imports: str | Callable[[Path], str], check: str) -> Step:
    def text(folder: Path) -> str:
        found = imports(folder) if callable(imports) else imports
        return (
            f"import unittest\nimport {found} as subject\n\n\nclass Test{name.title()}"
            f"(unittest.TestCase):\n    def test_it(self):\n        {check}\n"
        )

    return ("test it", write(f"test_{name}.py", text))


def home(name: str) -> Callable[[Path], str]:
    """The module in which something is defined now."""

    def find(folder: Path) -> str:
        for path in sources(folder):
            if re.search(rf"^(def |class )?{name}\b", path.read_text(), re.M):
                return path.stem
        return "nowhere"

    return find


def moved(old: str, new: str) -> Do:
    """A module gets another name, and whoever imports it follows."""

    def do(folder: Path) -> None:
        if (folder / f"{old}.py").exists():
            (folder / f"{old}.py").rename(folder / f"{new}.py")
        everywhere(old, new)(folder)

    return do


def report(uses: str, call: Callable[[str], str]) -> Do:
    """A new module that calls what is there, as it is there."""

    def text(folder: Path) -> str:
        module = home(uses)(folder)
        code = (folder / f"{module}.py").read_text()
        return f"import {module}\n\n\ndef report():\n    return {module}.{call(code)}\n"

    return write("report.py", text)


SHOP = {"shop.py": "def total(prices):\n    return sum(prices)\n"}
SHAPES = {
    "util.py": "def area(w, h):\n    return w * h\n\n\ndef edge(w, h):\n    return 2 * (w + h)\n",
    "app.py": "import util\n\n\ndef show():\n    return util.area(2, 3)\n",
}
LONG = {
    "tools.py": "\n\n".join(
        f"def tool_{number}(x):\n    return x + {number}\n" for number in range(8)
    )
}


def parameter(name: str) -> Step:
    return (f"take {name}", sub(r"def total\((.*)\):", rf"def total(\1, {name}=0):", f"{name}=0"))


def factor(term: str) -> Step:
    return (f"use {term}", sub(r"return (sum\(prices\).*)", rf"return \1 * {term}", term))


def entry(name: str) -> Step:
    return (f"add {name}", sub(r"NAMES = \[(.*)\]", rf'NAMES = [\1, "{name}"]', f'"{name}"'))


def command(name: str, gives: str) -> Step:
    line = f'    if name == "{name}":\n        return {gives}\n'
    return (name, sub(r"^    return None\n", line + "    return None\n", f'"{name}"'))


def setting(name: str, value: int) -> Step:
    def do(folder: Path) -> None:
        path = folder / "config.py"
        text = path.read_text() if path.exists() else ""
        if name not in text:
            path.write_text(f"{text}{name} = {value}\n")

    return (f"set {name}", do)


def timeout(seconds: int) -> list[Step]:
    return [
        ("set it", sub(r"TIMEOUT = \d+", f"TIMEOUT = {seconds}", f"TIMEOUT = {seconds}")),
        test(f"timeout{seconds}", "net", f"self.assertEqual(subject.TIMEOUT, {seconds})"),
    ]


def into_a_class(folder: Path) -> None:
    path = folder / "shop.py"
    text = path.read_text()
    if "class Shop" not in text:
        names = re.findall(r"^def (\w+)", text, re.M)
        body = re.sub(r"^def (\w+)\(", r"def \1(self, ", text, flags=re.M)
        body = re.sub(r"\n+(?=def )", "\n\n", body)
        body = re.sub(r"^(?=.)", "    ", body, flags=re.M)
        aliases = "".join(f"{name} = Shop().{name}\n" for name in names)
        path.write_text(f"class Shop:\n{body}\n\n{aliases}")


def count_too(folder: Path) -> None:
    path = folder / "shop.py"
    text = path.read_text()
    if "def count" in text:
        return
    if "class Shop" in text:
        method = "    def count(self, prices):\n        return len(prices)\n"
        text = text.replace("\n\ntotal = ", f"\n{method}\n\ncount = Shop().count\ntotal = ")
    else:
        text = text.replace(
            "return sum(prices)\n",
            "return sum(prices)\n\n\ndef count(prices):\n    return len(prices)\n",
        )
    path.write_text(text)


def tool(number: int) -> list[Step]:
    pattern = rf"(def tool_{number}\(x\):\n)    return x \+ {number}\n"
    changed = rf"\1    return x * 2 + {number}\n"
    check = f"self.assertEqual(subject.tool_{number}(5), {10 + number})"
    return [(f"tool {number}", sub(pattern, changed)), test(f"tool{number}", "tools", check)]


def callers(folder: Path, change: str) -> None:
    """Every call of ``util.area`` with two numbers."""
    for path in sources(folder):
        text = re.sub(r"util\.area\((\d+), (\d+)\)(?! / 100)", change, path.read_text())
        path.write_text(text)


def in_cents(folder: Path) -> None:
    path = folder / "util.py"
    text = path.read_text()
    if "cents" not in text:
        path.write_text(text.replace("return w * h", "return 100 * w * h  # in cents"))
        callers(folder, r"util.area(\1, \2) / 100")


def required(folder: Path) -> None:
    path = folder / "util.py"
    text = path.read_text()
    if "unit" not in text:
        text = text.replace("def area(w, h)", "def area(w, h, unit)")
        path.write_text(text.replace("return w * h", "return w * h * unit"))
        callers(folder, r"util.area(\1, \2, 1)")


def gone(folder: Path) -> None:
    if (folder / "legacy.py").exists():
        (folder / "modern.py").write_text(
            "# Taken over.\n\n" + (folder / "legacy.py").read_text().replace("x + 1", "(x + 1)")
        )
        (folder / "legacy.py").unlink()
        everywhere("legacy", "modern")(folder)


REPORT = test("report", "report", "self.assertEqual(subject.report(), 20)")
SHOW = test("show", "app", "self.assertEqual(subject.show(), 6)")
TASKS = [
    Task(
        "same hunk: one signature",
        SHOP,
        [parameter("discount"), factor("(1 - discount)"),
         test("discount", "shop", "self.assertEqual(subject.total([10], discount=0.5), 5)")],
        [parameter("tax"), factor("(1 + tax)"),
         test("tax", "shop", "self.assertEqual(subject.total([10], tax=0.5), 15)")],
    ),
    Task(
        "same hunk: one line of a list",
        {"names.py": 'NAMES = ["ada"]\n'},
        [entry("bob"), test("bob", "names", 'self.assertIn("bob", subject.NAMES)')],
        [entry("cleo"), test("cleo", "names", 'self.assertIn("cleo", subject.NAMES)')],
    ),
    Task(
        "same place: two insertions",
        {"cli.py": 'def run(name):\n    if name == "help":\n        return "?"\n    return None\n'},
        [command("add", "1"), test("add", "cli", 'self.assertEqual(subject.run("add"), 1)')],
        [command("cut", "2"), test("cut", "cli", 'self.assertEqual(subject.run("cut"), 2)')],
    ),
    Task("same file, apart", LONG, tool(1), tool(6)),
    Task(
        "different files",
        {**SHOP, **LONG},
        [parameter("discount"), factor("(1 - discount)"),
         test("discount", "shop", "self.assertEqual(subject.total([10], discount=0.5), 5)")],
        tool(3),
    ),
    Task(
        "rename against edit",
        SHAPES,
        [("move util", moved("util", "shapes")), SHOW],
        [("round", sub(r"return 2 \* \(w \+ h\)", "return 2 * round(w + h)", "round(")),
         test("edge", home("edge"), "self.assertEqual(subject.edge(1.2, 1), 4)")],
    ),
    Task(
        "rename against a new import (merges clean)",
        SHAPES,
        [("move util", moved("util", "shapes")), SHOW],
        [("report", report("area", lambda code: "area(4, 5)")), REPORT],
    ),
    Task(
        "renamed function against a new caller (merges clean)",
        SHAPES,
        [("rename", everywhere("area", "surface")), SHOW],
        [("report", report("(area|surface)", lambda code: (
            "surface(4, 5)" if "def surface" in code else "area(4, 5)"))), REPORT],
    ),
    Task(
        "new parameter against a new caller (merges clean)",
        SHAPES,
        [("demand a unit", required), SHOW],
        [("report", report("area", lambda code: (
            "area(4, 5, 1)" if "unit" in code else "area(4, 5)"))), REPORT],
    ),
    Task(
        "other meaning against a new caller (merges clean)",
        SHAPES,
        [("in cents", in_cents), SHOW],
        [("report", report("area", lambda code: (
            "area(4, 5) / 100" if "cents" in code else "area(4, 5)"))), REPORT],
    ),
    Task(
        "removal against edit",
        {"legacy.py": "def step(x):\n    return x + 1\n"},
        [("take over", gone), test("modern", "modern", "self.assertGreater(subject.step(1), 1)")],
        [("twice", sub(r"return (\(?x \+ 1\)?)", r"return 2 * (\1)", "2 * (")),
         test("twice", home("step"), "self.assertEqual(subject.step(1), 4)")],
    ),
    Task(
        "rewrite against an addition",
        SHOP,
        [("a class", into_a_class),
         test("shop", "shop", "self.assertEqual(subject.Shop().total([1, 2]), 3)")],
        [("count", count_too), test("count", "shop", "self.assertEqual(subject.count([7]), 1)")],
    ),
    Task(
        "both add one file",
        {"app.py": "NAME = 'app'\n"},
        [setting("PORT", 80), test("port", "config", "self.assertEqual(subject.PORT, 80)")],
        [setting("DEPTH", 3), test("depth", "config", "self.assertEqual(subject.DEPTH, 3)")],
    ),
    Task("contradiction: nobody can pass", {"net.py": "TIMEOUT = 5\n"}, timeout(10), timeout(20)),
]  # fmt: skip
