// Parents whose browsers run scripts: they claim the right to answer blindly, go on after a reload and on another device.

import { closePage, expect, inspect, openPage, print, words } from "./browser.mjs";
import { PHONE, button, choose, codeOf, open, send, sentTo, shown, start, toReview, type } from "./steps.mjs";
import { pieces, shared } from "./traffic.mjs";

/**
 * What may stand in a ballot and in the claim of the same person, because everybody in the round sends it: nothing else may, in any
 * writing. The names of headers, and texts.
 */
const COMMON_HEADERS = [
  "host", "connection", "user-agent", "accept", "accept-encoding", "accept-language", "content-type", "origin",
  "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest",
];
const COMMON_TEXTS = ["autumn", "de-linde", "parent", "/api/v1/"];

/** What a page sends with its credential shares nothing with what it sends with its link; gives how many requests were compared. */
async function expectApart(page, other) {
  const isClaim = ({ path }) => path.startsWith("/api/v1/claims");
  const hasCredential = ({ body }) => /credential/.test(body);
  const [claims, ballots] = [page.sent.filter(isClaim), page.sent.filter(hasCredential)];
  const read = async (all, settings) => (await Promise.all(all.map(({ request }) => pieces(request, settings)))).flat();
  const claimed = [...(await read(claims, { answer: true })), ...page.answers.map((text) => ["answer", text])];
  expect(page.answers.some((text) => text.includes("signature")), "no signature was seen");
  const submitted = await read(ballots);
  // A header is common to all only with a value that somebody else has sent as well.
  const elsewhere = new Set((await read(other.sent)).map((piece) => piece.join()));
  const common = new Set(COMMON_HEADERS.map((name) => `header ${name}`));
  const values = submitted.filter((piece) => common.has(piece[0]) && elsewhere.has(piece.join())).map(([, value]) => value);
  const found = shared(submitted, claimed, [...values, ...COMMON_TEXTS]);
  expect(found.length === 0, `with its credential a page sends what its claim has sent:\n${found.join("\n")}`);
  return { claims: claims.length, ballots: ballots.length };
}

/** The code stands on one line of a small phone, breaks between its groups where there is even less room, and is taken as a whole. */
async function expectWholeGroups(page) {
  const lines = (selector) => page.locator(selector).evaluateAll((all) => all.map((one) => one.getClientRects().length));
  const height = () => page.locator("#code").evaluate((code) => code.getClientRects()[0].height);
  const one = await height();
  expect(one < 60, `the code is ${one} pixels high at 320 pixels: it breaks`);
  await page.setViewportSize({ width: 160, height: 640 });
  expect((await lines("#code span")).join() === "1,1,1,1", "a group of the code breaks");
  await page.setViewportSize(PHONE.viewport);
  await page.locator("#code").click();
  const taken = await page.evaluate(() => getSelection().toString().trim());
  expect(/^[0-9A-Z]{4}( [0-9A-Z]{4}){3}$/.test(taken), `a tap on the code takes ${JSON.stringify(taken)}`);
}

