--- What changes something: fork, restore with preview and undo, pause, resume.

local documents = require('shepherd.documents')
local sidecar = require('shepherd.sidecar')

local M = {}
local WARN = vim.log.levels.WARN
local undo

--- The branch at hand: of this buffer, else the newest of the store; nil and why not.
function M.branch()
  local here = documents.branch()
  if here then
    return here
  end
  local found, why = sidecar.ask('branch/list', { limit = 1 })
  if not found then
    return nil, why
  end
  if not found.branches[1] then
    return nil, 'no run is recorded in this store yet'
  end
  return found.branches[1].branch
end

--- Fork at the commit at hand (or where the branch stands), and show the new branch.
function M.fork(name)
  local at, why = documents.commit(), nil
  if not at then
    at, why = M.branch()
  end
  if not at then
    return sidecar.say(why, WARN)
  end
  local made, refused =
    sidecar.command('shepherd.fork', { at = at, name = name ~= '' and name or nil })
  if not made then
    return sidecar.say(refused, WARN)
  end
  local new = made.branches[1]
  local where = new.world and (', its files are in ' .. new.world.path) or ''
  sidecar.say('forked: branch ' .. new.branch .. where)
  documents.open(documents.branch_uri(new.branch))
  return new.branch
end

local function listed(changes)
  local names = {}
  for number, change in ipairs(changes) do
    if number > 8 then
      names[#names + 1] = ('and %d more'):format(#changes - 8)
      break
    end
    names[#names + 1] = change.path
  end
  return table.concat(names, ', ')
end

--- Restore what the branch's files were at the commit at hand: everything, or only some paths.
function M.restore(paths)
  local to = documents.commit()
  if not to then
    return sidecar.say('put the cursor on a line of a log, or open an event, to say to when', WARN)
  end
  local branch, why = M.branch()
  if not branch then
    return sidecar.say(why, WARN)
  end
  local asked = { branch = branch, to = to, paths = paths and #paths > 0 and paths or nil }
  local preview = vim.tbl_extend('force', { preview = true }, asked)
  local would, refused = sidecar.ask('snapshot/restore', preview)
  if not would then
    return sidecar.say(refused, WARN)
  end
  if #would.changes == 0 then
    return sidecar.say('nothing to restore: it is as it was then')
  end
  local said = ('Restore %d path(s) of %s as of %s: %s?'):format(
    #would.changes,
    branch,
    to:sub(1, 8),
    listed(would.changes)
  )
  vim.ui.select({ 'Restore', 'Cancel' }, { prompt = said }, function(choice)
    if choice ~= 'Restore' then
      return
    end
    local confirmed = vim.tbl_extend('force', { confirmed = true }, asked)
    local done, error = sidecar.command('shepherd.restore', confirmed)
    if not done then
      return sidecar.say(error, WARN)
    end
    undo = { branch = branch, safety = done.safety }
    vim.cmd('silent! checktime')
    sidecar.say(('restored %d path(s); :ShepherdUndo takes it back'):format(#done.changes))
  end)
end

--- Take the last restore back.
function M.undo()
  if not undo then
    return sidecar.say('nothing was restored from here')
  end
  local done, why = sidecar.command('shepherd.undo', undo)
  if not done then
    return sidecar.say(why, WARN)
  end
  undo = nil
  vim.cmd('silent! checktime')
  sidecar.say('the restore was taken back')
end

local function act(command, name, reason, words)
  local branch, why = name ~= '' and name or nil, nil
  if not branch then
    branch, why = M.branch()
  end
  if not branch then
    return sidecar.say(why, WARN)
  end
  local done, refused = sidecar.command(command, { branch = branch, reason = reason })
  sidecar.say(done and words:format(branch) or refused, not done and WARN or nil)
end

--- Make an agent's proposals wait.
function M.pause(name)
  act('shepherd.pause', name, 'paused from Neovim', '%s is paused: what it proposes waits')
end

--- Let it go on.
function M.resume(name)
  act('shepherd.resume', name, nil, '%s goes on')
end

return M
