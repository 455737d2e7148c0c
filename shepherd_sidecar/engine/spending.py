"""What a run cost: events, tokens, money and time, branch by branch.

Layer: engine. Nothing here writes. The reflog is the only place that knows what a step cost;
each of its rows counts on the branch it was appended on, so that forks share nothing twice.
"""

from __future__ import annotations

from shepherd_sidecar.engine.prepare import rfc3339
from shepherd_sidecar.protocol.common import Usage
from shepherd_sidecar.protocol.runs import BranchUsage, RunUsageResult
from shepherd_sidecar.store import branches, reflog
from shepherd_sidecar.store.store import Store


def of_run(store: Store, run: str) -> RunUsageResult:
    """The sums of every branch of a run. Raises UnknownRun."""
    with store.reading() as conn:
        found = branches.of_run(conn, branches.need_run(conn, run).seq)
        sums = reflog.sums(conn, [branch.seq for branch in found])
    return RunUsageResult(
        branches=[
            BranchUsage(
                branch=branch.name,
                events=told.events,
                usage=Usage(
                    input_tokens=told.input_tokens,
                    output_tokens=told.output_tokens,
                    cached_tokens=told.cached_tokens,
                    cost_usd=told.cost_usd,
                    duration_ms=told.duration_ms,
                ),
                first_at=rfc3339(told.first) if told.first is not None else None,
                last_at=rfc3339(told.last) if told.last is not None else None,
            )
            for branch in found
            for told in (sums.get(branch.seq, reflog.NOTHING),)
        ]
    )
