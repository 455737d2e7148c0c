/** The connection: typed requests, notifications, pushes, cancelling, closing. */

import { Branch, Run } from "./run.js";
import { Child } from "./child.js";
import { encode } from "./json.js";
import { isRecord, SidecarError, SidecarExited, type WireError } from "./errors.js";
import type {
  Asks,
  Methods,
  Notifications,
  Pushes,
  RunStartParams,
  SubscribeParams,
} from "./generated/protocol.js";
import { replay, type ReplayOptions, type ReplayReport } from "./replay.js";
import { Subscription } from "./subscription.js";
import { type Decide, type SuperviseOptions, Supervision } from "./supervision.js";

/** How to start a sidecar. */
export interface StartOptions {
  /** Program and arguments; `["shepherd-sidecar", "serve"]` when omitted. */
  command?: readonly string[];
  /** Folder of the store; the sidecar finds one upward from `cwd` when omitted. */
  store?: string;
  /** What this connection may do; `owner` when omitted. */
  role?: "agent" | "supervisor" | "observer" | "owner";
  /** Branches that an `agent` may write on beside those it starts or forks itself. */
  own?: readonly string[];
  /** Its working directory. */
  cwd?: string;
  /** Variables added to this process's own. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Takes what the sidecar logs; the end of it is kept for error messages in any case. */
  onLog?: (text: string) => void;
}

/** What may go with any request. */
export interface RequestOptions {
  /** Aborting it cancels the request; the promise rejects with the signal's reason at once. */
  signal?: AbortSignal | undefined;
}

type Arguments<P> = Record<string, never> extends P
  ? [params?: P, options?: RequestOptions]
  : [params: P, options?: RequestOptions];

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

type Listener = (params: never) => void;
type Answerer = (params: never) => unknown;

/** A sidecar and the connection to it. */
export class Sidecar implements AsyncDisposable {
  #child!: Child;
  #dead: SidecarExited | undefined;
  #serial = 0;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #answerers = new Map<string, Answerer>();
  readonly #answering = new Set<unknown>();
  readonly #enders = new Set<(reason: SidecarExited) => void>();

  private constructor() {}

