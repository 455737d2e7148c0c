/**
 * The agent: a conversation with a model that calls tools, as a generator.
 *
 * It yields what it thinks and what it wants to do, and is given what came of it. It does
 * nothing itself, so the same agent works in a world, goes on from a record, and replays one.
 */

import { type Intent, type Json, modelCall, toolCall } from "shepherd-sidecar-client";

import { type Answer, type Message, MODEL } from "./model.js";
import { TOOLS } from "./tools.js";

/** What came of an intent, with what others put before the agent meanwhile. */
export interface Came {
  status: "ok" | "error" | "denied";
  result: Json;
  injected: string[];
}

/** Something for the record that asks for nothing. */
export interface Note {
  thought: string;
}

export type Ending = "finished" | "failed";
export type Agent = Generator<Intent | Note, Ending, Came | undefined>;

export const TASK = "Make the tests of this project pass.";

const TURNS = 20;
const SYSTEM = "You mend code. Call one tool at a time; say so when you are done.";

/** An agent at the start of its task. */
export function* agent(): Agent {
  const messages: Message[] = [
    { role: "system", content: SYSTEM },
    { role: "user", content: TASK },
  ];
  const tools = Object.keys(TOOLS).map((name) => ({ name }));
  for (let turn = 0; turn < TURNS; turn++) {
    const said = need(yield modelCall({ model: MODEL, messages: [...messages], tools }));
    const { thought, text, call, ending } = said.result as Answer;
    if (thought !== undefined) yield { thought };
    if (call === undefined) return ending ?? "failed";
    messages.push({ role: "assistant", content: text, tool_calls: [call] });
    const came = need(yield toolCall(call.name, call.arguments));
    messages.push({ role: "tool", content: told(came) });
    for (const content of [...said.injected, ...came.injected]) {
      messages.push({ role: "user", content });
    }
  }
  return "failed";
}

/** Go on with the next intent, past what is only noted; `note` hears that. */
export async function advance(
  agent: Agent,
  came: Came | undefined,
  note: (thought: string) => unknown = () => undefined,
): Promise<IteratorResult<Intent, Ending>> {
  let next = agent.next(came);
  while (!next.done && "thought" in next.value) {
    await note(next.value.thought);
    next = agent.next(undefined);
  }
  return next as IteratorResult<Intent, Ending>;
}

function told(came: Came): string {
  if (came.status === "denied") return `denied: ${(came.result as { reason: string }).reason}`;
  return JSON.stringify(came.result, sorted);
}

/** With sorted keys: a result that comes from the record must read as the live one did. */
function sorted(_: string, value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function need(came: Came | undefined): Came {
  if (came === undefined) throw new Error("an intent was not answered");
  return came;
}
