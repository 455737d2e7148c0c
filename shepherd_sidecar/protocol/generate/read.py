"""Reading the source: METHODS tables, attrs classes, docstrings (by ast) and errors.

Layer: protocol. Refuses what it cannot say exactly, a missing docstring included, so that
nothing on the wire goes undescribed.
"""

from __future__ import annotations

import ast
import inspect
import types
import typing
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Annotated, Any, Final, Literal

import attrs

from shepherd_sidecar.errors import ShepherdError, error_classes
from shepherd_sidecar.protocol import method as method_module
from shepherd_sidecar.protocol import table
from shepherd_sidecar.protocol.generate.model import (
    Array,
    Base,
    Enum,
    ErrorRow,
    Field,
    Map,
    Message,
    MethodRow,
    Model,
    Namespace,
    Ref,
    Type,
    refs,
)
from shepherd_sidecar.protocol.handshake import Capabilities
from shepherd_sidecar.protocol.method import FROM_SIDECAR, Method, wire_name
from shepherd_sidecar.trace import events

_ID: Final = Annotated[str, "id"]
_BASES: Final[dict[Any, Base]] = {
    str: Base("string"),
    int: Base("integer"),
    float: Base("number"),
    bool: Base("boolean"),
    Any: Base("json"),
    _ID: Base("id"),
}


class Unreadable(Exception):
    """The source says something that the generator cannot say on the wire."""


def read() -> Model:
    """The wire as the source describes it now."""
    methods = table.all_methods()
    classes = _reachable(methods)
    params = {method.params.__name__ for method in methods}
    asked = [method.params for method in methods if method.direction not in FROM_SIDECAR]
    asked += [method.result for method in methods if method.direction == "ask" and method.result]
    sent = {cls.__name__ for cls in _closure(asked)}
    messages = tuple(
        _message(cls, is_params=cls.__name__ in params, sent=cls.__name__ in sent)
        for cls in classes
    )
    return Model(
        namespaces=tuple(
            Namespace(name, _namespace_doc(module)) for name, module in table.NAMESPACES.items()
        ),
        methods=tuple(_method(row, methods) for row in methods),
        messages=messages,
        enums=_named_enums(messages),
        errors=tuple(map(_error, error_classes())),
    )


def _method(row: Method, table: list[Method]) -> MethodRow:
    order = typing.get_args(method_module.Role)
    return MethodRow(
        name=row.name,
        direction=row.direction,
        params=row.params.__name__,
        result=None if row.result is None else row.result.__name__,
        roles=tuple(role for role in order if role in row.roles),
        errors=row.errors,
        doc=_method_doc(row, table),
    )


def _method_doc(row: Method, table: list[Method]) -> str:
    """The params' docstring, unless a request has the same params and the row tells nothing."""
    for other in table:
        if row.direction == "notification" and other.result and other.params is row.params:
            return (
                f"``{other.name}`` as a notification: nothing comes back, not even an error; "
                "what is recorded is recorded in order."
            )
    return _doc(row.params)


def _error(cls: type[ShepherdError]) -> ErrorRow:
    return ErrorRow(cls.__name__, cls.code, _doc(cls), cls.hint)


def _reachable(methods: list[Method]) -> list[type]:
    """Every message class, in the order in which a reader of the tables meets it."""
    named = [cls for row in methods for cls in (row.params, row.result) if cls is not None]
    return _closure([*named, Capabilities])


def _closure(classes: Iterable[type]) -> list[type]:
    """Classes and all that their fields mention."""
    found: dict[str, type] = {}

    def visit(cls: type) -> None:
        known = found.setdefault(cls.__name__, cls)
        if known is not cls:
            raise Unreadable(f"two messages are called {cls.__name__}")
        for hint in _hints(cls).values():
            for part in _classes_in(hint):
                if part.__name__ not in found:
                    visit(part)

    for cls in classes:
        visit(cls)
    return list(found.values())


