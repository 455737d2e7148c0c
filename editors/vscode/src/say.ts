/**
 * Messages to the person.
 *
 * The editor makes a link of `[words](command:…)` in a message, and one click runs the command.
 * What an agent wrote stands in many of them, so no link is let through.
 */

import * as vscode from "vscode";

/** A plain message; what was chosen of `items`. */
export async function tell(text: string, ...items: string[]): Promise<string | undefined> {
  return vscode.window.showInformationMessage(inert(text), ...items);
}

/** A message that something wants attention. */
export async function warn(text: string, ...items: string[]): Promise<string | undefined> {
  return vscode.window.showWarningMessage(inert(text), ...items);
}

/** A message that something failed. */
export async function fail(text: string, ...items: string[]): Promise<string | undefined> {
  return vscode.window.showErrorMessage(inert(text), ...items);
}

/** Do something that takes its time, and say so meanwhile. */
export function during<T>(title: string, work: () => PromiseLike<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: inert(title) }, work);
}

/** The text, looking the same, with nothing in it that becomes a link. */
function inert(text: string): string {
  return text.replaceAll("](", "]\u200b(");
}
