"""The kinds of conditions there are, by the key that a rule names them with.

Layer: engine. Ours are modules of this package; others come from installed packages that name
theirs under the entry point ``shepherd_sidecar.rules``. What is installed may run code, a rule
file cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Final, TypeVar

from shepherd_sidecar.engine.gate_values import Bad
from shepherd_sidecar.engine.rules.condition import Condition, Plain

Kind = type[Condition] | type[Plain]
K = TypeVar("K", bound=Kind)

GROUP: Final = "shepherd_sidecar.rules"
_OWN: Final = ("budget", "commands", "errors", "files", "loop", "scopes", "secrets")
"""Each is a module of this package, imported when a rule first names it."""
_KINDS: Final[dict[str, Kind]] = {}


def kind(name: str) -> Callable[[K], K]:
    """Make a class known as the condition ``name``."""

    def add(cls: K) -> K:
        _KINDS[name] = cls
        return cls

    return add


def find(name: str) -> Kind | None:
    """The kind of this name, or None.

    Raises:
        Bad: the package that names it cannot be used.
    """
    if name not in _KINDS:
        if name in _OWN:
            import_module(f"shepherd_sidecar.engine.rules.{name}")
        else:
            for point in entry_points(group=GROUP, name=name):
                _KINDS[name] = _load(point)
    return _KINDS.get(name)


def _load(point: EntryPoint) -> Kind:
    try:
        found = point.load()
    except Exception as error:
        raise Bad(f"{point.name}: {point.value} cannot be loaded: {error}") from error
    if not (isinstance(found, type) and issubclass(found, Condition | Plain)):
        raise Bad(f"{point.name}: {point.value} is no condition")
    return found


def forget(name: str) -> None:
    """Make the condition ``name`` unknown again."""
    _KINDS.pop(name, None)


def known() -> list[str]:
    """The names of all kinds that were found so far, and of ours."""
    return sorted({*_OWN, *_KINDS})
