-- The sidecar as a language server, for vim.lsp.enable('shepherd') (Neovim 0.11 and later).
return require('shepherd.settings').server()
