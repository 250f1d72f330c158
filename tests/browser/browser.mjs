// A browser that watches what it does: requests, accessibility, width, and a picture of each page.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
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

/** Starts a browser with an empty profile. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Opens an empty page in a profile of its own; every request that would leave `base` is stopped and reported. */
export async function openPage(browser, base, settings) {
  const page = await guardedPage(browser, base, settings);
  // The accessibility rules need scripts. Where the reader has none, a twin with scripts shows the same document.
  page.twin = settings.javaScriptEnabled === false ? await guardedPage(browser, base, { ...settings, javaScriptEnabled: true }) : page;
  return page;
}

/** Closes the page and what belongs to it. */
export async function closePage(page) {
  await page.twin.context().close();
  await page.context().close();
}

async function guardedPage(browser, base, settings) {
  const context = await browser.newContext({ serviceWorkers: "block", ...settings });
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
    const missing = response.status() === 404 && response.request().resourceType() !== "document";
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
