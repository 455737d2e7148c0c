/**
 * The branch graph: a list of lanes to move in with arrow keys, the chosen event below it.
 *
 * The picture is decoration: what it says stands in words too, for screen readers.
 */

import type { FromGraph, ToGraph } from "../graph/messages.js";
import type { Card, Graph, Lane } from "../graph/shapes.js";
import { el, main, post, svg } from "./dom.js";

const ROW = 64;
const EDGE = 14;
const ACTIONS: readonly [action: string, label: string, key: string][] = [
  ["show", "Show event", "Enter"],
  ["changes", "What changed", "d"],
  ["scrub", "Step through", "s"],
  ["fork", "Fork here", "f"],
  ["replay", "Replay", "p"],
  ["restore", "Restore to here", "r"],
  ["compare", "Compare with…", "c"],
];

let graph: Graph | undefined;
let words: { [branch: string]: string } = {};
let chosen = { branch: "", depth: 0 };
let card: Card | undefined;

const title = el("h1");
const about = el("p", { class: "about" });
const list = el("div", { class: "lanes", role: "listbox", "aria-label": "Branches", tabindex: 0, keydown: (event) => press(event as KeyboardEvent) });
const slider = el("input", { type: "range", id: "depth", min: 0, input: () => choose(chosen.branch, Number(slider.value)) });
const where = el("output", { for: "depth" });
const text = el("p", { class: "text" });
const facts = el("p", { class: "facts" });
const says = el("div", { class: "says", role: "status", "aria-live": "polite" }, text, facts);
const buttons = ACTIONS.map(([action, label, key]) => el("button", { type: "button", title: `${label} (${key})`, click: () => act(action) }, label));

main.append(
  el("header", {}, title, about),
  list,
  el("section", { "aria-label": "Chosen event" }, el("div", { class: "slide" }, el("label", { for: "depth" }, "Event"), slider, where), says, el("div", { class: "buttons", role: "toolbar", "aria-label": "Act on the chosen event" }, ...buttons)),
  el("p", { class: "keys" }, "↑ ↓ branch · ← → event · Ctrl ← → next mark · Home End · Enter shows · f forks · d what changed · s steps through · p replays · r restores · c compares"),
);

window.addEventListener("message", (event: MessageEvent<ToGraph>) => {
  const message = event.data;
  if (message.type === "graph") take(message.graph, message.words);
  if (message.type === "select") choose(message.branch, message.depth ?? lane(message.branch)?.to ?? 0);
  if (message.type === "card" && message.card.branch === chosen.branch && message.card.depth === chosen.depth) tell(message.card);
});
new ResizeObserver(() => draw()).observe(list);
send({ type: "ready" });

function send(message: FromGraph): void {
  post(message);
}

function lane(branch: string): Lane | undefined {
  return graph?.lanes.find((one) => one.branch === branch);
}

function take(next: Graph, inWords: { [branch: string]: string }): void {
  const before = lane(chosen.branch);
  const atHead = before !== undefined && chosen.depth === before.to;
  const first = graph?.run !== next.run;
  graph = next;
  words = inWords;
  title.textContent = next.name;
  about.textContent = [next.agent, `${next.lanes.length} branch${next.lanes.length === 1 ? "" : "es"}`].filter(Boolean).join(" · ");
  draw();
  const now = lane(chosen.branch) ?? next.lanes[0];
  // At the newest event one stays at the newest event while the agent goes on.
  if (now && (first || atHead || !before)) choose(now.branch, now.to);
}

function choose(branch: string, depth: number): void {
  const on = lane(branch);
  if (!on) return;
  chosen = { branch, depth: Math.min(Math.max(depth, 0), on.to) };
  card = undefined;
  slider.max = String(on.to);
  slider.value = String(chosen.depth);
  slider.setAttribute("aria-valuetext", `event ${chosen.depth} of ${on.to} on ${branch}`);
  where.textContent = `#${chosen.depth} of ${on.to} on ${branch}`;
  draw();
  send({ type: "at", ...chosen });
}

function tell(next: Card): void {
  card = next;
  text.className = `text ${next.mark ?? ""}`;
  text.textContent = `${next.kind}: ${next.text}`;
  facts.textContent = [next.mark, next.facts, next.files ? "files captured" : ""].filter(Boolean).join(" · ");
}

function act(action: string): void {
  send({ type: "do", action, branch: chosen.branch, commit: action === "compare" ? undefined : card?.commit, depth: chosen.depth });
}

