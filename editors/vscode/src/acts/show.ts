/** Showing an event, a branch's log, what an event changed, and what a search finds. */

import * as vscode from "vscode";

import type { Entry } from "../protocol.js";
import { fail, tell } from "../say.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import { sentence } from "../sidecar/troubles.js";
import { changesOf, showPatches } from "../files/changes.js";
import { branchLog, eventCard, meant } from "../files/uri.js";
import { icon, summary, title } from "../trace/words.js";
import { given, type Targets } from "./target.js";

const TYPING_MS = 200;
/** The editor's own reader of Markdown. */
const READER = "vscode.markdown.preview.editor";

/** Open the card of an event or the log of a branch; what a lens names is the sidecar's to show. */
export async function show(targets: Targets, what: unknown): Promise<void> {
  const named = what as { uri?: unknown; line?: unknown } | undefined;
  if (typeof named?.uri === "string") {
    const uri = vscode.Uri.parse(named.uri, true);
    const { commit, path } = meant(uri) ?? {};
    if (commit !== undefined && path === undefined) return read(await targets.entry(commit));
    const at = typeof named.line === "number" ? new vscode.Range(named.line, 0, named.line, 0) : undefined;
    await vscode.window.showTextDocument(uri, { preview: true, ...(at && { selection: at }) });
    return;
  }
  const target = given(what);
  const branch = target?.commit ? undefined : await targets.branch(what, "Show the log of");
  if (!target?.commit && !branch) return;
  if (target?.commit) return read(target.entry ?? (await targets.entry(target.commit)));
  await vscode.window.showTextDocument(branchLog(branch?.branch ?? ""), { preview: true, preserveFocus: true });
}

/** Open an event's card as it is meant to be read: as a page, not as the Markdown that makes it. */
async function read(entry: Entry): Promise<void> {
  await vscode.commands.executeCommand("vscode.openWith", eventCard(entry), READER, { preview: true, preserveFocus: true });
}

/** Open what an event changed, against the event before. */
export async function showChanges(sidecar: Sidecar, targets: Targets, what: unknown): Promise<void> {
  const at = await targets.commit(what, "Show what changed at");
  if (!at) return;
  const patches = await changesOf(sidecar, at.entry);
  if (patches.length === 0) {
    void tell(`#${at.entry.depth} changed no file. Events with changed files have a diff button.`);
    return;
  }
  await showPatches(title(at.entry), patches, { commit: at.entry.parents[0] ?? "" }, { commit: at.entry.commit });
}

/** Find events by the words in them, as one types. */
export async function search(sidecar: Sidecar): Promise<void> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { commit?: string }>();
  pick.title = "Search events";
  pick.placeholder = "Words that stand in an event";
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;
  pick.onDidChangeValue((query) => {
    clearTimeout(timer);
    if (!query.trim()) return;
    timer = setTimeout(() => void find(query, ++asked), TYPING_MS);
  });
  pick.onDidAccept(() => {
    const commit = pick.selectedItems[0]?.commit;
    if (commit) void vscode.commands.executeCommand("shepherd.show", { commit });
    pick.hide();
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    pick.dispose();
  });
  pick.show();

  async function find(query: string, serial: number): Promise<void> {
    pick.busy = true;
    let entries: Entry[] = [];
    try {
      ({ entries } = await sidecar.request("trace/search", { query, limit: 100, about: true }));
    } catch (error) {
      void fail(sentence(error));
    }
    if (serial !== asked) return;
    pick.busy = false;
    pick.items = entries.map((entry) => ({
      label: `$(${icon(entry).id}) ${summary(entry)}`,
      description: `${entry.branch ?? ""} #${entry.depth}`,
      alwaysShow: true,
      commit: entry.commit,
    }));
  }
}
