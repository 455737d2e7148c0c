/** Stepping through a branch: at each step the files as they then were, in diff editors. */

import * as vscode from "vscode";

import type { Entry } from "../protocol.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import { title } from "../trace/words.js";
import { changesOf, showPatches } from "./changes.js";

const PAGE = 500;
const PAUSE_MS = 150;

/** Where the scrubber stands. */
export interface Place {
  branch: string;
  head: string;
  depth: number;
  last: number;
  entry: Entry;
}

/** One position in one branch, moved by commands, keys and the graph's slider. */
export class Scrubber implements vscode.Disposable {
  place: Place | undefined;
  readonly #moved = new vscode.EventEmitter<Place | undefined>();
  readonly #items = [
    button("shepherd.previousStep", "$(arrow-left)", "Previous step", 9.3),
    button("shepherd.stopScrubbing", "", "Stop stepping through", 9.2),
    button("shepherd.nextStep", "$(arrow-right)", "Next step", 9.1),
  ] as const;
  #showing: NodeJS.Timeout | undefined;

  /** After every move. */
  readonly onDidMove = this.#moved.event;

  constructor(private readonly sidecar: Sidecar) {}

  /** Stand at a depth of a branch, and show what changed there. */
  async to(branch: string, depth: number): Promise<void> {
    const { head, depth: last } = await this.sidecar.request("branch/get", { branch });
    const at = Math.min(Math.max(depth, 0), last);
    const { entries } = await this.#log(head, at, 1);
    const entry = entries[0];
    if (entry) this.#stand({ branch, head, depth: at, last, entry });
  }

  /** Go to the next (1) or previous (-1) event that changed files. */
  async step(by: 1 | -1): Promise<void> {
    const from = this.place;
    if (!from) return;
    for (let at = from.depth + by; at >= 0 && at <= from.last; ) {
      const first = by === 1 ? at : Math.max(0, at - PAGE + 1);
      const count = by === 1 ? PAGE : at - first + 1;
      const { entries } = await this.#log(from.head, first, count);
      const found = (by === 1 ? entries : entries.reverse()).find(({ tree, depth }) => tree && depth !== from.depth);
      if (found) return this.to(from.branch, found.depth);
      at += by * count;
    }
    void vscode.window.setStatusBarMessage(by === 1 ? "No later event changed files." : "No earlier event changed files.", 3000);
  }

  /** Leave. */
  stop(): void {
    this.place = undefined;
    this.#tell();
  }

  dispose(): void {
    clearTimeout(this.#showing);
    for (const item of this.#items) item.dispose();
  }

  #log(commit: string, skip: number, limit: number): Promise<{ entries: Entry[] }> {
    return this.sidecar.request("trace/log", { commit, order: "oldest", skip, limit, maxPayload: 0, about: limit === 1 });
  }

  #stand(place: Place): void {
    this.place = place;
    this.#tell();
    // A slider that is dragged passes over many places: only where it rests is shown.
    clearTimeout(this.#showing);
    this.#showing = setTimeout(() => {
      this.#show(place).catch((error: unknown) => this.sidecar.log.error("scrub", error as Error));
    }, PAUSE_MS);
  }

  async #show(place: Place): Promise<void> {
    const patches = await changesOf(this.sidecar, place.entry);
    if (this.place !== place || patches.length === 0) return;
    await showPatches(title(place.entry), patches, { commit: place.entry.parents[0] ?? "" }, { commit: place.entry.commit });
  }

  #tell(): void {
    const { place } = this;
    void vscode.commands.executeCommand("setContext", "shepherd.scrubbing", place !== undefined);
    this.#items[1].text = place ? `${place.branch} #${place.depth} of ${place.last}` : "";
    for (const item of this.#items) {
      if (place) item.show();
      else item.hide();
    }
    this.#moved.fire(place);
  }
}

function button(command: string, text: string, tooltip: string, priority: number): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem(command, vscode.StatusBarAlignment.Left, priority);
  item.command = command;
  item.text = text;
  item.tooltip = tooltip;
  item.name = `Shepherd: ${tooltip}`;
  item.accessibilityInformation = { label: tooltip, role: "button" };
  return item;
}
