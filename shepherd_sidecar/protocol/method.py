"""What a method of the wire is: the row type of the METHODS tables.

Layer: protocol. One module per namespace (``runs``, ``traces``, ...) holds attrs message
classes and a ``METHODS`` tuple; ``table.py`` finds them by namespace, importing each only
when one of its methods is first used, so that a start stays cheap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, dataclass_transform

import attrs

T = TypeVar("T")

Role = Literal["agent", "supervisor", "observer", "owner"]
Direction = Literal["request", "notification", "push", "ask"]
"""``request`` and ``notification`` go to the sidecar; ``push`` is a notification from it, and
``ask`` a request from it, which the client answers with the result."""
FROM_SIDECAR: frozenset[Direction] = frozenset(("push", "ask"))

ANYONE: frozenset[Role] = frozenset(("agent", "supervisor", "observer", "owner"))
WRITERS: frozenset[Role] = frozenset(("agent", "supervisor", "owner"))
DECIDERS: frozenset[Role] = frozenset(("supervisor", "owner"))
OWNER: frozenset[Role] = frozenset(("owner",))


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def message(cls: type[T]) -> type[T]:
    """A wire message: an immutable attrs class, cheap to create.

    Fields are snake_case here and camelCase on the wire; a trailing underscore is dropped
    (``from_`` is ``from``). The class docstring and the docstring under each field are the
    reference's text. An optional field has a default; a default of None is left out on the wire.
    """
    return attrs.frozen(eq=False, order=False, repr=False, slots=True)(cls)


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name, its messages, and who may call it.

    ``params`` and ``result`` are message classes; ``result`` is None for notifications and
    pushes. ``errors`` names the errors (classes of ``shepherd_sidecar.errors``) that are
    particular to it.
    """

    name: str
    params: type
    result: type | None
    roles: frozenset[Role] = ANYONE
    direction: Direction = "request"
    errors: tuple[str, ...] = ()
    waits: bool = False
    """Whether the answer may wait for a person's decision."""
    doc: str = ""
    """What it does, when the params' own docstring does not say it."""


def wire_name(field: str) -> str:
    """``client_id`` → ``clientId``, ``from_`` → ``from``."""
    head, *rest = field.rstrip("_").split("_")
    return head + "".join(part.title() for part in rest)


Handler = Callable[..., object]
