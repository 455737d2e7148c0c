"""The real sidecar, asked over its protocol what a case asks, in the Spec's terms.

What the Spec leaves out is looked at here and then left out: names carry a prefix of the case,
a safety commit says which paths changed, reasons of the sidecar's own are in words.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests.lean.cases import FIRST, NOBODY, RULES
from tests.lean.spec import graph, ops
from tests.lean.spec.meta import Asked, Desk, Edit, Reply
from tests.lean.spec.objects import Commit, Event, Id, Tree
from tests.lean.spec.ops import Op
from tests.model.objects import changed, tree_id
from tests.support.folders import Shape, make, shape_of
from tests.support.sidecar import NO_ID, ROOT, Sidecar
from tests.support.wire import WireError

NAMES: Final = {
    "UnknownBranch": "unknownBranch",
    "BranchClosed": "branchClosed",
    "NameTaken": "nameTaken",
    "UnknownCommit": "unknownCommit",
    "HeadMoved": "headMoved",
    "ClientIdConflict": "clientIdConflict",
    "UnknownIntent": "unknownIntent",
    "IntentDenied": "intentDenied",
    "IntentAlreadyResolved": "alreadyResolved",
    "NoWorld": "noWorld",
}
"""The wire's names of refusals in the Spec's."""
PAUSED: Final = " is paused"
REWOUND: Final = "the branch was rewound past this intent"
IN_VAIN: Final = "an outcome was reported for a {} intent"
STATUS: Final = {
    "live": "live",
    "paused": "live",
    "discarded": "discarded",
    "finished": "ended",
    "failed": "ended",
}
_NUMBERS = itertools.count()


class Differs(AssertionError):
    """The sidecar and the Spec do not say the same."""


def gate() -> str:
    """The rules of ``cases.RULES`` as a rule file."""
    made = []
    for rule in RULES:
        letter = rule.by_[-1]
        lines = [f'[[rule]]\nname="{letter}"\ndecision="{rule.decision}"\ntools=["*{letter}*"]']
        if rule.reason is not None:
            lines.append(f'reason="{rule.reason}"')
        if rule.payload is not None:
            lines.append(f"payload={{arguments={{d={rule.payload['arguments']['d']}}}}}")
        made.append("\n".join(lines))
    return "\n".join(made)


def shape(tree: Tree) -> Shape:
    """The folder that a tree of the Spec stands for."""
    made: Shape = {}
    for path, entry in sorted(tree.items()):
        *above, name = path.encode().split(b"/")
        folder = made
        for one in above:
            folder = folder[one][2]
        if entry[0] == "dir":
            folder[name] = (*entry, {})
        else:
            folder[name] = (*entry[:-1], entry[-1].encode())
    return made


class Served:
    """A store of its own, with the rules of ``gate``, and the sidecar that serves it.

    Args:
        store: where; made when it is not there.
        program: what is run in place of ``python -m shepherd_sidecar``.
        patience: seconds within which a proposal is answered once it is decided.
    """

    def __init__(self, store: Path, program: Sequence[str] = (), patience: float = 30.0) -> None:
        self.patience = patience
        self._store = store
        self._program = program or (sys.executable, "-m", "shepherd_sidecar")
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Served:
        self._start()
        self.sidecar.call("run/list", {})
        (self._store / "gate.toml").write_text(gate())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self) -> None:
        argv = [*self._program, "serve", "--store", str(self._store)]
        wire = self._stack.enter_context(Sidecar.start(argv, env={"PYTHONPATH": str(ROOT)}))
        assert isinstance(wire, Sidecar)
        self.sidecar = wire
        self.sidecar.store = self._store
        self.sidecar.timeout = 90.0  # many begin at once where tests run side by side

    def crash(self) -> None:
        """The sidecar is killed; another begins where it ended."""
        assert self.sidecar.process is not None
        self.sidecar.process.kill()
        self._stack.close()
        self._start()


class Running:
    """One case on a running sidecar."""

    def __init__(self, served: Served, folder: Tree | None) -> None:
        self.served = served
        sidecar = served.sidecar
        self.prefix = f"{next(_NUMBERS)} "
        self.ids: dict[str, Id] = {}
        self.commits: dict[Id, Commit] = {}
        self.trees: dict[str, Tree] = {}
        self.worlds: dict[str, Path] = {}
        self.waiting: dict[tuple[str, Id], Any] = {}
        self.letters: list[Id] = []
        """Messages that came with verdicts."""
        params: dict[str, Any] = {"name": self.name(FIRST)}
        scratch = None
        if folder is not None:
            self.trees[tree_id(shape(folder))] = folder
            scratch = Path(tempfile.mkdtemp(prefix="tie-"))
            make(shape(folder), scratch)
            params |= {"workspace": str(scratch), "driver": "copy"}
        began = sidecar.call("run/start", params)
        if scratch is not None:
            shutil.rmtree(scratch)
            self.worlds[FIRST] = Path(began["world"]["path"])
        self.run = began["run"]
        self.log(FIRST)

    @property
    def sidecar(self) -> Sidecar:
        """The one that serves now."""
        return self.served.sidecar

    # Names

    def name(self, n: str) -> str:
        return self.prefix + n

    def hex(self, i: Id) -> str:
        return next((name for name, known in self.ids.items() if known == i), NO_ID)

    def number(self, name: str) -> Id:
        """In order of appearance."""
        return self.ids.setdefault(name, len(self.ids))

    # One request

    def play(self, op: Op, before: Desk, waits: bool) -> Reply | str:
        """Ask it; what is answered, or the name of what was refused.

        Args:
            op: the request.
            before: as the Spec has it before.
            waits: whether what is proposed now is not answered before somebody decides.
        """
        self.before, self.waits, self.letters = before, waits, []
        try:
            said = getattr(self, f"_{op.what}")(*op.args)
        except WireError as error:
            return NAMES.get(error.name, str(error))
        if isinstance(said, Reply):
            return said
        return Reply(self.number(said), tuple(self.letters))

    def _append(
        self, n: str, e: Event, tree: Tree | None, expected: Id | None, client: str | None
    ) -> str:
        if e.is_outcome and expected is None and self._asks(e) and "result" in e.payload:
            params = {"branch": self.name(n), "intent": self.hex(e.intent or 0)}
            params |= {"payload": e.payload["result"], "status": e.payload["status"]}
            params |= {"clientId": client, "snapshot": tree is not None}
            return str(self.sidecar.call("intent/resolve", params)["commit"])
        sent: dict[str, Any] = {"kind": e.kind, "payload": e.payload, "effect": e.effect}
        sent |= {"clientId": client}
        if e.intent is not None:
            sent["intent"] = self.hex(e.intent)
        params = {"branch": self.name(n), "events": [sent]}
        if expected is not None:
            params["expectedHead"] = self.hex(expected)
        return str(self.sidecar.call("trace/append", params)["commits"][0])

    def _asks(self, e: Event) -> bool:
        """Whether ``intent/resolve`` can say this: it makes the kind itself."""
        asked = self.commits.get(NOBODY if e.intent is None else e.intent)
        fits = asked is not None and asked.event.outcome == e.kind
        return fits and e.payload["status"] in ("ok", "error")

    def _fork(self, origin: str, at_: Id | None, new: str, world: bool) -> str:
        at = self.name(origin) if at_ is None else self.hex(at_)
        params: dict[str, Any] = {"at": at, "names": [self.name(new)], "world": world}
        if self.worlds:
            params["driver"] = "copy"
        [made] = self.sidecar.call("branch/fork", params)["branches"]
        if made.get("world") is not None:
            self.worlds[new] = Path(made["world"]["path"])
        return str(made["head"])

    def _discard(self, n: str) -> str:
        self.sidecar.call("branch/discard", {"branch": self.name(n)})
        return self.sidecar.head(self.name(n))

    def _takeBack(self, n: str) -> str:  # noqa: N802  (the operation's name)
        self.sidecar.call("branch/discard", {"branch": self.name(n), "restore": True})
        return self.sidecar.head(self.name(n))

    def _finish(self, n: str, status: str) -> str:
        return str(
            self.sidecar.call("run/end", {"branch": self.name(n), "status": status})["commit"]
        )

    def _work(self, n: str, folder: Tree) -> str:
        """Not a request: somebody works in the world."""
        at = self.worlds[n]
        for one in at.iterdir():
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
        make(shape(folder), at)
        self.trees[tree_id(shape(folder))] = folder
        return self.sidecar.head(self.name(n))

    def _propose(self, n: str, intent: Event, rulings: Any) -> str:
        params = {"branch": self.name(n), "kind": intent.kind, "payload": intent.payload}
        ruled = ops.combine(rulings)
        asked = self.sidecar.request("intent/propose", {**params, "effect": intent.effect})
        if self.waits:
            while not self.sidecar.answered(asked):  # it is not: then the hold stands soon
                held = self.sidecar.call("intervene/held", {})["held"]
                mine = [one["intent"] for one in held if one["branch"] == self.name(n)]
                for one in mine:
                    if (n, self.ids.get(one)) not in self.waiting:
                        self.waiting[n, self.number(one)] = asked
                        return str(one)
        got = self.sidecar.result(asked)
        self._ruled(got, ruled)
        return str(got["commit"])

    def _ruled(self, got: Any, ruled: ops.Ruling) -> None:
        said = dict(got["verdict"])
        for one in said.pop("injected", ()):
            self.letters.append(self.number(one["commit"]))
            told = self.commits[self.letters[-1]].event.payload
            if (one["message"], one["by"]) != (told["message"], told["by"]):
                raise Differs(f"the agent is told {one}, not {told}")
        wanted = {"decision": ruled.decision, "by": ruled.by_ or "default"}
        wanted |= {} if ruled.reason is None else {"reason": ruled.reason}
        wanted |= {} if ruled.payload is None else {"payload": ruled.payload}
        if said.get("reason") == REWOUND:
            said = {**said, "reason": "rewind"}
        if said != wanted:
            raise Differs(f"the verdict is {said}, not {wanted}")

    def _decide(self, n: str, intent: Id, r: ops.Ruling) -> str:
        verdict = {"decision": r.decision, "reason": r.reason}
        verdict |= {} if r.payload is None else {"payload": r.payload}
        params = {"intent": self.hex(intent), "branch": self.name(n), "by": r.by_}
        made = self.sidecar.call("intervene/decide", {**params, "verdict": verdict})["commit"]
        self._answered(n, intent, r)
        return str(made)

    def _answered(self, n: str, intent: Id, r: ops.Ruling) -> None:
        """Whoever asked gets the verdict."""
        asked = self.waiting.pop((n, intent))
        if asked is None:
            return
        usual, self.sidecar.timeout = self.sidecar.timeout, self.served.patience
        self._ruled(self.sidecar.result(asked), r)
        self.sidecar.timeout = usual

    def _rewind(self, n: str, c: Id, tail: str) -> str:
        params = {"branch": self.name(n), "to": self.hex(c)}
        got = self.sidecar.call("branch/rewind", params)
        if got["tail"] != self.name(tail):
            raise Differs(f"the tail is {got['tail']}")
        self.log(tail)
        kept = self.log(n)
        for branch, intent in list(self.waiting):
            if branch == n and intent not in kept:
                self._answered(branch, intent, ops.Ruling("deny", "rewind", "rewind"))
        return str(got["head"])

    def _inject(self, n: str, message: Any, by: str) -> str:
        params = {"branch": self.name(n), "message": message, "by": by}
        return str(self.sidecar.call("intervene/inject", params)["commit"])

    def _pause(self, n: str, by: str) -> str:
        params = {"branch": self.name(n), "by": by}
        return str(self.sidecar.call("intervene/pause", params)["commit"])

    def _resume(self, n: str, by: str) -> str:
        params = {"branch": self.name(n), "by": by}
        made = self.sidecar.call("intervene/resume", params)["commit"]
        for branch, intent, r in self.before.stopped:
            if branch == n and r.decision != "hold":
                self._answered(n, intent, r)
        return str(made)

    def _rename(self, n: str, new: str) -> str:
        params = {"branch": self.name(n), "name": self.name(new)}
        self.sidecar.call("branch/rename", params)
        if n in self.worlds:
            self.worlds[new] = self.worlds.pop(n)
        self.waiting = {(new if m == n else m, i): w for (m, i), w in self.waiting.items()}
        return self.sidecar.head(self.name(new))

    def _replay(
        self, n: str, end: Id, into: str, real: bool, edit: Edit | None, asked: tuple[Asked, ...]
    ) -> Reply:
        params: dict[str, Any] = {"from": self.hex(end), "into": self.name(into)}
        params["mode"] = "live" if real else "cached"
        if edit is not None:
            params["edits"] = [{"at": self.hex(edit[0]), "payload": edit[1]}]
        opened = self.sidecar.call("replay/open", params)["replay"]
        given: list[tuple[str, Any]] = []
        stop: str | None = None
        for one in asked:
            params = {"replay": opened, "kind": one.kind, "payload": one.payload}
            try:
                got = self.sidecar.call("replay/next", params)
            except WireError as error:
                if error.name not in ("Diverged", "IrreversibleReplay"):
                    raise
                stop = error.data["at" if error.name == "Diverged" else "intent"]
                break
            given.append((got["commit"], got.get("outcome")))
            if got["live"]:
                self._ruled(got, ops.combine(one.rulings))
                break
        ended = self.sidecar.call("replay/close", {"replay": opened})
        world = self.sidecar.branch(self.name(into)).get("world")
        if world is not None:
            self.worlds[into] = Path(world["path"])
        self.log(into)
        for commit, outcome in given:
            told = self.commits[self.number(commit)].event
            if outcome is not None and self._plain(told.kind, outcome, {}) != told.payload:
                raise Differs(f"the replay gives {outcome}, not {told.payload}")
        head, stopped = self.number(ended["head"]), None if stop is None else self.number(stop)
        commits = tuple(self.number(commit) for commit, _ in given)
        return Reply(head, commits + tuple(self.letters), (), stopped, ended["complete"])

    def _apply(self, n: str, onto: str) -> Reply:
        params = {"branch": self.name(n), "onto": self.name(onto)}
        got = self.sidecar.call("branch/apply", params)
        self.log(n)
        self.log(onto)
        found = tuple(one["path"] for one in got["conflicts"])
        head = got.get("commit") or self.sidecar.head(self.name(onto))
        return Reply(self.number(head), (), found)

    def _restore(self, n: str, c: Id, paths: tuple[str, ...] | None) -> str:
        params = {"branch": self.name(n), "to": self.hex(c)}
        params |= {} if paths is None else {"paths": list(paths)}
        return str(self.sidecar.call("snapshot/restore", params)["safety"])

    def _crash(self, n: str) -> str:
        """Whoever waited for a decision has to ask again; the hold stands."""
        self.served.crash()
        self.waiting = dict.fromkeys(self.waiting)
        return self.sidecar.head(self.name(n))

    def _gc(self, n: str, stay: Any) -> str:
        return self.sidecar.head(self.name(n))

    def collect(self) -> tuple[tuple[str, Id], ...]:
        """Collect; which discarded branches are left, and where they stand now."""
        self.sidecar.call("store/gc", {"keepDiscardedDays": 0})
        left = self.branches()
        for n in list(self.worlds):
            if n not in left or self.sidecar.branch(self.name(n)).get("world") is None:
                del self.worlds[n]
        return tuple((n, head) for n, (head, status, _) in left.items() if status == "discarded")

    def present(self) -> set[Id]:
        """Of the commits that were ever seen, those that the store has."""
        found = set()
        for name, number in self.ids.items():
            with contextlib.suppress(WireError):
                self.sidecar.call("trace/get", {"commit": name})
                found.add(number)
        return found

    # What it tells

    def log(self, n: str) -> tuple[Id, ...]:
        """The log of a branch, from its head down; commits that are new are kept."""
        entries = self.sidecar.log(self.name(n))
        for before, entry in zip([None, *entries], entries, strict=False):
            number = self.number(entry["commit"])
            if number not in self.commits:
                self.commits[number] = self._commit(entry)
            parent = [] if before is None else [before["commit"]]
            if entry["parents"][:1] != parent:
                raise Differs(f"{entry['commit']} follows {parent}, and names {entry['parents']}")
        return tuple(self.number(entry["commit"]) for entry in reversed(entries))

    def branches(self) -> dict[str, tuple[Id, str, Id | None]]:
        """Head, status and fork point of each branch; which are paused is in ``paused``."""
        asked = {"run": self.run, "limit": 1000}
        found: dict[str, tuple[Id, str, Id | None]] = {}
        self.paused: list[str] = []
        try:
            listed = self.sidecar.call("branch/list", asked)["branches"]
        except WireError as error:
            if error.name != "UnknownRun":  # gc took its last branch
                raise
            return found
        for one in listed:
            origin = one.get("forkedFrom")
            point = self.number(origin["commit"]) if origin else None
            name = one["branch"].removeprefix(self.prefix)
            status = STATUS.get(one["status"], one["status"])
            if one["status"] == "paused":
                self.paused.append(name)
            found[name] = self.number(one["head"]), status, point
        return found

    def folder(self, n: str) -> Shape | None:
        """What is really in a branch's world."""
        return shape_of(self.worlds[n]) if n in self.worlds else None

    def _commit(self, entry: Any) -> Commit:
        tree = None
        if entry.get("tree") is not None:
            if entry["tree"] not in self.trees:
                raise Differs(f"{entry['commit']} has a tree of no folder that there was")
            tree = self.trees[entry["tree"]]
        intent = self.ids.get(entry["intent"], NOBODY) if "intent" in entry else None
        payload = self._plain(entry["kind"], dict(entry["payload"]), entry)
        event = Event(entry["kind"], payload, intent, entry["effect"])
        return Commit(tuple(self.number(one) for one in entry["parents"]), event, tree)

    def _plain(self, kind: str, said: dict[str, Any], entry: Any) -> dict[str, Any]:
        """A payload, without what the Spec leaves out."""
        if kind == "run_start":
            return {**said, "name": said["name"].replace(self.name(FIRST), "r")}
        if kind == "workspace_change":
            folder = self.trees[entry["tree"]]
            [parent] = entry["parents"]
            below = graph.nearest(graph.path(self.commits, self.number(parent)))
            paths = changed(shape(below or {}), shape(folder))
            gone = {"changed": paths, "changedCount": len(paths), "notCaptured": []}
            return {key: part for key, part in said.items() if gone.get(key, ...) != part}
        if said.get("action") == "restore":
            return {**said, "to": self.ids.get(said["to"], NOBODY)}
        if said.get("action") == "apply":
            ends = {key: self.ids.get(said[key], NOBODY) for key in ("base", "from")}
            return {**said, **ends}
        if said.get("by") == "pause":
            return {**said, "reason": "paused"} if said["reason"].endswith(PAUSED) else said
        if said.get("action") == "vetoIneffective":
            short = {IN_VAIN.format(state): state for state in ("denied", "held")}
            return {**said, "why": short.get(said["why"], said["why"])}
        if said.get("reason") == REWOUND:
            return {**said, "reason": "rewind"}
        return said
