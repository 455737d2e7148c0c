/** Settling, against the sidecar itself: `SHEPHERD_SIDECAR` is its command, as a JSON list. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { type Branch, Sidecar, SidecarError } from "../src/index.js";

const command = process.env["SHEPHERD_SIDECAR"];
const skip = command === undefined && "SHEPHERD_SIDECAR does not say how to start a sidecar";
const LINES = "one\ntwo\nthree\nfour\nfive\n";

/** A project, a run that works apart from it, and branches with worlds of their own. */
async function team(
  work: (sidecar: Sidecar, folder: string, trunk: Branch, branches: Branch[]) => Promise<void>,
): Promise<void> {
  const at = await mkdtemp(join(tmpdir(), "shepherd-settling-"));
  try {
    const folder = join(at, "project");
    await mkdir(folder);
    await writeFile(join(folder, "app.txt"), LINES);
    await using sidecar = await Sidecar.start({
      command: JSON.parse(command ?? "[]") as string[],
      store: join(at, "store"),
      role: "owner",
    });
    const trunk = await sidecar.startRun({ name: "trunk", workspace: folder, driver: "copy" });
    const branches = await trunk.fork({ names: ["left", "right"], driver: "copy" });
    await work(sidecar, folder, trunk, branches);
  } finally {
    // What the sidecar was laying ahead of forks may still be finishing a folder.
    await rm(at, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Change the project's one file in a branch's world, and have it captured. */
async function edited(branch: Branch, from: string, to: string): Promise<void> {
  const path = join(branch.world?.path ?? "", "app.txt");
  await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
  await branch.snapshot();
}

// requirement: SETTLE-02, SETTLE-03, SETTLE-07, OVERLAP-01
test("branches come together; a conflict is data until it is resolved", { skip }, async () => {
  await team(async (sidecar, _folder, trunk, [left, right]) => {
    assert.ok(left && right);
    await edited(left, "two", "LEFT");
    await edited(right, "two", "RIGHT");
    const [overlap] = await left.overlaps();
    assert.deepEqual([overlap?.path, overlap?.why], ["app.txt", "content"]);

    const chosen = await left.select({ reason: "it is shorter" });
    assert.deepEqual(chosen.siblings.map(({ branch }) => branch), ["right"]);
    const first = await left.apply({ onto: trunk.name });
    assert.deepEqual(first.changes, [{ path: "app.txt", change: "changed", size: LINES.length + 1 }]);

    const before = await trunk.info();
    const refused = await right.apply({ onto: trunk.name });
    assert.equal(refused.commit, undefined);
    assert.equal((await trunk.info()).head, before.head);
    const [conflict] = refused.conflicts;
    assert.deepEqual(
      [conflict?.hunks[0]?.onto.text, conflict?.hunks[0]?.branch.text],
      ["LEFT\n", "RIGHT\n"],
    );
    const bad = { "app.txt": { hunks: ["both", "both"] as ("both")[] } };
    await assert.rejects(
      right.apply({ onto: trunk.name, resolve: bad }),
      (error: unknown) => error instanceof SidecarError && error.name === "InvalidParams",
    );
    const done = await right.apply({ onto: trunk.name, resolve: { "app.txt": { hunks: ["both"] } } });
    assert.equal((await trunk.info()).head, done.commit);
    const text = await readFile(join(trunk.world?.path ?? "", "app.txt"), "utf8");
    assert.equal(text, LINES.replace("two\n", "LEFT\nRIGHT\n"));
    const merged = await sidecar.request("trace/get", { commit: done.commit ?? "" });
    assert.equal(merged.parents[1], (await right.info()).head);
  });
});

// requirement: SETTLE-04, SETTLE-06
test("the user's folder takes it when asked, and gives it back", { skip }, async () => {
  await team(async (sidecar, folder, _trunk, [left, right]) => {
    assert.ok(left && right);
    await edited(left, "five", "FIVE");
    await writeFile(join(folder, "mine.txt"), "the user's\n");
    const thought = await left.apply({ workspace: true, preview: true });
    assert.equal(thought.commit, undefined);
    assert.equal(await readFile(join(folder, "app.txt"), "utf8"), LINES);

    const done = await left.apply({ workspace: true });
    assert.equal(await readFile(join(folder, "app.txt"), "utf8"), LINES.replace("five", "FIVE"));
    await sidecar.branch(done.onto).restore(done.safety ?? "");
    assert.equal(await readFile(join(folder, "app.txt"), "utf8"), LINES);
    assert.equal(await readFile(join(folder, "mine.txt"), "utf8"), "the user's\n");

    await right.discard();
    await assert.rejects(
      right.apply({ workspace: true }),
      (error: unknown) => error instanceof SidecarError && error.name === "BranchClosed",
    );
  });
});