/** Two parents answer from the first page to the last; gives how long a claim takes and what was met. */
export async function journey(browser, { base, links, screenshots }) {
  const look = (page, name) => inspect(page, screenshots, `blind-${name}`);
  const met = {};
  const pages = [];
  for (const [place, link] of links.slice(0, 2).entries()) {
    const page = await open(browser, base);
    page.answers = [];
    await page.route(/\/api\/v1\/claims(\/key)?$/, async (route) => {
      const response = await route.fetch();
      page.answers.push(await response.text());
      return route.fulfill({ response });
    });
    await page.goto(link);
    if (place === 0) await look(page, "1-welcome");
    expect(!(await page.locator("#assisted").isVisible()), "a browser that hides who sends is told that it does not");
    await start(page, link);
    const token = new URL(link).pathname.split("/").pop();
    if (place === 0) {
      await choose(page, 1);
      met.code = (await codeOf(page)).replaceAll(" ", "");
      await expectWholeGroups(page);
      await look(page, "2-questions");
      await page.locator("#elsewhere").screenshot({ path: `${screenshots}/blind-2-code.png` });
      // The way back to the first page, as after closing the browser's tab.
      await page.goto(link);
      await page.locator("button[value=resume]").waitFor({ state: "visible" });
      await look(page, "3-resume");
      await page.locator("button[value=resume]").click();
      await button(page, "next").waitFor();
      expect((await page.locator("input[type=radio]:checked").count()) > 0, "the answers of before are gone");
      met.claims = sentTo(page, "/api/v1/claims").length;
    }
    await toReview(page, place);
    if (place === 0) await look(page, "4-review");
    const said = await words(page, "main");
    expect(!said.includes("does not hide by itself"), "the review says that the server sees who sends");
    await send(page);
    if (place === 0) await look(page, "5-thanks");
    const back = page.locator("#back");
    expect((await back.getAttribute("href")) === `/s/${token}`, "no way back to the other questionnaires");
    await page.waitForResponse((response) => response.url().endsWith("/api/v1/claims/done"));
    for (const { body, headers } of sentTo(page, "/survey")) {
      expect(!body.includes(token), "a page posts the link after Start");
      expect(!headers.cookie && !headers.authorization && !headers.referer, "a page sends more than its answers");
    }
    pages.push(page);
  }
  met.compared = await expectApart(pages[0], pages[1]);
  met.done = sentTo(pages[0], "/api/v1/claims/done").length;
  for (const page of pages) await closePage(page);
  return met;
}

/** A second device, first without the code, then with a wrong one, then with the right one. */
export async function elsewhere(browser, { base, link, screenshots }) {
  const look = (page, name) => inspect(page, screenshots, `blind-elsewhere-${name}`);
  const first = await open(browser, base);
  await start(first, link);
  await choose(first, 1);
  const chosen = await first.locator("input[type=radio]:checked").count();
  const code = await codeOf(first);
  await closePage(first);

  const second = await open(browser, base);
  await second.goto(link);
  await button(second, "start").click();
  await shown(second, "code");
  await look(second, "1-asked");
  await type(second, "0000 0000 0000 0000");
  await shown(second, "wrong");
  await look(second, "2-wrong");
  await type(second, code.toLowerCase().replaceAll(" ", "-").replaceAll("0", "o").replaceAll("1", "l"));
  await button(second, "next").waitFor();
  const brought = await second.locator("input[type=radio]:checked").count();
  expect(brought === chosen, `${chosen} answers were given, ${brought} came along`);
  await toReview(second, 2);
  await send(second);
  // Once more, with other answers: they take the place of the first.
  await start(second, link);
  await toReview(second, 0);
  await send(second);
  expect((await words(second, ".thanks")).includes("take the place"), "answers sent again do not replace");
  await closePage(second);

  // A browser without scripts is told what to do before it has answered anything.
  const bare = await open(browser, base, { javaScriptEnabled: false });
  await bare.goto(link);
  await Promise.all([bare.waitForEvent("domcontentloaded"), button(bare, "start").click()]);
  expect((await words(bare, "main")).includes("You began on another device"), "a bare browser is not told where it began");
  await look(bare, "3-bare");
  await closePage(bare);
  return { brought };
}

