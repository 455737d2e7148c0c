/** The extension: one sidecar a window, and what stands around it. Nothing is decided here. */

import * as vscode from "vscode";

import { Restores } from "./acts/restore.js";
import { Targets } from "./acts/target.js";
import { attempt, registerCommands } from "./commands.js";
import { registerDebugger } from "./debug/adapter.js";
import { extendMarkdownIt } from "./files/reader.js";
import { Scrubber } from "./files/scrub.js";
import { GraphPanel } from "./graph/panel.js";
import { Decisions } from "./held/decide.js";
import { EditedArguments } from "./held/edit.js";
import { HeldList } from "./held/list.js";
import { promptForHeld } from "./held/prompt.js";
import { HeldView } from "./held/view.js";
import { tellOfTrouble, watchForStore } from "./sidecar/service.js";
import { Sidecar } from "./sidecar/sidecar.js";
import { Status } from "./sidecar/status.js";
import { Feed } from "./trace/feed.js";
import { TraceTree } from "./trace/tree.js";

/** Called once by the editor. Answers at once; the sidecar starts behind it. */
export function activate(context: vscode.ExtensionContext): { extendMarkdownIt: typeof extendMarkdownIt } {
  const log = vscode.window.createOutputChannel("Shepherd", { log: true });
  const serverLog = vscode.window.createOutputChannel("Shepherd Sidecar", { log: true });
  const sidecar = new Sidecar(context, log, serverLog);
  const feed = new Feed(sidecar);
  const tree = new TraceTree(sidecar, feed);
  const view = vscode.window.createTreeView("shepherd.trace", { treeDataProvider: tree, showCollapseAll: true });
  const held = new HeldList(sidecar);
  const edited = new EditedArguments();
  const decisions = new Decisions(sidecar, held, edited);
  const targets = new Targets(sidecar);
  const scrubber = new Scrubber(sidecar);
  const graph = new GraphPanel(context.extensionUri, sidecar, targets, tree);
  const restores = new Restores(sidecar);
  const chosen = (): unknown => (view.visible ? view.selection[0] : undefined);
  context.subscriptions.push(
    ...[log, serverLog, feed, tree, view, held, edited, scrubber, graph],
    new HeldView(held),
    new Status(sidecar, feed, held),
    promptForHeld(held, decisions, (work) => void attempt({ sidecar }, work)),
    registerCommands({ context, sidecar, feed, tree, decisions, targets, restores, scrubber, graph, chosen }),
    registerDebugger(context),
    tellOfTrouble(sidecar),
    watchForStore(sidecar),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void sidecar.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (RESTARTS.some((name) => change.affectsConfiguration(`shepherd.${name}`))) void sidecar.restart();
    }),
    feed.onDidTurn(() => {
      view.description = feed.following ? undefined : `paused${feed.missed ? `, ${feed.missed} new` : ""}`;
    }),
    sidecar, // the last to be made is the first to go
  );
  void sidecar.start();
  return { extendMarkdownIt };
}

/** Settings that a running sidecar does not take in. */
const RESTARTS = ["path", "store", "codeLens", "inlayHints", "diagnostics"];
