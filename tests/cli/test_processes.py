"""The program as shells meet it: streams, exit codes, signals, terminals, start-up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shepherd_sidecar.engine.text import columns
from tests.cli.conftest import ROOT, Cli, program, ran
from tests.protocol.schema import faults
from tests.support.lacking import root
from tests.support.living import living
from tests.support.unprivileged import command, user_folder
from tests.support.wire import Wire

HOLD = """
[[rule]]
name = "ask"
tools = ["exec"]
decision = "hold"
reason = "a person looks first"
"""
DENY = HOLD.replace("hold", "deny")
AT = """
import os, sys
from shepherd_sidecar.cli.main import main
os.chdir(sys.argv[1])
sys.exit(main(sys.argv[2:]))
"""
"""The program in a folder of its own choice: who becomes another user leaves the one it was in."""


def on_terminal(*argv: str, store: Path, width: int = 80, **env: str) -> str:
    """What the program writes to a terminal of so many columns."""
    leader, follower = os.openpty()
    named = {"TERM": "xterm", "COLUMNS": str(width), "PYTHONPATH": str(ROOT), **env}
    inherited = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "shepherd_sidecar", "--store", str(store), *argv],
        env={**inherited, **named},
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    try:
        while part := os.read(leader, 65536):
            seen += part
    except OSError:
        pass  # the last one on the other side is gone
    finally:
        os.close(leader)
        process.wait(timeout=60)
    return seen.decode().replace("\r\n", "\n")


def test_the_version_comes_without_anything_heavy() -> None:
    script = (
        "import sys; from shepherd_sidecar.cli.main import main; main(['--version']);"
        "heavy = {'cattrs', 'pygls', 'sqlite3', 'asyncio', 'watchdog', 'attrs', 'argcomplete'};"
        "sys.exit(repr(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 0


def test_help_names_every_command_and_each_has_examples(shared: Path) -> None:
    top = ran(program("--help"))
    assert top.code == 0
    names = [line.split()[0] for line in top.lines if line.startswith("  ") and line[2] != "-"]
    for name in ("log", "restore", "exec", "gc"):
        assert name in names
    assert "examples:\n  shepherd-sidecar log " in ran(program("log", "--help")).out


@pytest.mark.parametrize("when", ["auto", "always", "never"])
def test_colour_goes_to_terminals_only_unless_told(shared: Path, when: str) -> None:
    shown = on_terminal("log", "--color", when, store=shared)
    piped = ran(program("log", "--color", when, store=shared)).out
    assert ("\x1b[" in shown) == (when != "never")
    assert ("\x1b[" in piped) == (when == "always")


def test_no_color_is_respected_and_json_has_none(shared: Path) -> None:
    assert "\x1b" not in on_terminal("log", store=shared, NO_COLOR="1")
    assert "\x1b" not in on_terminal("log", store=shared, TERM="dumb")
    assert "\x1b" not in on_terminal("runs", "--json", store=shared)


@pytest.mark.parametrize("words", ["log fix", "log --graph", "runs", "branches"])
@pytest.mark.parametrize("width", [40, 60, 75])
def test_lines_fit_the_terminal(shared: Path, words: str, width: int) -> None:
    shown = on_terminal(*words.split(), "--color", "never", store=shared, width=width)
    lines = shown.splitlines()[words.startswith("log") :]
    assert len(lines) > 1
    assert all(columns(line) <= width for line in lines)


def test_lines_are_whole_in_a_pipe(shared: Path) -> None:
    narrow = on_terminal("log", "fix", "--color", "never", store=shared, width=44)
    whole = ran(program("log", "fix", store=shared)).out
    assert "echo done" in whole and "echo done" not in narrow


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}])
def test_a_locale_without_letters_still_works(shared: Path, locale: dict[str, str]) -> None:
    for argv in (("log", "--graph"), ("show", "fix~8"), ("runs", "--json")):
        said = ran(program(*argv, store=shared, LANG="C", **locale))
        assert (said.code, said.err) == (0, "")
    assert "..." in on_terminal("log", store=shared, width=60, LANG="C", LC_ALL="C")


def test_a_reader_that_goes_away_is_no_error(shared: Path) -> None:
    process = program("replay", "fix", "--lines", "0", "--color", "always", store=shared)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141
    process.stderr.close()


def test_exec_gives_both_streams_and_the_exit_code(own: Path) -> None:
    script = "echo out; echo err >&2; exit 3"
    said = ran(program("exec", "fix", "--", "sh", "-c", script, store=own))
    assert (said.code, said.out, said.err) == (3, "out\n", "err\n")
    assert ran(program("exec", "fix", "--", "sh", "-c", "kill -9 $$", store=own)).code == 137
    late = ran(program("exec", "--timeout", "0.2", "fix", "--", "sleep", "60", store=own))
    assert (late.code, "timed out" in late.err) == (124, True)
    missing = ran(program("exec", "fix", "--", "no-such-command", store=own))
    assert (missing.code, missing.err.split(":")[1]) == (1, " ExecFailed")


def test_exec_hands_over_words_environment_folder_and_input(cli: Cli, own: Path) -> None:
    said = cli("exec", "fix", "--", "echo", "a", "--", "--json", store=own)
    assert said.out == "a -- --json\n"
    said = cli("exec", "--env", "A=b=c", "fix", "--", "sh", "-c", "echo $A", store=own)
    assert said.out == "b=c\n"
    done = cli("--json", "exec", "fix", "--", "true", store=own).json
    assert faults("world.exec.result", done) == []
    process = subprocess.run(
        [sys.executable, "-m", "shepherd_sidecar", "exec", "--stdin", "fix", "--", "cat"],
        input=b"given\n",
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SHEPHERD_STORE": str(own)},
        check=True,
    )
    assert process.stdout == b"given\n"


def test_exec_that_is_denied_does_not_run_and_says_why(cli: Cli, own: Path) -> None:
    (own / "gate.toml").write_text(DENY)
    said = cli("exec", "fix", "--", "touch", "/tmp/never", store=own)
    assert (said.code, said.out) == (1, "")
    assert "IntentDenied: a person looks first" in said.err


def test_exec_that_is_held_waits_for_decide_elsewhere(own: Path) -> None:
    (own / "gate.toml").write_text(HOLD)
    waiting = program("exec", "fix", "--", "echo", "at last", store=own)
    assert waiting.stderr is not None
    assert b"held: a person looks first" in waiting.stderr.readline()
    command = waiting.stderr.readline().split()
    listed = ran(program("held", store=own))
    assert "$ echo 'at last'" in listed.out
    intent = command[2].decode()
    assert intent in listed.out
    decided = ran(program("decide", intent, "allow", "--by", "ann", store=own))
    assert (decided.code, decided.out.startswith("allow recorded")) == (0, True)
    said = ran(waiting)
    assert (said.code, said.out) == (0, "at last\n")
    assert ran(program("held", store=own)).err == "nothing waits\n"


def test_an_override_is_what_runs(own: Path) -> None:
    (own / "gate.toml").write_text(HOLD)
    waiting = program("exec", "fix", "--", "echo", "one", store=own)
    assert waiting.stderr is not None
    waiting.stderr.readline()
    intent = waiting.stderr.readline().split()[2].decode()
    payload = '{"name": "exec", "arguments": {"argv": ["echo", "two"]}}'
    ran(program("decide", intent, "override", "--payload", payload, store=own))
    said = ran(waiting)
    assert (said.code, said.out) == (0, "two\n")


def test_ctrl_c_kills_the_command_and_records_that(cli: Cli, own: Path) -> None:
    token = f"{os.getpid()}.0625"  # the length of a sleep tells it from every other
    process = program("exec", "fix", "--", "sleep", token, store=own)
    while set(living(token)) <= {process.pid}:  # the test's own time limit ends this
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    said = ran(process)
    assert (said.code, said.out, said.err) == (130, "", "")
    assert "cancelled, and killed" in cli("log", "fix", "-n", "1", store=own).out
    assert not living(token)


def test_restore_asks_on_a_terminal(own: Path) -> None:
    leader, follower = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "shepherd_sidecar", "restore", "fix", "--to", "fix~4"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "SHEPHERD_STORE": str(own)},
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(leader, 1024)
    os.write(leader, b"y\n")
    out, _ = process.communicate(timeout=60)
    os.close(leader)
    assert process.returncode == 0
    assert b"undo:\n  shepherd-sidecar restore fix --to " in out


def test_serve_speaks_the_protocol_and_tells_what_stops_it(own: Path, tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "shepherd_sidecar", "serve", "--store", str(own)]
    with Wire.start(argv, env={"PYTHONPATH": str(ROOT)}) as wire:
        assert len(wire.call("run/list", {})["runs"]) == 1
    (tmp_path / "file").write_text("")
    refused = ran(program("serve", "--store", str(tmp_path / "file" / "store")))
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("shepherd-sidecar: StoreReadOnly: ")


def test_a_store_that_may_not_be_looked_into_is_told_by_its_path() -> None:
    root("keep a folder from somebody else")
    with user_folder() as base:
        store = base / ".shepherd"
        store.mkdir(mode=0o700)
        (store / "store.db").touch()
        closed = os.environ | {"PYTHONPATH": str(ROOT), "SHEPHERD_STORE": ""}
        for words, at in (
            (["log"], base),  # found upward
            (["log", "--store", str(store)], Path("/")),
            (["serve"], base),
        ):
            argv = command([sys.executable, "-c", AT, str(at), *words])
            refused = subprocess.run(argv, env=closed, input="", capture_output=True, text=True)
            assert (refused.returncode, refused.stdout) == (1, "")
            assert refused.stderr.splitlines()[1] == f"  path: {store}"
            assert refused.stderr.startswith("shepherd-sidecar: StoreReadOnly: ")


def test_an_agents_sidecar_owns_the_branches_named(own: Path) -> None:
    argv = [sys.executable, "-m", "shepherd_sidecar", "serve", "--store", str(own)]
    argv += ["--role", "agent", "--own", "fix"]
    event = {"kind": "annotation", "payload": {}}
    with Wire.start(argv, env={"PYTHONPATH": str(ROOT)}) as wire:
        wire.call("trace/append", {"branch": "fix", "events": [event]})
        with pytest.raises(Exception, match="RoleForbidden"):
            wire.call("trace/append", {"branch": "other", "events": [event]})


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(cli: Cli, shell: str) -> None:
    said = cli("completion", shell)
    assert (said.code, "shepherd-sidecar" in said.out) == (0, True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("shepherd-sidecar re", {"rename", "replay", "restore", "resume", "rewind"}),
        ("shepherd-sidecar snapshot ", {"fix", "other"}),
        ("shepherd-sidecar log --rev", {"--reverse"}),
        ("shepherd-sidecar show o", {"other"}),
    ],
)
def test_the_shell_completes_commands_and_branches(
    own: Path, tmp_path: Path, line: str, expected: set[str]
) -> None:
    answer = tmp_path / "answer"
    asked = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "_ARGCOMPLETE_IFS": "\n",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "SHEPHERD_STORE": str(own),
    }
    ran(program(**asked))
    words = {word.strip() for word in answer.read_text().split("\n")}
    assert expected <= words
    assert all(word.startswith(line.rsplit(" ", 1)[1]) for word in words)


def test_in_a_damaged_store_nothing_but_options_completes(tmp_path: Path) -> None:
    store, answer = tmp_path / ".shepherd", tmp_path / "answer"
    store.mkdir()
    (store / "store.db").write_bytes(b"x" * 4096)
    line = "shepherd-sidecar show "
    asked = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "SHEPHERD_STORE": str(store),
    }
    said = ran(program(**asked))
    assert (said.code, said.err) == (0, "")
    assert all(word.startswith("-") for word in answer.read_text().split("\v"))


def test_a_full_disk_and_a_closed_stdout_are_told_in_one_line(shared: Path) -> None:
    command = f'"{sys.executable}" -m shepherd_sidecar --store "{shared}" log'
    for to, code, said in (("> /dev/full", 1, "Unwritable: stdout: No space"), (">&-", 0, "")):
        done = subprocess.run(
            ["sh", "-c", f"{command} {to}"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code
        assert (said in done.stderr) and len(done.stderr.splitlines()) == (code != 0)


def test_follow_prints_what_another_process_records(own: Path) -> None:
    following = program("log", "fix", "--follow", "-n", "1", store=own)
    assert following.stdout is not None
    assert b"exit 3" in following.stdout.readline()
    ran(program("inject", "fix", "look here", "--by", "ann", store=own))
    assert b"inject by ann: look here" in following.stdout.readline()
    following.send_signal(signal.SIGINT)
    said = ran(following)
    assert (said.code, said.out, said.err) == (130, "", "")
