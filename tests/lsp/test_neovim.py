"""A real editor with no plugin: Neovim's own client, against the real sidecar."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.worlds import Run
from tests.support.lacking import lacking
from tests.support.sidecar import ROOT

SCRIPT = """
local file, store, python, out = unpack(vim.fn.split(os.getenv("SHEPHERD_TEST"), "\\n"))
vim.cmd("edit " .. vim.fn.fnameescape(file))
local cmd = { python, "-m", "shepherd_sidecar", "serve", "--store", store }
local id = vim.lsp.start_client({ name = "shepherd", cmd = cmd, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, id)
vim.wait(60000, function() return vim.lsp.get_client_by_id(id).initialized end, 20)
local document = { textDocument = vim.lsp.util.make_text_document_params() }
local function ask(method, params)
  local answer = vim.lsp.buf_request_sync(0, method, params, 30000)
  return answer and answer[id] and answer[id].result
end
local found = { lenses = ask("textDocument/codeLens", document) }
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "-- 👍 typed" })
found.moved = ask("textDocument/codeLens", document)
document.position = { line = 9, character = 2 }
found.hover = ask("textDocument/hover", document)
vim.fn.writefile({ vim.fn.json_encode(found) }, out)
vim.cmd("qa!")
"""


@pytest.mark.requirement("LSP-04", "LSP-05")
def test_the_editor_has_the_trace_beside_the_code(run: Run, store: Path, tmp_path: Path) -> None:
    nvim = shutil.which("nvim")
    if nvim is None:
        lacking("no Neovim: `make test` installs it where that can be done")
    assert nvim is not None
    file, out, script = run.world / "src" / "app.py", tmp_path / "out.json", tmp_path / "ask.lua"
    intent = run.sidecar.propose(run.branch, "edit", arguments={"path": str(file)})["commit"]
    file.write_text(file.read_text().replace("return 2", "return 3"))
    run.sidecar.resolve(run.branch, intent)
    script.write_text(SCRIPT)
    subprocess.run(
        [nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {script}"],
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "SHEPHERD_TEST": "\n".join((str(file), str(store), sys.executable, str(out))),
        },
        cwd=tmp_path,
        check=True,
        timeout=200,
        capture_output=True,
    )
    found = json.loads(out.read_text())
    titles = [(one["range"]["start"]["line"], one["command"]["title"]) for one in found["lenses"]]
    assert titles == [(8, "1 edit by agent-1"), (8, "fork before")]
    assert [one["range"]["start"]["line"] for one in found["moved"]] == [9, 9]
    assert "`edit /" in found["hover"]["contents"]["value"]
