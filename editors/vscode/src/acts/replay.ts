/** Replaying a branch against its record, with progress and a way to stop it. */

import * as vscode from "vscode";

import type { ReplayCloseResult } from "../protocol.js";
import { tell, warn } from "../say.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import { plural } from "../trace/words.js";
import type { TraceTree } from "../trace/tree.js";
import type { Targets } from "./target.js";

const MODES = [
  { label: "From the record", detail: "Nothing is run; every outcome comes from the trace, and the ids must come out the same.", mode: "cached" },
  { label: "Verify", detail: "Run the commands again in a world of their own, and compare with the record.", mode: "verify" },
] as const;

/** Replay up to a commit or a branch's head, and say whether it came out the same. */
export async function replay(sidecar: Sidecar, targets: Targets, tree: TraceTree, argument: unknown): Promise<void> {
  const at = await targets.commit(argument, "Replay up to");
  if (!at) return;
  const wished = (argument as { mode?: unknown } | undefined)?.mode;
  const mode = typeof wished === "string" ? wished : (await vscode.window.showQuickPick(MODES, { title: "Replay how?" }))?.mode;
  if (mode === undefined) return;
  // The sidecar reports its progress, and can be told to stop, by LSP's own means.
  const said = (await sidecar.execute("shepherd.replay", { from: at.entry.commit, mode })) as (ReplayCloseResult & { same?: boolean }) | null;
  tree.refresh();
  if (!said) return;
  const pairs = `${plural(said.matched, "step")} from the record${said.live ? `, ${said.live} really run` : ""}`;
  if (said.diverged) {
    const path = said.diverged["path"];
    void warn(`The replay came out differently at ${String(path ?? "one step")}, after ${pairs}.`);
  } else {
    void tell(`The replay of ${at.branch ?? "it"} up to #${at.entry.depth} came out the same: ${pairs}.`);
  }
}