def _message(cls: type, *, is_params: bool, sent: bool) -> Message:
    hints, docs = _hints(cls), _field_docs(cls)
    fields = []
    for field in attrs.fields(cls):
        where = f"{cls.__name__}.{field.name}"
        if not docs.get(field.name):
            raise Unreadable(f"{where} has no docstring")
        kind, nullable = _split_null(hints[field.name])
        required = field.default is attrs.NOTHING
        fields.append(
            Field(
                name=wire_name(field.name),
                python_name=field.name,
                type=_type(kind, where),
                doc=docs[field.name],
                required=required,
                nullable=nullable,
                default=None if required else field.default,
            )
        )
    module = cls.__module__.rpartition(".")[2]
    return Message(cls.__name__, module, _doc(cls), tuple(fields), is_params, sent)


def _type(hint: Any, where: str) -> Type:
    if hint in _BASES:
        return _BASES[hint]
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal and all(isinstance(value, str) for value in args):
        return Enum(args, _aliases().get(args))
    if origin is list:
        return Array(_type(args[0], where))
    if origin is dict and args[0] is str:
        return Map(_type(args[1], where))
    if isinstance(hint, type) and attrs.has(hint):
        return Ref(hint.__name__)
    raise Unreadable(f"{where}: {hint!r} has no form on the wire")


def _split_null(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return hint, False
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    if len(parts) != 1:
        raise Unreadable(f"{hint!r}: a union of several types has no form on the wire")
    return parts[0], True


def _classes_in(hint: Any) -> list[type]:
    if isinstance(hint, type) and attrs.has(hint):
        return [hint]
    return [cls for part in typing.get_args(hint) for cls in _classes_in(part)]


def _hints(cls: type) -> dict[str, Any]:
    """Field types, with ``Id`` told apart from the ``str`` that it is an alias of."""
    names = {**vars(import_module(cls.__module__)), "Id": _ID}
    return typing.get_type_hints(cls, globalns=names, localns={}, include_extras=True)


@cache
def _aliases() -> dict[tuple[str, ...], str]:
    """Values of each named Literal → its name."""
    modules: list[ModuleType] = [events]
    modules += [import_module(f"{table.__package__}.common")]
    modules += [import_module(f"{table.__package__}.{name}") for name in table.NAMESPACES.values()]
    found: dict[tuple[str, ...], str] = {}
    for module in modules:
        for name, value in vars(module).items():
            if typing.get_origin(value) is Literal:
                found.setdefault(typing.get_args(value), name)
    return found


def _named_enums(messages: tuple[Message, ...]) -> tuple[Enum, ...]:
    found: dict[str, Enum] = {}

    def visit(kind: Type) -> None:
        if isinstance(kind, Enum) and kind.name is not None:
            found.setdefault(kind.name, kind)
        elif isinstance(kind, Array):
            visit(kind.element)
        elif isinstance(kind, Map):
            visit(kind.value)

    for message in messages:
        for field in message.fields:
            visit(field.type)
    known = {message.name for message in messages}
    for name in known & set(found):
        raise Unreadable(f"{name} is a message and an alias")
    for message in messages:
        for field in message.fields:
            for name in refs(field.type):
                assert name in known
    return tuple(found.values())


@cache
def _module_ast(name: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(name)))


def _field_docs(cls: type) -> dict[str, str]:
    """Docstrings under the fields of a class."""
    body = next(
        node.body
        for node in _module_ast(cls.__module__).body
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__
    )
    docs: dict[str, str] = {}
    for node, after in pairwise(body):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            docs[node.target.id] = inspect.cleandoc(after.value.value)
    return docs


def _doc(cls: type) -> str:
    if not cls.__doc__:
        raise Unreadable(f"{cls.__name__} has no docstring")
    return inspect.cleandoc(cls.__doc__)


def _namespace_doc(module: str) -> str:
    """First sentence of a namespace's module docstring, without the namespace's name."""
    text = inspect.cleandoc(import_module(f"{table.__package__}.{module}").__doc__ or "")
    first = text.partition("\n\n")[0].replace("\n", " ")
    return first.partition(": ")[2] or first
