import assert from "node:assert/strict";
import { test } from "node:test";

import { deny, type protocol } from "../src/index.js";
import { startFake } from "./fake.js";

type Answer = { id: string; result?: protocol.SupervisorDecideResult; error?: { code: number } };

// requirement: SUPER-01, SUPER-04
test("a supervisor is a function: its answers, its faults, what was taken back", async () => {
  await using sidecar = await startFake();
  const seen: string[] = [];
  const guard = await sidecar.supervise(
    { name: "guard", see: (entry) => seen.push(entry.commit) },
    async (question) => {
      await Promise.resolve();
      if (question.tool === "rm") return deny("no");
      if (question.tool === "deploy") return question.override({ dry: true }, "try it");
      if (question.tool === "broken") throw new Error("a fault");
      return undefined;
    },
  );
  assert.equal(guard.id, "sup-1");
  await sidecar.call("run/start", { name: "later" });
  const answers = (await sidecar.call("test/answers")) as Answer[];
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  assert.deepEqual(byId.get("s-0")?.result, { decision: "allow" });
  assert.deepEqual(byId.get("s-1")?.result, { decision: "deny", reason: "no" });
  assert.deepEqual(byId.get("s-2")?.result, {
    decision: "override",
    reason: "try it",
    payload: { name: "deploy", arguments: { cmd: "x", dry: true } },
  });
  assert.equal(byId.get("s-3")?.error?.code, -32603);
  assert.equal(byId.has("s-4"), false);
  assert.deepEqual(seen, ["1"]);
  assert.deepEqual(guard.refused.map((push) => push.name), ["InvalidParams"]);
  await guard.close();
  await guard.ended;
});

test("without a function nothing is asked, and it ends with the sidecar", async () => {
  const sidecar = await startFake();
  const watcher = await sidecar.supervise({ name: "watcher", see: () => undefined });
  const seen = (await sidecar.call("test/seen")) as { method: string; params: { gate: boolean } }[];
  const attach = seen.find(({ method }) => method === "supervisor/attach");
  assert.equal(attach?.params.gate, false);
  await sidecar.close();
  await watcher.ended;
});
