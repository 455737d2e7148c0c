"""The same operations for people and shells.

Layer: cli. Knows engine.
"""
