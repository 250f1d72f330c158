// Keeps unfinished answers on this device, takes them to another one, and forgets them when they are sent.
(() => {
  const SLOT = "klankbord "
  const { claim, carry, bare } = document.currentScript.dataset
  const byId = id => document.getElementById(id)
  const memory = slot => JSON.parse(localStorage.getItem(slot)) || {}
  const keep = (slot, held) => localStorage.setItem(slot, JSON.stringify(held))
  let here
  try { here = JSON.parse(sessionStorage.getItem(SLOT)) } catch (_) { return }
  if (!here) return
  const { slot, assignment, token, blind } = here
  const [organisation, form] = assignment.split(":")
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
    const held = Object.assign(memory(slot), { fields, at: Date.now(), language: page.language.value }, more)
    delete held.sent
    try { keep(slot, held) } catch (_) { /* The device is full. */ }
    return held
  }
  const upload = async lib => {
    const { fields, code, draftKey } = save({ shared: 1 })
    const { keyOf, seal } = await import(carry)
    const owner = credential ? { credential } : { token: page.token.value, organisation, form }
    const key = credential ? lib.fromText(draftKey) : await keyOf(code, owner.token, assignment)
    await ask("PUT", "drafts", { ...owner, content: lib.toText(await seal(fields, key)) })
  }
  const share = async () => {
    let kept = true
    try {
      const lib = await import(claim)
      // A credential comes with a code; a link gets one when somebody wants to go on elsewhere.
      const code = memory(slot).code || save({ code: lib.newCode() }).code
      show(code)
      await upload(lib)
    } catch (_) { kept = false }
    byId("shared").hidden = !kept
    byId("unshared").hidden = kept
  }

  // In groups of four, which stay whole where the line is too short.
  const show = code => byId("code").replaceChildren(...code.toUpperCase().match(/.{4}/g)
    .flatMap(four => [" ", Object.assign(document.createElement("span"), { textContent: four })]).slice(1))

  if (page && mine()) {
    const { code, shared } = save()
    // Whoever comes back to this page, or asks for it again, is asked nothing by the browser: see return.js.
    if (memory(slot).fields) history.replaceState({ here, go: "section-" + page.section.value }, "", bare)
    page.addEventListener("input", () => save())
    page.addEventListener("submit", () => save())
    const elsewhere = byId("elsewhere")
    if (elsewhere && (code || !credential)) {
      elsewhere.hidden = false
      if (code) show(code)
      elsewhere.addEventListener("toggle", () => elsewhere.open && share())
      page.addEventListener("change", () => memory(slot).shared && share())
      if (shared) share()
    }
  }

  const back = byId("back")
  if (!back) return
  const held = memory(slot)
  delete held.fields
  held.sent = 1
  if (blind) held.owes = 1
  keep(slot, held)
  history.replaceState({ here }, "", bare)
  if (!blind) return
  back.href = "/s/" + token
  back.parentNode.hidden = false
  // Some moments later: this request shows the link, the one before did not.
  let told
  const tell = async () => {
    await ask("POST", "claims/done", { token, organisation, form })
    delete held.owes
    keep(slot, held)
  }
  const quietly = () => told = told || tell().catch(() => {})
  // Whoever goes back at once is shown that this one is done.
  back.addEventListener("click", async event => {
    event.preventDefault()
    await quietly()
    location = back.href
  })
  setTimeout(quietly, 1000 + 4000 * Math.random())
  addEventListener("pagehide", quietly)
})()
