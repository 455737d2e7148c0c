/** The addresses of `shepherd:` documents, which the sidecar gives the text of. */

import * as vscode from "vscode";

const SCHEME = "shepherd";

/** A file as it was at a commit. */
export function fileAt(commit: string, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/file/${commit}/${path}` });
}

/** The card of an event. */
export function eventCard(commit: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/event/${commit}.md` });
}

/** The log of a branch, up to a commit if one is given. */
export function branchLog(branch: string, until?: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/branch/${branch}`, query: until ? `until=${until}` : "" });
}
