/** How long to wait before a crashed sidecar is started again. Pure. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const CALM_MS = 60_000;
const MOST = 6;

/** Doubling waits; forgotten after a minute without a crash. */
export class Backoff {
  #failures: number[] = [];

  /** Milliseconds to wait after a crash at `now`; undefined: it crashed too often, give up. */
  next(now: number): number | undefined {
    const last = this.#failures.at(-1);
    if (last !== undefined && now - last > CALM_MS) this.#failures = [];
    this.#failures.push(now);
    if (this.#failures.length > MOST) return undefined;
    return Math.min(FIRST_MS * 2 ** (this.#failures.length - 1), LONGEST_MS);
  }

  /** Begin anew: a person asked for a start. */
  reset(): void {
    this.#failures = [];
  }
}
