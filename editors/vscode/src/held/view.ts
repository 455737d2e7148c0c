/** The view "Waiting for You": what waits, and for how long yet. */

import * as vscode from "vscode";

import type { Held } from "../protocol.js";
import { duration } from "../trace/words.js";
import { type HeldList, keyOf } from "./list.js";

const TICK_MS = 5_000;

/** What happens when nobody decides. */
export function otherwise(held: Held, now = Date.now()): string {
  if (held.deadline === undefined) return "waits until the agent may go on";
  const left = Math.max(0, Date.parse(held.deadline) - now);
  return `${held.default === "deny" ? "denied" : "allowed"} in ${duration(Math.ceil(left / 1000) * 1000)}`;
}

/** The data of the view. */
export class HeldView implements vscode.TreeDataProvider<Held>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  readonly view: vscode.TreeView<Held>;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly list: HeldList) {
    this.view = vscode.window.createTreeView("shepherd.held", { treeDataProvider: this });
    this.#subscription = list.onDidChange(({ held }) => {
      const count = held.length;
      this.view.badge = count ? { value: count, tooltip: `${count} waiting for a decision` } : undefined;
      clearInterval(this.#timer);
      if (held.some(({ deadline }) => deadline)) this.#timer = setInterval(() => this.#changed.fire(), TICK_MS);
      this.#changed.fire();
    });
  }

  getTreeItem(held: Held): vscode.TreeItem {
    const item = new vscode.TreeItem(held.wish);
    item.id = keyOf(held);
    item.description = `${otherwise(held)} · ${held.branch}`;
    item.iconPath = new vscode.ThemeIcon("watch", new vscode.ThemeColor("charts.yellow"));
    item.contextValue = "held";
    item.tooltip = new vscode.MarkdownString()
      .appendText(`${held.branch} wants to\n`)
      .appendCodeblock(held.entry.payload === undefined ? held.wish : JSON.stringify(held.entry.payload, null, 2), "json")
      .appendText(`${held.reason} (${held.by}); it is ${held.entry.effect}, and ${otherwise(held)}`);
    item.accessibilityInformation = {
      label: `${held.branch} wants to ${held.wish}. ${held.reason}. It is ${held.entry.effect}, and ${otherwise(held)}.`,
    };
    return item;
  }

  getChildren(held?: Held): Held[] {
    return held ? [] : [...this.list.held];
  }

  getParent(): undefined {
    return undefined;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#subscription.dispose();
    this.view.dispose();
  }
}
