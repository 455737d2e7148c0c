"""Snapshots of workspaces, and worlds made from them.

Layer: worlds. Knows trace (trees) and the objects of a store; nothing of branches or wire.
"""
