"""Does a client library say the same as all others? Golden transcripts, played through it.

    python run.py [--sidecar "shepherd-sidecar serve"] [--only NAME]... -- DRIVER [ARGUMENT]...

DRIVER is a small program in the language of the client; README.md says how to write one. Needs
Python 3.11 or later and nothing else. Exits with 0 when every transcript went as written.
"""

# ruff: noqa: T201 - a program that talks on standard output

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from golden import with_ids, write
from transcript import Failed, LeftOut, Play

TRANSCRIPTS = Path(__file__).resolve().parent / "transcripts"


def main() -> int:
    """Play the transcripts; returns the exit code."""
    options = _options()
    os.umask(0o022)  # modes are part of a tree, and so of its id
    paths = [
        path
        for path in sorted(options.transcripts.glob("*.json"))
        if not options.only or path.stem in options.only
    ]
    if not paths:
        print("no such transcript")
        return 1
    bad = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for path, (word, problem, took) in zip(paths, pool.map(options.play, paths), strict=True):
            print(f"{word:8} {path.stem} ({took:.0f} ms)", flush=True)
            if problem:
                print(f"         {problem}", flush=True)
            bad += word == "FAILED" or (word == "left out" and not options.partial)
    if bad:
        print(f"{bad} of {len(paths)} did not go as written")
    return 1 if bad else 0


def _play(path: Path, options: argparse.Namespace) -> tuple[str, str, float]:
    """What became of one transcript: a word, the problem, milliseconds."""
    began = time.monotonic()
    transcript = json.loads(path.read_text("utf-8"))
    word, problem = "ok", ""
    with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as folder:
        command = (options.driver, options.sidecar, Path(folder).resolve(), options.timeout)
        play = Play(*command, with_ids) if options.bless else Play(*command)
        try:
            play.run(transcript)
        except Failed as failure:
            word = "left out" if isinstance(failure, LeftOut) else "FAILED"
            problem = str(failure)
    if options.bless and word == "ok":
        write(path, transcript)
    return word, problem, (time.monotonic() - began) * 1000


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sidecar",
        type=shlex.split,
        default=["shepherd-sidecar", "serve"],
        help="command that starts a sidecar; --store and --role are added",
    )
    parser.add_argument("--only", action="append", help="name of a transcript; may be repeated")
    parser.add_argument("--transcripts", type=Path, default=TRANSCRIPTS, help="their folder")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds a step may take")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once")
    parser.add_argument(
        "--partial", action="store_true", help="what the driver does not do is no failure"
    )
    parser.add_argument("--bless", action="store_true", help="write the ids that come back")
    parser.add_argument("driver", nargs="+", help="the driver, after --")
    options = parser.parse_args()
    options.play = partial(_play, options=options)
    return options


if __name__ == "__main__":
    sys.exit(main())
