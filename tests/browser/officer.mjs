// A quality officer at a desk signs in and reads an indicator.

import { closePage, expect, inspect, openPage, words } from "./browser.mjs";

/** Signs in, opens the results at `path` and the first indicator there; gives what can be read. */
export async function read(browser, { base, email, password, path, screenshots }) {
  const page = await openPage(browser, base, { viewport: { width: 1280, height: 900 }, locale: "en" });
  const look = (name) => inspect(page, screenshots, `officer-${name}`);

  await page.goto(new URL("/sign-in", base).href);
  await look("1-sign-in");
  await page.locator("input[type=email]").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator('form[action="/sign-in"] button.main').click();
  expect(!page.url().includes("/sign-in"), `${email} was not let in: ${await words(page, "main")}`);
  await look("2-overview");

  await page.goto(new URL(path, base).href);
  await look("3-results");
  const means = await page.locator(".voices .mean").allTextContents();
  expect(means.length > 0, `no figure among the results: ${await words(page, "main")}`);
  expect(means.every((mean) => /\d/.test(mean)), `a figure without a number: ${means.join(" | ")}`);

  await page.locator(".voices a:visible").first().click();
  await look("4-indicator");
  const indicator = await words(page, "h1");
  expect((await page.locator("svg.chart[role=img] title").count()) === 1, "the indicator has no chart with a title");
  expect((await page.locator(".mean").count()) > 0, "the indicator shows no mean");
  await page.setViewportSize({ width: 320, height: 640 });
  await look("5-indicator-small");
  await closePage(page);
  return { means, indicator };
}
