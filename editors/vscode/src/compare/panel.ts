/** The comparison of two branches: a table in a webview, the files in the editor's own diffs. */

import * as vscode from "vscode";

import type { Sidecar } from "../sidecar/sidecar.js";
import { given, type Targets } from "../acts/target.js";
import { showPatches } from "../files/changes.js";
import type { FromCompare, ToCompare } from "../graph/messages.js";
import { fail } from "../say.js";
import { sentence } from "../sidecar/troubles.js";
import { options, page, tabIcon } from "../graph/page.js";
import { comparison } from "./model.js";
import type { Comparison } from "./shapes.js";

/** Ask for what is not given, and show the comparison. */
export async function compare(extension: vscode.Uri, sidecar: Sidecar, targets: Targets, argument: unknown, second?: unknown): Promise<void> {
  const title = "Compare two branches";
  const left = await targets.branch(argument, title);
  // In a tree two nodes may be chosen: the second comes in a list of all.
  const other = Array.isArray(second) ? second.find((one) => given(one)?.branch !== left?.branch) : second;
  const right = left && (await targets.branch(other, `${left.branch} with…`, left.branch));
  if (!left || !right) return;
  const diff = await sidecar.request("trace/diff", { left: left.branch, right: right.branch, about: true });
  const base = diff.base && (await targets.entry(diff.base)).depth;
  show(extension, comparison(left.branch, right.branch, base || undefined, diff), { left: left.head, right: right.head });
}

function show(extension: vscode.Uri, told: Comparison, heads: { left: string; right: string }): void {
  const name = `${told.left} ↔ ${told.right}`;
  const panel = vscode.window.createWebviewPanel("shepherd.compare", name, vscode.ViewColumn.Active, options(extension));
  panel.iconPath = tabIcon(extension);
  const sides = [{ commit: heads.left }, { commit: heads.right }] as const;
  const hear = async (message: FromCompare): Promise<void> => {
    switch (message.type) {
      case "ready":
        await panel.webview.postMessage({ type: "comparison", comparison: told } satisfies ToCompare);
        break;
      case "event":
        await vscode.commands.executeCommand("shepherd.show", { commit: message.commit, branch: message.branch });
        break;
      case "file":
        await showPatches(`${message.path}: ${name}`, told.files.filter(({ path }) => path === message.path), ...sides);
        break;
      case "files":
        await showPatches(name, told.files, ...sides);
        break;
    }
  };
  panel.webview.onDidReceiveMessage((message: FromCompare) => hear(message).catch((error: unknown) => fail(sentence(error))));
  panel.webview.html = page(panel.webview, extension, "compare", "Comparison");
}
