/** What the graph's webview is given. Types only. */

import type { BranchStatus } from "../protocol.js";

/** Something worth a mark on a lane. */
export interface Mark {
  depth: number;
  commit: string;
  kind: "denied" | "failed" | "ineffective" | "held" | "restored" | "decided";
  label: string;
}

/** A branch. `from` to `to` are the depths of its own events. */
export interface Lane {
  branch: string;
  status: BranchStatus;
  from: number;
  to: number;
  origin: string | undefined;
  world: boolean;
  events: number;
  spent: string;
  took: string;
  marks: Mark[];
}

/** A run. */
export interface Graph {
  run: string;
  name: string;
  agent: string;
  lanes: Lane[];
}

/** One event, for the panel below the graph. */
export interface Card {
  branch: string;
  depth: number;
  commit: string;
  kind: string;
  mark: string | undefined;
  text: string;
  facts: string;
  files: boolean;
}
