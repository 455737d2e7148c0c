"""Rules that look at more than one intent: each kind of condition in a file of its own.

Layer: engine, pure but for ``live``, ``logs`` and ``backtest``, which read the store. Keeps: what a
rule says is a function of the rules, the log and the intent.
"""
