"""The Neovim plugin in Neovim itself, old and new, against the real sidecar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.editors.neovim import Neovim, programs
from tests.engine.worlds import Run
from tests.support.lacking import lacking
from tests.support.sidecar import Sidecar, proposal

APP = "import os\n\n\ndef first():\n    return os.getpid()\n"
HOLD = """
[[rule]]
name = "ask"
tools = ["deploy"]
decision = "hold"
reason = "a person looks first"
"""
Edit = Callable[..., Neovim]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("work") / "project"
    (made / "src").mkdir(parents=True)
    (made / "src" / "app.py").write_text(APP)
    return made


@pytest.fixture(scope="module")
def sidecar(folder: Path) -> Iterator[Sidecar]:
    """The agent's; the store is where an editor looks for it."""
    with Sidecar.on(folder / ".shepherd") as running:
        running.call("run/list", {})
        (folder / ".shepherd" / "gate.toml").write_text(HOLD)
        yield running


@pytest.fixture(params=["system", "new"])
def edit(
    request: pytest.FixtureRequest, folder: Path, sidecar: Sidecar, tmp_path: Path
) -> Iterator[Edit]:
    """Starts an editor in the folder; it ends with the test."""
    program = programs().get(request.param)
    if program is None:
        lacking(f"no {request.param} Neovim: `make test` installs it where that can be done")
    assert program is not None
    started: list[Neovim] = []

    def start(script: str, settings: str = "", where: Path = folder) -> Neovim:
        started.append(Neovim(program, where, sidecar.store, tmp_path, script, settings))
        return started[-1]

    yield start
    for one in started:
        with one:
            pass


@pytest.fixture
def run(sidecar: Sidecar, folder: Path) -> Run:
    """An agent that works in the folder itself."""
    return Run.start(sidecar, folder, place="inPlace", agent={"name": "agent-1"})


@pytest.mark.requirement("NVIM-01")
def test_the_runs_a_log_and_an_event_are_buffers(edit: Edit, run: Run) -> None:
    run.sidecar.say(run.branch, "please mend it")
    intent, _ = run.sidecar.act(run.branch, "look", arguments={"at": "it"})
    told = edit(f"""
        vim.cmd('Shepherd')
        local runs = lines()
        vim.cmd('Shepherd {run.branch}')
        local log, kind = lines(), vim.bo.filetype
        vim.fn.search('look at=it')
        local folds = {{ vim.wo.foldmethod, vim.fn.foldlevel('.') }}
        vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<CR>', true, true, true), 'x', false)
        local event = vim.api.nvim_buf_get_name(0)
        local card = lines()
        finish({{ runs = runs, log = log, kind = kind, event = event, card = card,
          folds = folds, locked = not vim.bo.modifiable, said = SAID }})
    """).result()
    assert any(f"[{run.branch}]" in line.replace("\\", "") for line in told["runs"]), told
    assert told["kind"] == "shepherd"
    assert told["folds"] == ["expr", 1]
    assert "user: please mend it" in told["log"][2]
    assert told["event"] == f"shepherd:///event/{intent}.md"
    assert "**agent\\-1**" in told["card"][0]
    assert told["locked"]


@pytest.mark.requirement("NVIM-02")
def test_what_waits_is_asked_and_decided_in_place(edit: Edit, sidecar: Sidecar, run: Run) -> None:
    given = {"to": "production", "n": None, "l": []}
    editor = edit("""
        ANSWERS, TYPED = { 'Allow', 'Deny', 'Edit arguments' }, { 'not on a Friday' }
        vim.cmd('edit src/app.py')
        local function editing() return vim.fn.bufname():find('shepherd%-arguments') end
        wait(editing)
        vim.cmd('silent %s/production/test/')
        vim.cmd('write')
        wait(function() return not editing() end)
        finish({ asked = ASKED, windows = #vim.fn.tabpagebuflist() })
    """)
    verdicts = []
    for _ in range(3):
        params = proposal(run.branch, "deploy", arguments=given)
        verdicts.append(sidecar.result(sidecar.request("intent/propose", params))["verdict"])
    told = editor.result()
    assert [verdict["decision"] for verdict in verdicts] == ["allow", "deny", "override"]
    assert verdicts[1]["reason"] == "not on a Friday"
    assert verdicts[2]["payload"] == {"name": "deploy", "arguments": {**given, "to": "test"}}
    assert len(told["asked"]) == 3, "each is asked about once"
    question = told["asked"][0]
    assert "deploy" in question["prompt"]
    assert "a person looks first" in question["prompt"]
    assert "production" in question["prompt"]
    assert question["items"][:3] == ["Allow", "Deny", "Edit arguments"]
    assert told["windows"] == 1, "the editor of the arguments is gone"


@pytest.mark.requirement("NVIM-02")
def test_what_is_put_off_waits_until_it_is_asked_for(
    edit: Edit, sidecar: Sidecar, run: Run
) -> None:
    editor = edit(f"""
        ANSWERS = {{ 'Later', 'Allow' }}
        vim.cmd('edit src/app.py')
        wait(function() return #ASKED == 1 end)
        vim.cmd('ShepherdHeld')
        wait(function() return vim.fn.filereadable('{run.world}/decided') == 1 end)
        vim.cmd('ShepherdHeld')
        finish({{ asked = #ASKED, said = SAID }})
    """)
    asked = sidecar.request("intent/propose", proposal(run.branch, "deploy"))
    assert sidecar.result(asked)["verdict"]["decision"] == "allow"
    (run.world / "decided").touch()
    told = editor.result()
    (run.world / "decided").unlink()
    assert told == {"asked": 2, "said": ["Shepherd: nothing waits"]}


