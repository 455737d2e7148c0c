"""Pictures of the demo as it looks in a terminal: ``demo.svg`` (the story), ``trace.svg``.

    pip install rich && python adapters/typescript/demo/picture.py

Runs the demo in a terminal of 100 columns and 40 rows of its own. For the README, by hand.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

HERE: Final = Path(__file__).resolve().parent
COLUMNS: Final = 100
ROWS: Final = 40
TRACE: Final = "6  The trace"
END: Final = "Look around"
FONTS: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts from elsewhere: a picture asks nobody for anything."""


def in_a_terminal(command: list[str]) -> str:
    """What a command writes to a terminal of its own.

    Raises:
        CalledProcessError: it failed.
    """
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
    env |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=env) as process:
        os.close(its)
        data = b""
        try:
            while more := os.read(ours, 1 << 16):
                data += more
        except OSError:  # Linux's way of saying that the other end is closed
            pass
    os.close(ours)
    said = data.decode().replace("\r\n", "\n")
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return said


def picture(text: str, to: Path, title: str) -> None:
    """Write text with its colours as a picture."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="256")
    console.print(Text.from_ansi(text), no_wrap=True, crop=True)
    drawn = FONTS.sub("", console.export_svg(title=title, unique_id=to.stem))
    to.write_text(drawn.replace("Fira Code, ", ""), "utf-8")


def lines_from(lines: list[str], heading: str) -> int:
    """The number of the line with a heading."""
    return next(number for number, line in enumerate(lines) if heading in line)


def main() -> None:
    """Run the demo and draw it."""
    lines = in_a_terminal([sys.executable, str(HERE / "demo.py")]).splitlines()
    trace, end = lines_from(lines, TRACE), lines_from(lines, END)
    story = [*lines[:trace], *lines[end:]]
    picture("\n".join(story), HERE / "demo.svg", "make demo")
    picture("\n".join(lines[trace + 1 : end]), HERE / "trace.svg", "shepherd-sidecar log --graph")


if __name__ == "__main__":
    main()