/** A line that breaks: while the claim is asked for, and when its answer is lost on the way. */
export async function broken(browser, { base, link, screenshots }) {
  const page = await open(browser, base);
  await page.goto(link);
  await page.route("**/api/v1/claims/key", (route) => route.abort("internetdisconnected"));
  await button(page, "start").click();
  await shown(page, "offline");
  await inspect(page, screenshots, "blind-broken-1-offline");
  await page.unroute("**/api/v1/claims/key");
  const asked = [];
  await page.route("**/api/v1/claims", async (route) => {
    asked.push(JSON.parse(route.request().postData()).blinded);
    if (asked.length > 1) return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  await page.locator("#again").click();
  await shown(page, "offline");
  await page.reload();
  await button(page, "start").click();
  await button(page, "next").waitFor();
  expect(asked.length === 2 && asked[0] === asked[1], "a lost answer is not asked for again with the same value");
  await closePage(page);
  return { asked: asked.length };
}

/**
 * An old phone: everything that a script does takes twenty times as long. Gives the milliseconds from Start to the moment at which the
 * answers' first page is asked for. The making of the group's RSA key is not among them: the page on which anyone can check shows that it
 * was made before, as it is for everyone but the first of a group, who waits for the server (and not the phone) a second or so more.
 */
export async function slowly(browser, { base, link }) {
  const page = await open(browser, base);
  await page.goto(link);
  await page.goto(new URL(await page.locator('a[href^="/rounds/"]').getAttribute("href"), base).href);
  expect((await page.locator(".keys code").count()) === 2, "the key that signs is not made yet: its making would be timed");
  // Taken inside the page: reaching into it takes twenty times as long, too.
  await page.addInitScript(() => {
    let begun = 0;
    addEventListener("submit", () => (begun = performance.now()), true);
    const submit = HTMLFormElement.prototype.submit;
    HTMLFormElement.prototype.submit = function () {
      sessionStorage.setItem("taken", performance.now() - begun);
      submit.call(this);
    };
  });
  await page.goto(link);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 20 });
  await button(page, "start").click();
  await button(page, "next").waitFor();
  const milliseconds = await page.evaluate(() => Number(sessionStorage.getItem("taken")));
  expect(milliseconds > 0, "no claim was timed");
  await closePage(page);
  return { milliseconds: Math.round(milliseconds) };
}

/** A browser that lacks what is needed: the answers go through the link, and the pages say so. */
export async function lacking(browser, { base, link, screenshots }) {
  const page = await openPage(browser, base, PHONE);
  await page.addInitScript(() => Object.defineProperty(window, "BigInt", { value: undefined }));
  await page.goto(link);
  expect(await page.locator("#assisted").isVisible(), "a browser that cannot hide who sends is not told so");
  await button(page, "start").click();
  await button(page, "next").waitFor();
  await toReview(page, 1);
  expect((await words(page, "main")).includes("does not hide by itself"), "the review does not say what the server sees");
  await inspect(page, screenshots, "blind-lacking-review");
  await send(page);
  await closePage(page);
  return { sent: 1 };
}

/** The page on which anyone can check a round, as the welcome page leads to it. */
export async function check(browser, { base, link, screenshots }) {
  const page = await openPage(browser, base, PHONE);
  await page.goto(link);
  const path = await page.locator('a[href^="/rounds/"]').getAttribute("href");
  await page.goto(new URL(path, base).href);
  await inspect(page, screenshots, "check-en");
  await print(page, screenshots, "check-en");
  const keys = await page.locator(".keys code").allTextContents();
  await page.locator('a[hreflang="nl"]').click();
  await inspect(page, screenshots, "check-nl");
  await print(page, screenshots, "check-nl");
  await closePage(page);
  return { keys: keys.length };
}

/** A learner who reads Dutch: no page says "u" to them, from the link to the page on which anyone can check. */
export async function learner(browser, { base, link, screenshots }) {
  const page = await open(browser, base, { locale: "nl" });
  const look = async (name) => {
    await inspect(page, screenshots, `learner-nl-${name}`);
    await print(page, screenshots, `learner-nl-${name}`);
    const text = await page.evaluate(() => document.body.textContent);
    const formal = text.match(/[^.]*\b(u|uw)\b[^.]*/i);
    expect(!formal, `${name} speaks to a learner as to an adult: ${formal?.[0].trim()}`);
  };
  await page.goto(link);
  await look("1-welcome");
  await start(page, link);
  await choose(page, 1);
  await codeOf(page);
  await look("2-questions");
  await toReview(page, 1);
  await look("3-review");
  const check = await page.locator('a[href^="/rounds/"]').getAttribute("href");
  await send(page);
  await look("4-thanks");
  await page.reload();
  await page.locator("h1 [data-sent]").waitFor();
  await look("5-sent");
  await page.goto(new URL(check, base).href);
  await look("6-check");
  await page.locator('a[hreflang="en"]').click();
  await page.locator('a[hreflang="nl"]').click();
  await look("6-check-again");
  const bare = await open(browser, base, { locale: "nl", javaScriptEnabled: false });
  await bare.goto(link);
  await button(bare, "start").click();
  const told = await words(bare, "main");
  expect(told.includes("Je bent op een ander apparaat begonnen"), `a learner is told: ${told}`);
  await closePage(bare);
  await closePage(page);
  return {};
}
