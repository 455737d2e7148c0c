"""The terminal adapter is a package of its own, which is not installed beside the sidecar."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "adapters" / "terminal"))
