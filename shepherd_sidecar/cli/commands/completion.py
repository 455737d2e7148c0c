"""``completion``: the script that teaches a shell our words.

Layer: cli.
"""

from __future__ import annotations

from argcomplete.shell_integration import shellcode

from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import PROGRAM


def run(context: Context) -> int:
    """Print the script; returns the exit code."""
    context.out(shellcode([PROGRAM], shell=context.arguments.shell))
    return 0
