/** Deciding a held intent: allow, deny, other arguments, a question back. */

import { userInfo } from "node:os";
import * as vscode from "vscode";

import type { Held, Json, Ruling } from "../protocol.js";
import { fail, warn } from "../say.js";
import type { Sidecar } from "../sidecar/sidecar.js";
import { nameOf } from "../sidecar/troubles.js";
import { fields } from "../trace/words.js";
import type { EditedArguments } from "./edit.js";
import { type HeldList, keyOf } from "./list.js";

/** Who decides, as the trace keeps it. */
export function person(): string {
  const named = vscode.workspace.getConfiguration("shepherd").get<string>("name", "").trim();
  return named || userInfo().username || "editor";
}

/** The decisions that a person can make. */
export class Decisions {
  constructor(
    private readonly sidecar: Sidecar,
    private readonly list: HeldList,
    private readonly edited: EditedArguments,
  ) {}

  /** Let it run as proposed. */
  async allow(held?: Held): Promise<void> {
    const one = await this.#which(held, "Allow");
    if (one) await this.#decide(one, { decision: "allow" });
  }

  /** Do not let it run; the agent reads why. */
  async deny(held?: Held): Promise<void> {
    const one = await this.#which(held, "Deny");
    const reason = one && (await this.#why(one, "Why not? The agent reads this and goes on.", "not now"));
    if (one && reason) await this.#decide(one, { decision: "deny", reason });
  }

  /** Put a question in place of an answer: the agent may answer it and propose again. */
  async ask(held?: Held): Promise<void> {
    const one = await this.#which(held, "Ask");
    const asked =
      one && (await this.#why(one, "Your question. The agent gets it now in place of the result, and may propose again.", ""));
    if (one && asked) await this.#decide(one, { decision: "deny", reason: `Not yet; a question first: ${asked}` });
  }

  /** Open the arguments as a document. */
  async edit(held?: Held): Promise<void> {
    const one = await this.#which(held, "Edit the arguments of");
    if (!one) return;
    const { payload } = await this.sidecar.request("trace/get", { commit: one.intent });
    await this.edited.open(one, fields(payload));
  }

  /** Run with what stands in the document. */
  async runEdited(uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
    const found = uri && this.edited.find(uri);
    if (!found) return;
    const { held: edited, payload } = found;
    const document = await vscode.workspace.openTextDocument(uri);
    let given: Json;
    try {
      given = JSON.parse(document.getText()) as Json;
    } catch (error) {
      void fail(`These arguments are not JSON yet: ${(error as Error).message}`);
      return;
    }
    const whole = edited.entry.kind === "tool_call" ? { ...payload, arguments: given } : fields(given);
    await document.save();
    if (await this.#decide(edited, { decision: "override", payload: whole, reason: "arguments edited" })) {
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    }
  }

  async #decide(held: Held, verdict: Ruling): Promise<boolean> {
    try {
      await this.sidecar.request("intervene/decide", { intent: held.intent, branch: held.branch, verdict, by: person() });
      return true;
    } catch (error) {
      if (nameOf(error) !== "IntentAlreadyResolved") throw error;
      await this.#late(held);
      return false;
    }
  }

  /** It was decided while the dialog was open: by the clock, or by somebody else. */
  async #late(held: Held): Promise<void> {
    await this.list.refresh();
    const timeUp = held.deadline !== undefined && Date.parse(held.deadline) <= Date.now();
    const happened = timeUp
      ? `The time for ${held.wish} was up: it was ${held.default === "deny" ? "denied" : "allowed"} by default.`
      : `${held.wish} was decided elsewhere in the meantime.`;
    const next = await warn(`${happened} You can fork before it and let the agent try again.`, "Show It", "Fork Before It");
    if (next === "Show It") await vscode.commands.executeCommand("shepherd.show", held);
    const before = held.entry.parents[0];
    if (next === "Fork Before It" && before) await vscode.commands.executeCommand("shepherd.fork", { at: before });
  }

  async #which(held: Held | undefined, verb: string): Promise<Held | undefined> {
    if (held && "intent" in held) return held;
    if (this.list.held.length <= 1) return this.list.held[0];
    const picks = this.list.held.map((one) => ({ label: one.wish, description: one.branch, detail: one.reason, one }));
    return (await vscode.window.showQuickPick(picks, { title: `${verb} which?`, matchOnDetail: true }))?.one;
  }

  async #why(held: Held, prompt: string, value: string): Promise<string | undefined> {
    const said = await vscode.window.showInputBox({
      title: held.wish,
      prompt,
      value,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() ? undefined : "The agent needs something to go on with."),
    });
    if (said === undefined || this.list.find(keyOf(held))) return said;
    await this.#late(held);
    return undefined;
  }
}
