/**
 * Which depths of a log stand where in the tree. Pure.
 *
 * The newest events stand open; all before them in folders of a hundred, those in folders of ten
 * thousand, and so on: every event of a million is three steps away, no level has more than some
 * two hundred rows, and folders keep their place while the log grows.
 */

/** Rows of one page. */
export const PAGE = 100;

/** Depths `from` up to and without `to`; `open`: the events themselves. */
export interface Part {
  from: number;
  to: number;
  open: boolean;
}

/** The rows for the depths `from` up to and without `to`, the newest first. */
export function parts(from: number, to: number): Part[] {
  const count = to - from;
  if (count <= 0) return [];
  if (count <= PAGE) return [{ from, to, open: true }];
  const largest = count > PAGE * PAGE ? PAGE ** Math.ceil(Math.log(count) / Math.log(PAGE) - 1 - 1e-9) : PAGE;
  const found: Part[] = [];
  let end = to;
  while (end > from) {
    let size = PAGE;
    while (size < largest && end % (size * PAGE) === 0 && end - size * PAGE >= from) size *= PAGE;
    const start = Math.max(from, Math.floor((end - 1) / size) * size);
    found.push({ from: start, to: end, open: false });
    end = start;
  }
  return found;
}

/** As `parts`, for a log that may grow: the newest one or two pages stand open. */
export function growing(from: number, to: number): Part[] {
  const open = to - from <= 2 * PAGE ? from : Math.floor((to - PAGE) / PAGE) * PAGE;
  const start = Math.max(from, open);
  return [...(to > start ? [{ from: start, to, open: true }] : []), ...parts(from, start)];
}
