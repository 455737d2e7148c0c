/** Every command by its name, with what it does; what fails is told in a plain sentence. */

import * as vscode from "vscode";

import { fork, openWorld } from "./acts/fork.js";
import { replay } from "./acts/replay.js";
import { search, show, showChanges } from "./acts/show.js";
import { compare } from "./compare/panel.js";
import { runDemo } from "./demo/run.js";
import { compareWithNow } from "./files/changes.js";
import { meant, onTop } from "./files/uri.js";
import { person } from "./held/decide.js";
import { fail, tell } from "./say.js";
import { choosePath, install } from "./sidecar/install.js";
import { newStore } from "./sidecar/locate.js";
import { debugInformation, explain } from "./sidecar/service.js";
import type { Sidecar } from "./sidecar/sidecar.js";
import { sentence } from "./sidecar/troubles.js";
import type { Parts } from "./parts.js";

type Act = (first?: unknown, second?: unknown) => unknown;

/** Register all of them. */
export function registerCommands(parts: Parts): vscode.Disposable {
  const acts: { [command: string]: Act } = { ...service(parts), ...looking(parts), ...working(parts), ...supervising(parts) };
  const registered = Object.entries(acts).map(([name, act]) =>
    vscode.commands.registerCommand(`shepherd.${name}`, (first?: unknown, second?: unknown) => attempt(parts, () => act(first, second))),
  );
  return vscode.Disposable.from(...registered);
}

/** Do it; say what went wrong, once and plainly. */
export async function attempt(parts: Pick<Parts, "sidecar">, work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    parts.sidecar.log.error(error as Error);
    void fail(sentence(error), "Show Logs").then((chosen) => chosen && parts.sidecar.log.show());
    return undefined;
  }
}

function service({ context, sidecar }: Parts): { [command: string]: Act } {
  return {
    restartServer: () => sidecar.restart(),
    showLogs: () => sidecar.log.show(),
    showServerLogs: () => sidecar.serverLog.show(),
    debugInformation: () => debugInformation(context, sidecar),
    explain: () => explain(sidecar),
    install: () => install(context, sidecar),
    choosePath: () => choosePath(sidecar),
    openSettings: () => vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`),
    start: () => {
      const store = newStore();
      if (!store) throw new Error("open a folder first: the trace is kept in it, under .shepherd");
      return startAt(sidecar, store);
    },
    chooseStore: async () => {
      const options = { title: "A store's folder (.shepherd)", canSelectFolders: true, canSelectFiles: false, openLabel: "Open" };
      const chosen = await vscode.window.showOpenDialog(options);
      if (chosen?.[0]) await startAt(sidecar, chosen[0].fsPath);
    },
    walkthrough: () => vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#start`, false),
    demo: () => runDemo(context, sidecar),
  };
}

/** Start because a person asked: where the folder is not trusted, that is said. */
async function startAt(sidecar: Sidecar, store: string): Promise<void> {
  await sidecar.start(store);
  if (sidecar.state === "untrusted") await explain(sidecar);
}

function looking(parts: Parts): { [command: string]: Act } {
  const { sidecar, targets, tree, feed, graph, scrubber } = parts;
  return {
    refresh: () => tree.refresh(),
    moreRuns: () => tree.moreRuns(),
    follow: () => feed.follow(true),
    pauseFollowing: () => feed.follow(false),
    search: () => search(sidecar),
    show: (what) => show(targets, what),
    changes: (what = parts.chosen()) => showChanges(sidecar, targets, what),
    compare: (what, all) => compare(parts.context.extensionUri, sidecar, targets, what, all),
    graph: (what) => graph.show(what),
    scrub: async (what = parts.chosen()) => {
      const at = await targets.commit(what, "Step through from");
      const home = at && (await targets.home(at.entry, at.branch));
      if (at && home) await scrubber.to(home, at.entry.depth);
    },
    nextStep: () => scrubber.step(1),
    previousStep: () => scrubber.step(-1),
    stopScrubbing: () => scrubber.stop(),
    compareWithNow: async (uri) => {
      const at = meant((uri as vscode.Uri | undefined) ?? onTop());
      if (at?.commit === undefined || at.path === undefined) throw new Error("this is for a file as it was at an event");
      const { branch: home } = await targets.entry(at.commit);
      const branch = home && (await sidecar.request("branch/get", { branch: home }));
      await compareWithNow(at.commit, at.path, branch ? branch.world?.path : undefined);
    },
    useBranch: async (what) => {
      const branch = await targets.branch(what, "Show which branch beside the code?");
      if (branch) await sidecar.execute("shepherd.useBranch", { branch: branch.branch });
    },
    openWorld: async (what) => openWorld((await targets.branch(what, "Open the folder of"))?.world?.path),
    copyId: async (what) => {
      const at = await targets.commit(what, "Copy the id of");
      if (at) await vscode.env.clipboard.writeText(at.entry.commit);
    },
  };
}

