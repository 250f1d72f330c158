// Blind claims in the browser, RFC 9474; explained step by step in api/docs/BLIND-CLAIMS.md.
const utf8 = text => new TextEncoder().encode(text)
const join = (...parts) => Uint8Array.from(parts.flatMap(part => [...part]))
const toNumber = bytes => BigInt("0x" + [...bytes].map(byte => byte.toString(16).padStart(2, 0)).join(""))
const toBytes = (number, size) =>
  Uint8Array.from(number.toString(16).padStart(2 * size, 0).match(/../g), pair => parseInt(pair, 16))
export const toText = bytes =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")
export const fromText = text =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), sign => sign.charCodeAt())
const sha384 = async bytes => new Uint8Array(await crypto.subtle.digest("SHA-384", bytes))

// EMSA-PSS (RFC 8017, 9.1.1) for a modulus of `size` bytes whose highest bit is set.
export const encode = async (message, salt, size) => {
  const hash = await sha384(join(Array(8).fill(0), await sha384(message), salt))
  const data = join(Array(size - salt.length - 50).fill(0), [1], salt)
  let mask = []
  for (let count = 0; mask.length < data.length; count++)
    mask = join(mask, await sha384(join(hash, [0, 0, 0, count])))
  const masked = data.map((byte, at) => byte ^ mask[at])
  masked[0] &= 127
  return join(masked, hash, [188])
}

// The power of 65537.
const raise = (base, n) => {
  let power = base
  for (let count = 0; count < 16; count++) power = power * power % n
  return power * base % n
}

const invert = (number, n) => {
  let [a, b, x, y] = [number, n, 1n, 0n]
  while (b) [a, b, x, y] = [b, a % b, y, x - a / b * y]
  if (a != 1n) throw Error("no inverse")
  return (x % n + n) % n
}

export const blind = (encoded, factor, modulus, size = modulus.length) => {
  const [m, r, n] = [encoded, factor, modulus].map(toNumber)
  return {
    blinded: toBytes(m * raise(r, n) % n, size),
    finish: signed => {
      const s = toNumber(signed) * invert(r, n) % n
      if (raise(s, n) != m) throw Error("wrong signature")
      return toBytes(s, size)
    },
  }
}

// 80 random bits in 16 characters, and how people may type them.
export const newCode = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map(byte => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte & 31]).join("")
export const readCode = code =>
  code.toUpperCase().replace(/[IL]/g, 1).replace(/O/g, 0).replace(/[^0-9A-Z]/g, "")

// From the code and the answer of /claims/key: what is to be signed, and what comes of it.
export const prepare = async (code, { tenant, round, organisation, form, key }) => {
  const modulus = fromText(key.modulus)
  if (modulus.length != 384 || modulus[0] < 128 || key.exponent != "AQAB") throw Error("wrong key")
  const secret = await crypto.subtle.importKey("raw", utf8(readCode(code)), "HKDF", false, ["deriveBits"])
  const info = utf8([round, organisation, form].join("\n"))
  const derived = new Uint8Array(await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: utf8("klankbord claim 1"), info }, secret, 4352))
  const message = derived.slice(0, 64)
  const factor = toBytes(toNumber(derived.slice(112, 512)) % toNumber(modulus), 384)
  const { blinded, finish } = blind(await encode(message, derived.slice(64, 112), 384), factor, modulus)
  return {
    blinded: toText(blinded),
    draftKey: derived.slice(512),
    finish: signature =>
      [tenant, round, key.number, toText(join(message, finish(fromText(signature))))].join("."),
  }
}

// Claims a form: gives the credential and the key of drafts. The same code gives the same, on every device.
export const claim = async (token, code, organisation, form) => {
  const ask = async (path, body) => {
    const reply = await fetch("/api/v1/claims" + path, {
      method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, organisation, form, ...body }),
    })
    const told = await reply.json()
    if (!reply.ok) throw Object.assign(Error(told.detail), told)
    return told
  }
  const offer = await ask("/key")
  const { blinded, draftKey, finish } = await prepare(code, offer)
  const { signature } = await ask("", { organisation: offer.organisation, form: offer.form, key: offer.key.number, blinded })
  return { ...offer, credential: finish(signature), draftKey }
}
