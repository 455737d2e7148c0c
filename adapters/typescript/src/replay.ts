/**
 * Driving an agent along a recorded log.
 *
 * The agent is a machine: from the outcomes it has had so far it says what it wants to do
 * next, or that it is done. The record answers where it can; `act` does the rest.
 */

import { describe, type Intent, unwrap, wrap } from "./call.js";
import type { Edit, Id, Json, Mode, ReplayCheckResult, Verdict } from "./generated/protocol.js";
import type { Sidecar } from "./sidecar.js";

type JsonObject = { [name: string]: Json };

/** What an intent came to. */
export interface Outcome {
  status: "ok" | "error" | "denied";
  /** The result as the acting function gave it; for an error `{error: {message, type}}`. */
  result: Json;
  /** Whether the record gave it. */
  recorded: boolean;
}

/** What to replay, and how. */
export interface ReplayOptions {
  /** A branch name or a commit. */
  from: string;
  /** `cached` answers from the record; `verify` really acts and compares; `live` goes on. */
  mode: Exclude<Mode, "view">;
  /** For `live`: how many pairs come from the record. */
  until?: number;
  /** Events exchanged for others. */
  edits?: Edit[];
  /** Name of the branch the replay makes. */
  into?: string;
  /** Irreversible intents that may really run again. */
  rerun?: Id[];
  /** The agent: outcomes so far to the next intent, or undefined when it is done. */
  machine: (outcomes: readonly Outcome[]) => Intent | undefined | Promise<Intent | undefined>;
  /** Really does an intent; needed for `verify` and `live`, and for `cached` after edits. */
  act?: (intent: Intent) => Json | Promise<Json>;
}

/** What a replay came to. */
export interface ReplayReport {
  branch: string | undefined;
  /** Pairs answered from, or equal to, the record. */
  matched: number;
  /** Actions that really ran. */
  live: number;
  complete: boolean;
  head: Id | undefined;
  outcomes: Outcome[];
  /** In `verify`: the comparisons that were not equal. */
  differences: ReplayCheckResult[];
}

/** Drive the machine. Throws SidecarError `Diverged` at the first difference from the record. */
export async function replay(sidecar: Sidecar, options: ReplayOptions): Promise<ReplayReport> {
  const { machine, act, ...params } = options;
  const opened = await sidecar.request("replay/open", params);
  const handle = { replay: opened.replay };
  const outcomes: Outcome[] = [];
  const differences: ReplayCheckResult[] = [];
  const really = async (intent: Intent): Promise<[status: "ok" | "error", payload: JsonObject]> => {
    if (act === undefined) throw new TypeError(`replay mode ${options.mode} needs \`act\``);
    try {
      return ["ok", wrap(await act(intent))];
    } catch (error) {
      return ["error", describe(error)];
    }
  };
  try {
    for (let intent = await machine(outcomes); intent; intent = await machine(outcomes)) {
      const next = await sidecar.request("replay/next", { ...handle, ...intent });
      if (next.live && options.mode === "verify") {
        const [status, payload] = await really(intent);
        const checked = await sidecar.request("replay/check", { ...handle, payload, status });
        if (!checked.same) differences.push(checked);
      } else if (next.live) {
        const { decision, by, reason = "", payload: effective } = next.verdict as Verdict;
        if (decision === "deny") {
          outcomes.push({ status: "denied", result: { status: "denied", by, reason }, recorded: false });
          continue;
        }
        const [status, payload] = await really({ ...intent, payload: effective ?? intent.payload });
        await sidecar.request("intent/resolve", {
          branch: opened.branch as string,
          intent: next.commit as Id,
          status,
          payload,
        });
        outcomes.push({ status, result: unwrap(payload), recorded: false });
        continue;
      }
      outcomes.push(recorded(next.outcome ?? {}));
    }
  } catch (error) {
    await sidecar.request("replay/close", handle).catch(() => undefined); // the first error tells
    throw error;
  }
  const { matched, live, complete, head } = await sidecar.request("replay/close", handle);
  return { branch: opened.branch, matched, live, complete, head, outcomes, differences };
}

function recorded(payload: JsonObject): Outcome {
  const status = (payload["status"] ?? "ok") as Outcome["status"];
  const result = "result" in payload ? unwrap(payload["result"] as JsonObject) : payload;
  return { status, result, recorded: true };
}
