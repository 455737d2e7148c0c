--- :checkhealth shepherd

local settings = require('shepherd.settings')
local sidecar = require('shepherd.sidecar')

local M = {}

-- 0.7 and 0.8 have the names of before 0.9.
local report = vim.health
if not (report and (report.ok or report.report_ok)) then
  report = require('health')
end
local start = report.start or report.report_start
local ok = report.ok or report.report_ok
local warn = report.warn or report.report_warn
local bad = report.error or report.report_error

local MISSING = {
  { '0.8', 'the sidecar shows documents by itself (window/showDocument)' },
  { '0.10', 'who wrote a line at its end, and lenses above (inlay hints, code lenses)' },
  { '0.11', 'vim.lsp.enable: `:checkhealth vim.lsp` lists the configuration' },
}

function M.check()
  start('Neovim')
  local whole = true
  for _, row in ipairs(MISSING) do
    if not settings.has(row[1]) then
      whole = false
      warn(('before %s there is no: %s'):format(row[1], row[2]))
    end
  end
  if whole then
    ok('has all that the plugin uses')
  end
  start('The sidecar')
  local cmd = settings.get('cmd')
  if vim.fn.executable(cmd[1]) == 0 then
    bad(cmd[1] .. ' is not on PATH', { 'pip install shepherd-sidecar', 'or set vim.g.shepherd = { cmd = {...} }' })
  else
    local asked = {}
    for number, word in ipairs(cmd) do
      asked[number] = word == 'serve' and '--version' or word
      if word == 'serve' then
        break
      end
    end
    local said = vim.trim(vim.fn.system(asked))
    if vim.v.shell_error == 0 then
      ok(said)
    else
      bad(table.concat(asked, ' ') .. ' failed: ' .. said)
    end
  end
  start('This folder')
  local root = settings.root('')
  if root then
    ok('the trace is in ' .. root .. '/.shepherd')
  else
    warn('no agent has left a trace here', { 'the plugin does nothing where no folder above has .shepherd/' })
  end
  local clients = sidecar.clients()
  if #clients == 0 then
    warn('no sidecar runs for this Neovim', { 'open a file of a folder with a trace, or :Shepherd' })
  end
  for _, client in ipairs(clients) do
    ok(('a sidecar runs for %s'):format(client.config.root_dir or 'this folder'))
  end
end

return M
