/**
 * The addresses of `shepherd:` documents, which the sidecar gives the text of.
 *
 * An editor shows the path of an address, in tabs and above diffs: words for people stand there,
 * and what the sidecar needs stands in the query.
 */

import * as vscode from "vscode";

import type { Entry } from "../protocol.js";
import { title } from "../trace/words.js";

const SCHEME = "shepherd";

/** What an address means: an event, a file at a commit, or a branch. */
export interface Meant {
  branch?: string;
  commit?: string;
  path?: string;
}

/** A file as it was at a commit. `folder`: where it lies when it is live, to be shown with it. */
export function fileAt(commit: string, path: string, folder?: string): vscode.Uri {
  const live = folder === undefined ? undefined : vscode.Uri.joinPath(vscode.Uri.file(folder), path).path;
  const query = `file=${commit}${live === undefined ? "" : `&path=${encodeURIComponent(path)}`}`;
  return vscode.Uri.from({ scheme: SCHEME, path: live ?? `/${path}`, query });
}

/** The card of an event. */
export function eventCard(entry: Entry): vscode.Uri {
  const words = title(entry).replace(/[/\\\p{Cc}\p{Cf}]+/gu, " ").trim();
  return vscode.Uri.from({ scheme: SCHEME, path: `/event/${words}.md`, query: `event=${entry.commit}` });
}

/** The log of a branch, up to a commit if one is given. */
export function branchLog(branch: string, until?: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/branch/${branch}`, query: until ? `until=${until}` : "" });
}

/** What an address means, as the sidecar reads it; undefined when it is of no document of ours. */
export function meant(uri: vscode.Uri | undefined): Meant | undefined {
  if (uri?.scheme !== SCHEME) return undefined;
  const asked = new URLSearchParams(uri.query);
  const [event, file] = [asked.get("event"), asked.get("file")];
  if (event !== null) return { commit: event };
  if (file !== null) return { commit: file, path: asked.get("path") ?? uri.path.slice(1) };
  const [, kind, name, ...rest] = uri.path.split("/");
  if (kind === "branch" && name) return { branch: name };
  if (kind === "event" && name) return { commit: name.replace(/\.md$/, "") };
  return kind === "file" && name ? { commit: name, path: rest.join("/") } : undefined;
}

/** The address of what the editor on top shows: a text, or a page made from one. */
export function onTop(): vscode.Uri | undefined {
  const shown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (shown instanceof vscode.TabInputCustom) return shown.uri;
  return vscode.window.activeTextEditor?.document.uri;
}
