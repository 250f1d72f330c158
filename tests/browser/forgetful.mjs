// Browsers that keep nothing: cookies and storage are blocked, with scripts and without. The answers go through the link, and the pages say so.

import { closePage, expect, inspect, openForgetful, words } from "./browser.mjs";
import { PHONE, button, expectThanks, sentTo, toReview, watch } from "./steps.mjs";

const LABEL = "does not hide by itself";

export async function bare(browser, settings) {
  return journey(browser, { ...settings, name: "bare", scripts: false });
}

export async function scripted(browser, settings) {
  return journey(browser, { ...settings, name: "scripted", scripts: true });
}

async function journey(browser, { base, link, screenshots, name, scripts }) {
  const look = (what) => inspect(page, screenshots, `forgetful-${name}-${what}`);
  const page = watch(await openForgetful(browser, base, { ...PHONE, javaScriptEnabled: scripts }));
  page.on("response", async (response) => {
    expect(!(await response.headerValue("set-cookie").catch(() => null)), `${response.url()} sets a cookie`);
  });
  await page.goto(link);
  if (scripts) expect((await page.evaluate(storage)) === "", `this browser keeps something: ${await page.evaluate(storage)}`);
  expect(await page.locator("#assisted").isVisible(), "the first page does not say what the server sees");
  await look("1-welcome");
  await button(page, "start").click();
  await button(page, "next").waitFor();
  await look("2-questions");
  expect(!(await page.locator("#elsewhere").isVisible()), "a code is offered that nobody keeps");
  await toReview(page, 1);
  expect((await words(page, "main")).includes(LABEL), "the last page does not say what the server sees");
  await look("3-review");
  await button(page, "send").click();
  await page.locator(".thanks").waitFor();
  await expectThanks(page);
  await look("4-thanks");
  for (const { headers, path } of page.sent) expect(!headers.cookie, `a cookie goes to ${path}`);
  expect(sentTo(page, "/api/v1/claims").length === 0, "a claim was asked for that cannot be kept");
  // And again, as people do.
  await page.goto(link);
  expect((await words(page, "main")).includes("You have sent your answers"), "the first page does not say that answers were sent");
  await closePage(page);
  return { posts: sentTo(page, "/survey").length };
}

/** What this browser lets a page keep; runs in the page. */
function storage() {
  const kept = [];
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].setItem("a", "1");
      kept.push(name);
    } catch {
      // As it should be.
    }
  }
  document.cookie = "a=1";
  if (document.cookie) kept.push("cookie");
  return kept.join();
}