function press(event: KeyboardEvent): void {
  if (!graph || event.altKey || event.metaKey) return;
  const index = graph.lanes.findIndex(({ branch }) => branch === chosen.branch);
  const on = graph.lanes[index];
  const other = graph.lanes[index + (event.key === "ArrowDown" ? 1 : -1)];
  const action = ACTIONS.find(([, , key]) => key === event.key);
  if (!on) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (other) choose(other.branch, Math.min(Math.max(chosen.depth, other.from), other.to));
  } else if (event.key === "ArrowRight") choose(on.branch, event.ctrlKey ? nextMark(on, 1) : chosen.depth + 1);
  else if (event.key === "ArrowLeft") choose(on.branch, event.ctrlKey ? nextMark(on, -1) : chosen.depth - 1);
  else if (event.key === "Home") choose(on.branch, on.from);
  else if (event.key === "End") choose(on.branch, on.to);
  else if (action && !event.ctrlKey) act(action[0]);
  else return;
  event.preventDefault();
}

function nextMark(on: Lane, by: 1 | -1): number {
  const depths = on.marks.map(({ depth }) => depth);
  const found = by === 1 ? depths.find((depth) => depth > chosen.depth) : depths.findLast((depth) => depth < chosen.depth);
  return found ?? (by === 1 ? on.to : on.from);
}

function draw(): void {
  if (!graph) return;
  const { lanes } = graph;
  const names = Math.min(260, Math.max(120, list.clientWidth * 0.28));
  const width = Math.max(200, list.clientWidth - names);
  const last = Math.max(1, ...lanes.map(({ to }) => to));
  const x = (depth: number): number => EDGE + (depth / last) * (width - 2 * EDGE);
  const y = (index: number): number => index * ROW + ROW / 2;
  const picture = svg("svg", { width, height: lanes.length * ROW, class: "picture", "aria-hidden": "true" });
  const rows = lanes.map((one, index) => {
    const from = lanes.findIndex(({ branch }) => branch === one.origin);
    if (from >= 0) {
      const [ax, ay, bx, by] = [x(one.from - 1), y(from), x(one.from), y(index)];
      picture.append(svg("path", { class: "fork", d: `M${ax},${ay} C${ax},${(ay + by) / 2} ${ax},${by} ${Math.max(bx, ax + 6)},${by}` }));
      picture.append(svg("circle", { class: "branching", cx: ax, cy: ay, r: 3 }));
    }
    return row(one, index === lanes.findIndex(({ branch }) => branch === chosen.branch));
  });
  lanes.forEach((one, index) => {
    const [left, right] = [x(one.from), Math.max(x(one.to), x(one.from) + 6)];
    picture.append(svg("rect", { class: `bar ${one.status}`, x: left - 4, y: y(index) - 5, width: right - left + 8, height: 10, rx: 5 }));
    for (const { depth, kind, label } of one.marks) {
      picture.append(svg("circle", { class: `mark ${kind}`, cx: x(depth), cy: y(index), r: 5.5 }, svg("title", {}, document.createTextNode(`#${depth} ${label}`))));
    }
    if (one.branch === chosen.branch) {
      picture.append(svg("line", { class: "cursor", x1: x(chosen.depth), x2: x(chosen.depth), y1: y(index) - 17, y2: y(index) + 17 }));
    }
  });
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const on = lanes[Math.floor((event.clientY - box.top) / ROW)];
    if (!on) return;
    const at = ((event.clientX - box.left - EDGE) / (width - 2 * EDGE)) * last;
    // A mark is hit from some pixels away.
    const near = on.marks.find(({ depth }) => Math.abs(x(depth) - (event.clientX - box.left)) < 8);
    choose(on.branch, near?.depth ?? Math.round(Math.min(Math.max(at, on.from), on.to)));
    list.focus();
  });
  const column = el("div", { class: "names" }, ...rows);
  column.style.width = `${names}px`;
  list.replaceChildren(column, picture);
  list.setAttribute("aria-activedescendant", `lane-${lanes.findIndex(({ branch }) => branch === chosen.branch)}`);
}

function row(one: Lane, selected: boolean): HTMLElement {
  const index = graph?.lanes.indexOf(one) ?? 0;
  const counted = `${one.events.toLocaleString("en")} event${one.events === 1 ? "" : "s"}`;
  return el(
    "div",
    { class: "lane", role: "option", id: `lane-${index}`, "aria-selected": String(selected), "aria-label": words[one.branch], click: () => choose(one.branch, one.to) },
    el("span", { class: "name" }, one.branch),
    el("span", { class: "details" }, `${one.status} · ${counted}`),
    el("span", { class: "details" }, [one.took, one.spent].filter(Boolean).join(" · ")),
  );
}
