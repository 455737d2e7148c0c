/** Installing the sidecar into a virtual environment of the extension's own, when asked to. */

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";

import { ownEnvironment, programIn } from "./locate.js";
import type { Sidecar } from "./sidecar.js";

const PYTHONS = ["python3.13", "python3.12", "python3.11", "python3", "python"];
const ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))";

/** Ask, install with progress, and start it. */
export async function install(context: vscode.ExtensionContext, sidecar: Sidecar): Promise<void> {
  const yes = "Install";
  const detail = "A virtual environment in this extension's own folder; nothing else on the machine changes. Needs Python 3.11 or later and the Python package index.";
  if ((await vscode.window.showInformationMessage("Install shepherd-sidecar?", { modal: true, detail }, yes)) !== yes) return;
  const options = { location: vscode.ProgressLocation.Notification, title: "Installing shepherd-sidecar", cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const environment = ownEnvironment(context);
    await mkdir(context.globalStorageUri.fsPath, { recursive: true });
    const python = await findPython(sidecar);
    if (python === undefined) throw new Error("Python 3.11 or later was not found on PATH. Install it from your system or python.org, then try again.");
    progress.report({ message: "making a virtual environment…" });
    await run(sidecar, token, python, "-m", "venv", environment);
    progress.report({ message: "fetching packages…" });
    const pip = [join(programIn(environment), "..", "python"), "-m", "pip", "install", "--upgrade", "--disable-pip-version-check"] as const;
    await run(sidecar, token, ...pip, bundled(context) ?? "shepherd-sidecar");
  });
  await sidecar.restart();
  if (sidecar.state === "none") void vscode.window.showInformationMessage("The sidecar is installed. It starts when there is a trace.");
}

/** Let a person say where the program is. */
export async function choosePath(sidecar: Sidecar): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({ title: "The program shepherd-sidecar", canSelectMany: false, openLabel: "Use This" });
  if (!chosen?.[0]) return;
  await vscode.workspace.getConfiguration("shepherd").update("path", chosen[0].fsPath, vscode.ConfigurationTarget.Global);
  await sidecar.restart();
}

/** The wheel that is packed with the extension, which it was made with. */
function bundled(context: vscode.ExtensionContext): string | undefined {
  const folder = context.asAbsolutePath("dist/wheel");
  const wheel = existsSync(folder) && readdirSync(folder).find((name) => name.endsWith(".whl"));
  return wheel ? join(folder, wheel) : undefined;
}

async function findPython(sidecar: Sidecar): Promise<string | undefined> {
  for (const python of PYTHONS) {
    const done = await run(sidecar, undefined, python, "-c", ENOUGH).then(
      () => true,
      () => false,
    );
    if (done) return python;
  }
  return undefined;
}

function run(sidecar: Sidecar, token: vscode.CancellationToken | undefined, command: string, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const stop = token?.onCancellationRequested(() => child.kill());
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-2000);
        sidecar.log.debug(text.trimEnd());
      });
    }
    child.once("error", reject);
    child.once("close", (code) => {
      stop?.dispose();
      if (code === 0) resolve();
      else if (token?.isCancellationRequested) reject(new vscode.CancellationError());
      else reject(new Error(`${command} ${args.slice(0, 3).join(" ")} failed: ${said.trim().split("\n").at(-1) ?? code}`));
    });
  });
}
