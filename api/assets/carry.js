// Unfinished answers on their way to another device, sealed with a key that only the devices have.
const utf8 = text => new TextEncoder().encode(text)
const imported = (key, use) => crypto.subtle.importKey("raw", key, "AES-GCM", false, [use])

// Where answers come with the link: the key is made of the code and the link. Elsewhere the claim gives it.
export const keyOf = async (code, token, assignment) => {
  const secret = await crypto.subtle.importKey("raw", utf8(code), "HKDF", false, ["deriveBits"])
  const info = utf8(token + "\n" + assignment)
  return new Uint8Array(await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: utf8("klankbord draft 1"), info }, secret, 256))
}

// Padded, so that its length tells little.
export const seal = async (fields, key) => {
  const text = JSON.stringify(fields)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const plain = utf8(text.padEnd(Math.ceil(text.length / 1024) * 1024))
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await imported(key, "encrypt"), plain)
  return [...iv, ...new Uint8Array(sealed)]
}

export const open = async (bytes, key) => {
  const algorithm = { name: "AES-GCM", iv: bytes.slice(0, 12) }
  const plain = await crypto.subtle.decrypt(algorithm, await imported(key, "decrypt"), bytes.slice(12))
  return JSON.parse(new TextDecoder().decode(plain))
}
