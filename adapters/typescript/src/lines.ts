/** Bytes to lines, however the bytes are split. */

const NEWLINE = 0x0a;

/** Feed it chunks; it gives the complete lines, without their newline. */
export class Lines {
  #parts: Buffer[] = [];

  /** Take bytes; returns the lines they complete, in order. */
  feed(chunk: Buffer): string[] {
    const out: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      // Decoded as a whole: a character may stand on both sides of a chunk's edge.
      this.#parts.push(chunk.subarray(start, end));
      out.push(Buffer.concat(this.#parts).toString("utf8"));
      this.#parts = [];
      start = end + 1;
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
    return out;
  }
}
