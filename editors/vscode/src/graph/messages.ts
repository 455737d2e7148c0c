/** What goes between the webviews and the extension. Types only. */

import type { Card, Graph } from "./shapes.js";
import type { Comparison } from "../compare/shapes.js";

/** To the graph. */
export type ToGraph =
  | { type: "graph"; graph: Graph; words: { [branch: string]: string } }
  | { type: "card"; card: Card }
  | { type: "select"; branch: string; depth: number | undefined };

/** From the graph. */
export type FromGraph =
  | { type: "ready" }
  | { type: "at"; branch: string; depth: number }
  | { type: "do"; action: string; branch: string; commit: string | undefined; depth: number };

/** To the comparison. */
export type ToCompare = { type: "comparison"; comparison: Comparison };

/** From the comparison. */
export type FromCompare =
  | { type: "ready" }
  | { type: "event"; commit: string; branch: string }
  | { type: "file"; path: string }
  | { type: "files" };
