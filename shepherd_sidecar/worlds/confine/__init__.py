"""Holding a command to its world: what it may see, reach and use up.

Layer: worlds. ``policy`` is what the store's owner allows, as data. ``enter`` applies it in the
child, right before the command: a view of the file system (``view``), Landlock, a filter of
system calls, no capabilities, limits. Keeps: all that is required is applied, or the command
does not start; what could not be had is said.
"""

from shepherd_sidecar.worlds.confine.enter import Confinement, Entering, Refused
from shepherd_sidecar.worlds.confine.policy import Limits, Policy

__all__ = ["Confinement", "Entering", "Limits", "Policy", "Refused"]
