"""The generator: METHODS tables, docstrings and errors in; everything else about the wire out.

Layer: protocol. Keeps the rule that the wire has one source: ``read`` makes a ``Model`` of it,
and every output is a pure function of that model, the same on every machine.

    python -m shepherd_sidecar.protocol.generate [--check] [--out DIR]
"""
