/**
 * What a command is about. It may come from the tree, the graph, a lens or a link of the
 * sidecar's, a document, or from the palette with nothing at all: then a person is asked.
 */

import * as vscode from "vscode";

import type { Branch, Entry } from "../protocol.js";
import { meant, onTop } from "../files/uri.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import { icon, plural, summary } from "../trace/words.js";

/** A place in the trace: a commit, a branch, or a commit as a branch has it. */
export interface Target {
  branch?: string | undefined;
  commit?: string | undefined;
  /** The commit's entry, when whoever named it has it. */
  entry?: Entry | undefined;
}

const RECENT = 200;

/** What was given, as a place; undefined when it names none. */
export function given(argument: unknown): Target | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const one = argument as { type?: string; branch?: unknown; entry?: Entry; intent?: string; commit?: string; at?: string; to?: string; from?: unknown };
  if (one.type === "event" && one.entry) return { branch: one.branch as string, commit: one.entry.commit, entry: one.entry };
  if (one.type === "branch") return { branch: (one.branch as Branch).branch };
  if (one.intent && one.entry) return { branch: one.branch as string, commit: one.intent, entry: one.entry };
  const named = [one.at, one.to, one.commit, one.from].find((name) => typeof name === "string");
  const branch = typeof one.branch === "string" ? one.branch : undefined;
  if (named !== undefined && /^[0-9a-f]{64}$/.test(named as string)) return { branch, commit: named as string };
  const name = branch ?? (named as string | undefined);
  return name === undefined ? undefined : { branch: name };
}

/** Finds what a command is about, by asking if need be. */
export class Targets {
  constructor(private readonly sidecar: Sidecar) {}

  /** A commit. Undefined when the person went away. */
  async commit(argument: unknown, title: string): Promise<{ entry: Entry; branch: string | undefined } | undefined> {
    const found = given(argument) ?? meant(onTop());
    if (found?.commit) return { entry: await this.entry(found.commit), branch: found.branch };
    const branch = found?.branch ?? (await this.branch(undefined, title))?.branch;
    return branch === undefined ? undefined : this.#pickEvent(branch, title);
  }

  /** A branch. */
  async branch(argument: unknown, title: string, not?: string): Promise<Branch | undefined> {
    const named = given(argument)?.branch;
    if (named !== undefined) return this.sidecar.request("branch/get", { branch: named });
    const { branches } = await this.sidecar.request("branch/list", { limit: 1000 });
    const wanted = branches.filter(({ branch, status }) => branch !== not && status !== "discarded");
    if (wanted.length === 0) throw new Error("there is no branch yet; start an agent, or run the demo agent");
    if (wanted.length === 1) return wanted[0];
    const picks = wanted.map((branch) => ({
      label: branch.branch,
      description: `${branch.status} · ${plural(branch.depth + 1, "event")}`,
      detail: branch.forkedFrom?.branch && `fork of ${branch.forkedFrom.branch}`,
      branch,
    }));
    return (await vscode.window.showQuickPick(picks, { title, placeHolder: "Which branch?", matchOnDescription: true }))?.branch;
  }

  /** One entry, without its payload. */
  entry(commit: string): Promise<Entry> {
    return this.sidecar.request("trace/get", { commit, maxPayload: 0, about: true });
  }

  /** The branch on which a commit is meant: the one named, or the one it was made on. */
  async home(entry: Entry, branch: string | undefined): Promise<string | undefined> {
    return branch ?? entry.branch ?? (await this.branch(undefined, "On which branch?"))?.branch;
  }

  async #pickEvent(branch: string, title: string): Promise<{ entry: Entry; branch: string } | undefined> {
    const { entries } = await this.sidecar.request("trace/log", { branch, limit: RECENT, maxPayload: 0, about: true });
    return this.#pick(entries, branch, title);
  }

  async #pick(entries: readonly Entry[], branch: string, title: string): Promise<{ entry: Entry; branch: string } | undefined> {
    const picks = entries.map((entry) => ({
      label: `$(${icon(entry).id}) ${summary(entry)}`,
      description: `#${entry.depth}${entry.tree ? " · files" : ""}`,
      entry,
    }));
    const placeHolder = `At which event of ${branch}? The newest comes first.`;
    const chosen = await vscode.window.showQuickPick(picks, { title, placeHolder, matchOnDescription: true });
    return chosen && { entry: chosen.entry, branch };
  }
}
