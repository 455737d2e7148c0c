// Loaded before the mended lean.js (mending.py), on its main thread and on every other: what that
// calls. One process checks one file after the other:
//
//     node -r serving.cjs lean-*.js TOKEN ROOT OUT       paths of files, a line each, on stdin
//
// Each is answered by what Lean says of it, and then a line: TOKEN, exit code, bytes of memory.
// What Lean wrote of a file that passed is in OUT.
"use strict";

const fs = require("node:fs");
const { isMainThread } = require("node:worker_threads");

const OWN = new Set(["dev", "lib", "proc", "sys"]); // Lean's own file system has these already
// One thread beside the main one, and no proof in the background: a third thread costs 0.7 GB and
// two seconds, and came whenever one waited for another.
const PLAIN = ["-j1", "-DElab.async=false"];
let mounted = false;
let options = 0; // where the command line stands in Lean's memory, once it was read

globalThis.shepherd = {
  mount(FS, NODEFS) {
    if (mounted) return;
    mounted = true;
    for (const entry of fs.readdirSync("/", { withFileTypes: true })) {
      if (!entry.isDirectory() || OWN.has(entry.name)) continue;
      const folder = `/${entry.name}`;
      if (!FS.analyzePath(folder).exists) FS.mkdir(folder);
      FS.mount(NODEFS, { root: folder }, folder);
    }
  },

  options(read) {
    options ||= read;
  },

  serve(lean) {
    const [token, root, out] = process.argv.slice(2);
    const lines = require("node:readline").createInterface({ input: process.stdin });
    lines.on("line", (file) => {
      let code = 0;
      try {
        if (options) lean.again(options, file);
        else code = lean.first([...PLAIN, `--root=${root}`, "-o", out, file]);
      } catch (error) {
        if (error?.name !== "ExitStatus") {
          fs.writeSync(1, `${error?.stack}\n${error}\n`);
          process.exit(70);
        }
        code = error.status;
      }
      if (options) lean.keep(options);
      lean.flush();
      fs.writeSync(1, `\n${token} ${code} ${lean.bytes()}\n`);
    });
    lines.on("close", () => process.exit(0));
  },
};

if (!isMainThread) {
  // The main thread would wait for this one's answer for ever.
  process.on("uncaughtExceptionMonitor", (error) => {
    fs.writeSync(2, `${error?.stack}\n${error}\n`);
    process.kill(process.pid, "SIGKILL");
  });
}
