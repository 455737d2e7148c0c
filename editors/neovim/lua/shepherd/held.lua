--- Intents that wait for a person: asked one after the other, decided in place.

local documents = require('shepherd.documents')
local settings = require('shepherd.settings')
local sidecar = require('shepherd.sidecar')

local M = {}
local WARN = vim.log.levels.WARN
local ALLOW, DENY, EDIT, SHOW, LATER = 'Allow', 'Deny', 'Edit arguments', 'Show the event', 'Later'

local waiting = {} -- as told last, oldest first
local seen = {} -- what was asked about, by branch and intent
local asking = false

local function key(held)
  return held.branch .. '\n' .. held.intent
end

local function about(held)
  -- No cut here: who decides sees all of it, or is told how much there is beyond.
  return ('%s wants: %s (%s)'):format(held.branch, held.wish, (held.reason:gsub('%c', ' ')))
end

local function still(held)
  for _, one in ipairs(waiting) do
    if key(one) == key(held) then
      return true
    end
  end
  return false
end

--- Decide; tells the person when it could not be.
function M.decide(held, decision, more)
  local asked = { intent = held.intent, branch = held.branch, decision = decision }
  local done, why = sidecar.command('shepherd.decide', vim.tbl_extend('force', asked, more or {}))
  if not done then
    sidecar.say(why, WARN)
  end
  return done ~= nil
end

--- The payload as JSON text: what JSON has and Lua has not (null, {} beside []) stays as it is.
local function payload_text(held)
  local uri = 'shepherd:///event/' .. held.intent .. '.md'
  local told, why = sidecar.ask('editor/document', { uri = uri })
  if not told then
    return nil, why
  end
  local fence, text = told.text:match('\n(```+)json\n(.-)\n```+\n?$')
  if not fence then
    return nil, 'its payload is too large to edit here'
  end
  return text
end

local function edit(held)
  local text, why = payload_text(held)
  if not text then
    return sidecar.say(why, WARN)
  end
  vim.cmd('botright new')
  local buffer = vim.api.nvim_get_current_buf()
  vim.api.nvim_buf_set_name(buffer, 'shepherd-arguments://' .. held.intent:sub(1, 8) .. '.json')
  vim.bo[buffer].buftype = 'acwrite'
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].swapfile = false
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n', { plain = true }))
  vim.bo[buffer].filetype = 'json'
  vim.bo[buffer].modified = false
  vim.api.nvim_create_autocmd('BufWriteCmd', {
    buffer = buffer,
    callback = function()
      local typed = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
      local ok, payload = pcall(vim.json.decode, typed)
      if not ok or type(payload) ~= 'table' then
        return sidecar.say('that is not JSON: ' .. tostring(payload), WARN)
      end
      if M.decide(held, 'override', { payload = payload }) then
        vim.bo[buffer].modified = false
        sidecar.say('allowed with these arguments')
        vim.schedule(function()
          pcall(vim.api.nvim_buf_delete, buffer, { force = true })
        end)
      end
    end,
  })
  sidecar.say('change the arguments; :w allows with them, :q! leaves it waiting')
end

local ask

local function next_one()
  asking = false
  for _, held in ipairs(waiting) do
    if not seen[key(held)] then
      return ask(held)
    end
  end
end

local function chosen(held, choice)
  if choice ~= nil and choice ~= LATER and choice ~= SHOW and not still(held) then
    sidecar.say('it does not wait any more: its time was up, or somebody else decided')
  elseif choice == ALLOW then
    M.decide(held, 'allow')
  elseif choice == DENY then
    return vim.ui.input({ prompt = 'Why not? ' }, function(reason)
      if reason ~= nil then
        M.decide(held, 'deny', { reason = reason ~= '' and reason or 'denied in Neovim' })
      end
      next_one()
    end)
  elseif choice == EDIT then
    edit(held)
  elseif choice == SHOW then
    documents.open('shepherd:///event/' .. held.intent .. '.md')
  end
  next_one()
end

ask = function(held)
  asking = true
  seen[key(held)] = true
  vim.ui.select({ ALLOW, DENY, EDIT, SHOW, LATER }, { prompt = about(held) }, function(choice)
    chosen(held, choice)
  end)
end

--- All that wait now, as the sidecar tells whenever that changes.
function M.told(held)
  waiting = held
  local now = {}
  for _, one in ipairs(held) do
    now[key(one)] = seen[key(one)]
  end
  seen = now
  if settings.get('held') == 'notify' then
    for _, one in ipairs(held) do
      if not seen[key(one)] then
        seen[key(one)] = true
        sidecar.say(about(one) .. '  :ShepherdHeld decides')
      end
    end
  elseif not asking then
    vim.schedule(function()
      if not asking then
        next_one()
      end
    end)
  end
end

--- Ask about what waits, also about what was put off.
function M.prompt()
  local found, why = sidecar.ask('intervene/held', vim.empty_dict())
  if not found then
    return sidecar.say(why, WARN)
  end
  waiting, seen = found.held, {}
  if #waiting == 0 then
    return sidecar.say('nothing waits')
  end
  if not asking then
    next_one()
  end
end

return M
