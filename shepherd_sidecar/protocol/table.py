"""The METHODS table: every method of the wire, by name.

Layer: protocol. The single source from which dispatch, schema, reference and types come.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from shepherd_sidecar.protocol.method import Method

NAMESPACES: Final[dict[str, str]] = {
    "run": "runs",
    "trace": "traces",
    "blob": "blobs",
    "intent": "intents",
    "world": "worlds",
    "snapshot": "snapshots",
    "branch": "branches",
    "replay": "replays",
    "memo": "memos",
    "intervene": "interventions",
    "supervisor": "supervision",
    "store": "stores",
    "editor": "editors",
}
"""Namespace on the wire → module of this package."""


def find(name: str) -> Method | None:
    """The method of this name, or None."""
    namespace, _, verb = name.partition("/")
    if not verb or namespace not in NAMESPACES:
        return None
    return _namespace(namespace).get(name)


def all_methods() -> list[Method]:
    """Every method, in the table's order."""
    return [method for namespace in NAMESPACES for method in _namespace(namespace).values()]


@cache
def _namespace(namespace: str) -> dict[str, Method]:
    module = import_module(f"shepherd_sidecar.protocol.{NAMESPACES[namespace]}")
    return {method.name: method for method in module.METHODS}
