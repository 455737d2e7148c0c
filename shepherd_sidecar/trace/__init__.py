"""The pure heart: events, canonical bytes, ids, commits and what follows from them.

Layer: trace (lowest). No I/O, no clock, no asyncio; everything here is a function of its
arguments. The definitions are those of the proofs, in the same words.
"""
