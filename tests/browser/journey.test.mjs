// The journey itself, on a survey without faults and on surveys with one planted fault each.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { findings, launch } from "./browser.mjs";
import { answer } from "./respondent.mjs";
import { startStub } from "./stub.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Answers a survey with this fault; gives what was met, what was found and what the survey received. */
async function journey(plant) {
  const stub = await startStub(plant);
  findings.length = 0;
  const screenshots = mkdtempSync(join(tmpdir(), "klankbord-journey-"));
  try {
    const met = await answer(browser, { base: stub.base, link: stub.link, screenshots });
    return { met, found: [...findings], pictures: readdirSync(screenshots), received: stub.received };
  } finally {
    rmSync(screenshots, { recursive: true });
    stub.stop();
  }
}

test("a survey without faults is answered to the end", async () => {
  const { met, found, pictures, received } = await journey();
  assert.deepEqual(found, []);
  assert.deepEqual(met, { questions: 4, sections: 1, required: 1, thanks: "Thank you" });
  assert.equal(pictures.length, 5);
  assert.ok(received.includes("at=next&A=2&B=a&C1=1&C2=2&D=We+feel+welcome.&go=next"), received.join("\n"));
});

const FAULTS = {
  "a request left the origin": (html) => html.replace("<main>", '<main><img alt="" src="http://tracker.example/x.png">'),
  "pixels too wide": (html) => html.replace("<main>", '<main><div style="width: 400px">wide</div>'),
  "axe would call it critical or serious": (html) => html.replace('<textarea id="f4"', '<textarea id="other"'),
  "color-contrast": (html) => html.replace("<h1>", '<h1 style="color: #ccc; background: #fff">'),
  "could be left blank": (html, at) => (at === "next" ? html.replace('"progress">Part 1', '"progress">Part 2') : html),
  "1 questions are required, 0 are listed": (html) => html.replace('<a href="#q1">', "<a>").replace("role=\"alert\"", ""),
  "which is not there": (html) => html.replace("#q1", "#q9"),
  "the review shows no answer": (html) => html.replace("<dd>yes</dd>", ""),
  "no thank-you page": (html) => html.replace('class="thanks"', ""),
  "breaks its own policy": (html) => html.replace("<main>", '<main><link rel="stylesheet" href="https://fonts.example/a.css">'),
};

for (const [wanted, plant] of Object.entries(FAULTS)) {
  test(`found: ${wanted}`, async () => {
    const { found } = await journey(plant);
    const pattern = wanted.startsWith("axe") ? /\((label|select-name|aria-.*), (serious|critical)\)/ : new RegExp(wanted);
    assert.ok(found.some((finding) => pattern.test(finding)), `not among: ${JSON.stringify(found, null, 1)}`);
  });
}
