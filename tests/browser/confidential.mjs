// A parent in a confidential round: goes on where they were, on the same device and on another one, and edits until the round closes.

import { closePage, expect, inspect, words } from "./browser.mjs";
import { button, choose, codeOf, open, send, sentTo, shown, start, toReview, type } from "./steps.mjs";

const chosen = (page) => page.locator("input[type=radio]:checked").count();

/** On one device: reload, the way back from the first page, sending, and sending again. */
export async function resume(browser, { base, link, screenshots }) {
  const page = await open(browser, base);
  await page.goto(link);
  await inspect(page, screenshots, "confidential-1-welcome");
  await start(page, link);
  await choose(page, 1);
  const given = await chosen(page);
  expect(given > 0, "nothing could be chosen");
  await page.reload();
  await button(page, "next").waitFor();
  expect((await chosen(page)) === given, `${given} answers were given, ${await chosen(page)} are left after a reload`);
  await page.goto(link);
  await page.locator("button[value=resume]").waitFor({ state: "visible" });
  await page.locator("button[value=resume]").click();
  await button(page, "next").waitFor();
  expect((await chosen(page)) === given, `${given} answers were given, ${await chosen(page)} came back`);
  await toReview(page, 1);
  await send(page);
  await start(page, link);
  expect((await chosen(page)) === 0, "answers that were sent lie on the device");
  await toReview(page, 2);
  await send(page);
  expect((await words(page, ".thanks")).includes("take the place"), "answers sent again do not replace");
  expect(!sentTo(page, "/api/v1/drafts").length, "answers left the device before they were sent");
  await closePage(page);
  return { given };
}

/** On another device: with a wrong code, with the right one, and from the beginning without one. */
export async function carry(browser, { base, link, screenshots }) {
  const look = (page, name) => inspect(page, screenshots, `confidential-${name}`);
  const first = await open(browser, base);
  await start(first, link);
  await choose(first, 1);
  const given = await chosen(first);
  const code = await codeOf(first);
  await look(first, "2-code");
  // What is chosen from now on goes along as well.
  const kept = first.waitForResponse((response) => response.url().endsWith("/api/v1/drafts") && response.ok());
  await first.locator("fieldset.question").first().locator("label:has(input[type=radio])").nth(3).click();
  await kept;
  for (const { body } of sentTo(first, "/api/v1/drafts")) {
    expect(!/a\.P|section/.test(Buffer.from(JSON.parse(body).content, "base64").toString("latin1")), "a draft can be read on its way");
  }

  const second = await open(browser, base);
  await second.goto(link);
  await button(second, "start").click();
  await shown(second, "code");
  await look(second, "3-asked");
  await type(second, "0000 0000 0000 0000");
  await shown(second, "wrong");
  await look(second, "4-wrong");
  await type(second, code.toLowerCase());
  await button(second, "next").waitFor();
  const brought = await chosen(second);
  expect(brought === given, `${given} answers were given, ${brought} came along`);
  const moved = second.locator("fieldset.question").first().locator("label:has(input[type=radio])").nth(3);
  expect(await moved.locator("input").isChecked(), "the last choice has not come along");
  await toReview(second, 2);
  await send(second);
  await closePage(second);
  // The first device goes on where it was, and its answers replace those of the second.
  await toReview(first, 3);
  await send(first);
  expect((await words(first, ".thanks")).includes("take the place"), "answers from the first device do not replace");
  await closePage(first);

  const third = await open(browser, base);
  await third.goto(link);
  await button(third, "start").click();
  await shown(third, "code");
  await third.locator("[data-anew]").click();
  await button(third, "next").waitFor();
  expect((await chosen(third)) === 0, "a new beginning has answers");
  await toReview(third, 0);
  await send(third);
  await closePage(third);
  return { given, brought };
}

/** When the round has closed: the link and a page that was open say so. */
export async function closed(browser, { base, link, screenshots, close }) {
  const page = await open(browser, base);
  await start(page, link);
  await toReview(page, 1);
  const headers = { Authorization: `Bearer ${close.token}`, "Content-Type": "application/json" };
  const reply = await fetch(new URL(close.path, base), { method: "POST", headers, body: "{}" });
  expect(reply.ok, `the round does not close: ${reply.status}`);
  await Promise.all([page.waitForEvent("domcontentloaded"), button(page, "send").click()]);
  await inspect(page, screenshots, "confidential-5-closed");
  expect((await words(page, "h1")) === "This survey has closed", `sent after closing: ${await words(page, "main")}`);
  await page.goto(link);
  expect((await words(page, "h1")) === "This survey has closed", `opened after closing: ${await words(page, "main")}`);
  await closePage(page);
  return {};
}
