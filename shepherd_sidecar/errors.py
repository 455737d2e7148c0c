"""The one family of errors, known to every layer.

Each class is one row of the protocol's error table: a stable numeric code (-32050…-32003: what
LSP leaves free in JSON-RPC's server range), its class name as the stable ``data.name``, and a
hint that says what to do. The reference page is generated from this file; a code is never
reused.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ShepherdError(Exception):
    """Base of every error that may cross the wire.

    Args:
        message: what was wrong and where, without payload bodies.
        hint: what to do about it; defaults to the class's own hint.
        data: further JSON members for ``error.data`` (camelCase keys).
    """

    code: ClassVar[int] = -32000
    hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str | None = None, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.advice = self.hint if hint is None else hint
        self.data = data

    @property
    def name(self) -> str:
        """The stable name clients match on."""
        return type(self).__name__

    def wire_data(self) -> dict[str, Any]:
        """The ``data`` member of a JSON-RPC error object."""
        return {"name": self.name, "hint": self.advice, **self.data}


class InvalidParams(ShepherdError):
    """The params do not fit the method; ``data.errors`` lists ``{path, message}``."""

    code = -32602
    hint = "compare the params with the method's entry in protocol/generated/reference.md"

    def __init__(self, message: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(message, errors=errors or [])

    @classmethod
    def at(cls, path: str, message: str) -> InvalidParams:
        """One wrong place, by its JSON path."""
        return cls(f"{path}: {message}", [{"path": path, "message": message}])


class UnknownCommit(ShepherdError):
    """No commit has this id."""

    code = -32040
    hint = "take commit ids from trace/log or from the reply that made the commit"


class UnknownBranch(ShepherdError):
    """No branch has this name."""

    code = -32041
    hint = "branch/list shows the branches of this store"


class HeadMoved(ShepherdError):
    """``expectedHead`` is not the branch's head any more; nothing was changed."""

    code = -32003
    hint = "read data.head, look at what came in between, and send again"


class UnknownIntent(ShepherdError):
    """The commit is not an intent on this branch, or not of the outcome's kind."""

    code = -32004
    hint = "name the commit that intent/propose returned, on the branch it was proposed on"


class IntentDenied(ShepherdError):
    """The intent was denied; the outcome is recorded as ``vetoIneffective``."""

    code = -32005
    hint = "do not run denied intents; the denial is already recorded as their outcome"


class IntentAlreadyResolved(ShepherdError):
    """This path of the trace already holds an outcome of the intent."""

    code = -32006
    hint = "an intent has one outcome; propose again to act again, or fork to try otherwise"


class Diverged(ShepherdError):
    """A strict replay met the first difference; both sides are in ``data``."""

    code = -32007
    hint = "data.path names the first difference; reopen with mode live and until to go on anyway"


class IrreversibleReplay(ShepherdError):
    """A replay would have to run an irreversible intent again."""

    code = -32008
    hint = "irreversible effects are answered from the record; name the intent in `rerun` to run it"


class WorkspaceRefused(ShepherdError):
    """The folder may not be a workspace (``/``, ``$HOME``, missing, or a link to one)."""

    code = -32009
    hint = "name a project folder of its own"


class BudgetExceeded(ShepherdError):
    """A limit on files, bytes, depth or count was reached; nothing was captured in part."""

    code = -32010
    hint = "exclude the named paths (.shepherdignore) or raise the limit"


class SnapshotFailed(ShepherdError):
    """The workspace could not be read as one state; no snapshot was recorded."""

    code = -32011
    hint = "the failure is recorded as an event; repair the named path and take it again"


class RestoreConflict(ShepherdError):
    """Restoring would overwrite what no snapshot holds; nothing was changed."""

    code = -32012
    hint = "look at data.conflicts; take a snapshot first or restore other paths"


class MergeConflict(ShepherdError):
    """What is in no snapshot stands where a merge would write; nothing was changed."""

    code = -32013
    hint = "look at data.conflicts, and apply again when they are out of the way"


class DriverUnavailable(ShepherdError):
    """The asked world driver or process driver cannot work here."""

    code = -32014
    hint = "initialize lists the drivers with the reason; omit `driver` to choose automatically"


class BlobMissing(ShepherdError):
    """A referenced blob is not in the store."""

    code = -32015
    hint = "blob/put it first; data.hash names it"


class BlobTooLarge(ShepherdError):
    """A blob is over the limit for one message."""

    code = -32016
    hint = "pass `path` instead of `data`, or read it in parts with offset and length"


