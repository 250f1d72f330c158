// Start: claims the right to answer without showing who answers, and goes on where somebody was.
(() => {
  const SLOT = "klankbord "
  const libraries = document.currentScript.dataset
  const byId = id => document.getElementById(id)
  const able = () => {
    try {
      localStorage.setItem(SLOT, 1)
      localStorage.removeItem(SLOT)
      return Boolean(crypto.subtle)
    } catch (_) { return false }
  }
  const memory = slot => JSON.parse(localStorage.getItem(slot)) || {}
  const keep = (slot, held) => localStorage.setItem(slot, JSON.stringify(held))
  // No link lies in the storage.
  const slotOf = async (token, assignment) => {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token + " " + assignment))
    return SLOT + btoa(String.fromCharCode(...new Uint8Array(hash))).slice(0, 22)
  }
  const parts = ({ token, assignment }) => {
    const [organisation, form] = assignment.value.split(":")
    return { token: token.value, organisation, form }
  }
  const ask = async (path, body) => {
    const reply = await fetch("/api/v1/" + path, {
      method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    })
    const told = reply.status == 204 || await reply.json()
    if (!reply.ok) throw told
    return told
  }
  // A form of its own: the page stays as it was for whoever comes back.
  const send = fields => {
    const form = document.createElement("form")
    form.method = "post"
    form.action = "/survey"
    for (const [name, value] of fields) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
    }
    document.body.append(form)
    form.submit()
  }

  const panel = byId("starting")
  let busy
  const say = what => {
    busy = what == "wait"
    if (!panel) return
    for (const part of panel.children) part.hidden = !part.dataset.say.split(" ").includes(what)
    panel.hidden = !what
    if (what) panel.focus()
  }

  // On to the questions.
  const go = (form, slot, credential, resume) => {
    const { token, assignment, language } = form
    try {
      sessionStorage.setItem(SLOT, JSON.stringify({ slot, assignment: assignment.value, token: token.value, blind: Boolean(credential) }))
    } catch (_) { /* Nothing is kept. */ }
    const fields = resume && memory(slot).fields || [["go", "start"]]
    const bearer = credential ? ["credential", credential] : ["token", token.value]
    send([bearer, ["assignment", assignment.value], ["language", language.value], ...fields])
  }

  // What another device has left.
  const draft = async (lib, { credential, draftKey }) => {
    try {
      const { content } = await ask("drafts/read", { credential })
      const { open } = await import(libraries.carry)
      return await open(lib.fromText(content), lib.fromText(draftKey))
    } catch (_) { return undefined }
  }

  // The same where answers come with the link: whoever has its code goes on, whoever has not begins anew.
  const fetchDraft = async (form, slot, typed) => {
    const held = memory(slot)
    if (!("portable" in form.dataset) || held.fields) return
    let content
    try { ({ content } = await ask("drafts/read", parts(form))) } catch (told) {
      if (told.status == 404) return
      throw told
    }
    if (!typed) throw "code"
    const [lib, { keyOf, open }] = await Promise.all([import(libraries.claim), import(libraries.carry)])
    const code = lib.readCode(typed)
    try {
      const fields = await open(lib.fromText(content), await keyOf(code, form.token.value, form.assignment.value))
      keep(slot, Object.assign(held, { fields, code, shared: 1, at: Date.now() }))
    } catch (_) { throw "wrong" }
  }

  // The credential; none where answers came through the link before. Throws what is to be said.
  const claim = async (form, slot, typed) => {
    const held = memory(slot)
    if (held.credential) return held.credential
    const what = parts(form)
    const offer = await ask("claims/key", what)
    if (!offer.key || offer.claim == "assisted") return ""
    if (offer.claim && !held.code && !typed) throw "code"
    const lib = await import(libraries.claim)
    held.code = typed ? lib.readCode(typed) : held.code || lib.newCode()
    const { blinded, draftKey, finish } = await lib.prepare(held.code, offer)
    // Before the request: should its answer be lost, the same code asks for the same again.
    if (!typed) keep(slot, Object.assign(held, { asked: 1 }))
    let signed
    try {
      signed = await ask("claims", Object.assign(what, { key: offer.key.number, blinded }))
    } catch (told) {
      if (told.code != "already_claimed") throw told
      localStorage.removeItem(slot)
      throw typed ? "wrong" : "code"
    }
    held.credential = finish(signed.signature)
    held.draftKey = lib.toText(draftKey)
    if (typed) Object.assign(held, { fields: await draft(lib, held), at: Date.now() })
    keep(slot, held)
    return held.credential
  }

  let again
  const begin = async (form, resume, typed) => {
    if (busy) return
    again = (more, code) => begin(form, resume || more, code)
    busy = true
    const slot = await slotOf(form.token.value, form.assignment.value)
    for (const anew of panel ? panel.querySelectorAll("[data-anew]") : []) anew.onclick = () => go(form, slot)
    try {
      let credential = ""
      if (form.dataset.blind) {
        say("wait")
        credential = await claim(form, slot, typed)
      } else await fetchDraft(form, slot, typed)
      go(form, slot, credential, resume)
    } catch (told) {
      if (typeof told == "string") return say(told)
      // The server's page says what is the matter.
      if (told.status == 404 || /^round_/.test(told.code) || !form.dataset.blind) return go(form, slot)
      say(told instanceof TypeError ? "offline" : memory(slot).asked ? "failed" : "refused")
    }
  }

  const prepare = async form => {
    const restart = form.querySelector("[value=resume]")
    let resume
    restart.addEventListener("click", () => resume = true)
    form.addEventListener("submit", event => {
      event.preventDefault()
      begin(form, resume)
      resume = false
    })
    const slot = await slotOf(form.token.value, form.assignment.value)
    const held = memory(slot)
    if (held.at < Date.now() - 14 * 864e5) {
      delete held.fields
      keep(slot, held)
    }
    restart.hidden = !held.fields
    if (held.owes) {
      await ask("claims/done", parts(form))
      delete held.owes
      keep(slot, held)
    }
  }

  if (!able()) return
  const forms = [...document.querySelectorAll("form[data-start]")]
  if (typeof BigInt == "function") {
    if (byId("assisted")) byId("assisted").hidden = forms.every(form => form.dataset.blind)
  } else {
    for (const form of forms) delete form.dataset.blind
  }
  for (const form of forms) prepare(form).catch(() => {})
  addEventListener("pageshow", event => event.persisted && say(""))
  if (!panel) return
  if (byId("again")) byId("again").onclick = () => again()
  byId("code-form").addEventListener("submit", event => {
    event.preventDefault()
    const typed = byId("code").value.replace(/[^0-9a-z]/gi, "")
    if (typed.length == 16) again(true, typed)
    else say("wrong")
  })
})()
