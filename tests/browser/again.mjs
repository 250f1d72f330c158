// Reload and the browser's back button, before and after sending: nothing is lost, and nobody counts twice.

import { closePage, expect, inspect, words } from "./browser.mjs";
import { button, choose, expectThanks, open, send, sentTo, start, toReview } from "./steps.mjs";

const progress = (page) => words(page, ".progress");
const chosen = (page) => page.locator("input[type=radio]:checked").count();

/** With scripts the browser asks nothing, and every page that one comes back to is clear. */
export async function scripted(browser, { base, link, screenshots }) {
  const page = await open(browser, base);
  await start(page, link);
  const [first, given] = [await progress(page), await choose(page, 1).then(() => chosen(page))];
  await Promise.all([page.waitForEvent("domcontentloaded"), button(page, "next").click()]);
  const second = await progress(page);
  expect(first !== second, `twice ${first}`);
  await choose(page, 2);
  await page.reload();
  await page.locator(".progress").waitFor();
  expect((await progress(page)) === second && (await chosen(page)) > 0, `a reload of ${second} gives ${await progress(page)}`);
  await page.goBack();
  await page.locator(".progress").waitFor();
  expect((await progress(page)) === first && (await chosen(page)) === given, `back from ${second} is ${await words(page, "main")}`);
  await toReview(page, 1);
  await page.reload();
  await button(page, "send").waitFor();
  await send(page);
  const posts = sentTo(page, "/survey").length;

  await page.reload();
  await page.locator("h1 [data-sent]").waitFor();
  await inspect(page, screenshots, "again-1-reload");
  for (const step of ["first", "second"]) {
    await page.goBack();
    await page.locator("h1 [data-sent]").waitFor();
    expect((await words(page, "h1 [data-sent]")) === "Your answers have been sent", `the ${step} step back shows ${await words(page, "main")}`);
  }
  expect(sentTo(page, "/survey").length === posts, "something was sent once more");
  expect((await chosen(page)) === 0, "answers that were sent lie on the device");
  await page.locator("#back").click();
  await button(page, "start").waitFor();
  await closePage(page);
  return { posts };
}

/** Without scripts the browser sends once more what it is asked to; the answers take their own place. */
export async function bare(browser, { base, link, screenshots }) {
  const page = await open(browser, base, { javaScriptEnabled: false });
  await start(page, link);
  await toReview(page, 1);
  await send(page);
  await page.reload();
  await expectThanks(page);
  expect((await words(page, ".thanks")).includes("take the place"), "answers sent again do not replace");
  await inspect(page, screenshots, "again-bare-1-reload");
  // The browser asks whether to send the form of that page once more: its words, which this one shows as an error. Yes is a reload.
  await page.goBack().catch((error) => expect(/ERR_CACHE_MISS/.test(error.message), error.message));
  await page.reload();
  await button(page, "send").waitFor();
  const answered = await page.locator(".review div:has(> dt):has(> dd:not(.soft))").count();
  expect(answered > 0, "the answers of before are gone");
  await inspect(page, screenshots, "again-bare-2-back");
  await send(page);
  await closePage(page);
  return { answered };
}
