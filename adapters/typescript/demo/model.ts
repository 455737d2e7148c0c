/**
 * In place of a language model: rules that read the conversation and answer it.
 *
 * The same messages get the same answer. Nothing is known beforehand: which test fails, where
 * the code is and what stands in it comes from what the tools said.
 */

import type { TestReport } from "./tools.js";

/** A tool that the model wants called. */
export type ToolCall = { name: string; arguments: { [name: string]: string } };
/** One message of the conversation. */
export type Message = { role: string; content: string; tool_calls?: ToolCall[] };
/** What the model says next, perhaps after a thought: a tool to call, or how it ended. */
export type Answer = {
  thought?: string;
  text: string;
  call?: ToolCall;
  ending?: "finished" | "failed";
};

export const MODEL = "scripted-1";

/** A change that might help: what it replaces, and when a person's advice means it. */
interface Idea {
  name: string;
  meant: RegExp;
  old: string;
  new: string;
}

const LOWER = "    .toLowerCase()\n";
const IDEAS: Idea[] = [
  {
    name: "decompose letters, drop their marks",
    meant: /\bmarks?\b/i,
    old: LOWER,
    new: `    .normalize("NFKD")\n    .replace(/\\p{M}/gu, "")\n${LOWER}`,
  },
  {
    name: "decompose letters, drop what is not ASCII",
    meant: /\bascii\b/i,
    old: LOWER,
    new: `    .normalize("NFKD")\n    .replace(/[^\\x00-\\x7f]/g, "")\n${LOWER}`,
  },
  { name: "let every letter stay", meant: /(?!)/, old: "/[^a-z0-9]+/g", new: "/[^\\p{L}\\p{N}]+/gu" },
];

/** Answer a conversation. */
export function answer(messages: readonly Message[]): Answer {
  const seen = read(messages);
  const { tests, failing } = seen;
  if (tests === undefined) {
    return { text: seen.edited ? "Is that it?" : "Which tests fail?", call: use("run_tests") };
  }
  if (failing === undefined) return { text: `All ${tests.passed} tests pass.`, ending: "finished" };
  const quoted = `"${failing.name}"`;
  if (seen.edited) return { text: `That was not it: ${quoted} fails.`, ending: "failed" };
  if (!seen.denied) {
    const command = `rm -rf ${failing.file.split("/")[0]}`;
    const thought = "A test that is not there cannot fail.";
    return { thought, text: `All but ${quoted} pass.`, call: use("shell", { command }) };
  }
  const path = failing.file.replace(/^test\/(.*)\.test\./, "src/$1.");
  if (seen.source === undefined) {
    return { text: `${quoted} is about ${path}.`, call: use("read_file", { path }) };
  }
  const idea = choose(seen.advice, seen.source);
  if (idea === undefined) return { text: `I know no change for ${path}.`, ending: "failed" };
  const change = { path, old: idea.old, new: idea.new };
  const thought = `It gives "${failing.actual}" for "${failing.expected}".`;
  return { thought, text: `Idea: ${idea.name}.`, call: use("edit_file", change) };
}

/** Tokens and money, at 4 characters a token and $3, $0.30 (cached) and $15 a million. */
export function cost(messages: readonly Message[], said: Answer): {
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  costUsd: number;
} {
  const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);
  const inputTokens = tokens(messages);
  const before = messages.findLastIndex((message) => message.role === "assistant");
  const cachedTokens = before < 0 ? 0 : tokens(messages.slice(0, before));
  const outputTokens = tokens(said);
  const millionths = (inputTokens - cachedTokens) * 3 + cachedTokens * 0.3 + outputTokens * 15;
  return { inputTokens, cachedTokens, outputTokens, costUsd: Math.round(millionths) / 1e6 };
}

interface Seen {
  tests?: TestReport;
  failing?: TestReport["failures"][number] | undefined;
  /** Text of the file as it was read last. */
  source?: string;
  edited: boolean;
  denied: boolean;
  /** What a person said since the task was set. */
  advice: string;
}

/** What the conversation has told so far. */
function read(messages: readonly Message[]): Seen {
  const seen: Seen = { edited: false, denied: false, advice: "" };
  let called: string | undefined;
  for (const { role, content, tool_calls } of messages) {
    if (role === "assistant") called = tool_calls?.[0]?.name;
    else if (role === "user") seen.advice += called === undefined ? "" : `${content}\n`;
    else if (role === "tool" && content.startsWith("denied")) seen.denied = true;
    else if (role === "tool") take(seen, called, JSON.parse(content));
  }
  return seen;
}

function take(seen: Seen, tool: string | undefined, result: unknown): void {
  if (tool === "run_tests") {
    seen.tests = result as TestReport;
    seen.failing = seen.tests.failures[0];
  } else if (tool === "read_file") {
    seen.source = (result as { text: string }).text;
  } else if (tool === "edit_file") {
    seen.edited = true;
    delete seen.tests; // of the code as it was
  }
}

/** The idea a person meant, else the smallest change; only one that fits the text. */
function choose(advice: string, source: string): Idea | undefined {
  const fitting = IDEAS.filter((idea) => source.includes(idea.old));
  const bySize = fitting.toSorted((a, b) => size(a) - size(b));
  return fitting.find((idea) => idea.meant.test(advice)) ?? bySize[0];
}

function size(idea: Idea): number {
  return idea.new.length - idea.old.length;
}

function use(name: string, args: { [name: string]: string } = {}): ToolCall {
  return { name, arguments: args };
}
