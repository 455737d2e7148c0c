"""The demo's director: somebody beside agents that work in worlds of their own.

    python adapters/typescript/demo/demo.py [FOLDER]      (`make demo` sets up first)

Written with the Python client; the agents are Node programs with the TypeScript client. They
share nothing but the store. What it leaves is in FOLDER (build/demo), made anew at every run.
Exit code 0 means that every fact it printed was checked.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

# In the source tree, not installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

import afterwards
import toolchain
from folder import digest, lay_out
from screen import Broken, Screen
from shepherd_client import Branch, Sidecar, SidecarError, SidecarExited
from watch import Agent, Watch, result

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[2]
AGENT: Final = HERE.parent / "build" / "demo" / "agent.js"
SIDECAR: Final = [sys.executable, "-m", "shepherd_sidecar"]
ADVICE: Final = {
    "try-ascii": "Decompose the letters and keep ASCII only.",
    "try-marks": "Decompose the letters and drop the marks only.",
}
LOSER, WINNER = ADVICE
FIXED: Final = "src/slug.js"

T = TypeVar("T")


class Demo:
    """One telling of the story."""

    def __init__(self, folder: Path, screen: Screen, sidecar: Sidecar, env: dict[str, str]) -> None:
        self.project = folder / "project"
        self.store = folder / "store"
        self.screen = screen
        self.sidecar = sidecar
        self.env = env
        self.watch = Watch(sidecar, screen)
        self.main = sidecar.branch("main")
        self.run = ""
        """The agents' run."""
        self.denied = ""
        """The commit of the denied intent."""
        self.before = ""
        """The user's folder before anything was done in it."""

    def agent_works(self) -> None:
        """An agent works apart, and a rule denies what it had better not do."""
        screen, before = self.screen, digest(self.project)
        screen.section("1  A Node agent at work", "in a world beside your folder")
        with self.agent("begin", "main", "--workspace", str(self.project)) as agent:
            self.watch.follow({"main": agent})
        info = self.main.info()
        self.run, world = info["run"], Path(info["world"]["path"])
        denied = [e for e in self.outcomes("main") if e["payload"]["status"] == "denied"]
        screen.fact(
            "denied by rule:keep-folders before it ran: the tests are still there",
            [entry["payload"]["by"] for entry in denied] == ["rule:keep-folders"]
            and digest(world / "test") == digest(self.project / "test"),
        )
        self.denied = denied[0]["intent"]
        screen.fact(
            "the agent edited its own world; in your folder not a byte has changed",
            digest(self.project) == before != digest(world),
        )

    def fork_and_try(self) -> None:
        """Back to a past step, twice, at once."""
        screen, watch = self.screen, self.watch
        screen.section("2  Fork at a past step", "two live worlds, another fix in each")
        head = self.main.info()["head"]
        read = next(e for e in watch.on("main") if e["payload"].get("name") == "read_file")
        at = read["parents"][0]
        forked = {"at": at, "count": len(ADVICE), "names": [*ADVICE]}
        made = self.sidecar.request("branch/fork", forked)
        worlds = [Path(branch["world"]["path"]) for branch in made["branches"]]
        screen.fact(
            f"2 worlds as it was at {at[:8]}, before the agent had read the code",
            all(digest(world) == digest(self.project) for world in worlds),
            made["ms"],
        )
        for branch, message in ADVICE.items():
            self.intervene("inject", branch, message=message)
            self.intervene("pause", branch)
        with ExitStack() as running:
            agents = {name: running.enter_context(self.agent("resume", name)) for name in ADVICE}
            watch.wait_for(lambda: all(map(self.asks, ADVICE)), agents)
            for branch in ADVICE:  # now both are at work, and neither has done anything
                self.intervene("resume", branch)
            watch.follow(agents)
        (began, ended), (began2, ended2) = (span(watch.on(name)) for name in ADVICE)
        screen.fact(
            "held until both had asked, then let go: they worked at the same time",
            began < ended2 and began2 < ended,
        )
        tests = {name: self.tests(name) for name in ADVICE}
        screen.fact(
            "one fix breaks another test, the other passes all",
            tests[LOSER]["failed"] == 1 and tests[WINNER]["failed"] == 0,
        )
        screen.fact("the branch they came from has not moved", self.main.info()["head"] == head)

    def verify(self) -> None:
        """The winner once more, by a new agent, in a new world."""
        screen = self.screen
        screen.section("3  Verify the winner", "a new agent does it all again in a new world")
        with self.agent("verify", WINNER, "--into", "verified") as agent:
            said, ms = timed(lambda: result(agent))
        winner = self.sidecar.branch(WINNER)
        kinds = ["model_result", "tool_result"]
        done = [e["payload"]["status"] for e in winner.log(kinds=kinds, maxPayload=1 << 20)]
        screen.fact(
            f"{said['live']} actions really ran again: every outcome and every file is the same",
            said["complete"] and not said["differences"] and said["live"] == done.count("ok"),
            ms,
        )
        screen.fact(
            f"the denied one did not run again; {said['matched']} of {len(done)} outcomes match",
            done.count("denied") == 1 and said["matched"] == len(done),
        )
        head = winner.info()["head"]
        screen.fact(f"it ends at the same commit: {head[:8]}", said["head"] == head)

    def at_home(self) -> None:
        """The user's own folder: the fix taken over, a slip, its restore, and that undone."""
        screen, project = self.screen, self.project
        screen.section("4  Your own folder", "a slip, restored; the restore, undone")
        home = self.sidecar.start_run("home", workspace=str(project), place="inPlace")
        self.before = home.root
        self.take_over(home)
        tests, fixed = home.exec(["node", "--test"], effect="pure"), digest(project, ".git")
        slip = home.exec(["sh", "-c", "git reset -q --hard && git clean -fdq"])
        slipped, git = digest(project), digest(project / ".git")
        self.watch.catch_up(slip["outcome"])
        safe = tests["outcome"]
        screen.fact(
            "the tests pass; but now the fix is gone, and notes that Git never had",
            tests["exitCode"] == slip["exitCode"] == 0 and not (project / "notes.md").exists(),
        )
        seen, ms = timed(lambda: home.restore(safe, preview=True))
        would = [f"{one['change']} {one['path']}" for one in seen["changes"]]
        screen.fact(
            f"restore to {safe[:8]}, preview: {', '.join(would)}",
            would == ["added notes.md", f"changed {FIXED}"] and digest(project) == slipped,
            ms,
        )
        back, ms = timed(lambda: home.restore(safe))
        screen.fact("restored: every byte as before", digest(project, ".git") == fixed, ms)
        screen.fact(
            "what it left alone, it names: .git",
            [at["path"] for at in back["notCaptured"]] == [".git"]
            and digest(project / ".git") == git,
        )
        _, ms = timed(lambda: home.restore(back["safety"]))
        words = f"undone, by restoring to {back['safety'][:8]}: every byte as after the slip"
        screen.fact(words, digest(project) == slipped, ms)
        again, ms = timed(lambda: home.restore(safe))
        screen.fact("and restored once more", digest(project, ".git") == fixed, ms)
        self.watch.catch_up(again["commit"])

    def take_over(self, home: Branch) -> None:
        """Bring what the winner changed into the user's folder."""
        compared = self.sidecar.request("snapshot/diff", {"left": "home", "right": WINNER})
        paths = [one["path"] for one in compared["changed"]]
        with home.tool("take_over", {"path": FIXED, "from": WINNER}, effect="reversible") as call:
            began = time.perf_counter()
            head = self.sidecar.branch(WINNER).info()["head"]
            read = self.sidecar.request("snapshot/read", {"commit": head, "path": FIXED})
            (self.project / FIXED).write_bytes(base64.b64decode(read["data"]))
            call.result = {"changed": paths}
            call.usage = {"durationMs": round((time.perf_counter() - began) * 1000, 3)}
        self.watch.catch_up(call.outcome["commit"])
        self.screen.fact(f"the winner's fix is {FIXED} alone, now yours", paths == [FIXED])

    def intervene(self, action: str, branch: str, **more: str) -> None:
        """Act on a branch in the user's name."""
        self.sidecar.request(f"intervene/{action}", {"branch": branch, "by": "you", **more})

    def asks(self, branch: str) -> bool:
        """Whether something was proposed on a branch itself."""
        return any(entry["kind"] in ("tool_call", "model_call") for entry in self.watch.on(branch))

    def outcomes(self, branch: str) -> list[dict[str, Any]]:
        """The outcomes that were recorded on a branch itself."""
        return [entry for entry in self.watch.on(branch) if entry["kind"].endswith("_result")]

    def tests(self, branch: str) -> dict[str, Any]:
        """What the tests said last on a branch."""
        results = [entry["payload"].get("result", {}) for entry in self.outcomes(branch)]
        said: dict[str, Any] = next(one for one in reversed(results) if "failures" in one)
        return said

    @contextmanager
    def agent(self, mode: str, branch: str, *more: str) -> Iterator[Agent]:
        """An agent's process; it is ended when something else goes wrong."""
        words = ["--store", str(self.store), "--branch", branch, *more]
        with subprocess.Popen(
            ["node", str(AGENT), mode, *words, "--", *SIDECAR, "serve"],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise


def span(entries: list[dict[str, Any]]) -> tuple[str, str]:
    """When an agent's first and last step were recorded."""
    at = [entry["at"] for entry in entries if entry["kind"] != "intervention"]
    return at[0], at[-1]


def timed(do: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and the milliseconds it took."""
    began = time.perf_counter()
    return do(), (time.perf_counter() - began) * 1000


def opening(sidecar: Sidecar, env: dict[str, str]) -> str:
    """Who takes part."""
    lsp: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}}
    able = sidecar.request("initialize", lsp)["capabilities"]["experimental"]["shepherd"]
    driver = next(row["name"] for row in able["drivers"] if row["available"])
    version = subprocess.run(["node", "-v"], env=env, capture_output=True, text=True).stdout
    return (
        f"Agents in Node {version.strip()}, this program in Python, each with a sidecar of its own"
        f" on one store.\nProtocol {able['protocolVersion']}; worlds are made by {driver}."
    )


def tell(folder: Path, screen: Screen) -> None:
    """The whole story. Raises Broken."""
    lay_out(folder)
    env, store = toolchain.environment(), folder / "store"
    with Sidecar.start(command=[*SIDECAR, "serve"], store=store, env=env) as sidecar:
        screen.line(opening(sidecar, env))
        shutil.copyfile(HERE / "gate.toml", store / "gate.toml")
        demo = Demo(folder, screen, sidecar, env)
        demo.agent_works()
        demo.fork_and_try()
        demo.verify()
        demo.at_home()
        demo.watch.close()
    shown = ("main", *ADVICE, "home")
    afterwards.costs(screen, {name: demo.outcomes(name) for name in shown})
    afterwards.trace(screen, SIDECAR, store, demo.run)
    commands = [
        f"log --graph {demo.run}",
        f"show {demo.denied[:8]}",
        f"diff {LOSER} {WINNER}",
        f"cat {WINNER} {FIXED}",
        f"replay {WINNER} --mode view",
        f"restore home --to {demo.before[:8]} --preview",
    ]
    afterwards.look_around(screen, store, commands)


def main() -> int:
    """Tell the story; 1 when something in it is not so."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "demo")
    folder = parser.parse_args().folder.resolve()
    screen = Screen()
    try:
        if not AGENT.is_file():
            raise Broken("the agent is built: adapters/toolchain.py --demo builds it")
        tell(folder, screen)
    except (Broken, SidecarError, SidecarExited, toolchain.Missing) as error:
        screen.failed(f"{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
