/** Two branches beside each other: a table of events, the files that differ above it. */

import type { Cell, Comparison, Row } from "../compare/shapes.js";
import type { FromCompare, ToCompare } from "../graph/messages.js";
import { el, main, post } from "./dom.js";

const CHANGES = { added: "+", removed: "−", changed: "~", renamed: "→" } as const;

window.addEventListener("message", (event: MessageEvent<ToCompare>) => show(event.data.comparison));
send({ type: "ready" });

function send(message: FromCompare): void {
  post(message);
}

function show(told: Comparison): void {
  const { left, right, base, rows, files, cut } = told;
  const same = rows.filter((row) => row.same).length;
  const since = base === undefined ? "They have no event in common." : `They go apart after event #${base}.`;
  const counts = rows.length ? `${rows.length + cut} rows since then, ${same} of them alike.` : "Neither has gone on since.";
  main.replaceChildren(
    el("header", {}, el("h1", {}, `${left} ↔ ${right}`), el("p", { class: "about" }, `${since} ${counts}`)),
    filesOf(files),
    el("h2", { id: "events" }, "Events"),
    el(
      "table",
      { "aria-labelledby": "events" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, left), el("th", { scope: "col", class: "between" }, ""), el("th", { scope: "col" }, right))),
      el("tbody", {}, ...rows.map((row) => line(row, left, right))),
    ),
    ...(cut ? [el("p", { class: "about" }, `${cut} more rows are not shown. Fork closer to where they go apart, or use trace/diff.`)] : []),
  );
}

function filesOf(files: Comparison["files"]): HTMLElement {
  if (files.length === 0) return el("p", { class: "files" }, "Their files are the same.");
  const buttons = files.map((file) => {
    const was = file.was === undefined ? "" : `${file.was} → `;
    const label = `${CHANGES[file.change]} ${was}${file.path}`;
    return el("li", {}, el("button", { type: "button", class: file.change, "aria-label": `${file.change}: ${file.path}`, click: () => send({ type: "file", path: file.path }) }, label));
  });
  const all = el("button", { type: "button", class: "all", click: () => send({ type: "files" }) }, "Open All as Diffs");
  return el("section", { class: "files", "aria-label": "Files that differ" }, el("h2", {}, `Files that differ: ${files.length}`), all, el("ul", {}, ...buttons));
}

function line(row: Row, left: string, right: string): HTMLElement {
  const how = row.same ? "=" : row.left && row.right ? "≠" : row.left ? "◂" : "▸";
  const inWords = row.same ? "the same on both sides" : row.first ? "the first difference" : row.left && row.right ? "different" : `only on ${row.left ? left : right}`;
  const name = `${row.same ? "same" : "other"}${row.first ? " first" : ""}`;
  return el("tr", { class: name }, side(row.left, left), el("td", { class: "between", "aria-label": inWords, title: inWords }, how), side(row.right, right));
}

function side(cell: Cell | undefined, branch: string): HTMLElement {
  if (!cell) return el("td", { class: "none" }, "");
  const button = el(
    "button",
    { type: "button", class: `event ${cell.mark ?? ""}`, title: cell.text, click: () => send({ type: "event", commit: cell.commit, branch }) },
    el("span", { class: "kind" }, `#${cell.depth} ${cell.kind}${cell.mark ? `, ${cell.mark}` : ""}${cell.facts ? ` · ${cell.facts}` : ""}`),
    el("span", { class: "text" }, cell.text),
  );
  return el("td", {}, button);
}
