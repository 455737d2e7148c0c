"""Programs that are nearly the sidecar: each does one thing otherwise, and the tie must see it.

python -m tests.lean.mutants             find for each the first case of the corpus that sees
                                         it, beside those that mutants.json has already
python -m tests.lean.mutants NAME ...    be the mutant of this name; the rest is a command line
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from shepherd_sidecar.cli.main import main as program_main
from tests.lean import mutants_meta, mutants_store  # noqa: F401  (where they are)
from tests.lean.mutating import MUTANTS

FOUND: Final = Path(__file__).parent / "mutants.json"
CAUGHT_BY: Final[dict[str, list[int]]] = (
    json.loads(FOUND.read_text("utf-8")) if FOUND.exists() else {}
)
"""A case of the corpus that sees each."""


def program(name: str) -> list[str]:
    """The command line of a mutant."""
    return [sys.executable, "-m", "tests.lean.mutants", name]


def find() -> None:
    """Run every mutant that is not in the table through the corpus until a case sees it.

    The newest cases come first: what a new mutant does otherwise is mostly theirs.
    """
    from tests.lean.driver import Served, carry_out
    from tests.lean.vectors import corpus

    cases = corpus()
    caught = {name: CAUGHT_BY[name] for name in MUTANTS if name in CAUGHT_BY}
    for name, change in MUTANTS.items():
        why = "NOT CAUGHT"
        if name in caught:
            continue
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / ".shepherd"
            with Served(store, program(name), 5.0) as served:
                for index, case in reversed(list(enumerate(cases))):
                    try:
                        carry_out(served, case)
                    except Exception as error:  # whatever it is, it was seen
                        why, caught[name] = f"{type(error).__name__} {error}"[:160], [index]
                        break
        sys.stdout.write(f"{name}: {change.__doc__} {caught.get(name)} {why}\n")
        sys.stdout.flush()
        FOUND.write_text(json.dumps(caught, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        find()
    else:
        MUTANTS[sys.argv[1]]()
        sys.exit(program_main(sys.argv[2:]))
