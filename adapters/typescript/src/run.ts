/** Working on a branch: reporting, acting, forking, reading its log. */

import { type Call, type CallOptions, modelCall, perform, toolCall } from "./call.js";
import type {
  ApplyParams,
  ApplyResult,
  Branch as BranchInfo,
  Entry,
  ExecParams,
  ExecResult,
  ForkParams,
  Id,
  Injected,
  Json,
  LogParams,
  NewEvent,
  Overlap,
  RestoreParams,
  RestoreResult,
  RunEndParams,
  RunStartResult,
  SelectParams,
  SelectResult,
  SnapshotTakeResult,
  World,
} from "./generated/protocol.js";
import type { Sidecar } from "./sidecar.js";

type JsonObject = { [name: string]: Json };
type EventDetails = Omit<NewEvent, "kind" | "payload">;

/** A branch that an agent works on. */
export class Branch {
  readonly #inbox: Injected[] = [];

  constructor(
    readonly sidecar: Sidecar,
    /** Its name in the store. */
    readonly name: string,
    /** Its live world, when it has one. */
    readonly world?: World,
  ) {}

  /** Report one event; answers with its commit when it is durable. */
  async report(kind: NewEvent["kind"], payload: JsonObject, details: EventDetails = {}): Promise<Id> {
    const events = [{ kind, payload, ...details }];
    const { commits } = await this.sidecar.request("trace/append", { branch: this.name, events });
    return commits[0] as Id;
  }

  /** Report an event and do not wait: batched, in order, with no answer and no error. */
  record(kind: NewEvent["kind"], payload: JsonObject, details: EventDetails = {}): void {
    this.sidecar.notify("trace/record", {
      branch: this.name,
      events: [{ kind, payload, ...details }],
    });
  }

  /** Report what the agent thinks. */
  thought(text: string): Promise<Id> {
    return this.report("thought", { text });
  }

  /** Report a message of the conversation. */
  message(role: string, content: Json): Promise<Id> {
    return this.report("message", { role, content });
  }

  /** Report something the agent saw without having asked for it. */
  observation(payload: JsonObject): Promise<Id> {
    return this.report("observation", payload);
  }

  /**
   * Call a tool: `run` gets the arguments that were allowed, which an override may have
   * changed, and gives the result. Throws Denied, without running, when the verdict is deny.
   */
  tool<A extends JsonObject, R extends Json>(
    name: string,
    args: A,
    run: (args: A, call: Call) => R | Promise<R>,
    options: CallOptions = {},
  ): Promise<R> {
    const allowed = (call: Call): A => (call.payload["arguments"] ?? {}) as A;
    return this.#act(toolCall(name, args), (call) => run(allowed(call), call), options);
  }

  /** Call a model: like `tool`, with the whole `{model, messages, tools, ...}`. */
  modelCall<P extends JsonObject, R extends Json>(
    payload: P,
    run: (payload: P, call: Call) => R | Promise<R>,
    options: CallOptions = {},
  ): Promise<R> {
    return this.#act(modelCall(payload), (call) => run(call.payload as P, call), options);
  }

  /** Messages that came with verdicts and were not taken yet. Empties the list. */
  takeInjected(): Injected[] {
    return this.#inbox.splice(0);
  }

  /** Run a command in the branch's world: asked, run, recorded and captured in one. */
  exec(argv: string[], options: Omit<ExecParams, "branch" | "argv"> = {}): Promise<ExecResult> {
    return this.sidecar.request("world/exec", { branch: this.name, argv, ...options });
  }

  /** Capture the branch's world as it is now. */
  snapshot(): Promise<SnapshotTakeResult> {
    return this.sidecar.request("snapshot/take", { branch: this.name });
  }

  /** Make the branch's world what it was at `to`; restoring to the result's `safety` undoes it. */
  restore(to: string, options: Omit<RestoreParams, "branch" | "to"> = {}): Promise<RestoreResult> {
    return this.sidecar.request("snapshot/restore", { branch: this.name, to, ...options });
  }

  /** Make branches that start at this branch's head, or at a commit given as `at`. */
  async fork(options: Partial<ForkParams> = {}): Promise<Branch[]> {
    const made = await this.sidecar.request("branch/fork", { at: this.name, ...options });
    return made.branches.map(({ branch, world }) => new Branch(this.sidecar, branch, world));
  }

  /** The branch as the store has it now: head, status, depth, world. */
  info(): Promise<BranchInfo> {
    return this.sidecar.request("branch/get", { branch: this.name });
  }

  /** Every entry of the log, page by page, newest first unless asked otherwise. */
  async *log(options: Omit<LogParams, "branch" | "commit" | "cursor"> = {}): AsyncGenerator<Entry> {
    let cursor: string | undefined;
    do {
      const page = await this.sidecar.request("trace/log", {
        branch: this.name,
        ...options,
        ...(cursor === undefined ? {} : { cursor }),
      });
      yield* page.entries;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  /** End the branch's run; the branch takes no more. */
  async end(status: RunEndParams["status"] = "finished", payload?: JsonObject): Promise<Id> {
    const said = payload === undefined ? {} : { payload };
    const { commit } = await this.sidecar.request("run/end", { branch: this.name, status, ...said });
    return commit;
  }

  /** Choose this branch among those that began where it did; the reply names the others. */
  select(options: Omit<SelectParams, "branch"> = {}): Promise<SelectResult> {
    return this.sidecar.request("branch/select", { branch: this.name, ...options });
  }

  /**
   * Merge what this branch did into `onto`, or with `workspace` into the user's own folder.
   * While the reply's `conflicts` are not empty nothing was done: apply again with `resolve`.
   */
  apply(options: Omit<ApplyParams, "branch">): Promise<ApplyResult> {
    return this.sidecar.request("branch/apply", { branch: this.name, ...options });
  }

  /** Where others at work change the same; with `watch` new ones are told from now on. */
  async overlaps(options: { watch?: boolean } = {}): Promise<Overlap[]> {
    const found = await this.sidecar.request("branch/overlaps", { branch: this.name, ...options });
    return found.overlaps;
  }

  /** Set the branch aside. */
  async discard(): Promise<void> {
    await this.sidecar.request("branch/discard", { branch: this.name });
  }

  #act<R extends Json>(
    intent: Parameters<typeof perform>[2],
    run: (call: Call) => R | Promise<R>,
    options: CallOptions,
  ): Promise<R> {
    return perform(this.sidecar, this.name, intent, run, options, (verdict) => {
      this.#inbox.push(...(verdict.injected ?? []));
    });
  }
}

/** A run that this program started, on its first branch. */
export class Run extends Branch {
  /** The run's id. */
  readonly run: string;
  /** Its root commit. */
  readonly root: Id;

  constructor(sidecar: Sidecar, started: RunStartResult) {
    super(sidecar, started.branch, started.world);
    this.run = started.run;
    this.root = started.head;
  }
}
