// node journey.mjs '{"base": "http://127.0.0.1:1234", "screenshots": "folder", "respondent": {"link": ...}, "officer": {...},
// "blind": {"journey": {"links": [..]}, "elsewhere": {"link": ..}, ...}}'
//
// Goes on the journeys that are asked for and prints what was met as JSON. Exit code 1 when something was wrong; what
// it was then stands on standard error.

import * as blind from "./blind.mjs";
import { findings, launch } from "./browser.mjs";
import { read } from "./officer.mjs";
import { answer } from "./respondent.mjs";

const { base, screenshots, respondent, officer, blind: blindly } = JSON.parse(process.argv[2]);
const browser = await launch();
const met = {};
try {
  if (respondent) met.respondent = await answer(browser, { base, screenshots, ...respondent });
  for (const [name, settings] of Object.entries(blindly ?? {})) {
    met[name] = await blind[name](browser, { base, screenshots, ...settings });
  }
  if (officer) met.officer = await read(browser, { base, screenshots, ...officer });
} catch (error) {
  findings.push(error.stack ?? String(error));
} finally {
  await browser.close();
}
console.log(JSON.stringify(met, null, 2));
for (const finding of findings) console.error(finding);
process.exitCode = findings.length ? 1 : 0;
