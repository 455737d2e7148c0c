/** The page around a webview's script: nothing is allowed but that script and that style. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** The HTML of a webview whose script and style are `dist/webview/NAME.{js,css}`. `title`: no data. */
export function page(webview: vscode.Webview, extension: vscode.Uri, name: string, title: string): string {
  const nonce = randomBytes(16).toString("base64");
  const at = (file: string): vscode.Uri => webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", file));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at(`${name}.css`)}">
<title>${title}</title>
</head>
<body>
<main id="main"></main>
<script nonce="${nonce}" src="${at(`${name}.js`)}"></script>
</body>
</html>`;
}

/** The icon of a webview's tab. */
export function tabIcon(extension: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  const at = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, "media", `shepherd-${theme}.svg`);
  return { light: at("light"), dark: at("dark") };
}

/** What a webview may read: its own script and style. */
export function options(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, "dist", "webview")] };
}
