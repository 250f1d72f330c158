// Whether a value that two requests share is found, however it is written.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";

import { shared } from "./traffic.mjs";

const secret = randomBytes(24);
const WRITINGS = {
  "base64": (bytes) => bytes.toString("base64"),
  "base64url": (bytes) => bytes.toString("base64url"),
  "hexadecimal digits": (bytes) => bytes.toString("hex"),
  "percent-encoded base64": (bytes) => encodeURIComponent(bytes.toString("base64")),
  "base64url behind other text": (bytes) => `1.autumn.1.${Buffer.concat([randomBytes(31), bytes]).toString("base64url")}`,
};

for (const [name, write] of Object.entries(WRITINGS)) {
  for (const [other, read] of Object.entries(WRITINGS)) {
    test(`found: ${name} in one, ${other} in the other`, () => {
      const found = shared([["header x-trace", `a=${write(secret)}&b`]], [["body", `{"nonce":"${read(secret)}"}`]], []);
      assert.ok(found.length > 0);
      assert.ok(found.every((one) => one.startsWith("header x-trace: ")));
    });
  }
}

test("found: eight bytes, and not seven", () => {
  assert.deepEqual(shared([["body", "xx12345678yy"]], [["body", "--12345678=="]], []), ['body: "12345678"']);
  assert.deepEqual(shared([["body", "xx1234567yy"]], [["body", "--1234567=="]], []), []);
});

test("allowed: what is named, and not what lies beside it", () => {
  const [some, others] = [[["body", "school-de-linde:4711-0815"]], [["body", "school-de-linde 4711-0815"]]];
  assert.deepEqual(shared(some, others, ["school-de-linde", "4711-0815"]), []);
  assert.ok(shared(some, others, ["school-de-linde"]).some((one) => one.includes("711-0815")));
});

test("two random values share nothing", () => {
  assert.deepEqual(shared([["body", randomBytes(500).toString("base64url")]], [["body", randomBytes(500).toString("base64url")]], []), []);
});
