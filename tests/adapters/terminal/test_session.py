"""A shell on a pseudo-terminal: when it is ready, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from shepherd_terminal.screen import Screen
from shepherd_terminal.session import Session, SessionEnded

SHELL = ["setsid", "--ctty", "--wait", "env", "PS1=$ ", "TERM=screen", "bash", "--norc", "-i"]


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(SHELL, Screen(), patience=5.0)
    session.screen.news()
    yield session
    session.close()


def test_a_command_is_over_when_the_prompt_is_back(session: Session) -> None:
    waited = session.send("echo a; echo b\n", 3.0)
    assert waited.state == "ready"
    assert waited.seconds < 3.0
    assert session.screen.news() == "$ echo a; echo b\na\nb\n$"


def test_work_is_waited_for_beyond_what_the_agent_said(session: Session) -> None:
    busy = "i=0; while ((i < 300000)); do ((i+=1)); done; echo done\n"
    assert session.send(busy, 0.05).state == "ready"
    assert "\ndone\n" in session.screen.news()


def test_a_program_that_waits_gets_what_the_agent_said(session: Session) -> None:
    assert session.send("cat\n", 0.1).state == "idle"
    assert session.send("hello\n", 0.1).state == "idle"
    assert session.send("\x04", 0.1).state == "ready"
    assert session.screen.news() == "$ cat\nhello\nhello\n$"


def test_patience_has_an_end_and_keys_interrupt() -> None:
    session = Session(SHELL, Screen(), patience=0.6)
    try:
        assert session.send("while :; do :; done\n", 0.1).state == "busy"
        assert session.send("\x03", 0.1).state == "ready"
    finally:
        session.close()


def test_a_long_text_arrives_whole(session: Session) -> None:
    text = "\n".join(f"line {number}" for number in range(2000))
    assert session.send(f"cat > /dev/null << EOF\n{text}\nEOF\n", 0.1).state == "ready"
    assert session.send("echo ok\n", 0.1).state == "ready"
    assert session.screen.rows()[-2:] == ["ok", "$"]


def test_no_keys_are_a_wait(session: Session) -> None:
    assert session.send("", 0.05).state == "ready"
    assert session.screen.news() == "$"


def test_a_shell_that_ends_is_told(session: Session) -> None:
    assert session.send("exit\n", 0.1).state == "ended"
    with pytest.raises(SessionEnded):
        session.send("ls\n", 0.1)


def test_a_shell_that_cannot_start_is_told() -> None:
    with pytest.raises(SessionEnded):
        Session(["sh", "-c", "echo no shell here"], Screen(), patience=5.0)


def test_news_begin_with_the_last_row_that_was_seen() -> None:
    screen = Screen(columns=10, rows=3)
    screen.feed(b"$ ")
    assert screen.news() == "$"
    screen.feed(b"ls\r\n" + b"".join(b"%d\r\n" % n for n in range(6)) + b"$ ")
    assert screen.news() == "$ ls\n0\n1\n2\n3\n4\n5\n$"
    screen.feed(b"0123456789abc")
    assert screen.news() == "$ 01234567\n89abc"
