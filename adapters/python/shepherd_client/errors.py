"""What can go wrong, as classes a caller can tell apart."""

from __future__ import annotations

from typing import Any


class SidecarError(Exception):
    """The sidecar answered with an error. Match on ``name``: it is stable, the text is not."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        """JSON-RPC's code, or the sidecar's own (-32050…-32001)."""
        self.message = message
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        """The whole ``data`` member."""
        self.name: str = str(self.data.get("name", "SidecarError"))
        self.hint: str = str(self.data.get("hint", ""))
        """What to do about it."""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.name}: {self.message}{hint}"


class SidecarExited(Exception):
    """The sidecar's process ended, or was never started. Every open request gets this."""


class Denied(Exception):
    """An intent was denied: the action was not run, and the denial is its recorded outcome."""

    def __init__(self, intent: str, verdict: dict[str, Any]) -> None:
        self.intent = intent
        """The intent's commit."""
        self.verdict = verdict
        """The whole verdict; it may carry injected messages."""
        self.by: str = verdict["by"]
        self.reason: str = verdict.get("reason") or "no reason was given"
        super().__init__(f"denied by {self.by}: {self.reason}")


def invalid_params(path: str, message: str) -> SidecarError:
    """The refusal of a value that has no canonical JSON, under the sidecar's own name for it."""
    return SidecarError(
        -32602,
        f"{path}: {message}",
        {
            "name": "InvalidParams",
            "hint": "compare the params with the method's entry in protocol/generated/reference.md",
            "errors": [{"path": path, "message": message}],
        },
    )