class StoreCorrupt(ShepherdError):
    """Something stored does not hash to its name; ``data.problems`` lists what."""

    code = -32017
    hint = "shepherd-sidecar verify names every damaged object; --repair sets them aside"


class StoreLocked(ShepherdError):
    """Another process held the store's write lock for too long."""

    code = -32018
    hint = "another sidecar is writing; try again"


class ProtocolVersionUnsupported(ShepherdError):
    """The client asked for a protocol version this sidecar does not speak."""

    code = -32019
    hint = "data.supported lists the versions"


class ShuttingDown(ShepherdError):
    """The sidecar is going down and takes no new work."""

    code = -32020
    hint = "start a new sidecar on the same store; every acknowledged event is there"


class ClientIdConflict(ShepherdError):
    """The ``clientId`` was used on this branch with other content."""

    code = -32021
    hint = "a clientId names one event for ever; make a new one for new content"


class NameTaken(ShepherdError):
    """A branch of this name exists."""

    code = -32022
    hint = "choose another name, or omit it to have one made"


class PayloadTooLarge(ShepherdError):
    """A message, event or payload is over its limit."""

    code = -32023
    hint = 'blob/put large parts and refer to them as {"$blob": hash}; limits are in initialize'


class StoreFull(ShepherdError):
    """The disk (or a size limit) refused the write; nothing of it was kept."""

    code = -32024
    hint = "free space (shepherd-sidecar gc) and send again; reading still works"


class StoreReadOnly(ShepherdError):
    """The store cannot be written."""

    code = -32025
    hint = "check the permissions of data.path, or choose another store with --store"


class UnknownRun(ShepherdError):
    """No run has this id."""

    code = -32026
    hint = "run/list shows the runs"


class UnknownReplay(ShepherdError):
    """No replay of this id is open on this connection."""

    code = -32027
    hint = "replay/open gives the id; it lives until replay/close or the end of the connection"


class UnknownSubscription(ShepherdError):
    """No subscription of this id is open on this connection."""

    code = -32028
    hint = "trace/subscribe gives the id; subscribe again from the last cursor you saw"


class RoleForbidden(ShepherdError):
    """The role this sidecar was started with may not call the method."""

    code = -32029
    hint = "start a sidecar with --role supervisor or owner for this"


class BlobHashMismatch(ShepherdError):
    """The data does not hash to the name it was sent under; nothing was kept."""

    code = -32030
    hint = 'hash with BLAKE3 derive-key context "shepherd-sidecar 1 blob"'


class StoreTooNew(ShepherdError):
    """The store was written by a newer version."""

    code = -32031
    hint = "upgrade shepherd-sidecar; the store was not touched"


class GateInvalid(ShepherdError):
    """The gate's rule file cannot be used; ``data.path`` and ``data.rule`` say where."""

    code = -32032
    hint = "repair the rule; until then intents are refused, never let through unseen"


class ExecFailed(ShepherdError):
    """The command could not be started."""

    code = -32033
    hint = "check argv[0] and cwd; the attempt is recorded as the intent's outcome"


class BranchClosed(ShepherdError):
    """The branch is discarded or its run has ended."""

    code = -32034
    hint = "fork from it to go on"


class PayloadForgotten(ShepherdError):
    """The content was removed by ``store/forget``; only its hash is left."""

    code = -32035
    hint = "what was forgotten cannot be brought back"


class ImportInvalid(ShepherdError):
    """The file to import is damaged or of another format."""

    code = -32036
    hint = "data.line or data.path names the place; nothing was imported"


class PathNotFound(ShepherdError):
    """The snapshot holds nothing at this path."""

    code = -32037
    hint = "paths are relative to the workspace, with / between names"


class SandboxInvalid(ShepherdError):
    """The store's ``sandbox.toml`` cannot be used; ``data.path`` and ``data.key`` say where."""

    code = -32042
    hint = "repair the file; until then no command runs"


class UnknownSupervisor(ShepherdError):
    """No supervisor of this id is attached."""

    code = -32043
    hint = "supervisor/attach gives the id, and supervisor/list shows who is attached"


class NoWorld(ShepherdError):
    """The branch has no live world."""

    code = -32039
    hint = "start the run with a workspace, or fork with world: true"


class UnknownProcess(ShepherdError):
    """No launched process has this id, or it has ended."""

    code = -32046
    hint = "world/processes lists them; world/launch starts one"


def error_classes() -> list[type[ShepherdError]]:
    """Every concrete error, by falling code: the rows of the error table."""
    return sorted(ShepherdError.__subclasses__(), key=lambda c: -c.code)
