"""The vectors, against the JSON Schema and against the sidecar's own converter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import rfc8785
from blake3 import blake3

from shepherd_sidecar.errors import InvalidParams
from shepherd_sidecar.protocol import table
from shepherd_sidecar.protocol.converter import structure, unstructure
from shepherd_sidecar.protocol.method import FROM_SIDECAR
from shepherd_sidecar.trace import canonical
from tests.protocol.schema import GENERATED, faults, is_valid


class Vector(NamedTuple):
    id: str
    method: str
    part: str
    value: Any
    why: str

    @property
    def definition(self) -> str:
        return f"{self.method.replace('/', '.')}.{self.part}"

    @property
    def cls(self) -> type:
        method = table.find(self.method)
        assert method is not None
        cls = method.params if self.part == "params" else method.result
        assert cls is not None
        return cls

    def without_meta(self) -> Any:
        """The value as dispatch hands it on: an ``_meta`` object is taken out before."""
        if self.part == "params" and isinstance(self.value, dict):
            meta = self.value.get("_meta")
            if isinstance(meta, dict):
                return {name: part for name, part in self.value.items() if name != "_meta"}
        return self.value


def vectors(name: str) -> list[Vector]:
    return list(_read(name))


def _read(name: str) -> Iterator[Vector]:
    lines = (GENERATED / "vectors" / f"{name}.jsonl").read_text("utf-8").split("\n")
    for line in lines[1:-1]:
        row = json.loads(line)
        part = "params" if "params" in row else "result"
        yield Vector(row["id"], row["method"], part, row[part], row["why"])


VALID, INVALID, VALUES = vectors("valid"), vectors("invalid"), vectors("values")


def test_every_message_of_every_method_is_covered() -> None:
    valid = {vector.definition for vector in VALID}
    invalid = {vector.definition for vector in INVALID}
    for method in table.all_methods():
        dotted = method.name.replace("/", ".")
        assert f"{dotted}.params" in valid
        assert method.result is None or f"{dotted}.result" in valid
        assert method.direction in FROM_SIDECAR or f"{dotted}.params" in invalid


@pytest.mark.parametrize("name", ["valid", "invalid", "values"])
def test_ids_are_unique(name: str) -> None:
    ids = [vector.id for vector in vectors(name)]
    assert len(set(ids)) == len(ids)


@pytest.mark.requirement("OBJECT-01", "OBJECT-02")
def test_id_vectors_hold_without_our_code() -> None:
    """Against the reference encoder and plain BLAKE3, not against what wrote them."""
    lines = (GENERATED / "vectors" / "ids.jsonl").read_text("utf-8").splitlines()
    for line in lines[1:]:
        row = json.loads(line)
        data = bytes.fromhex(row["bytes"])
        assert blake3(data, derive_key_context=row["context"]).hexdigest() == row["hash"], row["id"]
        if "value" in row:
            assert rfc8785.dumps(row["value"]) == data, row["id"]
            assert canonical.encode(row["value"]) == data, row["id"]
            assert canonical.encode(canonical.decode(data)) == data, row["id"]


@pytest.mark.requirement("SHAPE-10")
def test_valid_vectors_fit_the_schema() -> None:
    wrong = {v.id: faults(v.definition, v.value) for v in VALID}
    assert not {id_: found for id_, found in wrong.items() if found}


@pytest.mark.requirement("SHAPE-10")
@pytest.mark.parametrize("name", ["invalid", "values"])
def test_other_vectors_do_not_fit_the_schema(name: str) -> None:
    assert [v.id for v in vectors(name) if is_valid(v.definition, v.value)] == []


@pytest.mark.requirement("SHAPE-10", "SHAPE-08")
def test_valid_vectors_are_structured_and_come_back() -> None:
    for vector in VALID:
        message = structure(vector.without_meta(), vector.cls)
        again = unstructure(message)
        assert faults(vector.definition, again) == [], vector.id
        assert unstructure(structure(again, vector.cls)) == again, vector.id


@pytest.mark.requirement("SHAPE-01", "SHAPE-02", "SHAPE-10")
def test_invalid_vectors_are_refused_by_the_converter() -> None:
    # What lies inside free JSON (payloads, inputs) the engine checks, not the converter.
    typed = [
        vector
        for vector in VALUES
        if " inside" not in vector.why and vector.why.count("inside:") == 0
    ]
    accepted = []
    for vector in [*INVALID, *typed]:
        try:
            structure(vector.without_meta(), vector.cls)
        except InvalidParams as error:
            assert error.data["errors"], vector.id
            assert all(e["path"].startswith("$") and e["message"] for e in error.data["errors"])
        else:
            accepted.append(vector.id)
    assert accepted == []
