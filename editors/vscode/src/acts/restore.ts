/**
 * Restoring a branch's folder: everything or some paths, shown first, done, and undone.
 *
 * One hunk is restored in a diff editor: its right side is the file itself, and the editor's own
 * arrow beside the hunk takes it back.
 */

import { relative, sep } from "node:path";
import * as vscode from "vscode";

import type { Entry, RestoreResult } from "../protocol.js";
import { during, tell, warn } from "../say.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import { plural } from "../trace/words.js";
import { showPatches } from "../files/changes.js";

const LISTED = 8;

/** The last restore of this window, for undo. */
interface Done {
  branch: string;
  safety: string;
}

/** Restores, with their preview and their undo. */
export class Restores {
  #last: Done | undefined;

  constructor(private readonly sidecar: Sidecar) {}

  /** Make a branch's folder, or some paths of it, again what it was at a commit. */
  async restore(branch: string, commit: string, depth: number, paths?: string[]): Promise<void> {
    const { status } = await this.sidecar.request("branch/get", { branch });
    if (status !== "live" && status !== "paused") return this.#offerFork(branch, commit, depth);
    const asked = { branch, to: commit, paths: paths ?? null };
    const preview = await this.sidecar.request("snapshot/restore", { ...asked, preview: true });
    if (preview.changes.length === 0 && preview.conflicts.length === 0) {
      void tell(`The folder of ${branch} is already as it was at #${depth}.`);
      return;
    }
    const what = paths ? paths.join(", ") : `everything in ${branch}`;
    const question = `Restore ${what} to event #${depth}?`;
    const options = { modal: true, detail: inWords(preview) };
    const choices = preview.conflicts.length ? ["See the Changes First"] : ["Restore", "See the Changes First"];
    let chosen = await vscode.window.showWarningMessage(question, options, ...choices);
    if (chosen === "See the Changes First") {
      await this.#show(branch, commit, depth, preview);
      const now = preview.conflicts.length ? [] : ["Restore"];
      chosen = await warn(`${question} You can undo it.`, ...now, "Leave It");
    }
    if (chosen !== "Restore") return;
    const done = await during(`Restoring ${what}…`, () => this.sidecar.request("snapshot/restore", asked));
    await this.#offerUndo(branch, done, `Restored ${what} to #${depth}: ${plural(done.changes.length, "path")} changed.`);
  }

  /** Make one file again what it was, given where it lies on disk. */
  async restoreFile(branch: string, entry: Entry, file: string): Promise<void> {
    const { world } = await this.sidecar.request("branch/get", { branch });
    const path = world && relative(world.path, file);
    if (!path || path.startsWith("..")) throw new Error(`${file} does not lie in the live folder of ${branch}; choose the branch that works there`);
    await this.restore(branch, entry.commit, entry.depth, [path.split(sep).join("/")]);
  }

  /** Take a restore back: the one named, or the last one of this window. */
  async undo(argument: unknown): Promise<void> {
    const named = argument as Partial<Done> | undefined;
    const done = named?.branch && named.safety ? (named as Done) : this.#last;
    if (!done) {
      void tell("Nothing was restored in this window yet. To go back further, restore to any event in the side bar.");
      return;
    }
    const undone = await this.sidecar.request("snapshot/restore", { branch: done.branch, to: done.safety });
    await this.#offerUndo(done.branch, undone, `Undone: ${done.branch} is again as it was before the restore.`);
  }

  async #offerUndo(branch: string, done: RestoreResult, text: string): Promise<void> {
    this.#last = done.safety ? { branch, safety: done.safety } : undefined;
    const left = done.notCaptured.length ? ` Not brought back: ${listed(done.notCaptured)}.` : "";
    const next = await tell(text + left, ...(this.#last ? ["Undo"] : []));
    if (next === "Undo" && this.#last) await this.undo({ branch, safety: done.safety });
  }

  /** A branch that has ended stays as it is: the way back is a fork. */
  async #offerFork(branch: string, commit: string, depth: number): Promise<void> {
    const detail = `Its folder stays as it is. A fork at #${depth} has the files as they were then, in a folder of its own.`;
    const chosen = await vscode.window.showInformationMessage(`${branch} has ended.`, { modal: true, detail }, "Fork There");
    if (chosen) await vscode.commands.executeCommand("shepherd.fork", { commit, branch });
  }

  async #show(branch: string, commit: string, depth: number, preview: RestoreResult): Promise<void> {
    const { world } = await this.sidecar.request("branch/get", { branch });
    if (!world) throw new Error(`the live folder of ${branch} has gone`);
    const right = { commit, as: world.path }; // the same path on both sides, or all looks renamed
    await showPatches(`Restore ${branch} to #${depth}`, preview.changes, { folder: world.path }, right);
  }
}

function inWords({ changes, conflicts, notCaptured }: RestoreResult): string {
  return [
    `${plural(changes.length, "path")} will change:`,
    ...changes.slice(0, LISTED).map(({ path, change }) => `  ${change === "added" ? "+" : change === "removed" ? "−" : "~"} ${path}`),
    ...(changes.length > LISTED ? [`  … and ${changes.length - LISTED} more`] : []),
    ...(conflicts.length ? ["", `In the way, and held by no snapshot: ${listed(conflicts)}. Save these elsewhere first.`] : []),
    ...(notCaptured.length ? ["", `Not brought back: ${listed(notCaptured)}.`] : []),
    ...(conflicts.length ? [] : ["", "What is there now is kept first, so you can undo this."]),
  ].join("\n");
}

function listed(paths: readonly { path: string; why: string }[]): string {
  const more = paths.length > LISTED ? ` and ${paths.length - LISTED} more` : "";
  return paths.slice(0, LISTED).map(({ path, why }) => `${path} (${why})`).join(", ") + more;
}
