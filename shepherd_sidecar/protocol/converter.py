"""Between plain JSON values and message classes, strictly.

Layer: protocol. Keeps the rule of strict typing at the edge: two wire forms never become one
value. ``"5"`` is not ``5``, ``true`` is not ``1``, and a field nobody knows is an error, not
silence. Payloads (``Any``, ``dict[str, Any]``) pass through as they are.

A message is structured by code that cattrs generates per class, without bookkeeping. Only
when that fails is the value walked again by the careful converter, which finds every fault
with its path.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar, get_args

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_unstructure_fn, override

from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol.method import wire_name
from shepherd_sidecar.protocol.strict import Hook, Mismatch, describe, is_message, strict_converter

T = TypeVar("T")


def structure(params: Any, cls: type[T]) -> T:
    """The message of class ``cls`` that the JSON value ``params`` spells.

    Raises:
        InvalidParams: ``data.errors`` has one ``{path, message}`` for every fault found.
    """
    try:
        message: T = _fast_hook(cls)(params, cls)
    except Exception:
        raise _explain(params, cls) from None
    return message


def structurer(cls: type[T]) -> Callable[[Any], T]:
    """``structure`` bound to a class: for dispatch, which looks it up once a method."""
    hook = _fast_hook(cls)

    def bound(params: Any) -> T:
        try:
            message: T = hook(params, cls)
        except Exception:
            raise _explain(params, cls) from None
        return message

    return bound


def unstructure(message: Any) -> Any:
    """The JSON-able value of a message: wire names, None defaults left out."""
    return _dump_hook(type(message))(message)


def invalid_params(error: BaseException, cls: Any) -> InvalidParams:
    """The error reply for what a careful cattrs converter raised while structuring ``cls``."""
    found = _faults(error, "$", cls)
    first = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return InvalidParams(f"{first['path']}: {first['message']}{more}", found)


def _explain(params: Any, cls: Any) -> InvalidParams:
    try:
        _careful().get_structure_hook(cls)(params, cls)
    except Exception as error:
        return invalid_params(error, cls)
    raise AssertionError(f"{cls.__name__}: the two converters disagree")


def _faults(error: BaseException, path: str, cls: Any) -> list[dict[str, str]]:
    if isinstance(error, BaseValidationError):
        found = []
        for part in error.exceptions:
            below, of = path, cls
            for note in getattr(part, "__notes__", ()):
                if isinstance(note, AttributeValidationNote):
                    below, of = f"{path}.{wire_name(note.name)}", note.type
                elif isinstance(note, IterableValidationNote):
                    key = note.index
                    below = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}"
                    of = note.type
            found += _faults(part, below, of)
        return found
    if isinstance(error, ForbiddenExtraKeysError):
        known = [wire_name(field.name) for field in attrs.fields(error.cl)]
        return [
            {"path": f"{path}.{name}", "message": f"unknown field{_nearest(name, known)}"}
            for name in sorted(error.extra_fields)
        ]
    if isinstance(error, Mismatch):
        return [{"path": path, "message": str(error)}]
    if isinstance(error, KeyError):
        return [{"path": path, "message": f"missing; expected {describe(cls)}"}]
    return [{"path": path, "message": f"expected {describe(cls)}"}]


def _nearest(name: Any, known: list[str]) -> str:
    close = get_close_matches(str(name), known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}"


@cache
def _careful() -> Converter:
    return strict_converter(careful=True)


@cache
def _fast() -> Converter:
    return strict_converter(careful=False)


_hooks: dict[Any, Hook] = {}
_dumpers: dict[Any, Callable[[Any], Any]] = {}


def _fast_hook(cls: Any) -> Hook:
    hook = _hooks.get(cls)
    if hook is None:
        hook = _hooks[cls] = _fast().get_structure_hook(cls)
    return hook


def _keep(value: Any) -> Any:
    return value


def _dumper(cls: type[Any], converter: Converter) -> Callable[[Any], Any]:
    def of(field: attrs.Attribute[Any]) -> Any:
        return override(
            rename=wire_name(field.name),
            omit_if_default=field.default is None,
            unstruct_hook=None if _holds_message(field.type) else _keep,
        )

    return make_dict_unstructure_fn(
        cls, converter, **{f.name: of(f) for f in attrs.fields(attrs.resolve_types(cls))}
    )


def _holds_message(cls: Any) -> bool:
    return attrs.has(cls) or any(map(_holds_message, get_args(cls)))


def _dump_hook(cls: Any) -> Callable[[Any], Any]:
    dumper = _dumpers.get(cls)
    if dumper is None:
        if not attrs.has(cls):
            raise TypeError(f"{cls.__name__} is not a message")
        dumper = _dumpers[cls] = _dumping().get_unstructure_hook(cls)
    return dumper


@cache
def _dumping() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook_factory(is_message, _dumper)
    return converter
