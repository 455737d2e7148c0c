"""From a reported event to one that can be recorded: checked, redacted, canonical.

Layer: engine. Everything here happens before the write transaction, on the caller's thread.
Keeps: secrets are gone before anything is hashed; what has no canonical bytes is refused; a
model call's messages and tools stand in it as blobs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.errors import InvalidParams, PayloadTooLarge
from shepherd_sidecar.store import objects, payloads
from shepherd_sidecar.store.objects import New
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.canonical import Json
from shepherd_sidecar.trace.events import (
    INTENT_OF,
    Effect,
    Kind,
    blob_refs,
    default_effect,
)
from shepherd_sidecar.trace.ids import Id, is_id
from shepherd_sidecar.trace.redaction import Redactor

LISTED: Final = payloads.LISTED


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event ready to be recorded."""

    kind: Kind
    effect: Effect
    payload: bytes
    """Canonical bytes of the whole payload."""
    intent: Id | None = None
    intent_client_id: str | None = None
    kept: bytes | None = None
    """Canonical bytes without the lists, when there are lists."""
    lists: dict[str, list[Id]] | None = None
    """Member → blob ids, for the members that are kept as lists."""
    blobs: tuple[New, ...] = ()
    """Blobs to add with it."""
    refs: tuple[Id, ...] = ()
    """Blobs that must be there already."""
    client_id: str | None = None
    usage: dict[str, Any] | None = None
    at: int | None = None
    """When it happened, in milliseconds since the epoch."""


