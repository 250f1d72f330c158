// A parent with children at two schools: one link, two questionnaires.

import { closePage, expect, inspect, words } from "./browser.mjs";
import { button, expectThanks, open, sentTo, toReview } from "./steps.mjs";

const lines = (page) => page.locator(".assignments li");
const begin = (page, which) => lines(page).nth(which).locator("button[value=start]").click();

async function sendOne(page, place) {
  await button(page, "next").waitFor();
  const about = await words(page, ".kicker");
  await toReview(page, place);
  expect((await words(page, ".kicker")) === about, "the questions change their school");
  await Promise.all([page.waitForEvent("domcontentloaded"), button(page, "send").click()]);
  await expectThanks(page);
  expect((await words(page, ".thanks .kicker")) === about, `answers about ${about} were taken as others`);
  return about;
}

/** With scripts: each questionnaire is claimed and sent on its own, and the first page shows at once what is done. */
export async function scripted(browser, { base, link, screenshots }) {
  const look = (page, name) => inspect(page, screenshots, `children-${name}`);
  const page = await open(browser, base);
  await page.goto(link);
  await look(page, "1-welcome");
  const about = [];
  for (const which of [0, 1]) {
    await begin(page, which);
    about.push(await sendOne(page, which));
    await page.locator("#back").click();
    await lines(page).first().waitFor();
    expect((await words(page, "#list + p")).startsWith(`${which + 1} of 2`), `the first page says ${await words(page, "#list + p")}`);
  }
  await look(page, "2-both-sent");
  expect(about[0] !== about[1], `both questionnaires are about ${about[0]}`);
  const claimed = sentTo(page, "/api/v1/claims").map(({ body }) => JSON.parse(body).organisation);
  expect(new Set(claimed).size === 2 && claimed.length === 2, `claimed: ${claimed}`);
  const token = new URL(link).pathname.split("/").pop();
  for (const { body } of sentTo(page, "/survey")) expect(!body.includes(token), "a page posts the link after Start");
  // Each can still be changed.
  await begin(page, 0);
  await sendOne(page, 2);
  expect((await words(page, ".thanks")).includes("take the place"), "answers sent again do not replace");
  await closePage(page);
  return { about };
}

/** Without scripts: from the thanks for the first on to the second. */
export async function bare(browser, { base, link, screenshots }) {
  const look = (page, name) => inspect(page, screenshots, `children-bare-${name}`);
  const page = await open(browser, base, { javaScriptEnabled: false });
  await page.goto(link);
  expect((await words(page, "main")).includes("does not hide by itself"), "nobody says what the server sees");
  await begin(page, 0);
  const about = [await sendOne(page, 1)];
  await look(page, "1-thanks");
  expect((await lines(page).count()) === 1, "the other questionnaire is not offered");
  await begin(page, 0);
  about.push(await sendOne(page, 2));
  expect(about[0] !== about[1], `both questionnaires are about ${about[0]}`);
  expect((await lines(page).count()) === 0, "more is asked than two questionnaires");
  await page.goto(link);
  expect((await words(page, "#list + p")).startsWith("2 of 2"), `the first page says ${await words(page, "#list + p")}`);
  await look(page, "2-both-sent");
  await closePage(page);
  return { about };
}
