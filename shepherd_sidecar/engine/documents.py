"""Documents that stand in no folder: runs, logs, events, files as they were.

Layer: engine. Keeps: what cannot be shown is one plain sentence in place of the text; only an
address of nothing is an error.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Final

from shepherd_sidecar.engine import cards, uris
from shepherd_sidecar.engine.batch import Batch
from shepherd_sidecar.engine.cards import escape
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.outline import Outline, outline
from shepherd_sidecar.engine.prepare import rfc3339
from shepherd_sidecar.engine.text import ago, size
from shepherd_sidecar.engine.uris import Target
from shepherd_sidecar.engine.whole import whole
from shepherd_sidecar.engine.workspaces import world_tree
from shepherd_sidecar.errors import PathNotFound, ShepherdError
from shepherd_sidecar.protocol.editors import DocumentParams, DocumentResult
from shepherd_sidecar.store import branches, commits
from shepherd_sidecar.trace.merge_text import TEXT_BYTES, is_text
from shepherd_sidecar.trace.tree_diff import find_entry
from shepherd_sidecar.trace.trees import File, Link, split_path
from shepherd_sidecar.worlds.capture import tree_reader
from shepherd_sidecar.worlds.paths import printable

_RUNS: Final = 200
_BRANCHES: Final = 200


def document(engine: Engine, params: DocumentParams) -> DocumentResult:
    """What ``editor/document`` answers. Blocks for long logs.

    Raises:
        InvalidParams: the address means nothing.
        UnknownBranch, UnknownCommit: what it means is not there.
    """
    target = uris.parse(params.uri)
    language, commit = "markdown", target.commit or None
    if target.kind == "runs":
        text = _runs(engine)
    elif target.kind == "branch":
        language, text = "plaintext", outline_of(engine, target).text
    elif target.kind == "event":
        text = _event(engine, target)
    else:
        language, text = "plaintext", _file(engine, target)
    return DocumentResult(uri=params.uri, text=text, language=language, commit=commit)


def outline_of(engine: Engine, target: Target) -> Outline:
    """The log that a target means."""
    with engine.store.reading() as conn:
        return outline(conn, engine.store.root, target.branch, target.until)


def _runs(engine: Engine) -> str:
    lines = ["# Runs", ""]
    with engine.store.reading() as conn:
        for run in branches.run_page(conn, None, _RUNS):
            lines += [f"## {escape(run.name)}", ""]
            lines.append(f"{escape(run.id)}, began {ago(rfc3339(run.started))}")
            if run.workspace is not None:
                lines[-1] += f", on {escape(run.workspace)}"
            lines.append("")
            for branch in branches.of_run(conn, run.seq)[:_BRANCHES]:
                depth = commits.get(conn, branch.head).depth + 1
                link = f"[{escape(branch.name)}]({uris.branch(branch.name)})"
                lines.append(f"- {link} {branch.status}, {depth} events")
            lines.append("")
    if len(lines) == 2:
        lines.append("No run is recorded in this store yet.")
    return "\n".join(lines) + "\n"


def _event(engine: Engine, target: Target) -> str:
    with engine.store.reading() as conn:
        node = commits.need(conn, target.commit)
        card = cards.card(conn, engine.store.root, node)
    shown = card.entry
    text = cards.markdown(card) + "\n"
    if shown.forgotten:
        return text + "The payload was forgotten.\n"
    if shown.payload is None:
        return text + f"The payload has {size(shown.payload_size or 0)}: `trace/get` gives it.\n"
    payload = json.dumps(whole(engine, shown.payload), indent=2, ensure_ascii=False)
    # No run of backticks inside may end it.
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", payload)), default=0))
    facts = {"kind": shown.kind, "effect": shown.effect, "commit": shown.commit}
    facts |= {"parents": " ".join(shown.parents), "tree": shown.tree or "none"}
    text += "".join(f"- {name}: {value}\n" for name, value in facts.items() if value)
    return f"{text}\n{fence}json\n{payload}\n{fence}\n"


def _file(engine: Engine, target: Target) -> str:
    with engine.store.reading() as conn:
        node = commits.need(conn, target.commit)
        try:
            return _content(conn, engine, world_tree(conn, node), target.path)
        except ShepherdError as error:
            return f"{error.message[:1].upper()}{error.message[1:]}.\n"


def _content(conn: sqlite3.Connection, engine: Engine, tree: str, path: bytes) -> str:
    content = Batch(conn, engine.store.root)
    shown = printable(path)
    names = split_path(path)
    found = find_entry(tree_reader(content), tree, names) if names else None
    if found is None:
        raise PathNotFound(f"{shown!r} was not in the workspace at this commit")
    if isinstance(found, Link):
        return f"{shown} was a link to {printable(found.target)}.\n"
    if not isinstance(found, File):
        return f"{shown} was a folder.\n"
    if found.size > TEXT_BYTES:
        return f"{shown} had {size(found.size)}, too much to show.\n"
    data = content.read("blob", found.blob)
    if not is_text(data):
        return f"{shown} was not text: {size(found.size)}.\n"
    return data.decode("utf-8", "replace")
