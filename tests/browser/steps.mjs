// What respondents do on every journey: start, answer, look over, send.

import { expect, openPage, words } from "./browser.mjs";

const MOST_PAGES = 40;
export const PHONE = { viewport: { width: 320, height: 640 }, locale: "en" };
export const button = (page, value) => page.locator(`form[action^="/survey"] button.main[name=go][value=${value}]`);
export const shown = (page, what) => page.locator(`#starting [data-say~=${what}]`).first().waitFor({ state: "visible" });

/** A page with a phone's width that writes down what it sends: path, body, headers and the request itself. */
export async function open(browser, base, settings = {}) {
  return watch(await openPage(browser, base, { ...PHONE, ...settings }));
}

/** Has a page write down what it sends. */
export function watch(page) {
  page.sent = [];
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (request.method() === "GET") return;
    page.sent.push({ path, body: request.postData() ?? "", headers: request.headers(), request });
  });
  return page;
}

export const sentTo = (page, path) => page.sent.filter((one) => one.path === path);

/** From the link to the first questions. */
export async function start(page, link) {
  await page.goto(link);
  await button(page, "start").first().click();
  await button(page, "next").waitFor();
}

/** Chooses an option of every question of the page. */
export async function choose(page, place) {
  for (const question of await page.locator("fieldset.question").all()) {
    const radios = question.locator("label:has(input[type=radio]):not(.missing *)");
    if (await radios.count()) await radios.nth(place % (await radios.count())).click();
  }
}

/** Answers what is asked, up to the page on which all answers stand. */
export async function toReview(page, place) {
  for (let pages = 0; await button(page, "next").count(); pages += 1) {
    if (pages > MOST_PAGES) throw new Error("the questions do not end");
    await choose(page, place);
    await Promise.all([page.waitForEvent("domcontentloaded"), button(page, "next").click()]);
  }
}

/** Sends the answers and waits for the thanks. */
export async function send(page) {
  await Promise.all([page.waitForEvent("domcontentloaded"), button(page, "send").click()]);
  await expectThanks(page);
}

export async function expectThanks(page) {
  expect((await page.locator(".thanks").count()) === 1, `no thank-you page but: ${await words(page, "main")}`);
}

/** The code for another device, as the page shows it. */
export async function codeOf(page) {
  await page.locator("#elsewhere summary").click();
  await page.locator("#shared").waitFor({ state: "visible" });
  return words(page, "#code");
}

/** Types a code for which a page asks. */
export async function type(page, code) {
  await page.locator("#code").fill(code);
  await page.locator("#code-form button").click();
}
