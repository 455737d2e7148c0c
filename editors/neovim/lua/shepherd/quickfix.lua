--- Events in the quickfix list: the log of a branch, or what holds some words.

local acts = require('shepherd.acts')
local documents = require('shepherd.documents')
local sidecar = require('shepherd.sidecar')

local M = {}

local function of_branch()
  local branch, why = acts.branch()
  if not branch then
    return nil, nil, why
  end
  local uri = documents.branch_uri(branch)
  local told, refused = sidecar.ask('editor/document', { uri = uri })
  if not told then
    return nil, nil, refused
  end
  local items, number = {}, 0
  local buffer = vim.fn.bufadd(uri)
  for line in told.text:gmatch('[^\n]+') do
    number = number + 1
    if number > 1 then
      items[#items + 1] = { bufnr = buffer, lnum = number, col = 1, text = vim.trim(line) }
    end
  end
  return items, 'Events of ' .. branch
end

local function of_words(words)
  local found, why = sidecar.ask('workspace/symbol', { query = words })
  if not found then
    return nil, nil, why
  end
  local items = {}
  for _, symbol in ipairs(found) do
    local at = symbol.location
    items[#items + 1] = {
      bufnr = vim.fn.bufadd(at.uri),
      lnum = at.range and at.range.start.line + 1 or 1,
      col = 1,
      text = symbol.name .. (symbol.containerName and ('  ' .. symbol.containerName) or ''),
    }
  end
  return items, 'Events with ' .. words
end

--- Fill the quickfix list and open it.
function M.fill(words)
  local items, title, why
  if words ~= '' then
    items, title, why = of_words(words)
  else
    items, title, why = of_branch()
  end
  if not items then
    return sidecar.say(why, vim.log.levels.WARN)
  end
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  if #items == 0 then
    return sidecar.say('no event has that')
  end
  vim.cmd('botright copen')
end

return M
