/** Files that differ, shown in the editor's own diff editors. */

import * as vscode from "vscode";

import type { Entry, FilePatch, SnapshotDiffResult } from "../protocol.js";
import { tell } from "../say.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import { fileAt } from "./uri.js";

/** Where one side's files are read: at a commit (shown as those of a live folder), or in one. */
export type Side = { commit: string; as?: string } | { folder: string };

const MOST = 200;

/** What an event changed in the workspace, against the event before. */
export async function changesOf(sidecar: Sidecar, entry: Entry): Promise<FilePatch[]> {
  const before = entry.parents[0];
  if (before === undefined || entry.tree === undefined) return [];
  return inOrder(await sidecar.request("snapshot/diff", { left: before, right: entry.commit }));
}

/** The lists of a diff as one, by path. */
export function inOrder({ added, removed, changed, renamed }: SnapshotDiffResult): FilePatch[] {
  return [...added, ...removed, ...changed, ...renamed].sort((a, b) => a.path.localeCompare(b.path));
}

/** Show patches in one multi-file diff editor; `left` is what they start from. */
export async function showPatches(title: string, patches: readonly FilePatch[], left: Side, right: Side): Promise<void> {
  if (patches.length === 0) {
    void tell(`${title}: no file differs.`);
    return;
  }
  const rows = patches.slice(0, MOST).map((patch) => {
    const was = patch.change === "added" ? undefined : uriOf(left, patch.was ?? patch.path);
    const is = patch.change === "removed" ? undefined : uriOf(right, patch.path);
    return [is ?? was, was, is];
  });
  const cut = patches.length > MOST ? ` (${MOST} of ${patches.length})` : "";
  await vscode.commands.executeCommand("vscode.changes", `${title}${cut}`, rows);
}

/** A file as it was beside the file as it is; hunks are taken back with the arrows between. */
export async function compareWithNow(commit: string, path: string, folder: string | undefined): Promise<void> {
  const now = folder === undefined ? undefined : vscode.Uri.joinPath(vscode.Uri.file(folder), path);
  if (!now) throw new Error("no live folder holds this file now; fork its branch, the fork gets one");
  await vscode.commands.executeCommand("vscode.diff", fileAt(commit, path), now, `${path}: as it was ↔ now`);
}

function uriOf(side: Side, path: string): vscode.Uri {
  return "commit" in side ? fileAt(side.commit, path, side.as) : vscode.Uri.joinPath(vscode.Uri.file(side.folder), path);
}
