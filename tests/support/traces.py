"""Traces for tests of the store: runs with every kind of event, in a few lines each."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shepherd_sidecar.engine import verdicts
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.protocol.blobs import BlobPutParams
from shepherd_sidecar.protocol.branches import BranchDiscardParams, BranchRewindParams, ForkParams
from shepherd_sidecar.protocol.intents import ResolveParams
from shepherd_sidecar.protocol.runs import RunStartParams
from shepherd_sidecar.protocol.snapshots import SnapshotTakeParams
from shepherd_sidecar.protocol.traces import AppendParams, NewEvent
from shepherd_sidecar.store import branches, commits, heads
from shepherd_sidecar.store.writer import Tx

AUTHOR = "tester"


class Traces:
    """An engine with short words for what tests do all the time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = Engine(root)
        self.store = self.engine.store

    def start(self, name: str = "run", workspace: Path | None = None) -> str:
        """A run; returns its branch."""
        return self.engine.runs.start(
            RunStartParams(
                name=name,
                workspace=str(workspace) if workspace is not None else None,
                place="inPlace" if workspace is not None else "apart",
                driver="copy" if workspace is not None else None,
            ),
            AUTHOR,
        ).branch

    def append(self, branch: str, *payloads: dict[str, Any], **members: Any) -> list[str]:
        """Messages (or what ``kind`` says); returns their commits."""
        kind = members.pop("kind", "message")
        events = [NewEvent(kind=kind, payload=payload, **members) for payload in payloads]
        return (
            self.engine.append(AppendParams(branch=branch, events=events), AUTHOR).result().commits
        )

    def call(self, branch: str, payload: dict[str, Any], result: dict[str, Any]) -> tuple[str, str]:
        """A model call and its result; returns both commits."""
        (intent,) = self.append(branch, payload, kind="model_call")
        return intent, self.resolve(branch, intent, result)

    def resolve(self, branch: str, intent: str, result: dict[str, Any]) -> str:
        """An outcome, with the workspace where there is one."""
        params = ResolveParams(branch=branch, intent=intent, payload=result, status="ok")
        return self.engine.resolve(params, AUTHOR).commit

    def deny(self, branch: str, payload: dict[str, Any]) -> str:
        """A tool call that is denied; returns the intent's commit."""
        (intent,) = self.append(branch, payload, kind="tool_call")

        def work(tx: Tx) -> None:
            head = heads.load_open(tx, branch)
            node = commits.need(tx.conn, intent)
            verdicts.write(
                tx, self.engine.preparer, head, node, "deny", "rule:no", "never", None, AUTHOR
            )

        self.store.write(work)
        return intent

    def blob(self, data: bytes) -> str:
        """A blob; returns its id."""
        params = BlobPutParams(data=base64.b64encode(data).decode())
        return self.engine.put_blob(params).result().hash

    def snapshot(self, branch: str) -> str:
        """The workspace as it is; returns the commit."""
        return self.engine.restoring.take(SnapshotTakeParams(branch=branch), AUTHOR).commit

    def fork(self, at: str, *names: str) -> list[str]:
        """Branches without worlds."""
        params = ForkParams(at=at, count=len(names) or 1, names=list(names) or None, world=False)
        return [made.branch for made in self.engine.fork(params, AUTHOR).branches]

    def discard(self, branch: str, days_ago: float = 0) -> None:
        """Set a branch aside, some days ago."""
        self.engine.discard(BranchDiscardParams(branch=branch), AUTHOR).result()
        if days_ago:
            before = int(days_ago * 86_400_000)
            self.store.write(
                lambda tx: (
                    tx.conn.execute(
                        "UPDATE branches SET changed = changed - ? WHERE name = ?", (before, branch)
                    )
                    and None
                )
            )

    def rewind(self, branch: str, to: str) -> str:
        """Move a branch back; returns the branch that keeps the tail."""
        return self.engine.rewind(BranchRewindParams(branch=branch, to=to), AUTHOR).result().tail

    def head(self, branch: str) -> str:
        """The commit a branch stands at."""
        with self.store.reading() as conn:
            return commits.get(conn, branches.need(conn, branch).head).hex

    def log(self, at: str) -> list[str]:
        """Commit ids of a log, oldest first; ``at`` is a branch or a commit."""
        with self.store.reading() as conn:
            branch = branches.by_name(conn, at)
            seq = branch.head if branch is not None else commits.need(conn, at).seq
            return [node.hex for node in commits.walk(conn, seq, 1_000_000)][::-1]

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Whatever a statement gives."""
        with self.store.reading() as conn:
            return conn.execute(sql, values).fetchall()

    def write(self, sql: str, *values: Any) -> None:
        """Change the database behind everybody's back."""

        def work(tx: Tx) -> None:
            tx.settle()
            tx.conn.execute(sql, values)
            tx.cache.clear()

        self.store.write(work)

    def close(self) -> None:
        """Close the store."""
        self.engine.close()


@contextmanager
def traces(root: Path) -> Iterator[Traces]:
    """A store for the length of the block."""
    made = Traces(root)
    try:
        yield made
    finally:
        made.close()


def sample(made: Traces, folder: Path) -> str:
    """One of everything; returns the main branch."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / "docs" / "a.txt").write_text("hello\n")
    (folder / "big.bin").write_bytes(bytes(range(256)) * 400)
    (folder / "link").symlink_to("docs/a.txt")
    main = made.start("main", folder)
    messages = [{"role": "user", "content": f"message {number} " * 20} for number in range(4)]
    made.call(main, {"model": "m-1", "messages": messages[:2]}, {"content": "fine"})
    made.call(main, {"model": "m-1", "messages": messages}, {"content": "fine " * 100})
    (intent,) = made.append(
        main, {"name": "bash", "arguments": {"command": "ls"}}, kind="tool_call"
    )
    (folder / "docs" / "b.txt").write_text("new\n")
    made.resolve(main, intent, {"stdout": {"$blob": made.blob(b"named by a payload")}})
    made.append(main, {"content": "x" * 100_000}, client_id="large")
    made.deny(main, {"name": "rm"})
    side, gone = made.fork(main, "side", "gone")
    made.append(side, {"content": "beside"}, {"content": "and on"})
    made.append(gone, {"content": "to be discarded"}, kind="thought")
    made.append(main, *({"n": number} for number in range(20)))
    made.discard(gone)
    return main


def empty(folder: Path) -> Path:
    """A folder that is there and has nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
