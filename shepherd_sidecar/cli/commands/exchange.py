"""``export`` and ``import``: branches to a file and back, and trajectories of other tools.

Layer: cli.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shepherd_sidecar.cli.context import AUTHOR, Context
from shepherd_sidecar.cli.failures import BadInput, Usage, tell
from shepherd_sidecar.cli.history import run_named, run_of
from shepherd_sidecar.cli.naming import commit_of
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.text import clean, plural, size
from shepherd_sidecar.errors import ImportInvalid
from shepherd_sidecar.protocol.stores import ExportParams, ExportResult, ImportParams, ImportResult

_NOTES = 20


def export(context: Context) -> int:
    """Write a file; returns the exit code."""
    asked = context.arguments
    if asked.html is not None:
        return _page(context)
    if asked.file is None or asked.output is not None:
        raise Usage("say FILE, or --html RUN -o FILE")
    engine = context.engine
    path = str(Path(asked.file).expanduser().absolute())
    with working("exporting") as say:
        done = engine.care().export(ExportParams(path, asked.branches or None), say)
    if context.json:
        context.result(done)
    else:
        context.out(
            f"{clean(done.path)}: {plural(done.commits, 'commit')},"
            f" {plural(done.objects, 'object')}, {size(done.bytes)}"
        )
    return 0


def _page(context: Context) -> int:
    """Write a run as one page of HTML."""
    from shepherd_sidecar.engine.page.write import write

    asked = context.arguments
    if asked.output is None or asked.file is not None:
        raise Usage("--html RUN needs -o FILE, and no other file")
    engine = context.engine
    run = run_named(engine, asked.html)
    if run is None:
        run = run_of(engine, asked.html, commit_of(engine, asked.html))
    if run is None:
        raise BadInput(f"no run has {clean(asked.html)}", "`runs` lists them")
    path = Path(asked.output).expanduser().absolute()
    try:
        with working("writing the page") as say:
            made = write(engine, run, path, say)
    except OSError as error:
        raise BadInput(
            f"{path}: {error.strerror}", "name a file in a folder that is there"
        ) from None
    count = path.stat().st_size
    if context.json:
        context.result(ExportResult(str(path), len(made.events), len(made.contents), count))
        return 0
    context.out(f"{clean(str(path))}: {plural(len(made.events), 'event')}, {size(count)}")
    if made.left_out:
        context.out(f"  {plural(made.left_out, 'part')} left out: too large, or no text")
    return 0


def take_in(context: Context) -> int:
    """Take in files, each by itself; returns the exit code: 1 when one was refused."""
    asked = context.arguments
    if asked.reward is not None and (asked.format != "atif" or len(asked.files) > 1):
        raise Usage("--reward goes with one file of --format atif")
    missing = [name for name in asked.files if not Path(name).expanduser().is_file()]
    if missing:
        raise BadInput(f"no file {', '.join(missing)}", "nothing was imported")
    engine = context.engine_on_any
    taken = ImportResult(branches=[], commits=0, objects=0)
    code = 0
    for name in asked.files:
        path = Path(name).expanduser().absolute()
        try:
            with working(f"importing {path.name}"):
                one = take(engine, path, asked.format, asked.reward)
        except ImportInvalid as error:
            error.data.setdefault("file", str(path))
            code = tell(error)
            continue
        if not context.json:
            _told(context, name, one)
        notes = [*(taken.notes or []), *(one.notes or [])]
        taken = ImportResult(
            branches=taken.branches + one.branches,
            commits=taken.commits + one.commits,
            objects=taken.objects + one.objects,
            notes=notes or None,
        )
    if context.json:
        context.result(taken)
    return code


def take(engine: Engine, path: Path, form: str, reward: float | None) -> ImportResult:
    """Take one file into a store."""
    if form == "atif":
        from shepherd_sidecar.engine.atif import import_atif

        return import_atif(engine, path, AUTHOR, reward)
    return engine.care().import_(ImportParams(str(path)), AUTHOR)


def _told(context: Context, name: str, one: ImportResult) -> None:
    branches = ", ".join(context.paint("branch", clean(branch)) for branch in one.branches)
    context.out(
        f"{clean(name)}: {branches or 'no branches'} ({plural(one.commits, 'commit')} and"
        f" {plural(one.objects, 'object')} new)"
    )
    for note in (one.notes or [])[:_NOTES]:
        context.out(f"  {clean(_note(note))}")
    if one.notes and len(one.notes) > _NOTES:
        context.out(f"  and {len(one.notes) - _NOTES} more notes (--json has all)")


def _note(note: dict[str, Any]) -> str:
    words = [f"{name}: {item}" for name, item in note.items() if isinstance(item, str | int)]
    return ", ".join(words) or json.dumps(note)
