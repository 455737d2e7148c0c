/** One action: propose it, run what was allowed, report what came of it. */

import { Denied } from "./errors.js";
import type {
  Effect,
  Id,
  Injected,
  Json,
  ResolveResult,
  Usage,
  Verdict,
} from "./generated/protocol.js";
import type { Sidecar } from "./sidecar.js";

type JsonObject = { [name: string]: Json };

/** What an agent asks to do. */
export interface Intent {
  kind: "tool_call" | "model_call";
  payload: JsonObject;
}

/** How to ask. */
export interface CallOptions {
  /** What replay and restore may do with it; irreversible when omitted. */
  effect?: Effect;
  /** The agent's own id: asking the same again gives the same intent and verdict. */
  clientId?: string;
  /** How long a hold may last at most, in milliseconds. */
  timeoutMs?: number;
  /** False leaves the workspace uncaptured at this step. */
  snapshot?: boolean;
  /** Aborting it gives the proposal up. */
  signal?: AbortSignal;
}

/** An allowed action, while it runs and afterwards. */
export interface Call {
  /** The intent's commit. */
  readonly intent: Id;
  /** The verdict: allow or override. */
  readonly verdict: Verdict;
  /** What to run: the proposed payload, or the override's. */
  readonly payload: JsonObject;
  /** Messages that came with the verdict; each is delivered once. */
  readonly injected: readonly Injected[];
  /** What it cost; set it while running. */
  usage?: Usage;
  /** The outcome, once it is recorded. */
  outcome?: ResolveResult;
}

/** Shorthand for the intent of a tool call. */
export function toolCall(name: string, args: JsonObject): Intent {
  return { kind: "tool_call", payload: { name, arguments: args } };
}

/** Shorthand for the intent of a model call. */
export function modelCall(payload: JsonObject): Intent {
  return { kind: "model_call", payload };
}

/**
 * A result as an outcome's payload, which is an object: other values are wrapped as
 * `{value}`, and so is an object that looks like a wrapped one, so that `unwrap` is exact.
 */
export function wrap(result: Json): JsonObject {
  const plain = typeof result === "object" && result !== null && !Array.isArray(result);
  return plain && !isWrapped(result) ? result : { value: result };
}

/** The result that `wrap` was given. */
export function unwrap(payload: JsonObject): Json {
  return isWrapped(payload) ? (payload["value"] as Json) : payload;
}

function isWrapped(value: JsonObject): boolean {
  return "value" in value && Object.keys(value).length === 1;
}

/** How a thrown error is recorded. */
export function describe(error: unknown): JsonObject {
  const known = error instanceof Error;
  return { error: { message: known ? error.message : String(error), type: known ? error.name : typeof error } };
}

/**
 * Propose, run, resolve. `onVerdict` hears of every verdict, denials too, before anything runs.
 *
 * Throws Denied when the verdict is deny; what `run` throws is recorded as the outcome with
 * status error, then thrown on.
 */
export async function perform<R extends Json>(
  sidecar: Sidecar,
  branch: string,
  intent: Intent,
  run: (call: Call) => R | Promise<R>,
  options: CallOptions,
  onVerdict: (verdict: Verdict) => void,
): Promise<R> {
  const { signal, snapshot, effect, clientId, timeoutMs } = options;
  const { commit, verdict } = await sidecar.request(
    "intent/propose",
    {
      branch,
      ...intent,
      ...(effect === undefined ? {} : { effect }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    },
    { signal },
  );
  onVerdict(verdict);
  if (verdict.decision === "deny") throw new Denied(commit, verdict);
  const call: Call = {
    intent: commit,
    verdict,
    payload: verdict.payload ?? intent.payload,
    injected: verdict.injected ?? [],
  };
  const resolve = (status: "ok" | "error", payload: JsonObject): Promise<ResolveResult> =>
    sidecar.request("intent/resolve", {
      branch,
      intent: commit,
      payload,
      status,
      ...(call.usage === undefined ? {} : { usage: call.usage }),
      ...(snapshot === undefined ? {} : { snapshot }),
    });
  let result: R;
  try {
    result = await run(call);
  } catch (error) {
    try {
      call.outcome = await resolve("error", describe(error));
    } catch (unreported) {
      if (unreported instanceof Error) unreported.cause ??= error;
      throw unreported;
    }
    throw error;
  }
  call.outcome = await resolve("ok", wrap(result));
  return result;
}
