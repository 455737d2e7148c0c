--- What a person may set (vim.g.shepherd, all optional), and the server made of it.

local M = {}

local DEFAULTS = {
  cmd = { 'shepherd-sidecar', 'serve' },
  start = true, -- attach to files of a folder that has a trace
  held = 'prompt', -- or 'notify', or 'none': what is done when an intent waits
  code_lens = true,
  inlay_hints = true,
}

--- The value of a setting.
function M.get(name)
  local given = vim.g.shepherd
  if type(given) == 'table' and given[name] ~= nil then
    return given[name]
  end
  return DEFAULTS[name]
end

--- Whether this Neovim is at least of a version, such as '0.10'.
function M.has(version)
  return vim.fn.has('nvim-' .. version) == 1
end

--- The folder that has the trace of a path: the nearest above that has .shepherd/; nil for none.
function M.root(path)
  local at = vim.fn.fnamemodify(path ~= '' and path or vim.fn.getcwd(), ':p')
  local found = vim.fn.finddir('.shepherd', vim.fn.escape(at, ' ,;*') .. ';')
  if found == '' then
    return nil
  end
  return (vim.fn.fnamemodify(found, ':p'):gsub('/%.shepherd/*$', ''))
end

--- A configuration that vim.lsp.config, vim.lsp.start and vim.lsp.start_client all take.
function M.server()
  local able = vim.lsp.protocol.make_client_capabilities()
  able.workspace = able.workspace or {}
  able.workspace.textDocumentContent = { dynamicRegistration = false }
  return {
    name = 'shepherd',
    cmd = M.get('cmd'),
    root_markers = { '.shepherd' },
    workspace_required = true,
    capabilities = able,
    init_options = {
      shepherd = {
        heldIntents = M.get('held') == 'none' and 'none' or 'notify',
        codeLens = M.get('code_lens'),
        inlayHints = M.get('inlay_hints'),
      },
    },
    handlers = {
      ['editor/didHold'] = function(_, told)
        require('shepherd.held').told(told.held)
      end,
      ['workspace/textDocumentContent/refresh'] = function(_, told)
        require('shepherd.documents').changed(told.uri)
        return vim.NIL
      end,
    },
  }
end

return M
