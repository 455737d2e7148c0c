/**
 * The sidecar's process: lines in, lines out, and how it ends.
 *
 * It ends by itself when its standard input does, so it never outlives this process, however
 * this process ends. It holds the event loop open only while `hold(true)`.
 */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Socket } from "node:net";

import { SidecarExited } from "./errors.js";
import { Lines } from "./lines.js";

const STDERR_KEPT = 4096;

/** How to start it. */
export interface ChildOptions {
  argv: readonly string[];
  cwd?: string | undefined;
  env?: Readonly<Record<string, string | undefined>> | undefined;
  onLine: (line: string) => void;
  onEnd: (reason: SidecarExited) => void;
  onLog?: ((text: string) => void) | undefined;
}

/** A running sidecar. */
export class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #log = "";

  private constructor(options: ChildOptions, process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    const lines = new Lines();
    process.stdout.on("data", (chunk: Buffer) => lines.feed(chunk).forEach(options.onLine));
    process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#log = (this.#log + text).slice(-STDERR_KEPT);
      options.onLog?.(text);
    });
    // Writing to a process that is gone fails here; `close` tells the same with the reason.
    process.stdin.on("error", () => undefined);
    this.#ended = new Promise((resolve) => {
      process.once("close", (code, signal) => {
        const how = signal === null ? `exit code ${code}` : signal;
        const log = this.#log.trim();
        options.onEnd(new SidecarExited(`the sidecar ended (${how})${log && `; it said: ${log}`}`));
        resolve();
      });
    });
    this.hold(false);
  }

  /** Start the program; rejects with SidecarExited when it cannot be started. */
  static async start(options: ChildOptions): Promise<Child> {
    const [program, ...args] = options.argv;
    if (program === undefined) throw new SidecarExited("the command is empty");
    const process_ = spawn(program, args, {
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      windowsHide: true,
    });
    await new Promise<void>((resolve, reject) => {
      process_.once("spawn", resolve);
      process_.once("error", (error) =>
        reject(new SidecarExited(`cannot start ${program}: ${error.message}`, { cause: error })),
      );
    });
    return new Child(options, process_);
  }

  /** Its process id. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Send one line. */
  send(line: string): void {
    if (this.#process.stdin.writable) this.#process.stdin.write(`${line}\n`);
  }

  /** Whether this process stays alive for the sidecar's sake. */
  hold(on: boolean): void {
    const verb = on ? "ref" : "unref";
    this.#process[verb]();
    for (const stream of this.#process.stdio) (stream as Socket | null)?.[verb]?.();
  }

  /** End its input, wait until it has gone; past `graceMs` it is killed. */
  async close(graceMs: number): Promise<void> {
    this.hold(true);
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), graceMs);
    await this.#ended;
    clearTimeout(timer);
  }
}
