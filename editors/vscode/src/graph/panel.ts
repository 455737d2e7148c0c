/** The branch graph: one panel a window. All that it can do is a command that takes a target. */

import * as vscode from "vscode";

import type { Run } from "../protocol.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import type { TraceTree } from "../trace/tree.js";
import { given, type Targets } from "../acts/target.js";
import { tell } from "../say.js";
import type { FromGraph, ToGraph } from "./messages.js";
import { laneInWords, readCard, readGraph } from "./model.js";
import { options, page, tabIcon } from "./page.js";

const REFRESH_MS = 1000;

/** The graph's buttons, by what they are called there. */
const ACTIONS: { readonly [action: string]: string } = {
  show: "shepherd.show",
  changes: "shepherd.changes",
  fork: "shepherd.fork",
  replay: "shepherd.replay",
  restore: "shepherd.restore",
  scrub: "shepherd.scrub",
  compare: "shepherd.compare",
  follow: "shepherd.follow",
  pauseFollowing: "shepherd.pauseFollowing",
};

/** Shows a run as a graph. */
export class GraphPanel implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #run: string | undefined;
  #selected: { branch: string; depth: number | undefined } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly sidecar: Sidecar,
    private readonly targets: Targets,
    tree: TraceTree,
  ) {
    // What is forked or discarded is no commit: the tree knows when to look again.
    this.#subscription = tree.onDidChangeTreeData(() => this.#later());
  }

  /** Show the run of a run, a branch or an event; the newest without any. */
  async show(argument: unknown): Promise<void> {
    const node = argument as { type?: string; run?: Run } | undefined;
    const target = given(argument);
    this.#run = node?.type === "run" ? node.run?.run : await this.#runOf(target?.branch, target?.commit);
    if (this.#run === undefined) {
      void tell("No run is recorded yet. Start an agent, or run the demo agent.");
      return;
    }
    const depth = target?.commit ? (await this.targets.entry(target.commit)).depth : undefined;
    this.#selected = target?.branch ? { branch: target.branch, depth } : undefined;
    if (this.#panel) this.#panel.reveal();
    else this.#open();
    await this.#send();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel?.dispose();
    this.#subscription.dispose();
  }

  #open(): void {
    const panel = vscode.window.createWebviewPanel("shepherd.graph", "Branch Graph", vscode.ViewColumn.Active, options(this.extension));
    panel.iconPath = tabIcon(this.extension);
    panel.onDidDispose(() => (this.#panel = undefined));
    panel.webview.onDidReceiveMessage((message: FromGraph) => this.#noting(this.#hear(message)));
    panel.webview.html = page(panel.webview, this.extension, "graph", "Branch graph");
    this.#panel = panel;
  }

  async #hear(message: FromGraph): Promise<void> {
    if (message.type === "ready") {
      await this.#send();
    } else if (message.type === "at") {
      const card = await readCard(this.sidecar, message.branch, message.depth);
      if (card) this.#post({ type: "card", card });
    } else if (ACTIONS[message.action]) {
      const { branch, depth } = message;
      // A key may be pressed before the card of the place has come.
      const wanted = message.action !== "compare" && message.commit === undefined;
      const commit = wanted ? (await readCard(this.sidecar, branch, depth))?.commit : message.commit;
      await vscode.commands.executeCommand(ACTIONS[message.action] as string, { branch, commit, depth });
    }
  }

  #later(): void {
    if (!this.#panel?.visible) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#noting(this.#send());
    }, REFRESH_MS);
  }

  async #send(): Promise<void> {
    if (!this.#panel || this.sidecar.state !== "running") return;
    const run = await this.#find();
    if (!run) return;
    const graph = await readGraph(this.sidecar, run);
    this.#panel.title = `Graph of ${graph.name}`;
    this.#post({ type: "graph", graph, words: Object.fromEntries(graph.lanes.map((lane) => [lane.branch, laneInWords(lane)])) });
    if (this.#selected) this.#post({ type: "select", ...this.#selected });
    this.#selected = undefined;
  }

  async #find(): Promise<Run | undefined> {
    let cursor: string | null = null;
    do {
      const found: { runs: Run[]; nextCursor?: string } = await this.sidecar.request("run/list", { limit: 200, cursor });
      const run = found.runs.find(({ run: id }) => id === this.#run);
      if (run) return run;
      cursor = found.nextCursor ?? null;
    } while (cursor !== null);
    return undefined;
  }

  async #runOf(branch: string | undefined, commit: string | undefined): Promise<string | undefined> {
    const name = branch ?? (commit && (await this.targets.entry(commit)).branch);
    if (name) return (await this.sidecar.request("branch/get", { branch: name })).run;
    return (await this.sidecar.request("run/list", { limit: 1 })).runs[0]?.run;
  }

  /** What fails is noted: the next change of the trace draws everything anew. */
  #noting(work: Promise<void>): void {
    work.catch((error: unknown) => this.sidecar.log.error("the graph", error as Error));
  }

  #post(message: ToGraph): void {
    void this.#panel?.webview.postMessage(message);
  }
}
