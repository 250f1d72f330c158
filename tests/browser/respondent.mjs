// A parent with a small telephone and no JavaScript answers a survey, page by page.

import { closePage, expect, inspect, openPage, words } from "./browser.mjs";

const MOST_PAGES = 40;

const button = (page, value) => page.locator(`form[action^="/survey"] button.main[name=go][value=${value}]`);

/** Follows `link` to the end and sends the answers; gives what was met on the way. */
export async function answer(browser, { base, link, screenshots, language = "en" }) {
  const page = await openPage(browser, base, {
    javaScriptEnabled: false,
    viewport: { width: 320, height: 640 },
    locale: language,
  });
  const look = (name) => inspect(page, screenshots, `respondent-${language}-${name}`);
  const met = { questions: 0, sections: 0, required: 0, thanks: "" };

  await page.goto(link);
  await look("1-welcome");
  await button(page, "start").first().click();

  const asked = new Set();
  for (let pages = 0; await button(page, "next").count(); pages += 1) {
    if (pages > MOST_PAGES) throw new Error("the questions do not end");
    if (pages === 0) await look("2-questions");
    if (!met.required && (await page.locator("fieldset.question .must").count())) {
      met.required = await leaveBlank(page, look);
    }
    const before = await words(page, ".progress");
    for (const question of await fillIn(page, pages + 1)) asked.add(`${before}: ${question}`);
    await button(page, "next").click();
    // The same part comes back when an answer has added questions to it, and otherwise only when something is wrong.
    const same = (await button(page, "next").count()) && (await words(page, ".progress")) === before;
    if (!same) met.sections += 1;
    else if (await page.locator(".summary.gentle[role=status]").count()) await look("2-questions-added");
    else throw new Error(`answers were not taken: ${await words(page, "main")}`);
  }

  met.questions = asked.size;
  expect(met.questions > 0, "no question was asked");
  await look("3-review");
  const answered = await page.locator(".review div:has(> dt):has(> dd:not(.soft))").count();
  expect(answered === met.questions, `the review shows no answer to some of ${met.questions} questions: ${answered} have one`);
  await button(page, "send").click();
  await look("4-thanks");
  met.thanks = await words(page, "h1");
  expect((await page.locator(".thanks").count()) === 1, `no thank-you page but: ${await words(page, "main")}`);
  expect(!page.url().includes(new URL(link).pathname), "the link is still in the address bar");
  await closePage(page);
  return met;
}

/** Goes on with nothing answered: the page must come back and lead to every question that was left out. */
async function leaveBlank(page, look) {
  const required = await page.locator("fieldset.question:has(.must)").count();
  const before = await words(page, ".progress");
  await button(page, "next").click();
  await look("2-left-blank");
  expect((await words(page, ".progress")) === before, "a required question could be left blank");
  const links = page.locator(".summary[role=alert] a");
  expect((await links.count()) === required, `${required} questions are required, ${await links.count()} are listed`);
  for (const target of await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")))) {
    expect((await page.locator(`fieldset${target}`).count()) === 1, `the list leads to ${target}, which is not there`);
  }
  return required;
}

/** Answers every question of the page, each in the way its kind asks for; gives their words. */
async function fillIn(page, section) {
  const questions = await page.locator("fieldset.question").all();
  for (const [place, question] of questions.entries()) {
    const own = (selector) => question.locator(selector).and(question.locator(":not(.missing *)"));
    const radios = own("label:has(input[type=radio])");
    const boxes = own("label:has(input[type=checkbox])");
    const lists = await question.locator("select").all();
    const field = own("input:not([type=radio]):not([type=checkbox]), textarea");
    if (await radios.count()) {
      const label = radios.nth((section + place) % (await radios.count()));
      await label.click();
      expect(await label.locator("input").isChecked(), "a click on an option does not choose it");
    } else if (await boxes.count()) {
      // A page that has come back with more questions has the tick already; a second click would take it away.
      if (!(await boxes.first().locator("input").isChecked())) await boxes.first().click();
    } else if (lists.length) {
      for (const [rank, list] of lists.entries()) await list.selectOption(String(rank + 1));
    } else if (await field.count()) {
      await field.first().fill(await suitable(field.first()));
    } else {
      throw new Error(`a question cannot be answered: ${await question.textContent()}`);
    }
  }
  return page.locator("fieldset.question > legend").allTextContents();
}

async function suitable(field) {
  const attribute = (name) => field.getAttribute(name);
  if ((await attribute("type")) === "date") return (await attribute("min")) ?? "2026-05-01";
  if ((await attribute("inputmode")) === "decimal" || (await attribute("type")) === "number") return (await attribute("min")) ?? "1";
  return "We feel welcome.";
}
