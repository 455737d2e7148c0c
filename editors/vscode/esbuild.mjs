/** Bundles the extension, the demo agent and the two webviews into dist/, and says their sizes. */

import { build } from "esbuild";
import { statSync } from "node:fs";

const shared = { bundle: true, minify: true, legalComments: "none", logLevel: "warning" };
const node = { ...shared, platform: "node", format: "cjs", target: "node18" };

await Promise.all([
  build({
    ...node,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    mainFields: ["module", "main"],
  }),
  build({ ...node, entryPoints: ["src/demo/agent.ts"], outfile: "dist/demo.js" }),
  build({
    ...shared,
    format: "iife",
    target: "es2022",
    entryPoints: ["src/webview/graph.ts", "src/webview/compare.ts", "src/webview/*.css"],
    outdir: "dist/webview",
  }),
]);

for (const file of ["extension.js", "demo.js", "webview/graph.js", "webview/compare.js"]) {
  console.log(`${file.padEnd(20)} ${(statSync(`dist/${file}`).size / 1024).toFixed(0)} KB`);
}
