"""SQLite and object files: what is kept, durably, and how it is found again.

Layer: store. Knows trace. One writer at a time, many readers, many processes.
"""
