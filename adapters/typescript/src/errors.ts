/** What can go wrong, as classes a caller can tell apart. */

import type { Id, Verdict } from "./generated/protocol.js";

/** The error object of a JSON-RPC reply. */
export interface WireError {
  code: number;
  message: string;
  data?: unknown;
}

/** The sidecar answered with an error. Match on `name`: it is stable, the message is not. */
export class SidecarError extends Error {
  /** JSON-RPC's code, or the sidecar's own (-32050…-32001). */
  readonly code: number;
  /** What to do about it. */
  readonly hint: string;
  /** The whole `data` member. */
  readonly data: Record<string, unknown>;

  constructor(error: WireError) {
    super(error.message);
    const data = isRecord(error.data) ? error.data : {};
    this.code = error.code;
    this.name = typeof data["name"] === "string" ? data["name"] : "SidecarError";
    this.hint = typeof data["hint"] === "string" ? data["hint"] : "";
    this.data = data;
  }
}

/** The sidecar's process ended, or was never started. Every open request gets one of these. */
export class SidecarExited extends Error {
  override readonly name = "SidecarExited";
}

/** An intent was denied: the action was not run, and the denial is recorded as its outcome. */
export class Denied extends Error {
  override readonly name = "Denied";
  /** Why. */
  readonly reason: string;
  /** Who decided. */
  readonly by: string;

  constructor(
    /** The intent's commit. */
    readonly intent: Id,
    /** The whole verdict; it may carry injected messages. */
    readonly verdict: Verdict,
  ) {
    const reason = verdict.reason ?? "no reason was given";
    super(`denied by ${verdict.by}: ${reason}`);
    this.reason = reason;
    this.by = verdict.by;
  }
}

/** A value that has no canonical JSON: refused here, under the name the sidecar would use. */
export function invalidParams(path: string, message: string): SidecarError {
  return new SidecarError({
    code: -32602,
    message: `${path}: ${message}`,
    data: {
      name: "InvalidParams",
      hint: "compare the params with the method's entry in protocol/generated/reference.md",
      errors: [{ path, message }],
    },
  });
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
