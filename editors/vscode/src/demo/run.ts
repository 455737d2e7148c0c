/** Running the demo agent: a project to work on, a run with a gate, a terminal to watch it in. */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";

import { findProgram, newStore } from "../sidecar/locate.js";
import { explain } from "../sidecar/service.js";
import type { Sidecar } from "../sidecar/sidecar.js";

const PACE_MS = 700;

/** Start it. None of the user's files is touched: its project is a copy in the extension's folder. */
export async function runDemo(context: vscode.ExtensionContext, sidecar: Sidecar): Promise<void> {
  if (sidecar.state === "untrusted") return explain(sidecar);
  if (sidecar.state !== "running") {
    const store = newStore();
    if (!findProgram(context)) await vscode.commands.executeCommand("shepherd.install");
    if (!store) throw new Error("the demo keeps its trace in the folder that is open; open a folder first, an empty one will do");
    await sidecar.start(store);
  }
  const { program, store } = sidecar;
  if (sidecar.state !== "running" || !program || !store) return; // why is told already
  const workspace = join(context.globalStorageUri.fsPath, "demo", randomBytes(4).toString("hex"), "hello");
  await mkdir(workspace, { recursive: true });
  await cp(context.asAbsolutePath("media/demo/project"), workspace, { recursive: true });
  const { branch } = await sidecar.request("run/start", {
    name: "demo",
    agent: { name: "demo-agent", language: "typescript" },
    workspace,
    gate: context.asAbsolutePath("media/demo/gate.toml"),
  });
  const told = JSON.stringify({ program, store, branch, pace: PACE_MS });
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1", SHEPHERD_DEMO: told };
  const agent = (): ChildProcess => spawn(process.execPath, [context.asAbsolutePath("dist/demo.js")], { env, stdio: ["ignore", "pipe", "pipe"] });
  const iconPath = new vscode.ThemeIcon("rocket");
  const terminal = vscode.window.createTerminal({ name: "Demo Agent", pty: new Watched(agent), iconPath });
  terminal.show(true);
  await vscode.commands.executeCommand("shepherd.trace.focus");
}

/** A terminal that shows what a program says, and ends it when it is closed. */
class Watched implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#write.event;
  #child: ChildProcess | undefined;

  constructor(private readonly start: () => ChildProcess) {}

  open(): void {
    this.#child = this.start();
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.#write.fire(text.replace(/\r?\n/g, "\r\n")));
    }
    this.#child.once("error", (error) => this.#write.fire(`The demo agent could not be started: ${error.message}\r\n`));
  }

  close(): void {
    this.#child?.kill();
  }
}
