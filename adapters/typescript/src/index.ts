/**
 * Client of shepherd-sidecar.
 *
 * `Sidecar.start()` starts one; `startRun` begins a run; `run.tool(...)` asks, acts and reports.
 */

export { Sidecar, type RequestOptions, type StartOptions } from "./sidecar.js";
export { Branch, Run } from "./run.js";
export { type Call, type CallOptions, type Intent, modelCall, toolCall } from "./call.js";
export { Denied, SidecarError, SidecarExited } from "./errors.js";
export { type Outcome, type ReplayOptions, type ReplayReport } from "./replay.js";
export {
  allow,
  type Decide,
  deny,
  hold,
  Question,
  type SuperviseOptions,
  Supervision,
} from "./supervision.js";
export { Subscription } from "./subscription.js";
export type * as protocol from "./generated/protocol.js";
export type { Effect, Entry, ErrorName, Id, Json, Kind, Verdict } from "./generated/protocol.js";
