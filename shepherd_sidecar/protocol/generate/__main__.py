"""``python -m shepherd_sidecar.protocol.generate``: write the generated files, or check them.

Layer: protocol.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shepherd_sidecar.protocol.generate.outputs import outputs
from shepherd_sidecar.protocol.generate.read import read

ROOT = Path(__file__).resolve().parents[3]


def stale(root: Path) -> list[str]:
    """Generated files below ``root`` that are missing or not what the source says."""
    return [
        name
        for name, text in outputs(read()).items()
        if not (root / name).is_file() or (root / name).read_text("utf-8") != text
    ]


def write(root: Path) -> list[str]:
    """Write every generated file below ``root``; returns their names."""
    texts = outputs(read())
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return list(texts)


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m shepherd_sidecar.protocol.generate")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on stale files")
    parser.add_argument("--out", type=Path, default=ROOT, metavar="DIR", help="project root")
    options = parser.parse_args(argv)
    if not options.check:
        for name in write(options.out):
            sys.stdout.write(f"{name}\n")
        return 0
    old = stale(options.out)
    for name in old:
        sys.stdout.write(f"stale: {name}\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
