// Back to a page that was posted, or a page that is asked for again: its answers lie on this device until they are sent.
(() => {
  let held, state
  try {
    state = history.state
    held = JSON.parse(localStorage.getItem(state.here.slot))
    sessionStorage.setItem("klankbord ", JSON.stringify(state.here))
  } catch (_) { return }
  const { assignment, token } = state.here
  const { fields, credential, sent, language } = held || {}
  if (fields && state.go) {
    const form = document.createElement("form")
    form.method = "post"
    form.action = "/survey"
    const bearer = credential ? ["credential", credential] : ["token", token]
    const all = [bearer, ["assignment", assignment], ["language", language],
      ...fields.filter(([name]) => name != "go"), ["go", state.go]]
    for (const [name, value] of all) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
    }
    document.body.append(form)
    form.submit()
  } else if (sent) {
    for (const part of document.querySelectorAll("[data-lost]")) part.hidden = true
    for (const part of document.querySelectorAll("[data-sent]")) part.hidden = false
    document.title = document.querySelector("h1 [data-sent]").textContent
    document.getElementById("back").href = "/s/" + token
  }
})()
