/**
 * Values to one line of JSON and back.
 *
 * `JSON.stringify` turns NaN into null and keeps digits it cannot hold; a trace must not
 * change what it is told, so such values are refused before anything is sent.
 */

import { invalidParams } from "./errors.js";

const FIRST_EXPONENT = 1e21; // from here on a number is written with an exponent, not as digits

/** One line of JSON. Throws InvalidParams for what has no canonical form. */
export function encode(value: unknown): string {
  check(value, "$");
  return JSON.stringify(value);
}

function check(value: unknown, path: string): void {
  switch (typeof value) {
    case "number":
      checkNumber(value, path);
      return;
    case "string":
      if (!value.isWellFormed()) throw invalidParams(path, "a lone surrogate is not Unicode text");
      return;
    case "bigint":
    case "function":
    case "symbol":
      throw invalidParams(path, `${typeof value} is not JSON`);
    case "object":
      if (Array.isArray(value)) {
        value.forEach((part, index) => {
          if (part === undefined) throw invalidParams(`${path}[${index}]`, "undefined is not JSON");
          check(part, `${path}[${index}]`);
        });
      } else if (value !== null && !("toJSON" in value)) {
        for (const [key, part] of Object.entries(value)) {
          check(key, `${path} (a key)`);
          check(part, `${path}.${key}`);
        }
      }
  }
}

function checkNumber(value: number, path: string): void {
  if (!Number.isFinite(value)) throw invalidParams(path, "NaN and infinities are not JSON");
  const whole = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (whole && Math.abs(value) < FIRST_EXPONENT) {
    throw invalidParams(path, "whole number beyond ±(2^53-1); send it as a string");
  }
}
