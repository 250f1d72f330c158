// node journey.mjs '{"base": "http://127.0.0.1:1234", "screenshots": "folder", "respondent": {"link": ...}, "officer": {...},
// "blind": {"journey": {"links": [..]}, "elsewhere": {"link": ..}, ...}, "children": {...}, ...}'
//
// Goes on the journeys that are asked for and prints what was met as JSON. Exit code 1 when something was wrong; what
// it was then stands on standard error.

import * as again from "./again.mjs";
import * as blind from "./blind.mjs";
import { findings, launch } from "./browser.mjs";
import * as children from "./children.mjs";
import * as confidential from "./confidential.mjs";
import * as forgetful from "./forgetful.mjs";
import { read } from "./officer.mjs";
import { answer } from "./respondent.mjs";

const TRAVELLERS = { again, blind, children, confidential, forgetful };

const { base, screenshots, respondent, officer, ...others } = JSON.parse(process.argv[2]);
const browser = await launch();
const met = {};
try {
  if (respondent) met.respondent = await answer(browser, { base, screenshots, ...respondent });
  for (const [traveller, journeys] of Object.entries(others)) {
    for (const [name, settings] of Object.entries(journeys)) {
      met[name] = await TRAVELLERS[traveller][name](browser, { base, screenshots, ...settings });
    }
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
