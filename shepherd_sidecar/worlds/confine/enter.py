"""Going into confinement: the last thing that a child does before it becomes the command.

Layer: worlds. Keeps: either everything that the policy needs holds when ``finish`` returns, or
it raises and the command must not start. What is not to be had here is named in what it returns.
What does not depend on the world is done by ``Entering``, which may be long before.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from shepherd_sidecar.worlds.confine import landlock, limits, seccomp, view
from shepherd_sidecar.worlds.confine.policy import Policy
from shepherd_sidecar.worlds.namespaces import (
    bound_capabilities,
    drop_capabilities,
    gain_nothing,
)

NAMESPACES: Final = ("mnt", "pid", "ipc", "uts", "net")
"""Namespaces of its own that a command has where it can."""
Copyable = Literal["no", "checkpoint", "nesting"]
"""Not at all; by a checkpoint from outside; by a fork that joins other namespaces by itself."""
DEVICES: Final = ("null", "zero", "full", "random", "urandom", "tty", "pts", "ptmx")


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a command was held by."""

    namespaces: tuple[str, ...]
    """Those it has of its own."""
    landlock: int
    """The version of Landlock that holds it; 0: none."""
    seccomp: bool
    """Whether its system calls are filtered."""
    network: Literal["none", "host"]
    """What it can reach."""
    missing: tuple[tuple[str, str], ...] = ()
    """What could not be held or granted, and why."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "namespaces": list(self.namespaces),
            "landlock": self.landlock,
            "seccomp": self.seccomp,
            "network": self.network,
            "missing": [{"what": what, "why": why} for what, why in self.missing],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Confinement:
        """What ``to_dict`` gave."""
        return cls(
            tuple(data["namespaces"]),
            data["landlock"],
            data["seccomp"],
            data["network"],
            tuple((each["what"], each["why"]) for each in data["missing"]),
        )


class Refused(Exception):
    """The command must not start, since it cannot be confined; the message says why."""


class Entering:
    """Confinement that is begun: all that holds in any world.

    Args:
        policy: the rights.
        mounted_at: the absolute path at which the command will see its world.
        namespaces: those that this process has of its own by now. Without ``mnt`` there is no
            view: what is out of reach is seen, and held by Landlock alone.

    Raises:
        Refused: nothing may run; this process is of no use any more.
    """

    def __init__(
        self, policy: Policy, mounted_at: str, namespaces: Collection[str] = NAMESPACES
    ) -> None:
        self._policy, self._at = policy, mounted_at
        wanted = [name for name in NAMESPACES if not (name == "net" and policy.network)]
        self._own = [name for name in wanted if name in namespaces]
        self._view: view.Begun | None = None
        self._lacking = [
            (f"{name} namespace", "could not be made") for name in wanted if name not in self._own
        ]
        try:
            self._lacking += limits.hold_processes(policy.limits, own_pids="pid" in self._own)
            if "mnt" in self._own:
                self._view = view.Begun(policy, mounted_at)
            with contextlib.suppress(PermissionError):  # without root they are the user's own
                os.setgroups([])
            gain_nothing()
            bound_capabilities()
            self._landlock = landlock.version()
            self._ahead = self._rules_ahead()
        except OSError as error:
            raise Refused(f"the command cannot be confined: {error.strerror}") from error

    def _rules_ahead(self) -> landlock.Rules | None:
        """All rules but the world's, for a command that is not to be copied."""
        if self._view is None or not self._landlock:
            return None
        return self._rules(_rights_in_view(self._view.writable), scoped=True)

    def _rules(self, rights: list[tuple[str, int]], *, scoped: bool) -> landlock.Rules:
        tcp = self._policy.network or "net" in self._own
        return landlock.Rules(rights, tcp=tcp, version=self._landlock, scoped=scoped)

    def finish(
        self, world: view.Files | str, cwd: str = "", copyable: Copyable = "no"
    ) -> Confinement:
        """Confine this process for good; what is to run comes right after.

        Args:
            world: its files; without a view the path of their folder.
            cwd: where to stand, relative to the world.
            copyable: what it gives up so that it can be copied as it runs.

        Raises:
            Refused: nothing may run; this process is of no use any more.
            OSError: neither, because of ``cwd``, which is its file name.
        """
        policy, own, lacking = self._policy, self._own, self._lacking
        notes: tuple[tuple[str, str], ...] = ()
        try:
            if self._view is not None:
                assert not isinstance(world, str)
                seen = self._view.finish(world)
                base, rights, notes = self._at, _rights_in_view(seen.writable), seen.missing
            else:
                assert isinstance(world, str)
                base, rights = world, _rights_without_view(policy, world)
                why = "modes, owners and times of files outside can be changed"
                lacking.append(("metadata", why))
                lacking += _exposed(policy, rights)
            version, rules = self._landlock, self._ahead if copyable == "no" else None
            lacking += landlock.lacks(version, isolated=own)
            lacking += seccomp.lacks()
            filtered = not seccomp.lacks()
            if copyable == "nesting":
                version, nesting = 0, "it is copied by a fork that moves to another world"
                lacking += [("landlock", nesting)]
                lacking += [("namespaces", f"it may make its own: {nesting}")]
            elif copyable == "checkpoint":
                if os.geteuid() != 0:
                    filtered, why = (
                        False,
                        "without root no checkpoint is made of filtered processes",
                    )
                    lacking.append(("seccomp", why))
                if "net" not in own:
                    lacking.append(("abstractSockets", "a checkpoint is told of by one"))
            if policy.required and lacking:
                what, why = lacking[0]
                raise Refused(f"{what}: {why}; sandbox.toml says required = true")
            drop_capabilities()
            if version:
                if rules is not None:
                    rules.allow([(base, landlock.ALL)])
                else:
                    rules = self._rules(rights, scoped=copyable == "no")
                rules.hold()
            limits.hold(policy.limits)
            if filtered:
                seccomp.apply(nesting=copyable == "nesting")
        except OSError as error:
            raise Refused(f"the command cannot be confined: {error.strerror}") from error
        _stand(base, cwd)
        return Confinement(
            namespaces=tuple(own),
            landlock=version,
            seccomp=filtered,
            network="none" if "net" in own else "host",
            missing=(*lacking, *notes),
        )


