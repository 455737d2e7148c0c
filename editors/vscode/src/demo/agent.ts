/**
 * The demo agent: a program of its own that tidies a small project in a world of its own.
 *
 * It has no model and knows no editor. It asks before it acts, as every agent should, and goes on
 * with what it is told. `SHEPHERD_DEMO` holds how the sidecar is started, and the branch.
 */

import { setTimeout as sleep } from "node:timers/promises";

import { type Branch, Denied, Sidecar, SidecarError } from "../../../../adapters/typescript/src/index.js";
import type { Effect } from "../../../../adapters/typescript/src/index.js";

interface Told {
  program: string;
  store: string;
  branch: string;
  /** Milliseconds between steps: slow enough to be watched. */
  pace: number;
}

const told = JSON.parse(process.env["SHEPHERD_DEMO"] ?? "{}") as Told;
const GREETING = 'def greet(name: str) -> str:\n    return f"Hello, {name}!"\n\n\nif __name__ == "__main__":\n    print(greet("world"))\n';

async function main(): Promise<void> {
  const { program, store, branch: name } = told;
  await using sidecar = await Sidecar.start({ command: [program, "serve"], store, role: "agent", own: [name] });
  const branch = sidecar.branch(name);
  await branch.message("user", "Make greet.py greet by name, note it in NOTES.md, and tidy up.");
  say("I was asked to make greet.py greet by name, and to tidy up.");
  await think(branch, "First look at what is here.");
  await run(branch, "ls -R", "pure");
  await think(branch, "greet.py prints a fixed text. A function with a parameter is what they want.");
  await run(branch, `cat > greet.py <<'EOF'\n${GREETING}EOF`, "reversible");
  await run(branch, "grep -n Hello greet.py", "pure");
  await think(branch, "build/ looks like leftovers. Deleting it makes the project tidy.");
  say("Now I want to delete build/. I wait for you: see the side bar of Shepherd in the editor.");
  const deleted = await run(branch, "rm -rf build", "irreversible");
  await think(branch, deleted ? "It was allowed, so build/ is gone." : "I may not delete build/. I leave it, and say so in the notes.");
  const line = deleted ? "build/ was deleted." : "build/ was left as it is.";
  await run(branch, `printf '%s\\n' 'greet.py greets by name.' '${line}' > NOTES.md`, "reversible");
  await branch.message("assistant", `Done: greet.py greets by name. ${line}`);
  await branch.end("finished", { summary: line });
  say("Done. Look at the run in the side bar; fork it at any step, or restore one.");
}

async function think(branch: Branch, text: string): Promise<void> {
  await sleep(told.pace);
  await branch.report("thought", { text }, { usage: { inputTokens: 900, outputTokens: 40, costUsd: 0.0021, durationMs: 640 } });
  say(`· ${text}`);
}

/** Ask, run in the world, report: all in one. False: it was denied, and did not run. */
async function run(branch: Branch, script: string, effect: Effect): Promise<boolean> {
  await sleep(told.pace);
  say(`$ ${script.split("\n")[0]}`);
  const done = await branch.exec(["sh", "-c", script], { effect });
  if (done.verdict.decision === "deny") {
    say(`  denied by ${done.verdict.by}: ${done.verdict.reason}`);
    return false;
  }
  if (done.verdict.decision === "override") say(`  something else was run in its place, as ${done.verdict.by} said`);
  for (const line of done.stdout.trimEnd().split("\n").filter(Boolean)) say(`  ${line}`);
  return done.verdict.decision === "allow";
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  const hint = error instanceof SidecarError ? ` ${error.hint}` : "";
  say(error instanceof Denied ? `denied: ${error.reason}` : `The demo agent stopped: ${String(error)}${hint}`);
  process.exitCode = 1;
});
