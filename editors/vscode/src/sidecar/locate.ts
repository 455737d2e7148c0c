/**
 * Where the program and the store are.
 *
 * A folder that is not trusted chooses neither: nothing is started for it (see `untrusted`), its
 * settings are not read (VS Code sees to that, see `restrictedConfigurations`), and its virtual
 * environment is not looked into.
 */

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import * as vscode from "vscode";

const PROGRAM = process.platform === "win32" ? "shepherd-sidecar.exe" : "shepherd-sidecar";
const BIN = process.platform === "win32" ? "Scripts" : "bin";

/** Where `install` puts it: a virtual environment of the extension's own. */
export function ownEnvironment(context: vscode.ExtensionContext): string {
  return join(context.globalStorageUri.fsPath, "sidecar");
}

/** The program of a virtual environment. */
export function programIn(environment: string): string {
  return join(environment, BIN, PROGRAM);
}

/** The program to start; undefined when there is none. A configured one is not looked for. */
export function findProgram(context: vscode.ExtensionContext): string | undefined {
  const configured = vscode.workspace.getConfiguration("shepherd").get<string>("path", "").trim();
  if (configured) return configured.replace(/^~(?=[\\/])/, homedir());
  const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
  const places = [
    ...folders.flatMap(({ uri }) => [".venv", "venv"].map((name) => join(uri.fsPath, name, BIN))),
    ...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean),
    join(homedir(), ".local", "bin"),
    join(ownEnvironment(context), BIN),
  ];
  return places.map((place) => join(place, PROGRAM)).find(runs);
}

/** The store of this window: as configured, or the nearest upward from a folder; or undefined. */
export function findStore(): string | undefined {
  const configured = vscode.workspace.getConfiguration("shepherd").get<string>("store", "").trim();
  if (configured) {
    const first = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
    return resolve(first, configured.replace(/^~(?=[\\/])/, homedir()));
  }
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme !== "file") continue;
    for (let at = uri.fsPath; ; at = dirname(at)) {
      if (existsSync(join(at, ".shepherd", "store.db"))) return join(at, ".shepherd");
      if (dirname(at) === at) break;
    }
  }
  return undefined;
}

/** Where a new store would be; undefined without a folder. */
export function newStore(): string | undefined {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  return folder && join(folder.uri.fsPath, ".shepherd");
}

/** Whether there is a program at this path. */
export function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
