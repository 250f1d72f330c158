// A survey of three pages in the shape of the real one, in which a test can plant a fault.

import { createServer } from "node:http";
import { once } from "node:events";

const QUESTIONS = `
  <fieldset class="question" id="q1"><legend>My child feels safe <span class="must">required</span></legend>
    <label><input type="radio" name="A" value="1"> no</label><label><input type="radio" name="A" value="2"> yes</label>
    <div class="missing"><label><input type="radio" name="A" value="?"> I do not know</label></div></fieldset>
  <fieldset class="question" id="q2"><legend>What helps?</legend>
    <label><input type="checkbox" name="B" value="a"> talking</label>
    <div class="missing"><label><input type="checkbox" name="B" value="?"> I do not know</label></div></fieldset>
  <fieldset class="question" id="q3"><legend>First to last</legend>
    <label>one <select name="C1"><option value="">-</option><option>1</option><option>2</option></select></label>
    <label>two <select name="C2"><option value="">-</option><option>1</option><option>2</option></select></label></fieldset>
  <fieldset class="question" id="q4"><legend><label for="f4">Anything else?</label></legend>
    <textarea id="f4" name="D"></textarea></fieldset>`;

const form = (value, rest = "") =>
  `<form method="post" action="/survey" novalidate><input type="hidden" name="at" value="${value}">${rest}
   <button class="main" name="go" value="${value}">${value}</button></form>`;

const shell = (main, { head = "" } = {}) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Survey</title>
   <meta name="viewport" content="width=device-width, initial-scale=1">${head}
   <style>label { display: block }</style></head><body><main>${main}</main></body></html>`;

/** Starts the survey; `plant` may change any page before it is sent and must give it back. */
export async function startStub(plant = (html) => html) {
  const received = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const sent = new URLSearchParams(body);
      received.push(body);
      let page = shell(`<h1>Welcome</h1>${form("start")}`);
      if (sent.get("at") === "start") page = shell(`<h1>Safety</h1><p class="progress">Part 1</p>${form("next", QUESTIONS)}`);
      if (sent.get("at") === "next") {
        page = sent.get("A")
          ? shell(`<h1>Check</h1><dl class="review"><div><dt>My child feels safe</dt><dd>yes</dd></div>
                   <div><dt>What helps?</dt><dd>talking</dd></div><div><dt>First to last</dt><dd>1. one</dd></div>
                   <div><dt>Anything else?</dt><dd>We feel welcome.</dd></div></dl>${form("send")}`)
          : shell(`<h1>Safety</h1><p class="progress">Part 1</p>
                   <div class="summary" role="alert"><a href="#q1">My child feels safe</a></div>${form("next", QUESTIONS)}`);
      }
      if (sent.get("at") === "send") page = shell(`<div class="thanks"><h1>Thank you</h1></div>`);
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.setHeader("content-security-policy", "default-src 'self'; style-src 'unsafe-inline'; img-src *");
      response.end(request.url === "/favicon.ico" ? "" : plant(page, sent.get("at")));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${server.address().port}`;
  return { base, link: `${base}/s/T-1`, received, stop: () => server.close() };
}
