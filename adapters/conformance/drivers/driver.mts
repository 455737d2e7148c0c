/** The driver of the TypeScript client: executes the runner's steps with it. */

import { createInterface } from "node:readline";

import { type Branch, Denied, type Json, Sidecar, SidecarError, type SuperviseOptions } from "../../typescript/src/index.js";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- steps are the runner's business
type Step = Record<string, any>;

class ToolFailure extends Error {
  override readonly name = "ToolFailure";
}

/** Do as a transcript's tool does: echo, throw, or give a fixed result. */
function act(how: Step, given: Json): Json {
  if ("throw" in how) throw new ToolFailure(how["throw"]);
  return how["echo"] ? given : how["return"];
}

async function execute(sidecar: Sidecar, branches: Map<string, Branch>, step: Step): Promise<unknown> {
  const branch = (): Branch => {
    const name = step["branch"];
    if (!branches.has(name)) branches.set(name, sidecar.branch(name));
    return branches.get(name)!;
  };
  switch (step["do"]) {
    case "call":
      return sidecar.call(step["method"], step["params"]);
    case "notify":
      return sidecar.notify(step["method"], step["params"]) ?? null;
    case "tool":
      return { result: await branch().tool(step["name"], step["arguments"], (args: Step) => act(step["then"], args), step["options"]) };
    case "model":
      return { result: await branch().modelCall(step["payload"], (payload: Step) => act(step["then"], payload), step["options"]) };
    case "inbox":
      return branch().takeInjected();
    case "log": {
      const commits: string[] = [];
      for await (const entry of branch().log(step["options"])) commits.push(entry.commit);
      return commits;
    }
    case "follow": {
      const entries: unknown[] = [];
      await using subscription = await sidecar.subscribe(step["params"]);
      while (entries.length < step["count"]) entries.push(...((await subscription.next()) ?? []));
      return { entries, cursor: subscription.cursor };
    }
    case "supervise": {
      const answers = step["answers"] as Step;
      const guard = await sidecar.supervise(
        step["params"] as SuperviseOptions,
        (question) => answers[question.tool ?? ""],
      );
      return { supervisor: guard.id };
    }
    case "replay": {
      const acts: Step[] = [...(step["act"] ?? [])];
      return sidecar.replay({
        ...step["params"],
        machine: (outcomes) => step["machine"][outcomes.length],
        act: ({ payload }) => act(acts.shift()!, payload),
      });
    }
  }
  throw new Error(`unknown step ${step["do"]}`);
}

function described(error: unknown): object {
  if (error instanceof SidecarError) return { name: error.name, code: error.code, data: error.data };
  if (error instanceof Denied) {
    return { name: "Denied", data: { intent: error.intent, by: error.by, reason: error.reason } };
  }
  if (error instanceof ToolFailure) return { name: error.name, data: { message: error.message } };
  throw error;
}

let sidecar: Sidecar | undefined;
const branches = new Map<string, Branch>();
for await (const line of createInterface({ input: process.stdin })) {
  const step = JSON.parse(line) as Step;
  let answer: object;
  try {
    if (sidecar === undefined) sidecar = await Sidecar.start({ command: step["command"] });
    else answer = { ok: await execute(sidecar, branches, step) };
    answer ??= { ok: {} };
  } catch (error) {
    answer = { error: described(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await sidecar?.close();
