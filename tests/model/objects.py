"""Objects and their ids, after protocol/objects.md alone.

Shares no line with ``shepherd_sidecar``: BLAKE3 and RFC 8785 come from their own packages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import rfc8785
from blake3 import blake3

from tests.support.folders import Shape

Id = str
EMPTY: Shape = {}


def h(kind: str, data: bytes) -> Id:
    """H(kind, bytes)."""
    return blake3(data, derive_key_context=f"shepherd-sidecar 1 {kind}").hexdigest()


def h_json(kind: str, value: Any) -> Id:
    """H of the canonical JSON of a value."""
    return h(kind, rfc8785.dumps(value))


@dataclass(frozen=True)
class Event:
    """``{kind, payload, intent?, effect}``."""

    kind: str
    payload: dict[str, Any]
    effect: str = "pure"
    intent: Id | None = None

    def json(self) -> dict[str, Any]:
        """As it is hashed: a model call's messages and tools stand in it as blobs."""
        payload = dict(self.payload)
        if self.kind == "model_call":
            for name in ("messages", "tools"):
                if payload.get(name):
                    payload[name] = [{"$blob": h_json("blob", one)} for one in payload[name]]
        said = {"kind": self.kind, "payload": payload, "effect": self.effect}
        return said if self.intent is None else {**said, "intent": self.intent}

    @property
    def id(self) -> Id:
        """H(event, JSON)."""
        return h_json("event", self.json())


@dataclass(frozen=True)
class Commit:
    """``{parents, event, tree?}``. ``world``: the folder that ``tree`` is the root of."""

    parents: tuple[Id, ...]
    event: Event
    world: Shape | None = None

    @property
    def id(self) -> Id:
        """H(commit, JSON)."""
        said: dict[str, Any] = {"parents": list(self.parents), "event": self.event.id}
        if self.world is not None:
            said["tree"] = tree_id(self.world)
        return h_json("commit", said)


def tree_id(folder: Shape) -> Id:
    """H(tree, encoding)."""
    parts = []
    for name, entry in sorted(folder.items()):
        if entry[0] == "link":
            parts.append(b"l %b\0%b\0" % (name, entry[1]))
        elif entry[0] == "file":
            blob = h("blob", entry[2]).encode()
            parts.append(b"f %o %d %b %b\0" % (entry[1], len(entry[2]), blob, name))
        else:
            parts.append(b"d %o %b %b\0" % (entry[1], tree_id(entry[2]).encode(), name))
    return h("tree", b"".join(parts))


def flat(folder: Shape, above: bytes = b"") -> dict[bytes, Any]:
    """Every path, folders too, with what makes it what it is."""
    found: dict[bytes, Any] = {}
    for name, entry in folder.items():
        if entry[0] == "dir":
            found[above + name] = entry[:2]
            found |= flat(entry[2], above + name + b"/")
        else:
            found[above + name] = entry
    return found


def changed(before: Shape, after: Shape) -> list[str]:
    """The paths that differ, sorted."""
    left, right = flat(before), flat(after)
    differ = [p for p in left.keys() | right.keys() if left.get(p) != right.get(p)]
    return [path.decode() for path in sorted(differ)]


def graft(onto: Shape, source: Shape, path: list[bytes]) -> Shape:
    """``onto`` with what stands at ``path`` taken from ``source`` (or taken away)."""
    name, rest = path[0], path[1:]
    new = dict(onto)
    there = source.get(name)
    if not rest:
        if there is None:
            new.pop(name, None)
        else:
            new[name] = there
        return new
    inner = onto.get(name, ("file",))
    below = there[2] if there is not None and there[0] == "dir" else EMPTY
    if inner[0] == "dir":
        new[name] = ("dir", inner[1], graft(inner[2], below, rest))
    elif there is not None and there[0] == "dir":
        new[name] = ("dir", there[1], graft(EMPTY, below, rest))
    return new
