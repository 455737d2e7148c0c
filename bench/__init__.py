"""Measurements, each beside its floor or peer in the same run: ``python -m bench``."""
