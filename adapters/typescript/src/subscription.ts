/** Commits as they are recorded, as an async iterable. */

import type { SidecarExited } from "./errors.js";
import type { DidCommit, Entry, SubscribeParams } from "./generated/protocol.js";
import type { Sidecar } from "./sidecar.js";

/**
 * `for await (const entry of subscription)`.
 *
 * `cursor` stands after the last entry that was taken together with all of its push: pass it
 * as `from` after a reconnect, and nothing is lost. Leaving the loop ends the subscription.
 */
export class Subscription implements AsyncIterable<Entry>, AsyncDisposable {
  readonly #queue: DidCommit[] = [];
  #wake: (() => void) | undefined;
  #ended: SidecarExited | undefined;
  #closed = false;
  #stop: () => void = () => undefined;

  private constructor(
    readonly sidecar: Sidecar,
    /** Its id on this connection. */
    readonly id: string,
    /** Where to go on after a reconnect. */
    public cursor: string,
  ) {}

  /** Used by `sidecar.subscribe`. */
  static async open(sidecar: Sidecar, params: SubscribeParams): Promise<Subscription> {
    // Pushes may come before the caller sees the id, even in the chunk of bytes that holds it.
    const early: DidCommit[] = [];
    let take = (push: DidCommit): void => void early.push(push);
    const stop = sidecar.on("trace/didCommit", (push) => take(push));
    try {
      const { subscription, cursor } = await sidecar.request("trace/subscribe", params);
      const made = new Subscription(sidecar, subscription, cursor);
      take = (push) => made.#take(push);
      early.forEach(take);
      const forget = sidecar.onEnd((reason) => {
        made.#ended = reason;
        made.#wake?.();
      });
      made.#stop = () => (stop(), forget());
      return made;
    } catch (error) {
      stop();
      throw error;
    }
  }

  /** The next entry or entries, as the sidecar sent them together; undefined once closed. */
  async next(): Promise<Entry[] | undefined> {
    const push = await this.#pull();
    if (push !== undefined) this.cursor = push.cursor;
    return push?.entries;
  }

  async #pull(): Promise<DidCommit | undefined> {
    while (!this.#closed) {
      const push = this.#queue.shift();
      if (push !== undefined) return push;
      if (this.#ended) throw this.#ended;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Entry, void, undefined> {
    try {
      for (let push = await this.#pull(); push !== undefined; push = await this.#pull()) {
        yield* push.entries;
        this.cursor = push.cursor;
      }
    } finally {
      await this.close();
    }
  }

  /** End the subscription. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop();
    this.#wake?.();
    if (!this.#ended) {
      await this.sidecar.request("trace/unsubscribe", { subscription: this.id });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #take(push: DidCommit): void {
    if (push.subscription !== this.id) return;
    this.#queue.push(push);
    this.#wake?.();
  }
}
