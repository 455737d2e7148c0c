import assert from "node:assert/strict";
import { test } from "node:test";

import { Denied, type Run, type Sidecar } from "../src/index.js";
import { unwrap, wrap } from "../src/call.js";
import { startFake } from "./fake.js";

type Seen = { method: string; params: Record<string, unknown> }[];

async function withRun(body: (run: Run, sidecar: Sidecar) => Promise<void>): Promise<Seen> {
  await using sidecar = await startFake();
  await body(await sidecar.startRun({ name: "main" }), sidecar);
  return (await sidecar.call("test/seen")) as Seen;
}

const last = (seen: Seen, method: string): Record<string, unknown> | undefined =>
  seen.findLast((message) => message.method === method)?.params;

test("a tool is proposed, run and resolved", async () => {
  const seen = await withRun(async (run) => {
    const result = await run.tool(
      "bash",
      { cmd: "ls" },
      (args, call) => {
        call.usage = { durationMs: 4 };
        return { listed: args.cmd };
      },
      { effect: "pure" },
    );
    assert.deepEqual(result, { listed: "ls" });
  });
  const payload = { name: "bash", arguments: { cmd: "ls" } };
  assert.deepEqual(last(seen, "intent/propose"), {
    branch: "main",
    kind: "tool_call",
    payload,
    effect: "pure",
  });
  assert.deepEqual(last(seen, "intent/resolve"), {
    branch: "main",
    intent: "a".repeat(64),
    payload: { listed: "ls" },
    status: "ok",
    usage: { durationMs: 4 },
  });
});

test("a denied tool does not run", async () => {
  const seen = await withRun(async (run) => {
    const error = await run
      .tool("rm", {}, () => assert.fail("it ran"))
      .catch((caught: unknown) => caught);
    assert.ok(error instanceof Denied);
    assert.equal(error.reason, "too dangerous");
    assert.equal(error.by, "rule:no-rm");
  });
  assert.equal(last(seen, "intent/resolve"), undefined);
});

test("an override's arguments are what runs", async () => {
  await withRun(async (run) => {
    assert.equal(await run.tool("curl", { url: "evil" }, (args) => args.url), "safe");
  });
});

test("what a tool throws is recorded and thrown on", async () => {
  const seen = await withRun(async (run) => {
    const failing = run.tool("bash", {}, () => {
      throw new RangeError("no such file");
    });
    await assert.rejects(failing, RangeError);
  });
  const resolved = last(seen, "intent/resolve");
  assert.equal(resolved?.["status"], "error");
  assert.deepEqual(resolved["payload"], { error: { message: "no such file", type: "RangeError" } });
});

test("injected messages reach the caller once", async () => {
  await withRun(async (run) => {
    await run.tool("told", {}, (_, call) => call.injected.length);
    assert.deepEqual(run.takeInjected().map((one) => one.message), ["hi"]);
    assert.deepEqual(run.takeInjected(), []);
  });
});

test("a model call passes the whole payload", async () => {
  const seen = await withRun(async (run) => {
    const payload = { model: "m", messages: [{ role: "user", content: "hi" }] };
    assert.equal(await run.modelCall(payload, ({ messages }) => messages.length), 1);
  });
  assert.equal(last(seen, "intent/propose")?.["kind"], "model_call");
  assert.deepEqual(last(seen, "intent/resolve")?.["payload"], { value: 1 });
});

test("reports and records are events", async () => {
  const seen = await withRun(async (run) => {
    await run.thought("hm");
    await run.message("user", "hi");
    run.record("annotation", { note: 1 }, { clientId: "c" });
  });
  assert.deepEqual(last(seen, "trace/append")?.["events"], [
    { kind: "message", payload: { role: "user", content: "hi" } },
  ]);
  assert.deepEqual(last(seen, "trace/record")?.["events"], [
    { kind: "annotation", payload: { note: 1 }, clientId: "c" },
  ]);
});

test("wrapping a result and unwrapping it gives it back", () => {
  for (const value of [null, 1, "a", [1], {}, { a: 1 }, { value: 1 }, { value: { value: 1 } }]) {
    assert.deepEqual(unwrap(wrap(value)), value);
  }
});
