/** Restart, show logs, show the sidecar's logs, debug information; and what is wrong. */

import * as vscode from "vscode";

import { PROTOCOL_VERSION } from "../protocol.js";
import { fail } from "../say.js";
import type { Sidecar } from "./sidecar.js";

/** What a person asks for help with, as a document. */
export async function debugInformation(context: vscode.ExtensionContext, sidecar: Sidecar): Promise<void> {
  const { name, version } = context.extension.packageJSON as { name: string; version: string };
  const lines = [
    "# Shepherd",
    "",
    `- extension: ${name} ${version}, protocol ${PROTOCOL_VERSION}`,
    `- editor: ${vscode.env.appName} ${vscode.version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `- trusted folder: ${vscode.workspace.isTrusted}; remote: ${vscode.env.remoteName ?? "no"}`,
    `- program: ${sidecar.program ?? "not found"}`,
    `- store: ${sidecar.store ?? "none"}`,
    `- state: ${sidecar.state}${sidecar.trouble ? `: ${sidecar.trouble.message}` : ""}`,
    `- memory of the extension host: ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  ];
  if (sidecar.state === "running") {
    const stat = await sidecar.request("store/stat", {});
    lines.push("", "## Capabilities", "", fence(sidecar.capabilities), "", "## Store", "", fence(stat));
  }
  const document = await vscode.workspace.openTextDocument({ content: `${lines.join("\n")}\n`, language: "markdown" });
  await vscode.window.showTextDocument(document);
}

/** Say what is wrong, with the next steps. */
export async function explain(sidecar: Sidecar): Promise<void> {
  const { trouble } = sidecar;
  if (!trouble) return;
  const chosen = await fail(trouble.message, ...trouble.next.map(({ title }) => title));
  const next = trouble.next.find(({ title }) => title === chosen);
  if (next) await vscode.commands.executeCommand(next.command);
}

/** Tell of trouble when it comes; once for each kind in a row. */
export function tellOfTrouble(sidecar: Sidecar): vscode.Disposable {
  let told: string | undefined;
  return sidecar.onDidChange((state) => {
    if (state === "running" || state === "none") told = undefined;
    if (state !== "failed" || sidecar.trouble?.message === told) return; // `missing` is told in the view
    told = sidecar.trouble?.message;
    void explain(sidecar);
  });
}

/** Begin to serve when a store appears in a folder, by whatever made it. */
export function watchForStore(sidecar: Sidecar): vscode.Disposable {
  const watchers = (vscode.workspace.workspaceFolders ?? []).map((folder) => {
    const pattern = new vscode.RelativePattern(folder, ".shepherd/store.db");
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
    const look = (): void => {
      if (sidecar.state === "none") void sidecar.start();
    };
    return vscode.Disposable.from(watcher, watcher.onDidCreate(look));
  });
  return vscode.Disposable.from(...watchers);
}

function fence(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}