  /** Start a sidecar. Rejects with SidecarExited when the program cannot be started. */
  static async start(options: StartOptions = {}): Promise<Sidecar> {
    const sidecar = new Sidecar();
    sidecar.#child = await Child.start({
      argv: [
        ...(options.command ?? ["shepherd-sidecar", "serve"]),
        ...(options.store === undefined ? [] : ["--store", options.store]),
        ...(options.role === undefined ? [] : ["--role", options.role]),
        ...(options.own ?? []).flatMap((branch) => ["--own", branch]),
      ],
      cwd: options.cwd,
      env: options.env,
      onLog: options.onLog,
      onLine: (line) => sidecar.#receive(line),
      onEnd: (reason) => sidecar.#end(reason),
    });
    return sidecar;
  }

  /** Process id of the sidecar. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Call a method and wait for its result. Rejects with SidecarError. */
  request<M extends keyof Methods>(
    method: M,
    ...[params, options]: Arguments<Methods[M]["params"]>
  ): Promise<Methods[M]["result"]> {
    return this.call(method, params, options) as Promise<Methods[M]["result"]>;
  }

  /** `request` for methods outside the table: LSP's own, and newer ones. */
  call(method: string, params: unknown = {}, options: RequestOptions = {}): Promise<unknown> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#dead) throw this.#dead;
      const id = ++this.#serial;
      this.#child.send(encode({ jsonrpc: "2.0", id, method, params }));
      const onAbort = (): void => {
        this.#settle(id);
        this.#child.send(encode({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } }));
        reject(signal?.reason);
      };
      const done = (): void => signal?.removeEventListener("abort", onAbort);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(id, {
        resolve: (result) => (done(), resolve(result)),
        reject: (error) => (done(), reject(error)),
      });
      this.#hold();
    });
  }

  /** Send a notification: nothing comes back, not even an error. */
  notify<M extends keyof Notifications>(method: M, params: Notifications[M]["params"]): void {
    if (this.#dead) throw this.#dead;
    this.#child.send(encode({ jsonrpc: "2.0", method, params }));
  }

  /** Listen to a push; returns a function that stops it. */
  on<M extends keyof Pushes>(method: M, listener: (params: Pushes[M]["params"]) => void): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners.add(listener as Listener));
    this.#hold();
    return () => {
      listeners.delete(listener as Listener);
      this.#hold();
    };
  }

  /** Answer the sidecar's requests of a method; what is thrown is answered as an error. */
  answer<M extends keyof Asks>(
    method: M,
    answerer: (params: Asks[M]["params"]) => Asks[M]["result"] | Promise<Asks[M]["result"]>,
  ): () => void {
    this.#answerers.set(method, answerer as Answerer);
    this.#hold();
    return () => {
      this.#answerers.delete(method);
      this.#hold();
    };
  }

  /** Supervise agents on this store: `decide` answers their intents before they run. */
  supervise(options: SuperviseOptions, decide?: Decide): Promise<Supervision> {
    return Supervision.open(this, options, decide);
  }

  /** Begin a run and work on its first branch. */
  async startRun(params: RunStartParams): Promise<Run> {
    return new Run(this, await this.request("run/start", params));
  }

  /** Work on a branch that exists. */
  branch(name: string): Branch {
    return new Branch(this, name);
  }

  /** Follow commits as they are recorded: an async iterable of entries with a `cursor`. */
  subscribe(params: SubscribeParams): Promise<Subscription> {
    return Subscription.open(this, params);
  }

  /** Drive an agent along a recorded log; see `replay`. */
  replay(options: ReplayOptions): Promise<ReplayReport> {
    return replay(this, options);
  }

  /** Say goodbye: what was sent is worked off, open holds are given up, the process ends. */
  async close(graceMs = 15_000): Promise<void> {
    await this.#child.close(graceMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Hear of the connection's end; returns a function that stops it. */
  onEnd(listener: (reason: SidecarExited) => void): () => void {
    if (this.#dead) listener(this.#dead);
    else this.#enders.add(listener);
    return () => void this.#enders.delete(listener);
  }

  #receive(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return; // a wrapper around the sidecar printed something; no request is waiting for it
    }
    if (!isRecord(message)) return;
    const { id, method, params, result, error } = message;
    if (typeof method === "string") {
      if (id === undefined) this.#emit(method, params);
      else void this.#asked(id, method, params);
    } else if (typeof id === "number") {
      const pending = this.#settle(id);
      if (error === undefined) pending?.resolve(result);
      else pending?.reject(new SidecarError(error as WireError));
    }
  }

  #emit(method: string, params: unknown): void {
    if (method === "$/cancelRequest" && isRecord(params)) this.#answering.delete(params["id"]);
    for (const listener of [...(this.#listeners.get(method) ?? [])]) {
      try {
        listener(params as never);
      } catch (error) {
        // The listener's own fault: uncaught, as from an event emitter, but after other messages.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  async #asked(id: unknown, method: string, params: unknown): Promise<void> {
    const answerer = this.#answerers.get(method);
    if (answerer === undefined) {
      const error = { code: -32601, message: `this client does not answer ${method}` };
      this.#child.send(encode({ jsonrpc: "2.0", id, error }));
      return;
    }
    this.#answering.add(id);
    let reply: string;
    try {
      reply = encode({ jsonrpc: "2.0", id, result: await answerer(params as never) });
    } catch (thrown) {
      const error = { code: -32603, message: String(thrown) };
      reply = encode({ jsonrpc: "2.0", id, error });
    }
    // When it is gone the sidecar took its question back.
    if (this.#answering.delete(id) && !this.#dead) this.#child.send(reply);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    this.#hold();
    return pending;
  }

  #hold(): void {
    const listening =
      this.#answerers.size > 0 ||
      [...this.#listeners.values()].some((listeners) => listeners.size > 0);
    if (!this.#dead) this.#child.hold(listening || this.#pending.size > 0);
  }

  #end(reason: SidecarExited): void {
    this.#dead = reason;
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
    for (const listener of this.#enders) listener(reason);
  }
}