def _rights_in_view(writable: Collection[str]) -> list[tuple[str, int]]:
    rights = [("/", landlock.READ), *((path, landlock.ALL) for path in writable)]
    return [*rights, *((f"/dev/{name}", landlock.DEVICE) for name in DEVICES)]


def _rights_without_view(policy: Policy, world: str) -> list[tuple[str, int]]:
    rights = [("/" + name, landlock.READ) for name in view.SYSTEM]
    rights += [(path, landlock.READ) for path in (*policy.interpreter, *policy.read)]
    rights += [(path, landlock.ALL) for path in (*policy.write, world)]
    rights += [("/proc", landlock.READ)]  # of other processes Landlock shows what all may see
    return [*rights, *((f"/dev/{name}", landlock.DEVICE) for name in DEVICES)]


def _exposed(policy: Policy, rights: list[tuple[str, int]]) -> list[tuple[str, str]]:
    """The store, where it is seen without a view. Raises Refused for what the owner hides."""
    granted = [(os.path.realpath(path), right) for path, right in rights]
    for path in policy.hide:
        real = os.path.realpath(path)
        if os.path.exists(real) and any(view.within(real, above) for above, _ in granted):
            raise Refused(f"{path} is to be hidden, which takes a mount namespace")
    store = policy.store
    reached = [right for above, right in granted if store is not None and view.within(store, above)]
    if not reached:
        return []
    changed = any(right & landlock.WRITE_FILE for right in reached)
    how = "read and change" if changed else "read"
    return [("store", f"a command can {how} it: it lies in a folder that is granted")]


def _stand(base: str, cwd: str) -> None:
    """Go to the working folder. Raises OSError with ``cwd`` as its file name."""
    try:
        os.chdir(os.path.join(base, cwd))
    except OSError as error:
        raise OSError(error.errno, error.strerror, cwd) from error
    here = os.getcwd()
    if here != base and not here.startswith(base.rstrip("/") + "/"):
        raise OSError(errno.EXDEV, "it lies outside the world", cwd)
