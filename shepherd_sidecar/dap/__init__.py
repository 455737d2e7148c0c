"""The debugger's face of a store: agents' runs over the Debug Adapter Protocol.

Layer: beside lsp and server; it knows engine.
"""
