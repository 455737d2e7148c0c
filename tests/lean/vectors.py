"""Writes lean/Shepherd/Vectors: the corpus, carried out by the real sidecar, for Lean to decide.

python -m tests.lean.vectors            write the files anew
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from tests.lean.cases import Case, from_json
from tests.lean.driver import Served, Told, carry_out
from tests.lean.spec.meta import Asked, Reply
from tests.lean.spec.objects import Event, Tree
from tests.lean.spec.ops import Op, Ruling
from tests.support.sidecar import ROOT

CORPUS: Final = Path(__file__).parent / "corpus.json"
FOLDER: Final = ROOT / "lean" / "Shepherd" / "Vectors"
FILES: Final = 4

KINDS: Final = {
    "run_start": "runStart", "run_end": "runEnd", "message": "message", "thought": "thought",
    "model_call": "modelCall", "model_result": "modelResult", "tool_call": "toolCall",
    "tool_result": "toolResult", "observation": "observation",
    "workspace_change": "workspaceChange", "intervention": "intervention",
    "annotation": "annotation",
}  # fmt: skip


def corpus() -> list[Case]:
    """The cases that are kept."""
    return [from_json(plain) for plain in json.loads(CORPUS.read_text("utf-8"))]


def text(value: str) -> str:
    """A text, as Lean's kernel can compare it: its characters."""
    return "[" + ", ".join(f"'{_character(one)}'" for one in value) + "]"


def _character(one: str) -> str:
    if one.isascii() and one.isprintable() and one not in "'\"\\":
        return one
    if ord(one) > 0xFFFF:
        return one
    return f"\\x{ord(one):02x}" if ord(one) < 0x100 else f"\\u{ord(one):04x}"


def option(value: str | None) -> str:
    return "none" if value is None else f"(some {value})"


def seq(parts: Iterable[str]) -> str:
    return "[" + ", ".join(parts) + "]"


def json_value(value: Any) -> str:
    """A value as a term of ``Json``."""
    if value is None:
        return ".null"
    if isinstance(value, str):
        return f"(.str {text(value)})"
    if isinstance(value, bool):
        return f"(.bool {str(value).lower()})"
    if isinstance(value, int):
        return f"(.int {value})" if value >= 0 else f"(.int ({value}))"
    if isinstance(value, list):
        made = ".nil"
        for part in reversed(value):
            made = f"(.cons {json_value(part)} {made})"
        return f"(.arr {made})"
    made = ".nil"
    for key in sorted(value, key=lambda key: key.encode("utf-16-be"), reverse=True):
        made = f"(.cons {text(key)} {json_value(value[key])} {made})"
    return f"(.obj {made})"


def entry(value: tuple[Any, ...]) -> str:
    what, *parts = value
    return f".{what} " + " ".join(text(one) if isinstance(one, str) else str(one) for one in parts)


def reply(value: Reply) -> str:
    if value == Reply(value.commit):
        return str(value.commit)
    paths = seq(map(text, value.paths))
    stop = option(None if value.ends is None else str(value.ends))
    given = seq(map(str, value.given))
    return f"⟨{value.commit}, {given}, {paths}, {stop}, {str(value.whole).lower()}⟩"


