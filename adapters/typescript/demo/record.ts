/** What a branch's log says came of each intent: enough to bring a machine to where it was. */

import type { Branch, Entry, Json } from "shepherd-sidecar-client";

import type { Came } from "./steps.js";

const WHOLE = 1 << 26;

/** An agent's past. */
export interface Past {
  /** The outcomes, oldest first. */
  outcomes: Came[];
  /** How many thoughts were recorded after the last of them. */
  noted: number;
}

/** What a branch's log holds. */
export async function past(branch: Branch): Promise<Past> {
  const outcomes: Came[] = [];
  let noted = 0;
  const delivered = new Map<string, string[]>();
  let waiting: string[] = [];
  for await (const entry of branch.log({ order: "oldest", maxPayload: WHOLE })) {
    if (entry.kind === "tool_call" || entry.kind === "model_call") {
      delivered.set(entry.commit, waiting); // an injected message comes with the next verdict
      waiting = [];
    } else if (entry.kind === "tool_result" || entry.kind === "model_result") {
      outcomes.push(came(entry, delivered.get(entry.intent ?? "") ?? []));
      noted = 0;
    } else if (entry.kind === "thought") {
      noted += 1;
    } else if (entry.kind === "intervention" && said(entry)["action"] === "inject") {
      waiting.push(String(said(entry)["message"]));
    }
  }
  return { outcomes, noted };
}

function came(entry: Entry, injected: string[]): Came {
  const payload = said(entry);
  const status = payload["status"] as Came["status"];
  return { status, result: status === "denied" ? payload : (payload["result"] ?? null), injected };
}

function said(entry: Entry): { [name: string]: Json } {
  return entry.payload as { [name: string]: Json };
}
