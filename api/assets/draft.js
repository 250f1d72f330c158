// Keeps unfinished answers on this device, takes them to another one, and forgets them when they are sent.
(() => {
  const SLOT = "klankbord "
  const library = document.currentScript.dataset.claim
  const byId = id => document.getElementById(id)
  const memory = slot => JSON.parse(localStorage.getItem(slot)) || {}
  const keep = (slot, held) => localStorage.setItem(slot, JSON.stringify(held))
  let here
  try { here = JSON.parse(sessionStorage.getItem(SLOT)) } catch (_) { return }
  if (!here) return
  const { slot, assignment, token } = here
  const ask = async (method, path, body) => {
    const reply = await fetch("/api/v1/" + path, {
      method, credentials: "omit", keepalive: method == "POST",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    })
    if (!reply.ok) throw Error(reply.status)
  }

  const page = document.querySelector("form[data-draft]")
  const credential = page && page.credential && page.credential.value
  const mine = () => page.assignment.value == assignment && (!credential || memory(slot).credential == credential)
  const save = more => {
    if (!mine()) return memory(slot)
    const fields = [...new FormData(page)].filter(([name]) => !/^(token|credential|assignment|language|shown|go)$/.test(name))
    fields.push(["go", "section-" + page.section.value])
    const held = Object.assign(memory(slot), { fields, at: Date.now() }, more)
    try { keep(slot, held) } catch (_) { /* The device is full. */ }
    return held
  }
  // Padded, so that its length tells little.
  const upload = async ({ fields, draftKey }) => {
    const lib = await import(library)
    const text = JSON.stringify(fields)
    const plain = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 1024) * 1024))
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const key = await crypto.subtle.importKey("raw", lib.fromText(draftKey), "AES-GCM", false, ["encrypt"])
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain)
    await ask("PUT", "drafts", { credential, content: lib.toText([...iv, ...new Uint8Array(sealed)]) })
  }
  const share = async () => {
    let kept = true
    try { await upload(save({ shared: 1 })) } catch (_) { kept = false }
    byId("shared").hidden = !kept
    byId("unshared").hidden = kept
  }

  if (page && mine()) {
    const { code, shared } = save()
    page.addEventListener("input", () => save())
    page.addEventListener("submit", () => save())
    const elsewhere = byId("elsewhere")
    if (elsewhere && code) {
      elsewhere.hidden = false
      byId("code").textContent = code.toUpperCase().match(/.{4}/g).join(" ")
      elsewhere.addEventListener("toggle", () => elsewhere.open && share())
      page.addEventListener("change", () => memory(slot).shared && share())
      if (shared) share()
    }
  }

  const back = byId("back")
  if (!back) return
  const held = memory(slot)
  delete held.fields
  if (token) held.owes = 1
  keep(slot, held)
  if (!token) return
  back.href = "/s/" + token
  back.parentNode.hidden = false
  // Some moments later: this request shows the link, the one before did not.
  const [organisation, form] = assignment.split(":")
  let told
  const tell = async () => {
    if (told) return
    told = true
    await ask("POST", "claims/done", { token, organisation, form })
    delete held.owes
    keep(slot, held)
  }
  const quietly = () => tell().catch(() => {})
  setTimeout(quietly, 1000 + 4000 * Math.random())
  addEventListener("pagehide", quietly)
})()
