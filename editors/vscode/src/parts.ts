/** The parts of the extension that commands are made of. Types only. */

import type * as vscode from "vscode";

import type { Restores } from "./acts/restore.js";
import type { Targets } from "./acts/target.js";
import type { Scrubber } from "./files/scrub.js";
import type { GraphPanel } from "./graph/panel.js";
import type { Decisions } from "./held/decide.js";
import type { Sidecar } from "./sidecar/sidecar.js";
import type { Feed } from "./trace/feed.js";
import type { TraceTree } from "./trace/tree.js";

/** All of them. */
export interface Parts {
  context: vscode.ExtensionContext;
  sidecar: Sidecar;
  feed: Feed;
  tree: TraceTree;
  decisions: Decisions;
  targets: Targets;
  restores: Restores;
  scrubber: Scrubber;
  graph: GraphPanel;
  /** What is chosen in the tree of runs: what a key pressed there is about. */
  chosen: () => unknown;
}
