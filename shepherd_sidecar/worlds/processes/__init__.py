"""Running processes, copied with their worlds: by a fork, by a checkpoint, or run anew.

Layer: worlds. ``zygote`` asks a cooperating Python to fork, ``criu`` makes a checkpoint and
restores it. ``records`` is what the store remembers of them; ``trusted`` and ``upkeep`` are what
the keeper runs for them.
"""
