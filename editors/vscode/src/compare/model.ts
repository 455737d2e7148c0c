/** Two branches side by side: events aligned by what they say, files that differ. */

import type { DiffResult, Entry } from "../protocol.js";
import { cost, kindWords, summary } from "../trace/words.js";
import type { Cell, Comparison, Row } from "./shapes.js";

const MOST = 2000;

/** What a diff says, ready to be shown. `base` is the depth of the common ancestor. */
export function comparison(left: string, right: string, base: number | undefined, diff: DiffResult): Comparison {
  const cells = new Map<string, Cell>();
  for (const entries of [diff.left, diff.right]) {
    for (const entry of entries) cells.set(entry.commit, cell(entry));
  }
  const { firstDivergence: first } = diff;
  const rows = diff.rows.slice(0, MOST).map((row): Row => ({
    left: row.left === undefined ? undefined : cells.get(row.left),
    right: row.right === undefined ? undefined : cells.get(row.right),
    same: row.same ?? false,
    first: first !== undefined && !row.same && ((row.left !== undefined && row.left === first.left) || (row.right !== undefined && row.right === first.right)),
  }));
  let seen = false;
  for (const row of rows) {
    row.first &&= !seen;
    seen ||= row.first;
  }
  return { left, right, base, rows, cut: diff.rows.length - rows.length, files: diff.files };
}

function cell(entry: Entry): Cell {
  return {
    commit: entry.commit,
    depth: entry.depth,
    kind: kindWords(entry.kind),
    mark: entry.flag,
    text: summary(entry),
    facts: cost(entry.usage),
  };
}
