"""``show`` and ``cat``: one commit whole, and one file as it was.

Layer: cli.
"""

from __future__ import annotations

import base64
import sys

from shepherd_sidecar.cli import history
from shepherd_sidecar.cli.block import block
from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.files import patches
from shepherd_sidecar.cli.lines import ROLES, label
from shepherd_sidecar.cli.naming import commit_of, short
from shepherd_sidecar.engine import reading, tree_reading
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.entries import entry
from shepherd_sidecar.engine.summary import summary, usage
from shepherd_sidecar.engine.text import ago, clean, plural, size, when
from shepherd_sidecar.engine.whole import whole
from shepherd_sidecar.protocol.common import Entry
from shepherd_sidecar.protocol.snapshots import SnapshotDiffParams, SnapshotReadParams
from shepherd_sidecar.protocol.traces import GetParams
from shepherd_sidecar.store import commits

_FILES = 50
_CHUNK = 4 * 1024 * 1024


def run(context: Context) -> int:
    """Print one commit; returns the exit code."""
    engine = context.engine
    commit = commit_of(engine, context.arguments.commit)
    found = reading.get(engine.store, GetParams(commit))
    if context.json:
        context.result(found)
        return 0
    _facts(context, engine, found)
    context.out()
    if found.forgotten:
        context.out("    (the payload was forgotten)")
    else:
        for line in block(whole(engine, found.payload), context.paint, "    "):
            context.out(line)
    _answers(context, engine, found)
    _files(context, engine, found)
    return 0


def cat(context: Context) -> int:
    """Print a file as it was, or list a folder; returns the exit code."""
    engine, path = context.engine, context.arguments.path
    commit = commit_of(engine, context.arguments.commit)
    offset, length = 0, None if context.json else _CHUNK
    while True:
        params = SnapshotReadParams(path, commit, offset=offset, length=length)
        part = tree_reading.read(engine.store, params, engine.limits)
        if context.json:
            context.result(part)
            return 0
        if part.entries is not None:
            for one in part.entries:
                mark = {"dir": "/", "link": "@"}.get(one.kind, "")
                told = context.paint("faint", f"  {size(one.size)}") if one.size is not None else ""
                context.out(f"{context.paint('tool' if mark else '', one.name)}{mark}{told}")
            return 0
        data = base64.b64decode(part.data or "")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        offset += len(data)
        if part.kind == "link" or offset >= part.size or not data:
            return 0


def _facts(context: Context, engine: Engine, found: Entry) -> None:
    paint = context.paint
    run = history.run_of(engine, "", found.commit)
    heads = [b for b in history.branches_of(engine, run) if b.head == found.commit] if run else []
    names = label(context, heads)
    context.out(f"{paint('id', f'commit {found.commit}')}{f' {names}' if names else ''}")
    facts = {
        "kind": f"{paint(ROLES[found.kind], found.kind)}, {found.effect}",
        "branch": f"{clean(found.branch)}, {_depth(found)}" if found.branch else _depth(found),
        "at": f"{when(found.at, '%Y-%m-%d %H:%M:%S %z')} ({ago(found.at)})" if found.at else "",
        "parents" if len(found.parents) > 1 else "parent": " ".join(found.parents),
        "intent": found.intent or "",
        "tree": found.tree or "",
        "event": found.event,
        "cost": usage(found.usage),
        "clientId": clean(found.client_id or ""),
    }
    for name, said in facts.items():
        if said:
            context.out(f"{paint('faint', f'{name:<9}')}{said}")


def _depth(found: Entry) -> str:
    return f"{plural(found.depth, 'commit')} from the root" if found.depth else "the root"


def _answers(context: Context, engine: Engine, found: Entry) -> None:
    """What names this commit as its intent: verdicts, its outcome; on each path of the trace."""
    with engine.store.reading() as conn:
        naming = [
            entry(conn, engine.store.root, node, history.PAYLOAD)
            for node in commits.naming(conn, commits.need(conn, found.commit).seq)
        ]
    if not naming:
        return
    context.out()
    for answer in naming:
        word = "verdict" if answer.kind == "intervention" else "outcome"
        said = " ".join(filter(None, (summary(answer), usage(answer.usage))))
        on = f"  ({clean(answer.branch)})" if answer.branch not in (None, found.branch) else ""
        context.out(
            f"{context.paint('faint', f'{word:<9}')}{context.paint('id', short(answer.commit))} "
            f"{context.paint(ROLES[answer.kind], said)}{on}"
        )


def _files(context: Context, engine: Engine, found: Entry) -> None:
    if found.tree is None or not found.parents:
        return
    compared = tree_reading.diff(engine.store, SnapshotDiffParams(found.parents[0], found.commit))
    changed = sorted(
        [*compared.added, *compared.removed, *compared.changed, *compared.renamed],
        key=lambda patch: patch.path,
    )
    context.out()
    context.out(context.paint("faint", f"{plural(len(changed), 'file')} changed"))
    for line in patches(changed[:_FILES], context.paint):
        context.out(line)
    if len(changed) > _FILES:
        context.out(f"  and {len(changed) - _FILES} more")
