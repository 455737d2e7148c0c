/** The agent's tools. They really read, edit and run what is in the world they are given. */

import { execFile } from "node:child_process";
import { readFile, realpath, writeFile } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";

import type { Effect, Json } from "shepherd-sidecar-client";

type Arguments = { [name: string]: string };

/** What the tests said. No times and no absolute paths: two runs of the same code say the same. */
export type TestReport = {
  passed: number;
  failed: number;
  failures: { name: string; file: string; expected: string; actual: string }[];
};

/** A tool: what replay and restore may do with it, and what it does in the folder `world`. */
export interface Tool {
  effect: Effect;
  run: (world: string, args: Arguments) => Promise<Json>;
}

export const TOOLS: { [name: string]: Tool } = {
  run_tests: { effect: "pure", run: runTests },
  read_file: {
    effect: "pure",
    run: async (world, { path = "" }) => ({ text: await readFile(inside(world, path), "utf8") }),
  },
  edit_file: { effect: "reversible", run: editFile },
  shell: { effect: "irreversible", run: (world, { command = "" }) => ran(world, "sh", ["-c", command]) },
};

async function editFile(world: string, args: Arguments): Promise<Json> {
  const { path = "", old = "", new: put = "" } = args;
  const file = inside(world, path);
  const text = await readFile(file, "utf8");
  if (text.split(old).length !== 2) throw new Error(`${path} does not hold the old text once`);
  await writeFile(file, text.replace(old, () => put));
  return { changed: path };
}

async function runTests(world: string): Promise<TestReport> {
  const { stdout } = await ran(world, process.execPath, ["--test", "--test-reporter=tap"]);
  const root = await realpath(world);
  const report: TestReport = { passed: 0, failed: 0, failures: [] };
  for (const block of stdout.split(/^# Subtest: .*\n/m).slice(1)) {
    const [, failed, name = ""] = /^(not )?ok \d+ - (.*)$/m.exec(block) ?? [];
    if (failed === undefined) {
      report.passed += 1;
      continue;
    }
    const value = (key: string): string => new RegExp(`^  ${key}: '(.*)'$`, "m").exec(block)?.[1] ?? "";
    const file = relative(root, value("location").replace(/:\d+:\d+$/, ""));
    report.failed += 1;
    report.failures.push({ name, file, expected: value("expected"), actual: value("actual") });
  }
  return report;
}

function ran(
  cwd: string,
  program: string,
  args: string[],
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  return new Promise((settle, reject) => {
    const child = execFile(program, args, { cwd, env }, (error, stdout, stderr) => {
      if (child.exitCode === null) reject(error ?? new Error(`${program} was killed`));
      else settle({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}

function inside(world: string, path: string): string {
  const file = resolve(world, path);
  if (!file.startsWith(world + sep)) throw new Error(`${path} lies outside the workspace`);
  return file;
}
