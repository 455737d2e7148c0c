/**
 * Runs, their branches and events as a native tree that reads only what is opened.
 *
 * A page is one `trace/log` with `skip`: it costs the same at any depth of any log. What the feed
 * brings refreshes the branch it belongs to, a few times a second at most.
 */

import * as vscode from "vscode";

import type { Branch, Entry, Run } from "../protocol.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import type { Feed } from "./feed.js";
import { type BranchNode, branchOf, type EventNode, item, type Node, type RangeNode, type RunNode, tooltip } from "./nodes.js";
import { growing, type Part, parts } from "./ranges.js";

const RUNS = 50;
const REFRESH_MS = 250;

/** The data of the view "Runs". */
export class TraceTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly #branches = new Map<string, BranchNode>();
  readonly #forkDepths = new Map<string, number>();
  readonly #stale = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  #all = false;
  #pages = 1;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    private readonly sidecar: Sidecar,
    feed: Feed,
  ) {
    this.#subscriptions = [
      sidecar.onDidChange((state) => {
        // While a crashed sidecar is started again, what is shown stays.
        if (!["starting", "waiting"].includes(state)) this.refresh();
      }),
      feed.onDidCome((entries) => this.#grow(entries)),
      feed.onDidTurn(() => {
        if (feed.following && feed.missed === 0) this.refresh();
      }),
    ];
  }

  /** Read everything that is shown anew. */
  refresh(): void {
    this.#all = true;
    this.#soon();
  }

  /** Show a page more of the runs. */
  moreRuns(): void {
    this.#pages++;
    this.refresh();
  }

  /** The branch of this name, if it was ever shown. */
  branch(name: string): BranchNode | undefined {
    return this.#branches.get(name);
  }

  /** Every branch that was shown, oldest first. */
  branches(): Branch[] {
    return [...this.#branches.values()].map(({ branch }) => branch);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return item(node);
  }

  /** What only who rests on a row wants to know is made then. */
  resolveTreeItem(shown: vscode.TreeItem, node: Node): vscode.TreeItem {
    shown.tooltip ??= tooltip(node);
    return shown;
  }

  getParent(node: Node): Node | undefined {
    return node.type === "run" || node.type === "more" ? undefined : node.parent;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (this.sidecar.state !== "running") return [];
    switch (node?.type) {
      case undefined:
        return this.#runs();
      case "run":
        return this.#ofRun(node);
      case "branch":
        return this.#ofBranch(node);
      case "range":
        return this.#rows(node, parts(node.from, node.to));
      default:
        return [];
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #runs(): Promise<Node[]> {
    const runs: Run[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < this.#pages; page++) {
      const found = await this.sidecar.request("run/list", { limit: RUNS, cursor: cursor ?? null });
      runs.push(...found.runs);
      cursor = found.nextCursor;
      if (cursor === undefined) break;
    }
    this.#branches.clear();
    const nodes = runs.map((run, index): RunNode => ({ type: "run", run, first: index === 0 }));
    const origins = new Set(runs.flatMap(({ branches }) => branches.map(({ forkedFrom }) => forkedFrom?.commit)));
    await Promise.all([...origins].map((commit) => commit && this.#depth(commit)));
    for (const node of nodes) await this.#ofRun(node);
    return cursor === undefined ? nodes : [...nodes, { type: "more" }];
  }

  async #ofRun(parent: RunNode): Promise<BranchNode[]> {
    const nodes: BranchNode[] = [];
    for (const [index, branch] of parent.run.branches.entries()) {
      const from = branch.forkedFrom ? (await this.#depth(branch.forkedFrom.commit)) + 1 : 0;
      const node: BranchNode = { type: "branch", branch, from, open: parent.first && index === 0, parent };
      this.#branches.set(branch.branch, node);
      nodes.push(node);
    }
    return nodes;
  }

  async #ofBranch(node: BranchNode): Promise<Node[]> {
    const own = await this.#rows(node, growing(node.from, node.branch.depth + 1));
    const before: RangeNode = { type: "range", from: 0, to: node.from, before: true, parent: node };
    return node.from > 0 ? [...own, before] : own;
  }

  async #rows(parent: BranchNode | RangeNode, rows: Part[]): Promise<Node[]> {
    const nodes: Node[] = [];
    for (const { from, to, open } of rows) {
      if (open) nodes.push(...(await this.#events(parent, from, to)));
      else nodes.push({ type: "range", from, to, before: false, parent });
    }
    return nodes;
  }

  async #events(parent: BranchNode | RangeNode, from: number, to: number): Promise<EventNode[]> {
    const { head, branch } = branchOf(parent).branch;
    const asked = { commit: head, order: "oldest", skip: from, limit: to - from, maxPayload: 0, about: true } as const;
    const { entries } = await this.sidecar.request("trace/log", asked);
    return entries.map((entry): EventNode => ({ type: "event", entry, branch, parent })).reverse();
  }

  async #depth(commit: string): Promise<number> {
    let depth = this.#forkDepths.get(commit);
    if (depth === undefined) {
      ({ depth } = await this.sidecar.request("trace/get", { commit, maxPayload: 0 }));
      this.#forkDepths.set(commit, depth);
    }
    return depth;
  }

  #grow(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const node = this.#branches.get(entry.branch ?? "");
      // A branch that is new, has ended or was paused changes more than its own rows.
      if (!node || entry.kind === "run_end" || entry.kind === "intervention" || entry.depth <= node.branch.depth) {
        this.#all = true;
      } else {
        node.branch = { ...node.branch, head: entry.commit, depth: entry.depth };
        this.#stale.add(node.branch.branch);
      }
    }
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#all) this.#changed.fire(undefined);
      else for (const name of this.#stale) this.#changed.fire(this.#branches.get(name));
      this.#all = false;
      this.#stale.clear();
    }, REFRESH_MS);
  }
}

