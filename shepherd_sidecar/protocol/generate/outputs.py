"""Which files the generator writes, and their text.

Layer: protocol.
"""

from __future__ import annotations

import json
from typing import Any

from shepherd_sidecar.protocol.generate.metamodel import metamodel
from shepherd_sidecar.protocol.generate.model import Model
from shepherd_sidecar.protocol.generate.typescript import typescript

GENERATED = "protocol/generated"


def outputs(model: Model) -> dict[str, str]:
    """Path below the project's root → text."""
    types = typescript(model)
    return {
        f"{GENERATED}/metamodel.json": _json(metamodel(model)),
        f"{GENERATED}/protocol.ts": types,
        "adapters/typescript/src/generated/protocol.ts": types,
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
