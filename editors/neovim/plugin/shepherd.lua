-- Commands and documents of the trace. Nothing is loaded or started before it is needed.
if vim.g.loaded_shepherd then
  return
end
vim.g.loaded_shepherd = true

if vim.fn.has('nvim-0.7') == 0 then
  vim.api.nvim_echo({ { 'Shepherd needs Neovim 0.7 or later; 0.10 or later shows all of it', 'WarningMsg' } }, true, {})
  return
end

local command = vim.api.nvim_create_user_command

local function branches(lead)
  local found = require('shepherd.sidecar').ask('branch/list', { limit = 200 })
  local names = {}
  for _, one in ipairs(found and found.branches or {}) do
    if one.branch:sub(1, #lead) == lead then
      names[#names + 1] = one.branch
    end
  end
  return names
end

command('Shepherd', function(given)
  local documents = require('shepherd.documents')
  local what = given.args
  if what == '' then
    what = 'shepherd:///runs'
  elseif not what:find('^shepherd:') then
    what = documents.branch_uri(what)
  end
  documents.open(what)
end, { nargs = '?', complete = branches, desc = 'Show the runs, or the log of a branch' })
command('ShepherdQuickfix', function(given)
  require('shepherd.quickfix').fill(given.args)
end, { nargs = '*', desc = 'Events in the quickfix list: of the branch, or those that hold some words' })
command('ShepherdHeld', function()
  require('shepherd.held').prompt()
end, { desc = 'Decide what waits for a person' })
command('ShepherdFork', function(given)
  require('shepherd.acts').fork(given.args)
end, { nargs = '?', desc = 'Fork at the event under the cursor' })
command('ShepherdRestore', function(given)
  require('shepherd.acts').restore(given.fargs)
end, { nargs = '*', desc = 'Restore files to what they were at the event under the cursor' })
command('ShepherdUndo', function()
  require('shepherd.acts').undo()
end, { desc = 'Take the last restore back' })
command('ShepherdPause', function(given)
  require('shepherd.acts').pause(given.args)
end, { nargs = '?', complete = branches, desc = "Make an agent's proposals wait" })
command('ShepherdResume', function(given)
  require('shepherd.acts').resume(given.args)
end, { nargs = '?', complete = branches, desc = 'Let a paused agent go on' })

local group = vim.api.nvim_create_augroup('shepherd', { clear = true })
vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = 'shepherd://*',
  callback = function(at)
    require('shepherd.documents').read(at.buf)
  end,
})

-- What a lens or an action asks for is done here where a person must be asked or shown something.
vim.lsp.commands['shepherd.show'] = function(asked)
  local given = asked.arguments[1]
  require('shepherd.documents').open(given.uri, given.line and given.line + 1)
end

local given = vim.g.shepherd
if type(given) == 'table' and given.start == false then
  return
end

if vim.fn.exists('##LspAttach') == 1 then
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(at)
      local client = at.data and vim.lsp.get_client_by_id(at.data.client_id)
      if client and client.name == 'shepherd' then
        require('shepherd.sidecar').beside(at.buf)
      end
    end,
  })
end

if vim.fn.has('nvim-0.11') == 1 then
  vim.lsp.enable('shepherd')
else
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
    group = group,
    callback = function(at)
      require('shepherd.sidecar').begin(at.buf)
    end,
  })
end
