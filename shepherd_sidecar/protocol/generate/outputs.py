"""Which files the generator writes, and their text.

Layer: protocol.
"""

from __future__ import annotations

import json
from typing import Any

from shepherd_sidecar.protocol.generate.ids import id_vectors
from shepherd_sidecar.protocol.generate.metamodel import metamodel
from shepherd_sidecar.protocol.generate.model import Model
from shepherd_sidecar.protocol.generate.reference import reference
from shepherd_sidecar.protocol.generate.schema import schema
from shepherd_sidecar.protocol.generate.typescript import typescript
from shepherd_sidecar.protocol.generate.vectors import vectors

GENERATED = "protocol/generated"


def outputs(model: Model) -> dict[str, str]:
    """Path below the project's root → text."""
    types = typescript(model)
    return {
        f"{GENERATED}/metamodel.json": _json(metamodel(model)),
        f"{GENERATED}/schema.json": _json(schema(model)),
        f"{GENERATED}/reference.md": reference(model),
        f"{GENERATED}/vectors/valid.jsonl": vectors(model, "valid"),
        f"{GENERATED}/vectors/invalid.jsonl": vectors(model, "invalid"),
        f"{GENERATED}/vectors/values.jsonl": vectors(model, "values"),
        f"{GENERATED}/vectors/ids.jsonl": id_vectors(),
        f"{GENERATED}/protocol.ts": types,
        "adapters/typescript/src/generated/protocol.ts": types,
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
