/** A sidecar of a few lines for unit tests: run as a program, it answers by method name. */

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Sidecar, type StartOptions } from "../src/index.js";

/** Start the client against this file. */
export function startFake(options: StartOptions = {}): Promise<Sidecar> {
  return Sidecar.start({ command: [process.execPath, fileURLToPath(import.meta.url)], ...options });
}

type Message = { id?: number; method: string; params: Record<string, unknown> };

const HASH = "a".repeat(64);
const seen: Message[] = [];
const answered: unknown[] = [];

const send = (message: object): boolean =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

const answers: Record<string, (params: Record<string, unknown>, id: number | undefined) => unknown> = {
  "run/start": ({ name }) => ({ run: "r1", branch: name, head: HASH }),
  "trace/append": () => ({ commits: [HASH], head: HASH }),
  "test/seen": () => seen.map(({ method, params }) => ({ method, params })),
  "test/argv": () => process.argv.slice(2),
  "test/die": () => {
    process.stderr.write("the disk is on fire\n");
    process.exit(3);
  },
  "test/ask": (_, id) => {
    send({ id: "s-1", method: "supervisor/decide", params: {} });
    return id;
  },
  "supervisor/attach": () => {
    const intent = { commit: HASH, kind: "tool_call", effect: "pure" };
    const ask = (id: string, name: string): boolean =>
      send({
        id,
        method: "supervisor/decide",
        params: {
          supervisor: "sup-1",
          branch: "main",
          run: "r1",
          intent: { ...intent, payload: { name, arguments: { cmd: "x" } } },
          recent: [],
          deadline: "",
        },
      });
    ["bash", "rm", "deploy", "broken", "slow", "other"].forEach((name, n) => ask(`s-${n}`, name));
    send({ method: "$/cancelRequest", params: { id: "s-4" } });
    send({
      method: "supervisor/didRefuse",
      params: { supervisor: "sup-1", intent: HASH, name: "InvalidParams", message: "no" },
    });
    const entries = [{ commit: "1" }];
    send({ method: "trace/didCommit", params: { subscription: "sup-1", entries, cursor: "1" } });
    return { supervisor: "sup-1", cursor: "0" };
  },
  "supervisor/detach": () => ({}),
  "test/answers": () => answered,
  "test/split": () => {
    const line = Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", id: 1, result: "é😀" })}\n`);
    for (const byte of line) process.stdout.write(Buffer.of(byte));
    return undefined;
  },
  "trace/subscribe": () => {
    send({ method: "trace/didCommit", params: { subscription: "s", entries: [{ commit: "1" }], cursor: "1" } });
    send({ method: "trace/didCommit", params: { subscription: "other", entries: [{ commit: "9" }], cursor: "9" } });
    setTimeout(() => {
      const entries = [{ commit: "2" }, { commit: "3" }];
      send({ method: "trace/didCommit", params: { subscription: "s", entries, cursor: "3" } });
    }, 5);
    return { subscription: "s", cursor: "0" };
  },
  "trace/unsubscribe": () => ({}),
  "intent/propose": ({ payload }) => {
    const name = (payload as { name: string }).name;
    if (name === "held") return undefined;
    const verdicts: Record<string, object> = {
      rm: { decision: "deny", by: "rule:no-rm", reason: "too dangerous" },
      curl: { decision: "override", by: "rule:safe", payload: { name, arguments: { url: "safe" } } },
      told: { decision: "allow", by: "default", injected: [{ message: "hi", by: "me", commit: HASH }] },
    };
    return { commit: HASH, verdict: verdicts[name] ?? { decision: "allow", by: "default" } };
  },
  "intent/resolve": () => ({ commit: HASH }),
};

function serve(): void {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const message = JSON.parse(line) as Message;
    if (message.method === undefined) answered.push(message);
    seen.push(message);
    const { id, method, params } = message;
    if (id === undefined || method === undefined) return;
    const answer = answers[method];
    if (answer === undefined) {
      const data = { name: "UnknownBranch", hint: "look", extra: 1 };
      send({ id, error: { code: -32002, message: "no such branch", data } });
      return;
    }
    const result = answer(params, id);
    if (result !== undefined) send({ id, result });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve();
