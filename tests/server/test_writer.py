"""The way out: order, marks, and descriptors of every sort."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shepherd_sidecar.server.settings import Limits
from shepherd_sidecar.server.writer import Writer
from tests.support.waiting import PATIENCE

LIMITS = Limits(out_high=200_000, out_low=50_000)


class Signals:
    """What the writer called back."""

    def __init__(self) -> None:
        self.low = threading.Event()
        self.broken: list[int] = []

    def on_broken(self) -> None:
        self.broken.append(1)


@pytest.fixture(params=["pipe", "socket"])
def ends(request: pytest.FixtureRequest) -> Iterator[tuple[int, int]]:
    """A reading end, and a writing end for the writer to own."""
    if request.param == "pipe":
        read_end, write_end = os.pipe()
    else:
        left, right = socket.socketpair()
        read_end, write_end = left.detach(), right.detach()
    yield read_end, write_end
    with contextlib.suppress(OSError):  # the test may have closed it
        os.close(read_end)


def read_until(fd: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += os.read(fd, 1 << 16)
    return data


def writer_for(fd: int, signals: Signals) -> Writer:
    return Writer(fd, LIMITS, signals.low.set, signals.on_broken)


def test_a_small_message_goes_out_without_a_thread(ends: tuple[int, int]) -> None:
    writer = writer_for(ends[1], Signals())
    before = threading.active_count()
    writer.send(b"now")
    assert os.read(ends[0], 10) == b"now"
    assert threading.active_count() == before
    assert os.get_blocking(ends[1])  # others may share the descriptor
    writer.close()


def test_what_is_corked_goes_out_as_one(ends: tuple[int, int]) -> None:
    writer = writer_for(ends[1], Signals())
    writer.cork()
    for part in (b"a", b"b", b"c"):
        writer.send(part)
    assert writer.queued == 3
    writer.uncork()
    assert os.read(ends[0], 10) == b"abc"
    writer.close()


def test_a_cork_holds_up_no_other_thread(ends: tuple[int, int]) -> None:
    writer = writer_for(ends[1], Signals())
    writer.cork()
    other = threading.Thread(target=writer.send, args=(b"reply",))
    other.start()
    other.join()
    assert os.read(ends[0], 10) == b"reply"
    writer.close()


def test_marks_and_order_while_nobody_reads(ends: tuple[int, int]) -> None:
    signals = Signals()
    writer = writer_for(ends[1], signals)
    sent = [b"%06d" % number * 1000 for number in range(100)]
    for part in sent:
        writer.send(part)
    assert writer.would_block
    assert not signals.low.is_set()
    assert read_until(ends[0], 600_000) == b"".join(sent)
    assert signals.low.wait(PATIENCE)
    assert writer.wait_idle(PATIENCE)
    assert not writer.would_block
    writer.send(b"after")
    assert os.read(ends[0], 10) == b"after"
    writer.close()


def test_messages_of_many_threads_are_whole_and_in_their_order(ends: tuple[int, int]) -> None:
    writer = writer_for(ends[1], Signals())

    def send(name: bytes) -> None:
        for number in range(300):
            writer.send(name + b"%05d" % number + b"-" * 994, eager=number % 3 == 0)

    threads = [threading.Thread(target=send, args=(name,)) for name in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    data = read_until(ends[0], 900_000)
    for thread in threads:
        thread.join()
    found = [data[at : at + 6] for at in range(0, len(data), 1000)]
    for name in (b"a", b"b", b"c"):
        assert [one for one in found if one[:1] == name] == [
            name + b"%05d" % number for number in range(300)
        ]
    writer.close()


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_a_reader_that_is_gone_is_noticed_once(ends: tuple[int, int], size: int) -> None:
    signals = Signals()
    writer = writer_for(ends[1], signals)
    os.close(ends[0])
    writer.send(b"x" * size)
    assert writer.wait_idle(PATIENCE)
    writer.send(b"x" * size)
    assert (writer.broken, signals.broken, writer.queued) == (True, [1], 0)
    writer.close()


def test_a_file_is_written_by_the_thread(tmp_path: Path) -> None:
    fd = os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT)
    writer = writer_for(fd, Signals())
    for number in range(1000):
        writer.send(b"%d\n" % number)
    assert writer.wait_idle(PATIENCE)
    writer.close()
    assert (tmp_path / "out").read_text().split() == [str(number) for number in range(1000)]


def test_after_close_nothing_is_accepted(ends: tuple[int, int]) -> None:
    writer = writer_for(ends[1], Signals())
    writer.close()
    writer.close()
    writer.send(b"late")
    assert writer.queued == 0
    assert os.read(ends[0], 10) == b""
