"""Plays the terminal commands of a recorded run again and explains every difference.

An adapter: it knows the wire, through the Python client, and never the sidecar's inside.
"""
