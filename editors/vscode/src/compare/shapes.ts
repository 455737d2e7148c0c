/** What the comparison's webview is given. Types only. */

import type { FilePatch } from "../protocol.js";

/** One side of a row. */
export interface Cell {
  commit: string;
  depth: number;
  kind: string;
  mark: string | undefined;
  text: string;
  facts: string;
}

/** One row. */
export interface Row {
  left: Cell | undefined;
  right: Cell | undefined;
  same: boolean;
  first: boolean;
}

/** The whole. */
export interface Comparison {
  left: string;
  right: string;
  base: number | undefined;
  rows: Row[];
  cut: number;
  files: FilePatch[];
}
