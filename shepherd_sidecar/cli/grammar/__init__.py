"""What can be said on the command line: each command's arguments, help and examples.

Layer: cli. Nothing here is heavy: every start reads it.
"""
