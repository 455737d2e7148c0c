"""The modules below a folder: their imports, their order, and the words they must not use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

FORBIDDEN: Final = (
    # What asserts without a proof, or lets compiled code vouch for one.
    *("sorry", "sorryAx", "admit", "stop", "axiom", "native_decide", "native", "bv_decide"),
    *("bv_check", "unsafe", "implemented_by", "extern", "opaque", "csimp", "lcProof"),
    *("ofReduceBool", "ofReduceNat", "trustCompiler", "skipKernelTC", "partial"),
    # What keeps Lean from reading on, or from saying what it found; nobody needs any option here.
    *("exit", "set_option", "prelude"),
    # What could hide one of these from this list.
    *("macro", "macro_rules", "elab", "elab_rules", "syntax", "notation", "declare_syntax_cat"),
    *("infix", "infixl", "infixr", "prefix", "postfix", "initialize", "builtin_initialize"),
    *("run_cmd", "run_meta", "run_tac", "run_elab", "by_elab", "addDecl", "eval"),
)
UNREADABLE: Final = ('"', "«")
"""Begin what may hold anything; where they end is not for this list to know. A text is written as
its characters here, and a quote among them as ``'\\x22'``."""
_IMPORT: Final = re.compile(r"\bimport\s+(?:all\s+)?([\w.]+)")
_THEOREM: Final = re.compile(
    r"^\s*(?:@\[[^\]]*\]\s*)?(?:(?:private|protected|public)\s+)*"
    r"(theorem|lemma|example)\b",
    re.M,
)
_WORD: Final = re.compile(r"[^\W\d][\w']*|[\"«]")


class BadSources(Exception):
    """The modules cannot be checked as they are; the message has a line for each fault."""


@dataclass(frozen=True, slots=True)
class Module:
    """One file."""

    name: str
    path: Path
    text: str
    imports: tuple[str, ...]
    """The modules of this folder that it imports."""
    lines: int
    """Lines that hold more than a comment."""
    theorems: int
    """Theorems and examples stated in it."""


def read_modules(root: Path, main: str) -> dict[str, Module]:
    """Every module below ``root``, each after those it imports.

    Raises:
        BadSources: a forbidden word, an import of nothing, a circle, or a file that ``main``
            does not reach.
    """
    files = {
        ".".join(path.relative_to(root).with_suffix("").parts): path
        for path in sorted(root.rglob("*.lean"))
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    }
    faults: list[str] = []
    modules: dict[str, Module] = {}
    for name, path in files.items():
        text = path.read_text("utf-8")
        code = without_comments(text)
        imports = _IMPORT.findall(code)
        faults += (
            f"{path.relative_to(root)}:{number}: forbidden word: {word}"
            for number, line in enumerate(code.split("\n"), 1)
            for word in _WORD.findall(line)
            if word in FORBIDDEN or word in UNREADABLE
        )
        known = tuple(one for one in imports if one in files)
        near = main.partition(".")[0]
        for one in imports:
            if one not in files and one.partition(".")[0] == near:
                faults.append(f"{path.relative_to(root)}: imports {one}, which is not there")
            elif one not in files and one.partition(".")[0] not in ("Init", "Std"):
                faults.append(f"{path.relative_to(root)}: imports {one}; only Init and Std may be")
        lines = sum(1 for line in code.splitlines() if line.strip())
        modules[name] = Module(name, path, text, known, lines, len(_THEOREM.findall(code)))
    if main not in modules:
        faults.append(f"the root module {main} is not there")
    else:
        faults += (
            f"{files[name].relative_to(root)}: {main} does not import it"
            for name in sorted(modules.keys() - reached(modules, main))
        )
    try:
        order = list(TopologicalSorter({n: m.imports for n, m in modules.items()}).static_order())
    except CycleError as error:
        faults.append(f"a circle of imports: {' → '.join(error.args[1])}")
    if faults:
        raise BadSources("\n".join(faults))
    return {name: modules[name] for name in order}


def reached(modules: Mapping[str, Module], main: str) -> set[str]:
    """The modules that ``main`` imports, directly or not, and itself."""
    seen, ahead = {main}, [main]
    while ahead:
        new: Iterable[str] = set(modules[ahead.pop()].imports) - seen
        seen.update(new)
        ahead.extend(new)
    return seen


def without_comments(text: str) -> str:
    """The text with comments blanked out, line for line."""
    made: list[str] = []
    at, depth = 0, 0
    while at < len(text):
        two = text[at : at + 2]
        if two == "/-":
            depth, at = depth + 1, at + 2
        elif depth and two == "-/":
            depth, at = depth - 1, at + 2
        elif depth:
            made.append("\n" if text[at] == "\n" else "")
            at += 1
        elif two == "--":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        else:
            made.append(text[at])
            at += 1
    return "".join(made)
