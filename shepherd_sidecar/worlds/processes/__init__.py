"""Running processes, copied with their worlds: by a fork, by a checkpoint, or run anew.

Layer: worlds. ``driver`` is the interface; ``zygote`` asks a cooperating Python to fork,
``criu`` makes a checkpoint and restores it, ``rerun`` starts the same command again. ``records``
is what the store remembers of them; ``trusted`` is what the keeper runs for them.
"""
