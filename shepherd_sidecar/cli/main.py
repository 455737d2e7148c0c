"""The command line.

Layer: cli.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="shepherd-sidecar")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="speak JSON-RPC on stdio")
    serve.add_argument("--store")
    serve.add_argument("--role", default="owner")
    arguments = parser.parse_args(argv)
    from shepherd_sidecar.cli.serve import serve_store

    return serve_store(arguments.store, arguments.role)


if __name__ == "__main__":
    sys.exit(main())
