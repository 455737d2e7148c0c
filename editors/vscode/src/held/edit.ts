/** The arguments of a held intent as a JSON document that lives in memory only. */

import * as vscode from "vscode";

import type { Held } from "../protocol.js";
import type { Fields } from "../trace/words.js";

const SCHEME = "shepherd-arguments";

interface Edited {
  held: Held;
  /** What the agent proposed, all of it. */
  payload: Fields;
}

/** The documents that are open, with the holds they belong to. */
export class EditedArguments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #files = new Map<string, Edited & { content: Uint8Array; mtime: number }>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registered: vscode.Disposable[];

  readonly onDidChangeFile = this.#changed.event;

  constructor() {
    this.#registered = [
      vscode.workspace.registerFileSystemProvider(SCHEME, this, { isCaseSensitive: true }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) this.#files.delete(uri.path);
      }),
    ];
  }

  /** Show the arguments; "Allow With These Arguments" stands above them. */
  async open(held: Held, payload: Fields): Promise<void> {
    const given = held.entry.kind === "tool_call" ? (payload["arguments"] ?? {}) : payload;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${held.intent.slice(0, 12)}/${held.branch}/arguments.json` });
    const content = new TextEncoder().encode(`${JSON.stringify(given, null, 2)}\n`);
    this.#files.set(uri.path, { held, payload, content, mtime: Date.now() });
    await vscode.window.showTextDocument(uri, { preview: false });
    void vscode.window.setStatusBarMessage("Edit the arguments, then press the check mark above the editor.", 10_000);
  }

  /** The hold that a document belongs to. */
  find(uri: vscode.Uri): Edited | undefined {
    return uri.scheme === SCHEME ? this.#files.get(uri.path) : undefined;
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { content, mtime } = this.#get(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: content.length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.#get(uri).content;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    Object.assign(this.#get(uri), { content, mtime: Date.now() });
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    this.#files.delete(uri.path);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    for (const one of this.#registered) one.dispose();
  }

  #get(uri: vscode.Uri): { content: Uint8Array; mtime: number } {
    const file = this.#files.get(uri.path);
    if (!file) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }
}
