"""The trace beside the code: what any LSP editor gets, with no plugin.

Layer: lsp. Imported when an LSP client first says ``initialize``.
"""
