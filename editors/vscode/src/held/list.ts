/** The intents that wait for a decision, of every process on the store, as the sidecar tells. */

import * as vscode from "vscode";

import type { Held } from "../protocol.js";
import type { Sidecar } from "../sidecar/sidecar.js";

/** A change of the list. */
export interface Change {
  held: readonly Held[];
  came: readonly Held[];
  went: readonly Held[];
}

/** One hold's name: forks may hold the same intent. */
export function keyOf(held: Held): string {
  return `${held.branch} ${held.intent}`;
}

/** The list, asked for anew with every intervention that the live trace brings. */
export class HeldList implements vscode.Disposable {
  held: readonly Held[] = [];
  readonly #changed = new vscode.EventEmitter<Change>();
  readonly #subscriptions: vscode.Disposable[];

  /** After every change, with what came and went. */
  readonly onDidChange = this.#changed.event;

  constructor(private readonly sidecar: Sidecar) {
    this.#subscriptions = [
      // Holding and deciding are interventions, in whichever process they happen.
      sidecar.onDidCommit(({ entries }) => {
        if (entries.some(({ kind }) => kind === "intervention")) void this.refresh();
      }),
      sidecar.onDidChange((state) => {
        if (state === "running") void this.refresh();
        else if (state !== "starting" && state !== "waiting") this.#take([]);
      }),
    ];
  }

  /** Ask for the list. */
  async refresh(): Promise<void> {
    try {
      this.#take((await this.sidecar.request("intervene/held", {})).held);
    } catch (error) {
      this.sidecar.log.debug(`intervene/held: ${String(error)}`); // it is on its way down
    }
  }

  /** The hold of this name, while it waits. */
  find(key: string): Held | undefined {
    return this.held.find((held) => keyOf(held) === key);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #take(held: readonly Held[]): void {
    const before = new Set(this.held.map(keyOf));
    const now = new Set(held.map(keyOf));
    const came = held.filter((one) => !before.has(keyOf(one)));
    const went = this.held.filter((one) => !now.has(keyOf(one)));
    this.held = held;
    if (came.length === 0 && went.length === 0) return;
    void vscode.commands.executeCommand("setContext", "shepherd.waiting", held.length > 0);
    this.#changed.fire({ held, came, went });
  }
}
