"""``stat``, ``verify``, ``gc`` and ``forget``: looking after the store.

Layer: cli. Keeps: what cannot be undone is asked about first; ``verify`` ends with exit code
1 exactly when something is wrong.
"""

from __future__ import annotations

from typing import Final

from shepherd_sidecar.cli.asking import sure
from shepherd_sidecar.cli.context import Context
from shepherd_sidecar.cli.failures import FAILED, Usage
from shepherd_sidecar.cli.naming import commit_of, short
from shepherd_sidecar.cli.progress import working
from shepherd_sidecar.engine.care import BEYOND
from shepherd_sidecar.engine.text import clean, duration, plural, size
from shepherd_sidecar.errors import StoreCorrupt
from shepherd_sidecar.protocol.stores import (
    ForgetParams,
    GcParams,
    GcResult,
    StatParams,
    StatResult,
    VerifyParams,
)

_SHOWN: Final = 100
_COUNTED: Final = ("runs", "branches", "commits", "blobs", "trees")
_SIZED: Final = {
    "database_bytes": "database, with its log",
    "object_file_bytes": "objects in files of their own",
    "world_bytes": "live worlds",
    "payload_bytes": "payloads, before compression",
}


def stat(context: Context) -> int:
    """Show counts and sizes; returns the exit code."""
    with working("counting"):
        found = context.engine.care().stat(StatParams())
    if context.json:
        context.result(found)
        return 0
    context.out(f"{found.path} (layout {found.schema})")
    _counts(context, found)
    return 0


def verify(context: Context) -> int:
    """Check everything; returns the exit code."""
    params = VerifyParams(repair=context.arguments.repair)
    try:
        with working("verifying") as say:
            found = context.engine.care().verify(params, say)
    except StoreCorrupt as error:
        if params.repair:
            error.advice = BEYOND
        raise
    if context.json:
        context.result(found)
        return 0 if found.ok else FAILED
    paint = context.paint
    for problem in found.problems[:_SHOWN]:
        where, detail = clean(problem.where), clean(problem.detail)
        context.out(f"{paint('bad', problem.what)} {where}: {detail}")
    if len(found.problems) > _SHOWN:
        context.out(f"and {len(found.problems) - _SHOWN} more (--json has all)")
    checked = ", ".join(f"{number} {what}" for what, number in found.checked.items() if number)
    context.out(f"checked {checked or 'an empty store'} in {duration(found.ms)}")
    if found.repaired is not None:
        context.out(f"{plural(found.repaired, 'problem')} set aside")
    if found.ok:
        context.out(paint("good", "all is well"))
    else:
        context.out(paint("bad", plural(len(found.problems), "problem")))
    return 0 if found.ok else FAILED


def gc(context: Context) -> int:
    """Remove what nothing needs; returns the exit code."""
    asked = context.arguments
    params = GcParams(
        dry_run=asked.dry_run,
        keep_discarded_days=asked.keep_discarded_days,
        max_bytes=asked.max_bytes,
    )
    with working("collecting") as say:
        found = context.engine.care().gc(params, say)
    if context.json:
        context.result(found)
    else:
        _gone(context, found)
    return 0


def forget(context: Context) -> int:
    """Remove a payload everywhere; returns the exit code."""
    asked, engine = context.arguments, context.engine
    if (asked.commit is None) == (asked.blob is None):
        raise Usage("name a COMMIT, or a blob with --blob HASH")
    commit = commit_of(engine, asked.commit) if asked.commit is not None else None
    what = f"the payload of {short(commit)}" if commit else f"blob {short(asked.blob)}"
    if not sure(context, f"forget {what} for ever?"):
        context.note("nothing was changed")
        return FAILED
    with working("forgetting"):
        done = context.engine.care().forget(ForgetParams(commit, asked.blob, asked.reason))
    if context.json:
        context.result(done)
    else:
        context.out(f"{plural(done.forgotten, 'stored copy', 'stored copies')} removed")
    return 0


def _counts(context: Context, found: StatResult) -> None:
    for name in _COUNTED:
        context.out(f"{getattr(found, name):>12}  {name}")
    for name, said in _SIZED.items():
        context.out(f"{size(getattr(found, name)):>12}  {said}")


def _gone(context: Context, found: GcResult) -> None:
    told = [
        plural(found.branches, "branch", "branches"),
        plural(found.commits, "commit"),
        plural(found.blobs, "blob"),
        plural(found.trees, "tree"),
        plural(found.worlds, "world left over", "worlds left over"),
    ]
    named = ", ".join(one for one in told if not one.startswith("0 "))
    would = "would remove" if found.dry_run else "removed"
    context.out(f"{would} {named or 'nothing'} ({size(found.bytes)})")
