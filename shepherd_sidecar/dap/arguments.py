"""The arguments of a request, read with a clear word for each that does not fit.

Layer: dap. Pure. Keeps: no ``true`` for a number, no ``"5"`` for ``5``.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar, overload

from shepherd_sidecar.errors import InvalidParams

T = TypeVar("T")
_CALLED: Final = {
    int: "a whole number",
    str: "text",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


class Arguments:
    """What came with a request."""

    def __init__(self, given: dict[str, Any], at: str = "$") -> None:
        self._given = given
        self._at = at

    @overload
    def get(self, name: str, of: type[T]) -> T | None: ...

    @overload
    def get(self, name: str, of: type[T], default: T) -> T: ...

    def get(self, name: str, of: type[T], default: T | None = None) -> T | None:
        """A member, or the default where it is missing or null. Raises InvalidParams."""
        value = self._given.get(name)
        if value is None:
            return default
        if type(value) is not of:
            raise InvalidParams.at(f"{self._at}.{name}", f"{_CALLED[of]} is expected")
        return value

    def need(self, name: str, of: type[T]) -> T:
        """A member that must be there. Raises InvalidParams."""
        value = self.get(name, of)
        if value is None:
            raise InvalidParams.at(f"{self._at}.{name}", f"{_CALLED[of]} is missing")
        return value

    def each(self, name: str) -> list[Arguments]:
        """The objects of a list; none when it is missing. Raises InvalidParams."""
        found = []
        for number, item in enumerate(self.get(name, list, [])):
            at = f"{self._at}.{name}[{number}]"
            if not isinstance(item, dict):
                raise InvalidParams.at(at, "an object is expected")
            found.append(Arguments(item, at))
        return found
