"""What `lean/check.py` is made of."""
