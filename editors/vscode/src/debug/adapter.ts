/** The debugger's face: a session is the sidecar's own adapter; only what it needs is found here. */

import * as vscode from "vscode";

import { fail } from "../say.js";
import { findProgram, findStore } from "../sidecar/locate.js";

const TYPE = "shepherd";
const NAME = "Shepherd: the Agents of This Folder";

/** Have "Run and Debug" attach to the store of this window. */
export function registerDebugger(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, {
      createDebugAdapterDescriptor() {
        const program = findProgram(context);
        if (program === undefined) {
          throw new Error("The program shepherd-sidecar was not found. The side bar of Shepherd installs it.");
        }
        return new vscode.DebugAdapterExecutable(program, ["dap"]);
      },
    }),
    vscode.debug.registerDebugConfigurationProvider(TYPE, {
      provideDebugConfigurations: () => [{ type: TYPE, request: "attach", name: NAME }],
      resolveDebugConfiguration(_, given) {
        const store = (given["store"] as string | undefined) ?? findStore();
        if (store === undefined) {
          void fail("No agent has left a trace in this folder yet: start one, then debug it.");
          return undefined;
        }
        // A session begun with F5 and no launch.json comes empty.
        return { ...given, type: TYPE, request: "attach", name: given.name || NAME, store, documents: "uri" };
      },
    }),
  );
}
