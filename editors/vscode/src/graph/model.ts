/** What the branch graph shows: the branches of a run as lanes, with time, cost and marks. */

import type { Branch, Entry, Run } from "../protocol.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import type { Card, Graph, Lane, Mark } from "./shapes.js";
import { bytes, clock, cost, duration, fields, kindWords, plural, summary } from "../trace/words.js";

const MARKS = 300;
const SCANNED = 1000;

/** Read what the graph of a run needs: some requests a branch, whatever its length. */
export async function readGraph(sidecar: Sidecar, run: Run): Promise<Graph> {
  const { branches } = await sidecar.request("run/usage", { run: run.run });
  const spent = new Map(branches.map((one) => [one.branch, one]));
  const lanes = run.branches.map(async (branch): Promise<Lane> => {
    const origin = branch.forkedFrom;
    const from = origin ? (await sidecar.request("trace/get", { commit: origin.commit, maxPayload: 0 })).depth + 1 : 0;
    const usage = spent.get(branch.branch);
    const took = usage?.firstAt && usage.lastAt ? Date.parse(usage.lastAt) - Date.parse(usage.firstAt) : 0;
    const { durationMs: _, ...price } = usage?.usage ?? {};
    return {
      branch: branch.branch,
      status: branch.status,
      from,
      to: branch.depth,
      origin: origin?.branch,
      world: branch.world !== undefined,
      events: branch.depth + 1 - from,
      spent: cost(price),
      took: took ? duration(took) : "",
      marks: await marksOf(sidecar, branch, from),
    };
  });
  const agent = run.agent ? `${run.agent.name} ${run.agent.version ?? ""}`.trim() : "";
  return { run: run.run, name: run.name, agent, lanes: await Promise.all(lanes) };
}

/** The event at a depth of a branch. */
export async function readCard(sidecar: Sidecar, branch: string, depth: number): Promise<Card | undefined> {
  const asked = { branch, order: "oldest", skip: Math.max(0, depth), limit: 1, maxPayload: 0, about: true } as const;
  const entry = (await sidecar.request("trace/log", asked)).entries[0];
  return entry && cardOf(entry, branch);
}

/** An entry as a card. */
export function cardOf(entry: Entry, branch: string): Card {
  const size = entry.payloadSize === undefined ? "" : bytes(entry.payloadSize);
  return {
    branch,
    depth: entry.depth,
    commit: entry.commit,
    kind: kindWords(entry.kind),
    mark: entry.flag,
    text: summary(entry),
    facts: [entry.at && clock(entry.at), cost(entry.usage), entry.effect, size].filter(Boolean).join(" · "),
    files: entry.tree !== undefined && entry.parents.length > 0,
  };
}

async function marksOf(sidecar: Sidecar, branch: Branch, from: number): Promise<Mark[]> {
  const kinds = ["intervention", "tool_result", "model_result"] as const;
  const { entries } = await sidecar.request("trace/log", { branch: branch.branch, kinds: [...kinds], limit: SCANNED, maxPayload: 512, about: true });
  const found: Mark[] = [];
  for (const entry of entries) {
    const kind = kindOf(entry);
    if (kind && entry.depth >= from) found.push({ depth: entry.depth, commit: entry.commit, kind, label: summary(entry) });
    if (found.length === MARKS) break;
  }
  return found.reverse();
}

function kindOf(entry: Entry): Mark["kind"] | undefined {
  const payload = fields(entry.payload);
  // A verdict and the outcome that it makes are one thing to a reader: the verdict is marked.
  if (entry.kind !== "intervention") return entry.flag === "failed" ? "failed" : undefined;
  if (payload["action"] === "restore") return "restored";
  if (entry.flag) return entry.flag;
  return payload["action"] === "verdict" ? "decided" : undefined;
}

/** A lane in words, for who does not see it. */
export function laneInWords(lane: Lane): string {
  const origin = lane.origin ? `, forked from ${lane.origin} at event ${lane.from - 1}` : "";
  return `${lane.branch}, ${lane.status}, ${plural(lane.events, "event")}${origin}${lane.spent ? `, ${lane.spent}` : ""}${lane.took ? `, ${lane.took}` : ""}, ${plural(lane.marks.length, "mark")}`;
}
