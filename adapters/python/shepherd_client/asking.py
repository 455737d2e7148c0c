"""The signal that asks an agent for a copy of itself."""

from __future__ import annotations

import signal
from typing import Final

SIGNAL: Final[int] = getattr(signal, "SIGRTMIN", 0) + 5