class Preparer:
    """Prepares events for one store.

    Args:
        root: the store's folder, where large content goes.
        redactor: takes secrets out.
        limits: sizes.
    """

    def __init__(self, root: Path, redactor: Redactor, limits: Limits) -> None:
        self._root = root
        self._redactor = redactor
        self._limits = limits

    def event(
        self,
        kind: Kind,
        payload: dict[str, Json],
        *,
        effect: Effect | None = None,
        intent: Id | None = None,
        intent_client_id: str | None = None,
        client_id: str | None = None,
        usage: dict[str, Any] | None = None,
        at: str | None = None,
        where: str = "$",
    ) -> Prepared:
        """Check, redact and encode one event. ``where`` is its JSON path, for errors.

        Raises:
            InvalidParams: the payload cannot be one of this kind.
            PayloadTooLarge: it is over the limit.
        """
        canonical.check(payload, f"{where}.payload")
        _check_shape(kind, payload, intent or intent_client_id, where)
        if intent is not None and not is_id(intent):
            raise InvalidParams.at(f"{where}.intent", "an id is 64 lowercase hex digits")
        self.check_name(client_id, f"{where}.clientId")
        data = canonical.encode(payload)
        clean = self._redactor.clean(payload, data)
        if clean is not None:
            payload, data = clean, canonical.encode(clean)
        if len(data) > self._limits.event_bytes:
            raise PayloadTooLarge(
                f"{where}.payload has {len(data)} bytes; the limit is {self._limits.event_bytes}",
                limit=self._limits.event_bytes,
            )
        return self._prepared(
            kind,
            payload,
            data,
            effect or default_effect(kind),
            intent,
            intent_client_id=intent_client_id,
            client_id=client_id,
            usage=usage,
            at=_milliseconds(at, f"{where}.at") if at is not None else None,
        )

    def own(
        self,
        kind: Kind,
        payload: dict[str, Json],
        intent: Id | None = None,
        effect: Effect | None = None,
    ) -> Prepared:
        """An event of the sidecar's own making: of any kind and shape, but redacted."""
        data = canonical.encode(payload)
        clean = self._redactor.clean(payload, data)
        if clean is not None:
            payload, data = clean, canonical.encode(clean)
        return self.again(kind, payload, effect or default_effect(kind), intent)

    def again(
        self, kind: Kind, payload: dict[str, Json], effect: Effect, intent: Id | None
    ) -> Prepared:
        """An event whose payload was redacted and recorded before."""
        return self._prepared(kind, payload, canonical.encode(payload), effect, intent)

    def clean(self, payload: dict[str, Json]) -> dict[str, Json]:
        """A payload without its secrets, to be compared with recorded ones."""
        clean = self._redactor.clean(payload, canonical.encode(payload))
        return payload if clean is None else clean

    def holds_secret(self, value: Json) -> bool:
        """Whether something would be taken out of a value."""
        return self._redactor.clean(value, canonical.encode(value)) is not None

    def text(self, data: bytes) -> bytes:
        """Text with its secrets taken out; other bytes as they are."""
        return self._redactor.clean_text(data)

    def check_name(self, name: str | None, where: str) -> None:
        """Refuse names that are empty, too long, or not printable on one line."""
        if name is None:
            return
        if not name or len(name.encode("utf-8", "replace")) > self._limits.name_bytes:
            raise InvalidParams.at(where, f"1 to {self._limits.name_bytes} bytes")
        if not name.isprintable():
            raise InvalidParams.at(where, "printable characters only")

    def _prepared(
        self,
        kind: Kind,
        payload: dict[str, Json],
        data: bytes,
        effect: Effect,
        intent: Id | None,
        **told: Any,
    ) -> Prepared:
        lists: dict[str, list[Id]] | None = None
        kept: bytes | None = None
        blobs: tuple[New, ...] = ()
        if kind == "model_call":
            lists, blobs, payload, rest = self._listed(payload)
            if lists:
                data, kept = canonical.encode(payload), canonical.encode(rest)
        refs: tuple[Id, ...] = ()
        if b'"$blob"' in data:
            added = {blob.id for blob in blobs}
            refs = tuple({ref for ref in blob_refs(payload) if ref not in added})
        return Prepared(
            kind, effect, data, intent, kept=kept, lists=lists, blobs=blobs, refs=refs, **told
        )

    def _listed(
        self, payload: dict[str, Json]
    ) -> tuple[dict[str, list[Id]], tuple[New, ...], dict[str, Json], dict[str, Json]]:
        lists: dict[str, list[Id]] = {}
        blobs: list[New] = []
        whole, rest = dict(payload), dict(payload)
        for member in LISTED:
            items = payload.get(member)
            if type(items) is not list or not items:
                continue
            lists[member] = [self._as_blob(item, blobs) for item in items]
            whole[member] = [{"$blob": name} for name in lists[member]]
            del rest[member]
        return lists, tuple(blobs), whole, rest

    def _as_blob(self, item: Json, blobs: list[New]) -> Id:
        if type(item) is dict and len(item) == 1 and is_id(item.get("$blob")):
            return str(item["$blob"])
        new = objects.prepare(self._root, "blob", canonical.encode(item))
        blobs.append(new)
        return new.id


def _check_shape(kind: Kind, payload: dict[str, Json], intent: str | None, where: str) -> None:
    if kind == "tool_call":
        name = payload.get("name")
        if type(name) is not str or not name:
            raise InvalidParams.at(f"{where}.payload.name", "a tool call names its tool")
    elif kind in INTENT_OF:
        if intent is None:
            raise InvalidParams.at(f"{where}.intent", f"a {kind} names the intent that it answers")
        if payload.get("status") not in ("ok", "error"):
            raise InvalidParams.at(f"{where}.payload.status", "an outcome's status is ok or error")
    elif intent is not None and kind != "intervention":
        raise InvalidParams.at(f"{where}.intent", f"a {kind} answers no intent")


def _milliseconds(at: str, where: str) -> int:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise InvalidParams.at(where, "times are RFC 3339, as 2026-01-31T12:00:00Z") from None
    if moment.tzinfo is None:
        raise InvalidParams.at(where, "a time says its offset; add Z for UTC")
    return int(moment.timestamp() * 1000)


def rfc3339(milliseconds: int) -> str:
    """A time as it stands on the wire."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
