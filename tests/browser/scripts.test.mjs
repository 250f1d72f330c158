// The scripts of respondents' pages: small, and without a word for anyone but this server.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const folder = new URL("../../api/assets/", import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith(".js")).map((name) => [name, readFileSync(new URL(name, folder))]);

test("all scripts together weigh at most 8 kB on their way, and none more than 10 kB at rest", () => {
  assert.ok(scripts.length >= 5);
  const packed = scripts.map(([, source]) => gzipSync(source, { level: 9 }).length);
  assert.ok(packed.reduce((sum, size) => sum + size, 0) <= 8 * 1024, `${packed}`);
  for (const [name, source] of scripts) assert.ok(source.length <= 10 * 1024, `${name}: ${source.length}`);
});

test("no script names another server, runs text or writes markup", () => {
  for (const [name, source] of scripts) {
    assert.doesNotMatch(source.toString().replace(/\/\/ .*/g, ""), /https?:|["'`]\/\/|eval|Function\(|innerHTML|document\.write|cookie/, name);
  }
});
