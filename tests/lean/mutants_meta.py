"""Mutants of what others do with a run: messages, pauses, names, replays, merges."""

from __future__ import annotations

from typing import Any

from shepherd_sidecar.engine import (
    intents,
    merging,
    record,
    recorded,
    replay,
    replays,
    settling,
    verdicts,
)
from shepherd_sidecar.store import commits, heads, holds
from shepherd_sidecar.trace import merge
from tests.lean.mutating import mutant, put

# Meta-agents


@mutant
def lets_one_through_a_pause() -> None:
    """What is proposed on a paused branch goes the way the rules say at once."""
    intents.PAUSED = "never"  # type: ignore[misc]


@mutant
def resumes_nobody() -> None:
    """After a resume what the pause held waits on."""
    put(intents.Intents, "resume", lambda was, *rest: None)


@mutant
def allows_what_a_pause_held() -> None:
    """A resume allows all that the pause held, whatever the rules said."""
    put(holds, "ruling_of", lambda was, hold: was(hold) | {"decision": "allow", "payload": None})


@mutant
def delivers_no_messages() -> None:
    """What was injected is recorded, and never told to the agent."""
    put(verdicts, "with_injections", lambda was, tx, head, verdict: verdict)


@mutant
def delivers_messages_again() -> None:
    """What was injected comes with every verdict."""

    def kept(was: Any, conn: Any, branch: int) -> Any:
        found = was(conn, branch)
        conn.execute("UPDATE injections SET delivered = 0 WHERE branch = ?", (branch,))
        return found

    put(holds, "deliver", kept)


@mutant
def renames_nothing() -> None:
    """A rename is answered, and the branch keeps its name."""
    put(heads, "rename", lambda was, *rest: None)


# Replay


@mutant
def skips_edits() -> None:
    """A replay with an edit goes on as if there was none."""
    put(replays.Replays, "_differs", lambda was, *rest: False)


@mutant
def answers_what_was_not_asked() -> None:
    """A replay gives the next outcome, whatever the agent asks with."""

    def any_of_its_kind(was: Any, self: Any, event: Any) -> Any:
        following = self.record.open_together(self.position, self.matched)
        return next((node for node in following if node.kind == event.kind), None)

    put(replay.Replay, "_match", any_of_its_kind)


@mutant
def replays_in_order_only() -> None:
    """Calls that were open together are matched in the order of the record only."""
    put(recorded.Recorded, "open_together", lambda was, *rest: was(*rest)[:1])


@mutant
def repeats_what_cannot_be_undone() -> None:
    """A replay really does again what it finds elsewhere in the record."""
    put(replay.Replay, "_recorded_twin", lambda was, *rest: None)


@mutant
def ends_every_replay_well() -> None:
    """A replay that stopped early says that all of the record was replayed."""
    replay.Replay.complete = property(lambda self: True)  # type: ignore[assignment,method-assign]


# Merge


@mutant
def takes_one_side_silently() -> None:
    """What both sides changed is as the branch merged into has it, and no conflict."""
    put(merge._Merge, "_conflict", lambda was, *rest: None)


@mutant
def merges_from_the_root() -> None:
    """A merge compares both sides with the commit that the run began with."""
    put(merging, "base_of", lambda was, conn, onto, other: commits.at_depth(conn, onto, 0))


@mutant
def merges_with_one_parent() -> None:
    """A merge has the workspace of both sides, and the history of one."""
    put(
        record,
        "append",
        lambda was, *rest, second=None, **more: was(*rest, **more),
    )


@mutant
def merges_over_what_nobody_recorded() -> None:
    """A merge does not record the folder as it was."""
    put(settling.Settling, "_safety", lambda was, *rest: None)


@mutant
def merges_what_is_recorded_only() -> None:
    """What the merged branch's folder holds, and no commit yet, is not merged."""
    put(settling.Settling, "_bring_up_to_date", lambda was, *rest: None)
