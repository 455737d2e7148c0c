/**
 * The live trace: every commit of the store once, in order, across crashes of the sidecar.
 *
 * While following is paused, commits are counted and nothing is passed on; going on again says
 * that much was missed, and who shows something reads it anew.
 */

import * as vscode from "vscode";

import type { DidCommit, Entry } from "../protocol.js";
import type { Sidecar } from "../sidecar/sidecar.js";

/** Commits as they are made. */
export class Feed implements vscode.Disposable {
  following: boolean;
  missed = 0;
  readonly #came = new vscode.EventEmitter<readonly Entry[]>();
  readonly #turned = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #cursor: { store: string | undefined; at: string } | undefined;
  #subscription: string | undefined;

  /** New entries. */
  readonly onDidCome = this.#came.event;
  /** Following was paused, went on, or more was missed. */
  readonly onDidTurn = this.#turned.event;

  constructor(private readonly sidecar: Sidecar) {
    this.following = vscode.workspace.getConfiguration("shepherd").get("follow", true);
    this.#subscriptions = [
      sidecar.onDidChange((state) => {
        if (state === "running") void this.#subscribe();
      }),
      sidecar.onDidCommit((push) => this.#take(push)),
    ];
    this.#tell();
  }

  /** Go on, or pause. */
  follow(on: boolean): void {
    this.following = on;
    if (on) this.missed = 0;
    this.#tell();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #subscribe(): Promise<void> {
    const from = this.#cursor?.store === this.sidecar.store ? this.#cursor?.at : undefined;
    this.#subscription = undefined;
    try {
      const made = await this.sidecar.request("trace/subscribe", { all: true, maxPayload: 0, from: from ?? null });
      this.#subscription = made.subscription;
      this.#cursor = { store: this.sidecar.store, at: made.cursor };
    } catch (error) {
      this.sidecar.log.error("the live trace cannot be followed", error as Error);
    }
  }

  #take(push: DidCommit): void {
    // The first batch may come before the answer that names the subscription.
    if (this.#subscription !== undefined && push.subscription !== this.#subscription) return;
    this.#cursor = { store: this.sidecar.store, at: push.cursor };
    if (this.following) {
      this.#came.fire(push.entries);
    } else {
      this.missed += push.entries.length;
      this.#turned.fire();
    }
  }

  #tell(): void {
    void vscode.commands.executeCommand("setContext", "shepherd.following", this.following);
    this.#turned.fire();
  }
}
