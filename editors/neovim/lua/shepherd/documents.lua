--- Buffers named shepherd:///…: runs, the log of a branch, an event, a file as it was.

local sidecar = require('shepherd.sidecar')

local M = {}
local ID = string.rep('%x', 64)

local function encoded(name)
  return (name:gsub('[^%w%-._~]', function(char)
    return string.format('%%%02X', char:byte())
  end))
end

local function decoded(name)
  return (name:gsub('%%(%x%x)', function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

--- The address of a branch's log.
function M.branch_uri(name)
  return 'shepherd:///branch/' .. encoded(name)
end

--- The branch whose log a buffer is; nil when it is none.
function M.branch(buffer)
  local found = vim.api.nvim_buf_get_name(buffer or 0):match('^shepherd:/+branch/([^?]+)')
  return found and decoded(found) or vim.b[buffer or 0].shepherd_branch
end

--- Show a document in this window.
function M.open(uri, line)
  vim.cmd('edit ' .. vim.fn.fnameescape(uri))
  if line then
    pcall(vim.api.nvim_win_set_cursor, 0, { line, 0 })
  end
end

local function fill(buffer, told)
  local lines = vim.split(told.text:gsub('\n$', ''), '\n', { plain = true })
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
end

local function filetype(buffer, uri, told)
  if told.language == 'markdown' then
    return 'markdown'
  elseif uri:find('^shepherd:/+branch/') then
    return 'shepherd'
  end
  if vim.filetype and vim.filetype.match then
    local path = decoded(uri:gsub('^shepherd:/+file/%x+/', ''))
    local ok, found = pcall(vim.filetype.match, { filename = path, buf = buffer })
    if ok and found then
      return found
    end
  end
  return 'text'
end

local function windows(buffer)
  return vim.fn.win_findbuf(buffer)
end

--- Fill a buffer from its address; called for each one that is opened.
function M.read(buffer)
  local uri = vim.api.nvim_buf_get_name(buffer)
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].bufhidden = 'hide'
  local told, why = sidecar.ask('editor/document', { uri = uri }, buffer)
  if not told then
    fill(buffer, { text = 'It cannot be shown: ' .. why })
    return
  end
  fill(buffer, told)
  vim.bo[buffer].filetype = filetype(buffer, uri, told)
  local client = sidecar.client(buffer)
  if client then
    sidecar.attach(buffer, client.id)
  end
  M.keys(buffer)
  if uri:find('^shepherd:/+branch/') then
    for _, window in ipairs(windows(buffer)) do
      vim.api.nvim_win_call(window, function()
        vim.wo.foldmethod = 'expr'
        vim.wo.foldexpr = "getline(v:lnum)=~'^  '?1:'>1'"
        vim.wo.foldlevel = 9
      end)
    end
  end
end

--- What a document says may have changed: read it again, and stay at the end where one was.
function M.changed(uri)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) == uri then
      local told = sidecar.ask('editor/document', { uri = uri }, buffer)
      if told then
        local before = vim.api.nvim_buf_line_count(buffer)
        fill(buffer, told)
        for _, window in ipairs(windows(buffer)) do
          if vim.api.nvim_win_get_cursor(window)[1] == before then
            local last = vim.api.nvim_buf_line_count(buffer)
            pcall(vim.api.nvim_win_set_cursor, window, { last, 0 })
          end
        end
      end
    end
  end
end

--- The address that the cursor stands on: a link, or the event of a line of a log; nil for none.
function M.under_cursor()
  local line, column = vim.api.nvim_get_current_line(), vim.api.nvim_win_get_cursor(0)[2] + 1
  local first
  for from, uri, to in line:gmatch('()%[[^%]]*%]%((shepherd:[^)%s]+)%)()') do
    first = first or uri
    if column >= from and column < to then
      return uri
    end
  end
  if first then
    return first
  end
  local buffer = vim.api.nvim_get_current_buf()
  local where = vim.lsp.util.make_position_params(0, 'utf-16')
  where.textDocument = { uri = vim.api.nvim_buf_get_name(buffer) }
  local found = sidecar.ask('textDocument/definition', where, buffer)
  if type(found) == 'table' then
    found = found[1] or found
    return found.uri or found.targetUri
  end
end

--- The commit at hand: that of the line of a log, of an event, or of a file as it was.
function M.commit()
  local name = vim.api.nvim_buf_get_name(0)
  local own = name:match('^shepherd:/+event/(' .. ID .. ')') or name:match('^shepherd:/+file/(' .. ID .. ')')
  if own then
    return own
  end
  if name:find('^shepherd:/+branch/') then
    return (M.under_cursor() or ''):match('event/(' .. ID .. ')')
  end
end

--- Go where the cursor points.
function M.follow()
  local branch, uri = M.branch(), M.under_cursor()
  if not uri then
    return sidecar.say('nothing to open here')
  end
  M.open(uri)
  if branch and not uri:find('^shepherd:/+branch/') then
    vim.b.shepherd_branch = branch -- restoring from an event needs to know whose it is
  end
end

--- The keys of these buffers.
function M.keys(buffer)
  for key, work in pairs({
    ['<CR>'] = M.follow,
    ['-'] = function()
      M.open('shepherd:///runs')
    end,
    ['R'] = function()
      M.read(buffer)
    end,
    ['F'] = function()
      require('shepherd.acts').fork()
    end,
    ['U'] = function()
      require('shepherd.acts').restore()
    end,
  }) do
    vim.api.nvim_buf_set_keymap(buffer, 'n', key, '', { callback = work, noremap = true, nowait = true })
  end
end

return M
