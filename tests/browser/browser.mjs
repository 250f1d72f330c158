// A browser that watches what it does: requests, accessibility, width, and a picture of each page.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The findings of a journey; empty when nothing is wrong. */
export const findings = [];

export function expect(holds, finding) {
  if (!holds) findings.push(finding);
}

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Starts a browser with an empty profile. */
export function launch() {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Opens an empty page in a profile of its own; every request that would leave `base` is stopped and reported. */
export async function openPage(browser, base, settings) {
  const page = await guardedPage(browser, base, settings);
  // The accessibility rules need scripts. Where the reader has none, a twin with scripts shows the same document.
  page.twin = settings.javaScriptEnabled === false ? await guardedPage(browser, base, { ...settings, javaScriptEnabled: true }) : page;
  return page;
}

/** As `openPage`, in a browser of its own whose owner lets no site keep anything: no cookies, no storage of either kind. */
export async function openForgetful(browser, base, settings) {
  const folder = mkdtempSync(join(tmpdir(), "klankbord-browser-"));
  mkdirSync(join(folder, "Default"));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(folder, "Default/Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: FLAGS, serviceWorkers: "block", ...settings });
  const page = await guard(context, base);
  page.folder = folder;
  page.twin = settings.javaScriptEnabled === false ? await guardedPage(browser, base, { ...settings, javaScriptEnabled: true }) : page;
  return page;
}

/** Closes the page and what belongs to it. */
export async function closePage(page) {
  await page.twin.context().close();
  await page.context().close();
  // Processes of the browser may write for a moment longer.
  if (page.folder) rmSync(page.folder, { recursive: true, force: true, maxRetries: 20 });
}

async function guardedPage(browser, base, settings) {
  return guard(await browser.newContext({ serviceWorkers: "block", ...settings }), base);
}

async function guard(context, base) {
  context.setDefaultTimeout(30_000);
  const origin = new URL(base).origin;
  await context.route("**/*", (route) => {
    const address = route.request().url();
    if (address.startsWith("data:") || new URL(address).origin === origin) return route.continue();
    findings.push(`a request left the origin: ${address}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("response", (response) => {
    expect(response.status() < 500, `${response.url()} answered ${response.status()}`);
    // Whether there is a draft is a question, and no is an answer.
    const asked = new URL(response.url()).pathname === "/api/v1/drafts/read";
    const missing = response.status() === 404 && response.request().resourceType() !== "document" && !asked;
    expect(!missing, `${response.url()} is missing`);
  });
  page.on("console", (message) => {
    const refused = message.type() === "error" && /Content Security Policy|Refused to/.test(message.text());
    expect(!refused, `the page breaks its own policy: ${message.text()}`);
  });
  page.on("pageerror", (error) => findings.push(`a script failed: ${error.message}`));
  return page;
}

/** Looks at the page that is open: a picture, the accessibility rules of WCAG 2.2 AA, and no sideways scrolling. */
export async function inspect(page, folder, name) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow <= 0, `${name} is ${overflow} pixels too wide`);
  const twin = await scripted(page);
  await twin.evaluate(axe);
  const result = await twin.evaluate(() => globalThis.axe.run());
  expect(result.passes.length > 0, `${name}: axe looked at nothing`);
  for (const { id, impact, help, nodes } of result.violations) {
    const places = nodes.map((node) => node.target.join(" ")).join("; ");
    expect(!["serious", "critical"].includes(impact), `${name}: ${help} (${id}, ${impact}) at ${places}`);
  }
}

/** A picture of the page as it is printed on A4, which must be wide enough for it. */
export async function print(page, folder, name) {
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 718, height: 1047 });
  await page.screenshot({ path: `${folder}/${name}-print.png`, fullPage: true });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow <= 0, `${name} is ${overflow} pixels too wide for paper`);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize(before);
}

/** The page itself where it has scripts; else its twin, which is shown the same document at the same address. */
async function scripted(page) {
  if (page.twin === page) return page;
  const [address, body] = [page.url().split("#")[0], await page.content()];
  const show = (route) =>
    route.request().isNavigationRequest() ? route.fulfill({ contentType: "text/html; charset=utf-8", body }) : route.fallback();
  await page.twin.route(address, show);
  await page.twin.goto(address);
  await page.twin.unroute(address, show);
  return page.twin;
}

/** The text of the first element that a selector finds, with single spaces. */
export async function words(page, selector) {
  const text = (await page.locator(selector).first().textContent()) ?? "";
  return text.replace(/\s+/g, " ").trim();
}
