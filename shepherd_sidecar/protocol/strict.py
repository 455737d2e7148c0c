"""Strict structure hooks: what the wire's types accept, and how a refusal reads.

Layer: protocol. No coercion: every hook returns the JSON value it was given, or refuses it.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.cols import list_structure_factory, mapping_structure_factory
from cattrs.gen import make_dict_structure_fn, override

from shepherd_sidecar.protocol.method import wire_name
from shepherd_sidecar.trace.canonical import SAFE_INTEGER
from shepherd_sidecar.trace.ids import Id, is_id

Hook = Callable[[Any, Any], Any]

_JSON_NAME: Final[dict[type, str]] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}
_SHOWN = 40
"""How much of a short string an error repeats to the client that sent it."""


class Mismatch(ValueError):
    """A value of another JSON type than the field's."""


def _got(value: Any) -> str:
    if type(value) is str and len(value) <= _SHOWN:
        return f'string "{value}"'
    return _JSON_NAME.get(type(value), type(value).__name__)


def describe(cls: Any) -> str:
    """What a type is called in an error."""
    origin = get_origin(cls)
    if origin is Literal:
        return "one of " + ", ".join(map(repr, get_args(cls)))
    if origin in (Union, types.UnionType):
        return " or ".join(describe(part) for part in get_args(cls))
    if cls == Id:
        return "id"
    if origin in (list, tuple):
        return f"array of {describe(get_args(cls)[0])}"
    if origin is dict or attrs.has(cls):
        return "object"
    return _JSON_NAME.get(cls, "a value")


def _refuse(value: Any, cls: Any) -> Mismatch:
    hint = ""
    if get_origin(cls) is Literal and type(value) is str:
        close = get_close_matches(value, [str(one) for one in get_args(cls)], 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
    return Mismatch(f"expected {describe(cls)}, got {_got(value)}{hint}")


def _exactly(accepted: type) -> Hook:
    def hook(value: Any, cls: Any) -> Any:
        if type(value) is accepted:
            return value
        raise _refuse(value, cls)

    return hook


def _whole(value: Any, cls: Any) -> Any:
    """Integers that every language's JSON reads back as the same."""
    if type(value) is not int:
        raise _refuse(value, cls)
    if not -SAFE_INTEGER <= value <= SAFE_INTEGER:
        raise Mismatch("integer beyond ±(2^53-1); send it as a string")
    return value


def _number(value: Any, cls: Any) -> Any:
    """Any number, kept as it was written."""
    if type(value) is float:
        return value
    return _whole(value, cls)


def _id(value: Any, cls: Any) -> Any:
    if type(value) is not str:
        raise _refuse(value, str)
    if not is_id(value):
        raise Mismatch(f"an id is 64 lowercase hex digits, got {_got(value)}")
    return value


def _literal(cls: Any, _: Converter) -> Hook:
    choices = {(type(one), one) for one in get_args(cls)}
    words = frozenset(one for one in get_args(cls) if type(one) is str)

    def hook(value: Any, cls: Any) -> Any:
        if type(value) is str:
            if value in words:
                return value
        elif type(value) in (int, bool) and (type(value), value) in choices:
            return value
        raise _refuse(value, cls)

    return hook


def _list(cls: Any, converter: Converter) -> Hook:
    base = list_structure_factory(cls, converter)

    def hook(value: Any, cls: Any) -> Any:
        if type(value) is not list:
            raise _refuse(value, cls)
        return base(value, cls)

    return hook


def _tuple(cls: Any, converter: Converter) -> Hook:
    item = get_args(cls)[0]
    base = list_structure_factory(list[item], converter)  # type: ignore[valid-type]

    def hook(value: Any, cls: Any) -> Any:
        if type(value) is not list:
            raise _refuse(value, cls)
        return tuple(base(value, cls))

    return hook


def _dict(cls: Any, converter: Converter) -> Hook:
    arguments = get_args(cls)
    plain = not arguments or arguments[1] is Any
    base = None if plain else mapping_structure_factory(cls, converter)

    def hook(value: Any, cls: Any) -> Any:
        if type(value) is not dict:
            raise _refuse(value, cls)
        return value if base is None else base(value, cls)

    return hook


def _union(cls: Any, converter: Converter) -> Hook:
    """Hook of a union: the value's JSON type chooses the member, null chooses None."""
    parts = [part for part in get_args(cls) if part is not type(None)]
    nullable = len(parts) < len(get_args(cls))
    hooks = [(part, converter.get_structure_hook(part)) for part in parts]

    if len(hooks) == 1 and nullable:
        [(only, only_hook)] = hooks

        def optional(value: Any, _: Any) -> Any:
            return None if value is None else only_hook(value, only)

        return optional

    def hook(value: Any, cls: Any) -> Any:
        if value is None and nullable:
            return None
        fitting = [pair for pair in hooks if _fits(value, pair[0])]
        for part, part_hook in fitting[:-1]:
            try:
                return part_hook(value, part)
            except Exception:  # noqa: S112 - the next member may fit; the last one's error stands
                continue
        if not fitting:
            raise _refuse(value, cls)
        return fitting[-1][1](value, fitting[-1][0])

    return hook


def _fits(value: Any, cls: Any) -> bool:
    origin = get_origin(cls)
    if cls is Any:
        return True
    if origin is Literal:
        return type(value) in {type(one) for one in get_args(cls)}
    if origin in (list, tuple) or cls is list:
        return type(value) is list
    if origin is dict or cls is dict or attrs.has(cls):
        return type(value) is dict
    if cls == Id:
        return type(value) is str
    return type(value) is cls or (cls is float and type(value) is int)


def _message(cls: type[Any], converter: Converter) -> Hook:
    names = {f.name: override(rename=wire_name(f.name)) for f in attrs.fields(cls)}
    base: Hook = make_dict_structure_fn(  # type: ignore[call-overload, misc, unused-ignore]
        cls,
        converter,
        _cattrs_forbid_extra_keys=True,
        **names,  # type: ignore[arg-type]
    )

    def hook(value: Any, cls: Any) -> Any:
        if type(value) is not dict:
            raise _refuse(value, cls)
        return base(value, cls)

    return hook


def strict_converter(*, careful: bool) -> Converter:
    """A converter with these hooks; a careful one collects every fault with its path."""
    converter = Converter(detailed_validation=careful)
    converter.register_structure_hook(str, _exactly(str))
    converter.register_structure_hook(bool, _exactly(bool))
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook_func(lambda cls: cls == Id, _id)
    for predicate, factory in (
        (_is_literal, _literal),
        (_is_list, _list),
        (_is_tuple, _tuple),
        (_is_dict, _dict),
        (_is_union, _union),
        (is_message, _message),
    ):
        converter.register_structure_hook_factory(predicate, factory)
    return converter


def _is_literal(cls: Any) -> bool:
    return get_origin(cls) is Literal


def _is_list(cls: Any) -> bool:
    return cls is list or get_origin(cls) is list


def _is_tuple(cls: Any) -> bool:
    return get_origin(cls) is tuple


def _is_dict(cls: Any) -> bool:
    return cls is dict or get_origin(cls) is dict


def _is_union(cls: Any) -> bool:
    return get_origin(cls) in (Union, types.UnionType)


def is_message(cls: Any) -> bool:
    """Whether a type is a message class."""
    return attrs.has(cls)
