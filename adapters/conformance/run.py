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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from golden import with_ids, write
from transcript import Failed, Play

TRANSCRIPTS = Path(__file__).resolve().parent / "transcripts"


def main() -> int:
    """Play the transcripts; returns the exit code."""
    options = _options()
    os.umask(0o022)  # modes are part of a tree, and so of its id
    failed = 0
    for path in sorted(options.transcripts.glob("*.json")):
        if options.only and path.stem not in options.only:
            continue
        began = time.monotonic()
        problem = _play(path, options)
        failed += problem is not None
        took = f"{(time.monotonic() - began) * 1000:.0f} ms"
        print(f"{'FAILED' if problem else 'ok':6} {path.stem} ({took})", flush=True)
        if problem:
            print(f"       {problem}", flush=True)
    if failed:
        print(f"{failed} failed")
    return 1 if failed else 0


def _play(path: Path, options: argparse.Namespace) -> str | None:
    transcript = json.loads(path.read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as folder:
        command = (options.driver, options.sidecar, Path(folder).resolve(), options.timeout)
        play = Play(*command, with_ids) if options.bless else Play(*command)
        try:
            play.run(transcript)
        except Failed as failure:
            return str(failure)
        if options.bless:
            write(path, transcript)
    return None


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
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds a step may take")
    parser.add_argument("--bless", action="store_true", help="write the ids that come back")
    parser.add_argument("driver", nargs="+", help="the driver, after --")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
