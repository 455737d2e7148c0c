/** The status bar: what the sidecar does, what the newest run cost, how large the store is. */

import * as vscode from "vscode";

import type { HeldList } from "../held/list.js";
import type { Feed } from "../trace/feed.js";
import { bytes, money, plural } from "../trace/words.js";
import type { Sidecar, State } from "./sidecar.js";

const READ_EVERY_MS = 10_000;

const LOOKS: Record<State, { icon: string; text: string; command: string }> = {
  none: { icon: "circle-outline", text: "no trace", command: "shepherd.trace.focus" },
  nofolder: { icon: "circle-outline", text: "no folder", command: "shepherd.trace.focus" },
  untrusted: { icon: "workspace-untrusted", text: "folder not trusted", command: "shepherd.explain" },
  missing: { icon: "cloud-download", text: "not installed", command: "shepherd.explain" },
  starting: { icon: "sync~spin", text: "starting", command: "shepherd.showServerLogs" },
  waiting: { icon: "sync~spin", text: "starting again", command: "shepherd.showServerLogs" },
  running: { icon: "git-branch", text: "", command: "shepherd.trace.focus" },
  failed: { icon: "error", text: "stopped", command: "shepherd.explain" },
};

/** The two items, kept up to date. */
export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("shepherd.status", vscode.StatusBarAlignment.Left, 10);
  readonly #language = vscode.languages.createLanguageStatusItem("shepherd.status", "*");
  readonly #subscriptions: vscode.Disposable[];
  #figures: string[] = [];
  #read = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sidecar: Sidecar,
    private readonly feed: Feed,
    private readonly list: HeldList,
  ) {
    this.#item.name = this.#language.name = "Shepherd";
    this.#language.command = { title: "Restart", command: "shepherd.restartServer" };
    this.#subscriptions = [
      sidecar.onDidChange((state) => {
        this.#show();
        if (state === "running") void this.#figure();
      }),
      list.onDidChange(() => this.#show()),
      feed.onDidTurn(() => this.#show()),
      feed.onDidCome(() => this.#later()),
    ];
    this.#show();
    this.#item.show();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of [...this.#subscriptions, this.#item, this.#language]) one.dispose();
  }

  #later(): void {
    const wait = Math.max(0, this.#read + READ_EVERY_MS - Date.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#figure();
    }, wait);
  }

  async #figure(): Promise<void> {
    this.#read = Date.now();
    try {
      const [stat, { runs }] = await Promise.all([this.sidecar.request("store/stat", {}), this.sidecar.request("run/list", { limit: 1 })]);
      const size = stat.databaseBytes + stat.objectFileBytes + stat.worldBytes;
      const newest = runs[0];
      const spent = newest && (await this.sidecar.request("run/usage", { run: newest.run }));
      const dollars = spent?.branches.map(({ usage }) => usage.costUsd).filter((one) => one != null) ?? [];
      const total = dollars.reduce((sum, one) => sum + one, 0);
      this.#figures = [...(dollars.length ? [money(total)] : []), bytes(size)];
    } catch (error) {
      this.sidecar.log.debug(`store/stat: ${String(error)}`); // on its way down, or busy
    }
    this.#show();
  }

  #show(): void {
    const { state, trouble, program, store } = this.sidecar;
    const waiting = state === "running" ? this.list.held.length : 0;
    const { icon, text, command } = LOOKS[state];
    const paused = state === "running" && !this.feed.following;
    const parts = [
      text,
      waiting && `${waiting} waiting`,
      paused && `paused${this.feed.missed ? `, ${this.feed.missed} new` : ""}`,
      ...(state === "running" ? this.#figures : []),
    ].filter(Boolean);
    this.#item.text = `$(${waiting ? "bell-dot" : icon}) Shepherd${parts.length ? `: ${parts.join(" · ")}` : ""}`;
    this.#item.command = waiting ? "shepherd.held.focus" : command;
    this.#item.backgroundColor =
      waiting || state === "failed" ? new vscode.ThemeColor(`statusBarItem.${waiting ? "warning" : "error"}Background`) : undefined;
    this.#item.tooltip = [
      trouble?.message ?? (waiting ? `${plural(waiting, "intent")} waiting for a decision` : "The trace beside the code"),
      state === "running" && this.#figures.length > 1 && "Cost of the newest run, size of the store",
      store && `store: ${store}`,
      program && `program: ${program}`,
    ]
      .filter(Boolean)
      .join("\n");
    this.#item.accessibilityInformation = { label: `Shepherd ${parts.join(", ") || state}` };
    this.#language.text = `Shepherd ${text || state}`;
    this.#language.detail = store ?? "";
    this.#language.busy = state === "starting" || state === "waiting";
    this.#language.severity = state === "failed" ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
  }
}
