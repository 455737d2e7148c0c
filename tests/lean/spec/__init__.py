"""lean/Shepherd/Spec in Python, definition by definition, in its order and with its names.

Nothing here knows the program: what is compared with it is what Lean proves things of. Ids are
numbers, texts are strings, a tree is a mapping from paths, a tuple stands for a list, ``None``
for ``none``. Where Lean takes a name for itself (``at_``) it is the same here.
"""
