--- The sidecar's client: found, started, asked.

local settings = require('shepherd.settings')

local M = {}
local WAIT = 15000

--- Tell the person something.
function M.say(words, level)
  vim.notify('Shepherd: ' .. words, level or vim.log.levels.INFO)
end

--- Every client of ours that runs.
function M.clients()
  local found = {}
  local all = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  for _, client in pairs(all) do
    if client.name == 'shepherd' then
      found[#found + 1] = client
    end
  end
  return found
end

--- The client of a folder.
function M.client_of(root)
  for _, client in ipairs(M.clients()) do
    if client.config.root_dir == root then
      return client
    end
  end
end

local STARTED = {}

--- Start the sidecar of a folder; the id of its client, or nil and why not.
function M.start(root)
  local running = M.client_of(root)
  if running then
    return running.id
  end
  -- Until it has answered, old versions do not list a client.
  if STARTED[root] and vim.lsp.get_client_by_id(STARTED[root]) then
    return STARTED[root]
  end
  local config = settings.server()
  config.root_dir, config.cmd_cwd = root, root
  config.workspace_folders = { { uri = vim.uri_from_fname(root), name = root } }
  if vim.fn.executable(config.cmd[1]) == 0 then
    return nil, config.cmd[1] .. ' is not on PATH: `pip install shepherd-sidecar`, or set vim.g.shepherd.cmd'
  end
  local id
  if settings.has('0.11') then
    id = vim.lsp.start(config, { attach = false })
  else
    id = vim.lsp.start_client(config)
  end
  STARTED[root] = id
  return id, id == nil and 'the sidecar could not be started: see :LspLog' or nil
end

--- The client for what is at hand: the buffer's, the one of its folder, or the only one.
--- Starts it, and waits until it can be asked. nil and why not.
function M.client(buffer)
  buffer = buffer or vim.api.nvim_get_current_buf()
  local name = vim.api.nvim_buf_get_name(buffer)
  local ours = name:find('^%a[%w+.-]*:/') ~= nil -- a document, not a file
  local root = settings.root(ours and '' or name) or settings.root('')
  local client = (root and M.client_of(root)) or ((ours or not root) and M.clients()[1]) or nil
  if not client then
    if not root then
      return nil, 'no agent has left a trace here: there is no .shepherd/ in this folder or above'
    end
    local id, why = M.start(root)
    if not id then
      return nil, why
    end
    vim.wait(WAIT, function()
      local made = vim.lsp.get_client_by_id(id)
      return made == nil or made.initialized == true
    end, 10)
    client = vim.lsp.get_client_by_id(id)
    if not (client and client.initialized) then
      return nil, 'the sidecar did not answer: see :LspLog'
    end
  end
  return client
end

local function failed(error)
  if type(error) ~= 'table' then
    return tostring(error)
  end
  local hint = type(error.data) == 'table' and error.data.hint
  return (error.message or 'it failed') .. (hint and hint ~= '' and (' (' .. hint .. ')') or '')
end

--- Ask the sidecar and wait; the result, or nil and why not.
function M.ask(method, params, buffer)
  local client, why = M.client(buffer)
  if not client then
    return nil, why
  end
  local at = buffer or vim.api.nvim_get_current_buf()
  local answer, late
  if settings.has('0.11') then
    answer, late = client:request_sync(method, params, WAIT, at)
  else
    answer, late = client.request_sync(method, params, WAIT, at)
  end
  if not answer then
    return nil, 'no answer: ' .. tostring(late)
  end
  if answer.err then
    return nil, failed(answer.err)
  end
  return answer.result
end

--- Run one of the sidecar's commands and wait; the result, or nil and why not.
function M.command(name, argument, buffer)
  return M.ask('workspace/executeCommand', { command = name, arguments = { argument } }, buffer)
end

--- Attach a buffer.
function M.attach(buffer, id)
  if vim.api.nvim_buf_is_loaded(buffer) then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

--- Start what a buffer's folder has, if it has a trace; called when a file is opened before 0.11.
function M.begin(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  if name == '' or vim.bo[buffer].buftype ~= '' then
    return
  end
  local root = settings.root(name)
  if not root then
    return
  end
  local id = M.start(root)
  if id then
    M.attach(buffer, id)
  end
end

--- What stands beside the code, once a buffer is attached.
function M.beside(buffer)
  if settings.get('inlay_hints') and vim.lsp.inlay_hint and vim.lsp.inlay_hint.enable then
    pcall(vim.lsp.inlay_hint.enable, true, { bufnr = buffer })
  end
  if settings.get('code_lens') and settings.has('0.10') then
    local function refresh()
      if vim.api.nvim_buf_is_loaded(buffer) then
        pcall(vim.lsp.codelens.refresh, { bufnr = buffer })
      end
    end
    refresh()
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'BufWritePost' }, {
      group = vim.api.nvim_create_augroup('shepherd_lens_' .. buffer, { clear = true }),
      buffer = buffer,
      callback = refresh,
    })
  end
end

return M
