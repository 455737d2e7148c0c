/** A notification for each intent that begins to wait. */

import * as vscode from "vscode";

import type { Held } from "../protocol.js";
import { warn } from "../say.js";
import type { Decisions } from "./decide.js";
import type { HeldList } from "./list.js";
import { otherwise } from "./view.js";

/** More than this at once are told of in one line. */
const MOST = 3;

/** Ask as holds come. */
export function promptForHeld(list: HeldList, decisions: Decisions, act: (work: () => Promise<void>) => void): vscode.Disposable {
  return list.onDidChange(({ came }) => {
    if (!vscode.workspace.getConfiguration("shepherd").get("notifyHeld", true)) return;
    if (came.length > MOST) {
      void warn(`${came.length} intents wait for a decision.`, "Show Them").then((chosen) => {
        if (chosen) void vscode.commands.executeCommand("shepherd.held.focus");
      });
      return;
    }
    for (const held of came) act(() => ask(held, decisions));
  });
}

async function ask(held: Held, decisions: Decisions): Promise<void> {
  const text = `${held.branch} wants to run: ${held.wish} (${held.entry.effect}; ${held.reason}; ${otherwise(held)})`;
  const chosen = await warn(text, "Allow", "Deny…", "Edit Arguments…", "Ask the Agent…");
  if (chosen === "Allow") await decisions.allow(held);
  if (chosen === "Deny…") await decisions.deny(held);
  if (chosen === "Edit Arguments…") await decisions.edit(held);
  if (chosen === "Ask the Agent…") await decisions.ask(held);
}
