// What two pieces of traffic have in common, however it is written: as it stands, percent-encoded, in base64, base64url or hexadecimal digits.

const LEAST = 8;

/** What a request consists of, and the headers of its answer if they are asked for: pieces of text, each with the name of its place. */
export async function pieces(request, { answer = false } = {}) {
  const address = new URL(request.url());
  const found = [["path", address.pathname + address.search], ["body", request.postData() ?? ""]];
  for (const [name, value] of Object.entries(await request.allHeaders())) found.push([`header ${name}`, value]);
  if (!answer) return found;
  const response = await request.response();
  for (const [name, value] of Object.entries(await response.allHeaders())) found.push([`answer header ${name}`, value]);
  return found;
}

/** A text in every way in which it may have been written; each of 8 bytes or more. */
function readings(text) {
  const plain = [text];
  try {
    plain.push(decodeURIComponent(text.replaceAll("+", " ")));
  } catch {
    // No percent-encoded text.
  }
  const found = new Set(plain);
  for (const one of plain) {
    for (const [run] of one.matchAll(/[A-Za-z0-9+/_-]{11,}/g)) {
      for (let at = 0; at < 4; at += 1) found.add(Buffer.from(run.slice(at), "base64").toString("latin1"));
    }
    for (const [run] of one.matchAll(/[0-9a-f]{16,}/gi)) {
      for (let at = 0; at < 2; at += 1) found.add(Buffer.from(run.slice(at), "hex").toString("latin1"));
    }
  }
  return [...found].filter((one) => one.length >= LEAST);
}

function runs(texts) {
  const found = new Set();
  for (const text of texts.flatMap(readings)) {
    for (let at = 0; at + LEAST <= text.length; at += 1) found.add(text.slice(at, at + LEAST));
  }
  return found;
}

/** The runs of 8 bytes that some pieces share with others, but for those of allowed texts: each with the name of its place. */
export function shared(some, others, allowed) {
  const [known, fine] = [runs(others.map(([, text]) => text)), runs(allowed)];
  const found = new Set();
  for (const [place, text] of some) {
    for (const run of runs([text])) if (known.has(run) && !fine.has(run)) found.add(`${place}: ${JSON.stringify(run)}`);
  }
  return [...found];
}
