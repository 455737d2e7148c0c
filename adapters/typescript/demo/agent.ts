/**
 * The demo's agent, as a program. The role `agent` lets it ask, report and replay on branches it
 * began, or that it was started for (`own`), and approve nothing.
 *
 *     node agent.js begin  --store DIR --branch NAME --workspace DIR   a run of its own
 *     node agent.js resume --store DIR --branch NAME                   on from where it stands
 *     node agent.js verify --store DIR --branch NAME --into NAME       all again, and compare
 *
 * What follows `--` is the sidecar's command line. The result is a line of JSON on stdout.
 */

import { parseArgs } from "node:util";

import { Sidecar } from "shepherd-sidecar-client";

import { past } from "./record.js";
import { advance, agent, type Came, TASK } from "./steps.js";
import { verify } from "./verify.js";
import { work } from "./work.js";

const STRING = { type: "string", default: "" } as const;
const { values, positionals } = parseArgs({
  options: { store: STRING, branch: STRING, workspace: STRING, into: STRING },
  allowPositionals: true,
});
const { store, branch, workspace, into } = values;
const [mode, ...command] = positionals;

async function begin(sidecar: Sidecar): Promise<unknown> {
  const run = await sidecar.startRun({
    name: branch,
    workspace,
    agent: { name: "demo-agent", version: "1", language: "TypeScript" },
  });
  await run.message("user", TASK);
  return { ending: await work(run, run.world?.path ?? "", agent()) };
}

async function resume(sidecar: Sidecar): Promise<unknown> {
  const here = sidecar.branch(branch);
  const { world } = await here.info();
  const again = agent();
  const { outcomes, noted } = await past(here);
  let last: Came | undefined;
  for (const came of outcomes) {
    await advance(again, last);
    last = came;
  }
  return { ending: await work(here, world?.path ?? "", again, last, noted) };
}

const modes: { [mode: string]: (sidecar: Sidecar) => Promise<unknown> } = {
  begin,
  resume,
  verify: (sidecar) => verify(sidecar, branch, into),
};
const chosen = modes[mode ?? ""];
if (chosen === undefined) throw new Error(`begin, resume or verify, not ${mode}`);
const sidecar = await Sidecar.start({
  role: "agent",
  ...(mode === "resume" && { own: [branch] }),
  store,
  ...(command.length > 0 && { command }),
});
try {
  process.stdout.write(`${JSON.stringify(await chosen(sidecar))}\n`);
} finally {
  await sidecar.close();
}