function working({ sidecar, targets, tree, restores, chosen }: Parts): { [command: string]: Act } {
  return {
    fork: (what = chosen()) => fork(sidecar, targets, tree, what),
    replay: (what = chosen()) => replay(sidecar, targets, tree, what),
    restore: async (what = chosen()) => {
      const at = await targets.commit(what, "Restore everything to");
      const home = at && (await targets.home(at.entry, at.branch));
      const paths = (what as { paths?: string[] } | undefined)?.paths;
      if (at && home) await restores.restore(home, at.entry.commit, at.entry.depth, paths);
    },
    restoreFile: async (uri) => {
      const document = (uri as vscode.Uri | undefined) ?? onTop();
      const at = meant(document);
      if (at?.commit !== undefined && at.path !== undefined) {
        const entry = await targets.entry(at.commit);
        const home = await targets.home(entry, undefined);
        if (home) await restores.restore(home, at.commit, entry.depth, [at.path]);
      } else if (document?.scheme === "file") {
        const found = await targets.commit(undefined, `Restore ${vscode.workspace.asRelativePath(document)} to`);
        if (found?.branch) await restores.restoreFile(found.branch, found.entry, document.fsPath);
      }
    },
    undo: (what) => restores.undo(what),
    rename: async (what) => {
      const branch = await targets.branch(what, "Rename");
      const name = branch && (await vscode.window.showInputBox({ title: `Rename ${branch.branch}`, value: branch.branch }));
      if (!branch || !name || name === branch.branch) return;
      await sidecar.request("branch/rename", { branch: branch.branch, name });
      tree.refresh();
    },
    discard: async (what) => {
      const branch = await targets.branch(what, "Discard");
      if (!branch) return;
      await sidecar.request("branch/discard", { branch: branch.branch });
      tree.refresh();
      const next = await tell(`${branch.branch} is set aside. Its parent is as it was.`, "Take Back");
      if (next) await vscode.commands.executeCommand("shepherd.takeBack", { branch: branch.branch });
    },
    takeBack: async (what) => {
      const branch = await targets.branch(what, "Take back");
      if (!branch) return;
      await sidecar.request("branch/discard", { branch: branch.branch, restore: true });
      tree.refresh();
    },
  };
}

function supervising({ sidecar, targets, tree, decisions }: Parts): { [command: string]: Act } {
  return {
    allow: (held) => decisions.allow(held as never),
    deny: (held) => decisions.deny(held as never),
    editArguments: (held) => decisions.edit(held as never),
    runEdited: (uri) => decisions.runEdited(uri as never),
    ask: (held) => decisions.ask(held as never),
    decide: (what) => sidecar.execute("shepherd.decide", { ...(what as object), by: person() }),
    pause: async (what) => {
      const branch = await targets.branch(what, "Pause the agent of");
      if (branch) await sidecar.request("intervene/pause", { branch: branch.branch, by: person(), reason: "paused in the editor" });
      tree.refresh();
    },
    resume: async (what) => {
      const branch = await targets.branch(what, "Let go on the agent of");
      if (branch) await sidecar.request("intervene/resume", { branch: branch.branch, by: person() });
      tree.refresh();
    },
    tell: async (what) => {
      const branch = await targets.branch(what, "Tell the agent of");
      const message = branch && (await vscode.window.showInputBox({ title: `Tell the agent of ${branch.branch}`, prompt: "It gets this with the verdict on its next intent." }));
      if (branch && message) await sidecar.request("intervene/inject", { branch: branch.branch, message, by: person() });
    },
  };
}
