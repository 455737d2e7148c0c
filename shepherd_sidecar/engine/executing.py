"""world/exec: intent, verdict, run in the world, outcome, snapshot, in one.

Layer: engine.
"""

from __future__ import annotations

import asyncio
from typing import Any

from shepherd_sidecar.engine.attribution import Attribution
from shepherd_sidecar.engine.intents import Intents
from shepherd_sidecar.engine.limits import Limits
from shepherd_sidecar.engine.recorded_outcomes import Report, Resolve, denied_outcome
from shepherd_sidecar.engine.workspaces import Workspaces
from shepherd_sidecar.errors import ExecFailed, InvalidParams, SandboxInvalid
from shepherd_sidecar.protocol.common import Confinement, Missing
from shepherd_sidecar.protocol.intents import ProposeParams
from shepherd_sidecar.protocol.worlds import ExecParams, ExecResult
from shepherd_sidecar.store.layout import SANDBOX
from shepherd_sidecar.store.store import Store
from shepherd_sidecar.worlds.confine.policy_file import PolicyFile
from shepherd_sidecar.worlds.run import Ran, Sandbox, run


class Executing:
    """Runs commands in worlds, gated and recorded.

    Args:
        attribution: writes down what changed before a command, so that it is not blamed for it.
        resolve: records an outcome with its snapshot; blocks.
    """

    def __init__(
        self,
        store: Store,
        intents: Intents,
        workspaces: Workspaces,
        limits: Limits,
        attribution: Attribution,
        resolve: Resolve,
    ) -> None:
        self._store = store
        self._intents = intents
        self._workspaces = workspaces
        self._limits = limits
        self._attribution = attribution
        self._resolve = resolve
        self._policy = PolicyFile(store.root / SANDBOX, store.root)

    def sandbox(self) -> Sandbox:
        """What commands are held by now. Raises SandboxInvalid."""
        return Sandbox(self._workspaces.keeper, self._policy.policy())

    async def exec(self, params: ExecParams, author: str) -> ExecResult:
        """Run a command. Cancelling kills it, and its outcome says so."""
        if params.timeout_ms < 1:
            raise InvalidParams.at("$.timeoutMs", "a number of milliseconds, 1 or more")
        place = self._workspaces.need(params.branch)
        arguments: dict[str, Any] = {"argv": params.argv}
        if params.cwd is not None:
            arguments["cwd"] = params.cwd
        if params.env is not None:
            arguments["env"] = params.env
        if params.stdin is not None:
            arguments["stdin"] = params.stdin
        if self._attribution.due(params.branch):
            await asyncio.to_thread(self._attribution.look, params.branch, author)
        proposed = await asyncio.wrap_future(
            self._intents.propose(
                ProposeParams(
                    branch=params.branch,
                    kind="tool_call",
                    payload={"name": "exec", "arguments": arguments},
                    effect=params.effect,
                ),
                author,
                inside=True,
            )
        )
        verdict = proposed.verdict
        if verdict.decision == "deny":
            return ExecResult(
                intent=proposed.commit,
                verdict=verdict,
                stdout="",
                stderr="",
                outcome=await asyncio.to_thread(
                    denied_outcome, self._store, params.branch, proposed.commit
                ),
            )
        if verdict.decision == "override" and verdict.payload is not None:
            arguments = verdict.payload.get("arguments", arguments)
        report = Report(self._resolve, params.branch, proposed.commit, author)
        try:
            ran = await run(
                self._workspaces.world(place),
                arguments["argv"],
                sandbox=self.sandbox(),
                cwd=arguments.get("cwd") or "",
                env=arguments.get("env"),
                stdin=arguments["stdin"].encode() if arguments.get("stdin") is not None else None,
                time_limit=params.timeout_ms / 1000,
                output_limit=self._limits.output_bytes,
            )
        except (ExecFailed, SandboxInvalid) as error:
            await asyncio.to_thread(report, {"error": error.message}, "error", None)
            raise
        except asyncio.CancelledError:
            await asyncio.shield(
                asyncio.to_thread(report, {"error": "cancelled, and killed"}, "error", None)
            )
            raise
        outcome = await asyncio.to_thread(
            report, _payload(ran), "ok" if ran.exit_code == 0 else "error", ran.ms
        )
        return ExecResult(
            intent=proposed.commit,
            verdict=verdict,
            stdout=ran.stdout.data.decode("utf-8", "replace"),
            stderr=ran.stderr.data.decode("utf-8", "replace"),
            outcome=outcome.commit,
            exit_code=ran.exit_code,
            timed_out=ran.timed_out,
            stdout_bytes=ran.stdout.size,
            stderr_bytes=ran.stderr.size,
            snapshot=outcome.snapshot,
            snapshot_failed=outcome.snapshot_failed,
            confinement=_confinement(ran),
            limits_reached=list(ran.limits_reached) or None,
        )


def _confinement(ran: Ran) -> Confinement:
    held = ran.confinement
    return Confinement(
        namespaces=list(held.namespaces),
        landlock=held.landlock,
        seccomp=held.seccomp,
        network=held.network,
        missing=[Missing(what, why) for what, why in held.missing],
    )


def _payload(ran: Ran) -> dict[str, Any]:
    said: dict[str, Any] = {
        "exitCode": ran.exit_code,
        "stdout": ran.stdout.data.decode("utf-8", "replace"),
        "stderr": ran.stderr.data.decode("utf-8", "replace"),
    }
    if ran.timed_out:
        said["timedOut"] = True
    if ran.stdout.truncated:
        said["stdoutBytes"] = ran.stdout.size
    if ran.stderr.truncated:
        said["stderrBytes"] = ran.stderr.size
    if ran.limits_reached:
        said["limitsReached"] = list(ran.limits_reached)
    return said