@pytest.mark.requirement("NVIM-03")
def test_events_are_in_the_quickfix_list(edit: Edit, run: Run) -> None:
    run.sidecar.say(run.branch, "please mend the zebra")
    run.sidecar.act(run.branch, "look")
    told = edit("""
        vim.cmd('ShepherdQuickfix')
        local all = vim.fn.getqflist({ items = 1, title = 1 })
        vim.cmd('ShepherdQuickfix zebra')
        local some = vim.fn.getqflist({ items = 1, title = 1 })
        vim.cmd('cfirst')
        local there = vim.api.nvim_buf_get_name(0)
        vim.cmd('ShepherdQuickfix nowhere-to-be-found')
        finish({ all = vim.tbl_map(function(i) return i.text end, all.items), title = all.title,
          some = #some.items, there = there, said = SAID })
    """).result()
    assert told["title"] == f"Events of {run.branch}"
    assert [entry["commit"][:8] for entry in run.log()] == [line[:8] for line in told["all"]]
    assert told["some"] >= 1
    assert told["there"].startswith("shepherd:///")
    assert told["said"] == ["Shepherd: no event has that"]


@pytest.mark.requirement("NVIM-04")
def test_fork_and_restore_from_a_line_of_the_log(edit: Edit, run: Run) -> None:
    before, name = run.take()["commit"], f"beside-{run.branch.rpartition('-')[2]}"
    run.exec("sh", "-c", "echo broken > src/app.py")
    told = edit(f"""
        vim.cmd('Shepherd {run.branch}')
        vim.fn.search('^ *{before[:8]}')
        ANSWERS = {{ 'Cancel', 'Restore' }}
        vim.cmd('ShepherdRestore src/app.py')
        wait(function() return #ANSWERS == 1 end)
        vim.cmd('ShepherdRestore src/app.py')
        wait(function() return #SAID == 1 end)
        local restored = vim.fn.readfile('src/app.py')
        vim.cmd('ShepherdUndo')
        local undone = vim.fn.readfile('src/app.py')
        vim.cmd('ShepherdUndo')
        vim.cmd('Shepherd {run.branch}')
        vim.fn.search('^ *{before[:8]}')
        vim.cmd('ShepherdFork {name}')
        finish({{ asked = ASKED, restored = restored, undone = undone, said = SAID,
          at = vim.api.nvim_buf_get_name(0) }})
    """).result()
    assert told["restored"] == APP.splitlines()
    assert told["undone"] == ["broken"]
    assert "src/app.py?" in told["asked"][0]["prompt"]
    assert told["said"][1:3] == [
        "Shepherd: the restore was taken back",
        "Shepherd: nothing was restored from here",
    ]
    assert told["at"] == f"shepherd:///branch/{name}"
    assert run.sidecar.branch(name)["forkedFrom"]["commit"] == before
    (run.world / "src" / "app.py").write_text(APP)


@pytest.mark.requirement("NVIM-01")
def test_lenses_and_hints_stand_beside_the_code_where_the_editor_can(edit: Edit, run: Run) -> None:
    run.exec("sed", "-i", "s/getpid/getppid/", "src/app.py")
    told = edit("""
        vim.cmd('edit src/app.py')
        if vim.fn.has('nvim-0.10') == 0 then
          wait(function() return #vim.lsp.buf_get_clients(0) > 0 end)
          return finish({ clients = #vim.lsp.buf_get_clients(0) })
        end
        local function titles()
          return vim.tbl_map(function(lens) return lens.command.title end, vim.lsp.codelens.get(0))
        end
        wait(function() return #titles() > 0 and #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0 end)
        finish({ titles = titles() })
    """).result()
    assert told.get("titles", ["1 edit by agent-1", "fork before"])[0].startswith("1 edit by")
    assert told.get("clients", 1) == 1
    (run.world / "src" / "app.py").write_text(APP)


@pytest.mark.requirement("NVIM-05")
def test_the_health_check_and_what_is_not_there(
    edit: Edit, tmp_path: Path, sidecar: Sidecar
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    told = edit(
        """
        vim.cmd('Shepherd')
        local shown = lines()
        for _, command in ipairs({ 'ShepherdFork', 'ShepherdHeld', 'ShepherdRestore',
            'ShepherdQuickfix', 'ShepherdPause' }) do
          vim.cmd(command)
        end
        vim.g.shepherd = { cmd = { 'no-such-program', 'serve' } }
        vim.cmd('checkhealth shepherd')
        finish({ shown = shown, said = SAID, health = table.concat(lines(), '\\n') })
        """,
        where=elsewhere,
    ).result()
    assert told["shown"][0].startswith("It cannot be shown: no agent has left a trace here")
    assert len(told["said"]) == 5
    assert sum("no agent has left a trace here" in words for words in told["said"]) == 4
    assert "no-such-program is not on PATH" in told["health"]
    assert "no agent has left a trace here" in told["health"]


@pytest.mark.requirement("NVIM-05")
def test_the_health_check_of_what_works(edit: Edit, run: Run) -> None:
    told = edit("""
        vim.cmd('Shepherd')
        vim.cmd('checkhealth shepherd')
        finish({ health = table.concat(lines(), '\\n'), new = vim.fn.has('nvim-0.11') })
    """).result()
    assert "shepherd-sidecar 0." in told["health"]
    assert f"the trace is in {run.world}/.shepherd" in told["health"]
    assert "a sidecar runs for" in told["health"]
    assert ("before 0.10 there is no" in told["health"]) is not bool(told["new"])
