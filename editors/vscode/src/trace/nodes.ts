/** What stands in the tree of runs, and how each looks there. */

import * as vscode from "vscode";

import type { Branch, BranchStatus, Entry, Run } from "../protocol.js";
import { clock, cost, icon, kindWords, moment, plural, summary } from "./words.js";

/** A run with its branches. */
export interface RunNode {
  type: "run";
  run: Run;
  first: boolean;
}

/** A branch; `from` is the depth of the first event that is its own. */
export interface BranchNode {
  type: "branch";
  branch: Branch;
  from: number;
  open: boolean;
  parent: RunNode;
}

/** Events of a branch from one depth up to another, not yet read. `before`: from before its fork. */
export interface RangeNode {
  type: "range";
  from: number;
  to: number;
  before: boolean;
  parent: BranchNode | RangeNode;
}

/** One event. */
export interface EventNode {
  type: "event";
  entry: Entry;
  branch: string;
  parent: BranchNode | RangeNode;
}

/** There are more runs than are shown. */
export interface MoreNode {
  type: "more";
}

/** Anything in the tree. */
export type Node = RunNode | BranchNode | RangeNode | EventNode | MoreNode;

const STATUS: Record<BranchStatus, vscode.ThemeIcon> = {
  live: new vscode.ThemeIcon("git-branch", new vscode.ThemeColor("charts.green")),
  paused: new vscode.ThemeIcon("debug-pause", new vscode.ThemeColor("charts.yellow")),
  finished: new vscode.ThemeIcon("pass"),
  failed: new vscode.ThemeIcon("error", new vscode.ThemeColor("charts.red")),
  exhausted: new vscode.ThemeIcon("error", new vscode.ThemeColor("charts.orange")),
  stopped: new vscode.ThemeIcon("stop-circle"),
  discarded: new vscode.ThemeIcon("trash"),
};

/** The branch that a node belongs to. */
export function branchOf(node: BranchNode | RangeNode): BranchNode {
  return node.type === "branch" ? node : branchOf(node.parent);
}

/** How a node looks. */
export function item(node: Node): vscode.TreeItem {
  switch (node.type) {
    case "run":
      return runItem(node);
    case "branch":
      return branchItem(node);
    case "range":
      return rangeItem(node);
    case "event":
      return eventItem(node);
    case "more": {
      const more = new vscode.TreeItem("More runs…");
      more.command = { title: "More runs", command: "shepherd.moreRuns" };
      return more;
    }
  }
}

function runItem({ run, first }: RunNode): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const shown = new vscode.TreeItem(run.name, first ? Expanded : Collapsed);
  shown.id = `run ${run.run}`;
  shown.description = [run.agent?.name, ago(run.startedAt), run.branches.length > 1 && plural(run.branches.length, "branch")]
    .filter(Boolean)
    .join(" · ");
  shown.tooltip = [run.name, run.agent && `agent: ${run.agent.name} ${run.agent.version ?? ""}`, `started: ${moment(run.startedAt)}`, run.workspace && `folder: ${run.workspace}`]
    .filter(Boolean)
    .join("\n");
  shown.iconPath = new vscode.ThemeIcon("rocket");
  shown.contextValue = "run";
  return shown;
}

function branchItem({ branch, from, open }: BranchNode): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const shown = new vscode.TreeItem(branch.branch, open ? Expanded : Collapsed);
  shown.id = `branch ${branch.branch}`;
  const origin = branch.forkedFrom && `fork of ${branch.forkedFrom.branch ?? "a commit"} at #${from - 1}`;
  shown.description = [branch.status, plural(branch.depth + 1 - from, "event"), origin].filter(Boolean).join(" · ");
  shown.tooltip = [branch.branch, shown.description, branch.world && `folder: ${branch.world.path}`].filter(Boolean).join("\n");
  shown.iconPath = STATUS[branch.status];
  shown.contextValue = `branch ${branch.status}${branch.world ? " world" : ""}`;
  return shown;
}

function rangeItem({ from, to, before, parent }: RangeNode): vscode.TreeItem {
  const { branch } = branchOf(parent).branch;
  const label = before ? "Before the fork" : `Events ${number(from)} to ${number(to - 1)}`;
  const shown = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  shown.id = `range ${branch} ${before ? "before " : ""}${from}-${to} in ${parent.type === "range" ? `${parent.from}-${parent.to}` : "it"}`;
  if (before) shown.description = plural(to - from, "event");
  shown.iconPath = new vscode.ThemeIcon(before ? "repo-forked" : "list-ordered");
  shown.contextValue = "range";
  return shown;
}

function eventItem({ entry, branch }: EventNode): vscode.TreeItem {
  const about = summary(entry);
  const shown = new vscode.TreeItem(about);
  shown.id = `event ${branch} ${entry.commit}`;
  const spent = cost(entry.usage);
  shown.description = [`#${entry.depth}`, entry.at && clock(entry.at), spent].filter(Boolean).join(" · ");
  const { id, color } = icon(entry);
  shown.iconPath = new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
  shown.contextValue = `event ${entry.kind}${entry.tree ? " files" : ""}`;
  shown.accessibilityInformation = { label: `${what(entry)}: ${about}, event ${entry.depth}${spent ? `, ${spent}` : ""}` };
  shown.command = { title: "Show", command: "shepherd.show", arguments: [{ type: "event", entry, branch }] };
  return shown;
}

/** What is shown when the mouse rests on a node that has more to say than its row. */
export function tooltip(node: Node): string | undefined {
  if (node.type !== "event") return undefined;
  const { entry } = node;
  return [what(entry), summary(entry), entry.at && moment(entry.at), cost(entry.usage), entry.commit.slice(0, 12)].filter(Boolean).join("\n");
}

function what(entry: Entry): string {
  return `${kindWords(entry.kind)}${entry.flag ? `, ${entry.flag}` : ""}`;
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function ago(at: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.round(seconds / 3600)} h ago` : new Date(at).toLocaleDateString();
}
