"""Snapshots, worlds and restores of the portable driver, beside cp and git."""

from __future__ import annotations

from collections.abc import Iterator

from bench import worlds_portable
from bench.harness import Row, Run, Sample


def rows(run: Run) -> Iterator[Row]:
    folder = run.folder("worlds")
    for count in (100,) if run.quick else (100, 2_000, 20_000):
        found = worlds_portable.measure(folder / str(count), count)
        for ours, theirs in worlds_portable.ROWS:
            yield Row(
                f"{count:,} files: {ours}",
                "ms",
                Sample.of(found[ours]),
                theirs,
                Sample.of(found[theirs]),
            )
