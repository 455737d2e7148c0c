"""The operations: record, propose, fork, replay, intervene, restore. No JSON-RPC here.

Layer: engine. Knows worlds, store and trace; its arguments and results are the protocol's
message classes, which are plain values.
"""
