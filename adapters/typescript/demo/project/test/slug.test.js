import assert from "node:assert/strict";
import { test } from "node:test";

import { slug } from "../src/slug.js";

test("words are joined by dashes", () => {
  assert.equal(slug("Hello, World!"), "hello-world");
});

test("numbers stay", () => {
  assert.equal(slug("Catch-22"), "catch-22");
});

test("accents are dropped", () => {
  assert.equal(slug("Crème brûlée"), "creme-brulee");
});

test("long dashes part words", () => {
  assert.equal(slug("Paris–Roubaix"), "paris-roubaix");
});

test("nothing stands at the ends", () => {
  assert.equal(slug("¡Hola!"), "hola");
});
