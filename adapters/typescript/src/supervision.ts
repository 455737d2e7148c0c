/** Supervisors: a function from an intent to a decision. */

import type {
  AttachParams,
  DidRefuse,
  Entry,
  Json,
  SupervisorDecideParams,
  SupervisorDecideResult,
} from "./generated/protocol.js";
import { isRecord } from "./errors.js";
import type { Sidecar } from "./sidecar.js";

/** What a supervisor says of an intent; nothing means allow. */
export type Decision = SupervisorDecideResult | undefined;
/** A supervisor. What it throws counts as no answer. */
export type Decide = (question: Question) => Decision | Promise<Decision>;

/** How to attach; `gate` and `watch` follow from `decide` and `see`. */
export interface SuperviseOptions extends Omit<AttachParams, "gate" | "watch" | "_meta"> {
  /** Is told every commit that the filter lets through. */
  see?: (entry: Entry) => void;
}

/** Let it run. */
export const allow = (reason?: string): SupervisorDecideResult => ({
  decision: "allow",
  ...(reason === undefined ? {} : { reason }),
});

/** It does not run, and the agent is told why. */
export const deny = (reason: string): SupervisorDecideResult => ({ decision: "deny", reason });

/** Leave it to a person, for so long at most. */
export const hold = (reason: string, timeoutMs?: number): SupervisorDecideResult => ({
  decision: "hold",
  reason,
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
});

/** An intent that waits for an answer. */
export class Question {
  constructor(readonly params: SupervisorDecideParams) {}

  /** Where it was proposed. */
  get branch(): string {
    return this.params.branch;
  }

  /** The entry: `commit`, `kind`, `effect`, `payload`, ... */
  get intent(): Entry {
    return this.params.intent;
  }

  /** The entries before it, oldest first. */
  get recent(): readonly Entry[] {
    return this.params.recent;
  }

  /** What is proposed; empty when it was longer than `maxPayload`. */
  get payload(): Record<string, Json> {
    const { payload } = this.intent;
    return isRecord(payload) ? (payload as Record<string, Json>) : {};
  }

  /** Name of the tool, for a tool call. */
  get tool(): string | undefined {
    const { name } = this.payload;
    return this.intent.kind === "tool_call" && typeof name === "string" ? name : undefined;
  }

  /** The tool's arguments. */
  get arguments(): Record<string, Json> {
    const given = this.payload["arguments"];
    return isRecord(given) ? (given as Record<string, Json>) : {};
  }

  /** Run it with these arguments changed. */
  override(changed: Record<string, Json>, reason?: string): SupervisorDecideResult {
    const payload = { ...this.payload, arguments: { ...this.arguments, ...changed } };
    return { decision: "override", payload, ...(reason === undefined ? {} : { reason }) };
  }
}

const supervisions = new WeakMap<Sidecar, Map<string, Decide>>();

/** An attachment; `close` ends it. */
export class Supervision implements AsyncDisposable {
  /** Answers that were not taken. */
  readonly refused: DidRefuse[] = [];
  /** Resolves when it is detached, or the sidecar ends. */
  readonly ended: Promise<void>;
  #over = false;
  #end: () => void = () => undefined;
  readonly #stops: (() => void)[] = [];

  private constructor(
    readonly sidecar: Sidecar,
    /** Its id. */
    readonly id: string,
  ) {
    this.ended = new Promise((resolve) => {
      this.#end = () => {
        this.#over = true;
        this.#stops.forEach((stop) => stop());
        supervisions.get(sidecar)?.delete(id);
        resolve();
      };
    });
  }

  /** Used by `sidecar.supervise`. */
  static async open(
    sidecar: Sidecar,
    { see, ...options }: SuperviseOptions,
    decide: Decide | undefined,
  ): Promise<Supervision> {
    // Questions and pushes may come before the reply that names the attachment.
    let named: (id: string) => void = () => undefined;
    const early = new Promise<string>((resolve) => (named = resolve));
    const deciders = supervisions.get(sidecar) ?? new Map<string, Decide>();
    supervisions.set(sidecar, deciders);
    sidecar.answer("supervisor/decide", async (params) => {
      const known = deciders.get(params.supervisor) ?? (await early, deciders.get(params.supervisor));
      if (known === undefined) throw new Error(`nobody decides for ${params.supervisor}`);
      return (await known(new Question(params))) ?? allow();
    });
    const refusals: DidRefuse[] = [];
    const take = (push: DidRefuse): void => void refusals.push(push);
    const stops = [
      sidecar.on("supervisor/didRefuse", take),
      sidecar.on("trace/didCommit", ({ subscription, entries }) => {
        void early.then((id) => subscription === id && see && entries.forEach(see));
      }),
      sidecar.on("supervisor/didDetach", ({ supervisor }) => {
        void early.then((id) => void (supervisor === id && end()));
      }),
    ];
    let end: () => void = () => undefined;
    try {
      const gate = decide !== undefined;
      const watch = see !== undefined;
      const { supervisor } = await sidecar.request("supervisor/attach", { ...options, gate, watch });
      const made = new Supervision(sidecar, supervisor);
      const { refused } = made;
      end = () => made.#end();
      const mine = (push: DidRefuse): boolean => push.supervisor === supervisor;
      refused.push(...refusals.filter(mine));
      stops[0]?.();
      stops[0] = sidecar.on("supervisor/didRefuse", (push) => mine(push) && refused.push(push));
      stops.push(sidecar.onEnd(end));
      made.#stops.push(...stops);
      if (decide !== undefined) deciders.set(supervisor, decide);
      named(supervisor);
      return made;
    } catch (error) {
      stops.forEach((stop) => stop());
      named("");
      throw error;
    }
  }

  /** Detach. What waits for an answer goes on by its default. */
  async close(): Promise<void> {
    if (this.#over) return;
    this.#end();
    await this.sidecar.request("supervisor/detach", { supervisor: this.id });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
