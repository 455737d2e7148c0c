"""How a program becomes nearly the sidecar: one thing is done otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MUTANTS: dict[str, Callable[[], None]] = {}


def mutant(change: Callable[[], None]) -> Callable[[], None]:
    """Known by its name, with hyphens; its docstring is what the table says."""
    MUTANTS[change.__name__.replace("_", "-")] = change
    return change


def put(where: Any, name: str, made: Callable[..., Any]) -> None:
    """``made(was, *arguments)`` in place of a function or method."""
    was = getattr(where, name)

    def instead(*arguments: Any, **more: Any) -> Any:
        return made(was, *arguments, **more)

    setattr(where, name, instead)
