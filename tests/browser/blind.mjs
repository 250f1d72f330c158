// Parents whose browsers run scripts: they claim the right to answer blindly, go on after a reload and on another device.

import { closePage, expect, inspect, openPage, words } from "./browser.mjs";

const MOST_PAGES = 40;
const PHONE = { viewport: { width: 320, height: 640 }, locale: "en" };
const button = (page, value) => page.locator(`form[action^="/survey"] button.main[name=go][value=${value}]`);
const shown = (page, what) => page.locator(`#starting [data-say~=${what}]`).first().waitFor({ state: "visible" });

/** A page that writes down what it sends: path, body and headers. */
async function open(browser, base, settings = {}) {
  const page = await openPage(browser, base, { ...PHONE, ...settings });
  page.sent = [];
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (request.method() !== "GET") page.sent.push({ path, body: request.postData() ?? "", headers: request.headers() });
  });
  return page;
}

const sentTo = (page, path) => page.sent.filter((one) => one.path === path);

async function start(page, link) {
  await page.goto(link);
  await button(page, "start").first().click();
  await button(page, "next").waitFor();
}

/** Chooses an option of every question of the page. */
async function choose(page, place) {
  for (const question of await page.locator("fieldset.question").all()) {
    const radios = question.locator("label:has(input[type=radio]):not(.missing *)");
    if (await radios.count()) await radios.nth(place % (await radios.count())).click();
  }
}

async function toReview(page, place) {
  for (let pages = 0; await button(page, "next").count(); pages += 1) {
    if (pages > MOST_PAGES) throw new Error("the questions do not end");
    await choose(page, place);
    await Promise.all([page.waitForEvent("domcontentloaded"), button(page, "next").click()]);
  }
}

async function send(page) {
  await Promise.all([page.waitForEvent("domcontentloaded"), button(page, "send").click()]);
  expect((await page.locator(".thanks").count()) === 1, `no thank-you page but: ${await words(page, "main")}`);
}

/** Every run of 8 characters that two texts share. */
function common(one, other) {
  const runs = new Set();
  for (let at = 0; at + 8 <= one.length; at += 1) runs.add(one.slice(at, at + 8));
  const shared = new Set();
  for (let at = 0; at + 8 <= other.length; at += 1) if (runs.has(other.slice(at, at + 8))) shared.add(other.slice(at, at + 8));
  return shared;
}

const claimTraffic = (page) =>
  page.sent.filter((one) => one.path.startsWith("/api/v1/claims")).map((one) => one.body).join("\n") + page.signed.join("\n");

function watchClaims(page) {
  page.signed = [];
  page.on("response", async (response) => {
    if (!/\/api\/v1\/claims$/.test(new URL(response.url()).pathname)) return;
    page.signed.push(await response.text().catch(() => ""));
  });
}

/** Two parents answer from the first page to the last; gives how long a claim takes and what was met. */
export async function journey(browser, { base, links, screenshots }) {
  const look = (page, name) => inspect(page, screenshots, `blind-${name}`);
  const met = {};
  const pages = [];
  for (const [place, link] of links.slice(0, 2).entries()) {
    const page = await open(browser, base);
    watchClaims(page);
    await page.goto(link);
    if (place === 0) await look(page, "1-welcome");
    expect(!(await page.locator("#assisted").isVisible()), "a browser that hides who sends is told that it does not");
    await start(page, link);
    const token = new URL(link).pathname.split("/").pop();
    if (place === 0) {
      await choose(page, 1);
      await page.locator("#elsewhere summary").click();
      await page.locator("#shared").waitFor({ state: "visible" });
      met.code = (await words(page, "#code")).replaceAll(" ", "");
      await look(page, "2-questions");
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
  // What the ballot shares with the claim of its own sender, it shares with that of the other.
  const [own, other] = pages.map(claimTraffic);
  const ballot = sentTo(pages[0], "/survey").pop().body;
  const strange = common(ballot, other);
  const kin = [...common(ballot, own)].filter((run) => !strange.has(run));
  expect(kin.length === 0, `the ballot shares ${kin.join(" ")} with the claim of its sender`);
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
  await first.locator("#elsewhere summary").click();
  await first.locator("#shared").waitFor({ state: "visible" });
  const code = await words(first, "#code");
  await closePage(first);

  const second = await open(browser, base);
  await second.goto(link);
  await button(second, "start").click();
  await shown(second, "code");
  await look(second, "1-asked");
  await second.locator("#code").fill("0000 0000 0000 0000");
  await second.locator("#code-form button").click();
  await shown(second, "wrong");
  await look(second, "2-wrong");
  await second.locator("#code").fill(code.toLowerCase().replaceAll(" ", "-").replaceAll("0", "o").replaceAll("1", "l"));
  await second.locator("#code-form button").click();
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

/** An old phone: everything that a script does takes twenty times as long. Gives the milliseconds from Start to the questions. */
export async function slowly(browser, { base, link }) {
  const page = await open(browser, base);
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
  const keys = await page.locator(".keys code").allTextContents();
  await page.locator('a[hreflang="nl"]').click();
  await inspect(page, screenshots, "check-nl");
  await closePage(page);
  return { keys: keys.length };
}
