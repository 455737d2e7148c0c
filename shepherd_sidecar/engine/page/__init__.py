"""A run as one page of HTML: no network, no server, nothing outside the file.

Layer: engine.
"""
