/** The agent at work on a branch: it asks before each step, does it in the branch's world, reports. */

import { type Branch, type Call, Denied, type Intent, type Json } from "shepherd-sidecar-client";

import { answer, cost, type Message } from "./model.js";
import { advance, type Agent, type Came, type Ending } from "./steps.js";
import { type Tool, TOOLS } from "./tools.js";

/**
 * Let an agent go on to its end, from the outcome it has not had yet; its next `noted` thoughts
 * are recorded already.
 */
export async function work(
  branch: Branch,
  world: string,
  agent: Agent,
  came?: Came,
  noted = 0,
): Promise<Ending> {
  const note = async (thought: string): Promise<void> => {
    if (noted === 0) await branch.thought(thought);
    else noted -= 1;
  };
  let next = await advance(agent, came, note);
  while (!next.done) next = await advance(agent, await act(branch, world, next.value), note);
  await branch.end(next.value);
  return next.value;
}

/** Really do what was allowed. */
export async function perform(world: string, intent: Intent): Promise<Json> {
  if (intent.kind === "model_call") return answer(conversation(intent.payload));
  const { tool, args } = called(intent);
  return tool.run(world, args);
}

async function act(branch: Branch, world: string, intent: Intent): Promise<Came> {
  const came: Came = { status: "ok", result: null, injected: [] };
  try {
    came.result = intent.kind === "model_call" ? await ask(branch, intent) : await use(branch, world, intent);
  } catch (error) {
    if (error instanceof Denied) {
      came.status = "denied";
      came.result = { status: "denied", by: error.by, reason: error.reason };
    } else {
      const { name: type, message } = error as Error;
      came.status = "error";
      came.result = { error: { message, type } };
    }
  }
  came.injected = branch.takeInjected().map(({ message }) => String(message));
  return came;
}

function ask(branch: Branch, intent: Intent): Promise<Json> {
  const think = async (payload: Intent["payload"], call: Call): Promise<Json> => {
    const started = performance.now();
    const messages = conversation(payload);
    const said = answer(messages);
    call.usage = { ...cost(messages, said), durationMs: since(started) };
    return said;
  };
  return branch.modelCall(intent.payload, think, { effect: "pure", snapshot: false });
}

function use(branch: Branch, world: string, intent: Intent): Promise<Json> {
  const { name, tool, args } = called(intent);
  const run = async (allowed: typeof args, call: Call): Promise<Json> => {
    const started = performance.now();
    try {
      return await tool.run(world, allowed);
    } finally {
      call.usage = { durationMs: since(started) };
    }
  };
  return branch.tool(name, args, run, { effect: tool.effect });
}

function called(intent: Intent): { name: string; tool: Tool; args: { [name: string]: string } } {
  const { name, arguments: args } = intent.payload as {
    name: string;
    arguments: { [name: string]: string };
  };
  const tool = TOOLS[name];
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  return { name, tool, args };
}

function conversation(payload: Intent["payload"]): Message[] {
  return payload["messages"] as Message[];
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 1000) / 1000;
}