class Writer:
    """One file: cases, and before them what they have in common, each once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._lines: list[str] = []

    def _once(self, letter: str, kind: str, term: str) -> str:
        if term not in self._known:
            self._known[term] = f"{letter}{len(self._known)}"
            self._lines.append(f"def {self._known[term]} : {kind} := {term}")
        return self._known[term]

    def name(self, value: str) -> str:
        return text(value) if len(value) == 1 else self._once("n", "Name", text(value))

    def tree(self, value: Tree) -> str:
        parts = (f"({text(path)}, {entry(value[path])})" for path in sorted(value))
        return self._once("t", "Tree", seq(parts))

    def event(self, value: Event) -> str:
        intent = option(None if value.intent is None else str(value.intent))
        term = f"⟨.{KINDS[value.kind]}, {json_value(value.payload)}, {intent}, .{value.effect}⟩"
        return self._once("e", "Event", term)

    def ruling(self, value: Ruling) -> str:
        reason = option(None if value.reason is None else text(value.reason))
        payload = option(None if value.payload is None else json_value(value.payload))
        return self._once(
            "r", "Ruling", f"⟨.{value.decision}, {text(value.by_)}, {reason}, {payload}⟩"
        )

    def asked(self, value: Asked) -> str:
        ruled = seq(map(self.ruling, value.rulings))
        return self._once(
            "q", "Asked", f"⟨.{KINDS[value.kind]}, {json_value(value.payload)}, {ruled}⟩"
        )

    def op(self, op: Op) -> str:
        """A request as a term of ``Deed``."""
        n, *rest = op.args
        first = self.name(n)
        match op.what:
            case "append":
                e, tree, expected, client = rest
                tail = (
                    self.event(e),
                    option(None if tree is None else self.tree(tree)),
                    option(None if expected is None else str(expected)),
                    option(None if client is None else text(client)),
                )
            case "fork":
                at, new, world = rest
                tail = option(None if at is None else str(at)), self.name(new), str(world).lower()
            case "finish":
                tail = (text(rest[0]),)
            case "work":
                tail = (self.tree(rest[0]),)
            case "propose":
                tail = self.event(rest[0]), seq(map(self.ruling, rest[1]))
            case "decide":
                tail = str(rest[0]), self.ruling(rest[1])
            case "rewind":
                tail = str(rest[0]), self.name(rest[1])
            case "restore":
                paths = option(None if rest[1] is None else seq(map(text, rest[1])))
                tail = str(rest[0]), paths
            case "gc":
                stay = seq(f"({self.name(one)}, {head})" for one, head in rest[0])
                return f".gc {first} {stay}"
            case "crash":
                return f".crash {first}"
            case "inject":
                return f".inject {first} {json_value(rest[0])} {text(rest[1])}"
            case "pause" | "resume":
                return f".{op.what} {first} {text(rest[0])}"
            case "rename" | "apply":
                return f".{op.what} {first} {self.name(rest[0])}"
            case "replay":
                end, into, real, edit, asked = rest
                new = None if edit is None else f"({edit[0]}, {json_value(edit[1])})"
                parts = first, end, self.name(into), str(real).lower(), option(new)
                return " ".join(map(str, (".replay", *parts, seq(map(self.asked, asked)))))
            case _:
                tail = ()
        return f".ask (.{' '.join((op.what, first, *tail))})"

    def paused(self, told: Told) -> str:
        return f" {seq(map(self.name, told.paused))}" if told.paused else ""

    def case(self, folder: Tree | None, told: Told) -> str:
        """What the sidecar told, as a term of ``Case``."""
        events = list(dict.fromkeys(self.event(c.event) for c in told.commits.values()))
        made = [None if c.tree is None else self.tree(c.tree) for c in told.commits.values()]
        trees = list(dict.fromkeys(one for one in made if one is not None))
        commits = (
            f"({seq(map(str, c.parents))}, {events.index(self.event(c.event))},"
            f" {option(None if tree is None else str(trees.index(tree)))})"
            for c, tree in zip(told.commits.values(), made, strict=True)
        )
        answers = (
            f".inl .{one}" if isinstance(one, str) else f".inr {reply(one)}" for one in told.answers
        )
        branches = (
            f"({self.name(n)}, {head}, .{status}, {option(None if at is None else str(at))},"
            f" {seq(map(str, told.logs[n]))})"
            for n, (head, status, at) in told.branches.items()
        )
        return ",\n    ".join(
            (
                option(None if folder is None else self.tree(folder)),
                seq(events),
                seq(trees),
                seq(commits),
                seq(map(self.op, told.asked)),
                seq(answers),
                seq(branches),
            )
        )

    def file(self, number: int, cases: Sequence[tuple[Case, Told]]) -> str:
        """The text of one file."""
        stated = [
            f"example : Case.agrees ⟨{self.case(case.folder, told)}⟩{self.paused(told)} = true"
            " := by decide +kernel"
            for case, told in cases
        ]
        return "\n".join(
            (
                "module\n\npublic import Shepherd.Vectors.Case\n",
                "/-! Written by tests/lean/vectors.py: what the sidecar answered. -/\n",
                "@[expose] public noncomputable section\n",
                f"namespace Shepherd.Vectors.Part{number}\n",
                "open Shepherd\n",
                "\n".join(self._lines) + "\n",
                "\n\n".join(stated) + "\n",
                f"end Shepherd.Vectors.Part{number}\n",
            )
        )


def written(served: Served) -> dict[str, str]:
    """The files' texts, by name, from what a sidecar answers now."""
    cases = corpus()
    told = [(case, carry_out(served, case)) for case in cases]
    return {
        f"Part{number}.lean": Writer().file(number, told[number - 1 :: FILES])
        for number in range(1, FILES + 1)
    }


def main() -> None:
    """Write them."""
    with tempfile.TemporaryDirectory() as folder, Served(Path(folder) / ".shepherd") as served:
        for name, content in written(served).items():
            (FOLDER / name).write_text(content, "utf-8")
            sys.stdout.write(f"{name}: {content.count('example :')} cases\n")


if __name__ == "__main__":
    main()
