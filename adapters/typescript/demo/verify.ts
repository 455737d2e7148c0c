/** Doing a recorded branch again in a new world, and comparing every outcome with the record. */

import type { Id, Intent, Json, Sidecar } from "shepherd-sidecar-client";

import { past } from "./record.js";
import { advance, agent } from "./steps.js";
import { perform } from "./work.js";

/** What the replay came to. */
export type Verified = {
  /** Outcomes equal to the record. */
  matched: number;
  /** Actions that were really done again. */
  live: number;
  complete: boolean;
  head: Id | null;
  differences: Json[];
};

/** Verify a branch with a fresh agent; the replay's own branch is called `into`. */
export async function verify(sidecar: Sidecar, from: string, into: string): Promise<Verified> {
  const fresh = agent();
  const injected = (await past(sidecar.branch(from))).outcomes.map((came) => came.injected);
  const { matched, live, complete, head, differences } = await sidecar.replay({
    from,
    into,
    mode: "verify",
    machine: async (outcomes) => {
      const last = outcomes.at(-1);
      // A replay's answers carry no injected messages, so these are read from the record.
      const came = last && { ...last, injected: injected[outcomes.length - 1] ?? [] };
      const next = await advance(fresh, came);
      return next.done ? undefined : next.value;
    },
    act: async (intent: Intent) => {
      const { world } = await sidecar.branch(into).info();
      if (world === undefined) throw new Error(`${into} has no world`);
      return perform(world.path, intent);
    },
  });
  const found = differences.map(({ path = "$", expected, actual }) => ({ path, expected, actual }));
  return { matched, live, complete, head: head ?? null, differences: found as Json[] };
}
