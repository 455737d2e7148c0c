"""What each command does: one module a command or a close family, loaded when it is called.

Layer: cli.
"""
