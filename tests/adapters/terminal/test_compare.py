"""Each kind of difference is told from a real one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shepherd_terminal.compare import ABSENT, ECHO, ORDER, REAL, Difference, compare, lines

LS = "-rw-r--r-- 1 user user  224 Apr 28 23:14 host01.txt"
DIR = "drwxr-xr-x 2 user user 4096 Apr 28 23:14 css"


def kinds(recorded: str, actual: str, **more: object) -> list[str]:
    return [one.kind for one in compare(recorded, actual, **more)]  # type: ignore[arg-type]


@given(st.text())
def test_a_text_is_equal_to_itself(text: str) -> None:
    assert compare(text, text) == []


@given(st.lists(st.sampled_from(["a", "b", "", LS, DIR, "total 4"])), st.text(max_size=20))
def test_a_line_more_is_always_told(rows: list[str], line: str) -> None:
    more = [*rows, f"new {line.encode('ascii', 'replace').decode()}"]
    found = compare("\n".join(rows), "\n".join(more))
    assert (found == []) == (lines("\n".join(rows), 160) == lines("\n".join(more), 160))


def test_what_no_terminal_agrees_on_is_no_difference() -> None:
    assert compare("a  \n\x1b[1mb\x1b[0m\n\n\n", "\na\nb") == []
    assert compare("\x1b]0;title\x07a\r\nb", "a\nb") == []


def test_a_wrapped_line_is_one_line() -> None:
    assert compare("x" * 10 + "yz", "x" * 10 + "\nyz", columns=10) == []
    assert kinds("x" * 9 + "\nyz", "x" * 9 + "yz", columns=10) != []


@pytest.mark.parametrize(
    ("recorded", "actual", "kind"),
    [
        (LS, LS.replace("Apr 28 23:14", "Feb  2  2026"), "listing time"),
        (LS, LS.replace("user user", "root root"), "owner"),
        (DIR, DIR.replace(" 2 ", " 1 "), "link count of a folder"),
        (DIR, DIR.replace("4096", "60"), "size of a folder"),
        (LS, LS.replace("  224", "   224"), "column padding"),
        ("total 40", "total 44", "block count"),
        ("at 2026-04-28T23:14:00Z", "at 2026-11-21T09:00:01Z", "date or time"),
        ('"GET / HTTP/1.1" [28/Apr/2026 23:14:00]', None, "date or time"),
        ("Tue Apr 28 23:14:00 UTC", "Sat Nov 21 09:10:11 UTC", "date or time"),
        ("wrote /tmp/tmp.aB3dE5gH7j", "wrote /tmp/tmp.zzzzzzzzzz", "random name"),
        ("[1] 1234", "[1] 77", "process id"),
        ("Python 3.10.12", "Python 3.11.2", "version"),
        ("user@aaa:~$ ls", "user@bbb:~$ ls", "host name"),
    ],
)
def test_one_kind_is_named(recorded: str, actual: str | None, kind: str) -> None:
    other = actual or recorded.replace("23:14:00", "11:22:33")
    found = compare(recorded, other, hosts=("aaa", "bbb"))
    assert found == [Difference(kind, recorded, other)]
    assert all(one.explained for one in found)


def test_a_line_may_differ_in_several_kinds() -> None:
    other = DIR.replace(" 2 ", " 1 ").replace("23:14", "11:00")
    assert set(kinds(DIR, other)) == {"link count of a folder", "listing time"}


@pytest.mark.parametrize(
    ("recorded", "actual"),
    [
        ("host07  10.00%", "host07  10.01%"),
        (LS, LS.replace("224", "225")),
        (LS, LS.replace("-rw-", "-rwx")),
        (LS, LS.replace("host01", "host02")),
        (LS.replace(" 1 ", " 2 "), LS),  # links of a file are content
        ("total lines 40", "total lines 44"),
        ("10.1.5.17 blocked", "10.1.5.18 blocked"),
        ("1.5 seconds", "1.6 seconds"),
        ("tmp.aB3dE5gH7j", "tmp.zzzzzzzzzz"),
        ("a", ""),
        ("", "a"),
    ],
)
def test_a_real_difference_is_called_real(recorded: str, actual: str) -> None:
    assert set(kinds(recorded, actual)) == {REAL}


def test_an_address_is_no_version() -> None:
    assert set(kinds("ping 10.1.5.17", "ping 10.1.5.18")) == {REAL}


def test_lines_in_another_order_are_told_as_such() -> None:
    assert set(kinds("a\nb\nc", "c\na\nb")) == {ORDER}
    assert set(kinds("a\nb", "b\na\nx")) == {ORDER, REAL}


def test_a_program_that_is_not_here_is_told() -> None:
    assert kinds("bash: bc: command not found", "3") == [ABSENT]
    assert kinds("x: line 3: bc: command not found", "x: line 3: dc: command not found") == [REAL]


TYPED = "cat > a.py << 'EOF'\nimport os\n\nprint(os.getcwd())\nprint(os.getpid())\nEOF\n"
SHOWN = (
    "$ cat > a.py << 'EOF'\n> import os\n>\n> print(os.getcwd())\n> print(os.getpid())\n> EOF\n$"
)


def garbled(tail: str) -> str:
    first, _, rest = SHOWN.partition("\n")
    return f"{first}\n{tail}\n{rest}"


@pytest.mark.parametrize(
    "tail",
    ["cwd())\nprint(os.getpid())\nEOF", "\nprint(os.getcwd())\nprint(os.getpid())\nEOF"],
)
def test_the_echo_of_keys_typed_ahead_is_told_on_either_side(tail: str) -> None:
    for left, right in ((garbled(tail), SHOWN), (SHOWN, garbled(tail))):
        found = compare(left, right, typed=TYPED)
        assert {one.kind for one in found} == {ECHO}
        assert len(found) == len(tail.split("\n"))


def test_an_echo_explains_nothing_but_itself() -> None:
    found = compare(garbled("getpid())\nEOF") + "\nTraceback", SHOWN, typed=TYPED)
    assert {one.kind for one in found} == {ECHO, REAL}
    assert [one.recorded for one in found if one.kind == REAL] == ["Traceback"]


def test_one_line_of_the_typed_text_is_no_proof_of_an_echo() -> None:
    assert kinds(SHOWN + "\nEOF", SHOWN, typed=TYPED) == [REAL]


def test_a_size_differs_for_a_reason_only_in_files_that_were_there_before() -> None:
    recorded = LS.replace("224", "230")
    assert kinds(recorded, LS) == [REAL]
    assert kinds(recorded, LS, inputs={"host01.txt": 224}) == ["input file of another build"]
    assert kinds(LS, recorded, inputs={"host01.txt": 224}) == [REAL]
