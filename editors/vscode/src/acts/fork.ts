/** Forking: a second live branch, with a folder of its own, that starts at any event. */

import * as vscode from "vscode";

import { during, tell } from "../say.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import type { TraceTree } from "../trace/tree.js";
import type { Targets } from "./target.js";

/** Fork at a commit, or at a branch's head. */
export async function fork(sidecar: Sidecar, targets: Targets, tree: TraceTree, argument: unknown): Promise<void> {
  const at = await targets.commit(argument, "Fork");
  if (!at) return;
  const wished = (argument as { name?: unknown } | undefined)?.name;
  const name = typeof wished === "string" ? wished : await ask(at.branch ?? at.entry.branch ?? "branch", at.entry.depth);
  if (name === undefined) return;
  const made = await during(`Forking at #${at.entry.depth}…`, () =>
    sidecar.request("branch/fork", { at: at.entry.commit, names: name ? [name] : null }),
  );
  tree.refresh();
  const branch = made.branches[0];
  if (!branch) return;
  const missing = made.notCaptured.length ? ` Its folder does not hold ${made.notCaptured.map(({ path }) => path).slice(0, 3).join(", ")}.` : "";
  const folder = branch.world ? ["Open Its Folder"] : [];
  const next = await tell(`${branch.branch} starts at #${at.entry.depth}.${missing}`, ...folder, "Show the Graph");
  if (next === "Open Its Folder") await openWorld(branch.world?.path);
  if (next === "Show the Graph") await vscode.commands.executeCommand("shepherd.graph", { branch: branch.branch });
}

/** Open a branch's live folder in a window of its own. */
export async function openWorld(path: string | undefined): Promise<void> {
  if (path === undefined) throw new Error("this branch has no live folder; fork it, the fork gets one");
  await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(path), { forceNewWindow: true });
}

async function ask(origin: string, depth: number): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Fork ${origin} at #${depth}`,
    prompt: "Name of the new branch; empty: one is made.",
    value: `${origin}-at-${depth}`,
    validateInput: (text) => (/^[0-9a-f]{64}$/.test(text) ? "A branch is not named like a commit." : undefined),
  });
}
