"""The wire: attrs message classes and one METHODS table, the single source of everything.

Layer: protocol, beside trace. Knows trace's types only.
"""
