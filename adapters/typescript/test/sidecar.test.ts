import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Sidecar, SidecarError, SidecarExited } from "../src/index.js";
import { startFake } from "./fake.js";

test("a request is answered with a typed result", async () => {
  await using sidecar = await startFake();
  const started = await sidecar.request("run/start", { name: "a" });
  assert.equal(started.branch, "a");
});

test("store and role become arguments", async () => {
  await using sidecar = await startFake({ store: "/s", role: "agent" });
  assert.deepEqual(await sidecar.call("test/argv"), ["--store", "/s", "--role", "agent"]);
});

test("an error keeps its code, name, hint and data", async () => {
  await using sidecar = await startFake();
  const error = await sidecar.request("branch/get", { branch: "x" }).catch((e: unknown) => e);
  assert.ok(error instanceof SidecarError);
  assert.equal(error.code, -32002);
  assert.equal(error.name, "UnknownBranch");
  assert.equal(error.hint, "look");
  assert.equal(error.data["extra"], 1);
});

test("a reply may come byte by byte", async () => {
  await using sidecar = await startFake();
  assert.equal(await sidecar.call("test/split"), "é😀");
});

test("a dead sidecar rejects what is open and what comes later, with its last words", async () => {
  const sidecar = await startFake();
  const open = sidecar.request("intent/propose", {
    branch: "a",
    kind: "tool_call",
    payload: { name: "held", arguments: {} },
  });
  const dying = sidecar.call("test/die");
  const isDead = (error: unknown): boolean =>
    error instanceof SidecarExited && /exit code 3.*disk is on fire/.test(error.message);
  await assert.rejects(open, isDead);
  await assert.rejects(dying, isDead);
  await assert.rejects(sidecar.request("store/stat"), isDead);
  await sidecar.close();
});

test("a program that cannot be started is a clear error", async () => {
  await assert.rejects(
    Sidecar.start({ command: ["/nowhere/at/all"] }),
    (error: unknown) => error instanceof SidecarExited && /cannot start/.test(error.message),
  );
});

test("aborting rejects at once and cancels the request", async () => {
  await using sidecar = await startFake();
  const controller = new AbortController();
  const held = sidecar.request(
    "intent/propose",
    { branch: "a", kind: "tool_call", payload: { name: "held", arguments: {} } },
    { signal: controller.signal },
  );
  controller.abort(new Error("changed my mind"));
  await assert.rejects(held, /changed my mind/);
  const seen = (await sidecar.call("test/seen")) as { method: string; params: unknown }[];
  assert.deepEqual(seen[1], { method: "$/cancelRequest", params: { id: 1 } });
  const late = sidecar.request("store/stat", {}, { signal: AbortSignal.abort(new Error("late")) });
  await assert.rejects(late, /late/);
});

test("a question from the sidecar gets an answer", async () => {
  await using sidecar = await startFake();
  await sidecar.call("test/ask");
  assert.ok(await sidecar.call("test/seen"));
});

test("what has no canonical JSON is refused before it is sent", async () => {
  await using sidecar = await startFake();
  for (const bad of [NaN, Infinity, 2 ** 53, -(2 ** 53), 1e17, "\ud800", [undefined], 1n]) {
    await assert.rejects(
      sidecar.call("trace/append", { branch: "a", part: bad }),
      (error: unknown) => error instanceof SidecarError && error.name === "InvalidParams",
    );
  }
  await sidecar.call("test/seen", { fine: [2 ** 53 - 1, 1e21, 0.1, -0, "😀", null] });
});

test("a subscription gives every entry of its own once, and its cursor", async () => {
  await using sidecar = await startFake();
  const subscription = await sidecar.subscribe({ all: true });
  const commits: string[] = [];
  for await (const entry of subscription) {
    commits.push(entry.commit);
    if (commits.length === 3) break;
  }
  assert.deepEqual(commits, ["1", "2", "3"]);
  assert.equal(subscription.cursor, "1"); // the loop was left inside the second push
});

test("a subscription ends with the sidecar", async () => {
  const sidecar = await startFake();
  const subscription = await sidecar.subscribe({ all: true });
  await subscription.next();
  await subscription.next();
  const waiting = subscription.next();
  void sidecar.call("test/die").catch(() => undefined);
  await assert.rejects(waiting, SidecarExited);
  await subscription.close();
});

test("a program that forgets to close still ends, and its sidecar with it", async () => {
  const fake = fileURLToPath(new URL("./fake.js", import.meta.url));
  const program = `
    const { startFake } = await import(${JSON.stringify(fake)});
    const sidecar = await startFake();
    await sidecar.request("run/start", { name: "a" });
    console.log(sidecar.pid);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  const [code] = (await once(child, "close")) as [number];
  assert.equal(code, 0);
  const pid = Number(said);
  const alive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  for (let tries = 0; alive() && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(alive(), false);
});
