// The browser's client of blind claims, held to RFC 9474 and to its size.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

const source = await readFile(new URL('../../api/assets/claim.js', import.meta.url))
const client = await import(`data:text/javascript;base64,${source.toString('base64')}`)
const vectors = JSON.parse(await readFile(new URL('../data/rfc9474.json', import.meta.url)))

const fromHex = digits => Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16))
const toHex = bytes => Buffer.from(bytes).toString('hex')

function inverse(number, modulus) {
  let [a, b, x, y] = [number, modulus, 1n, 0n]
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % modulus) + modulus) % modulus
}

test('the client has at most 2,000 bytes on its way', () => {
  assert.ok(gzipSync(source, { level: 9 }).length <= 2000)
})

for (const variant of vectors.variants) {
  test(`${variant.name} comes out as in RFC 9474`, async () => {
    const modulus = fromHex(vectors.n)
    const encoded = await client.encode(fromHex(variant.prepared), fromHex(variant.salt), modulus.length)
    assert.equal(toHex(encoded), variant.encoded)
    const factor = inverse(BigInt(`0x${variant.inverse}`), BigInt(`0x${vectors.n}`))
    const { blinded, finish } = client.blind(encoded, fromHex(factor.toString(16).padStart(1024, '0')), modulus)
    assert.equal(toHex(blinded), variant.blinded)
    assert.equal(toHex(finish(fromHex(variant.blindSignature))), variant.signature)
    const wrong = fromHex(variant.blindSignature)
    wrong[511] ^= 1
    assert.throws(() => finish(wrong), /wrong signature/)
  })
}

test('texts of bytes go there and back', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
  assert.equal(client.toText(bytes), Buffer.from(bytes).toString('base64url'))
  assert.deepEqual(client.fromText(client.toText(bytes)), bytes)
})

test('codes have 80 bits, and may be typed as people do', async () => {
  const codes = Array.from({ length: 200 }, client.newCode)
  for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{16}$/)
  assert.equal(new Set(codes).size, codes.length)
  assert.equal(new Set(codes.join('')).size, 32)
  // A number of 3072 bits does for what is derived before anything is signed.
  const modulus = new Uint8Array(384).fill(255)
  const offer = { tenant: 1, round: 'r', organisation: 's', form: 'f', key: { number: 1, exponent: 'AQAB', modulus: client.toText(modulus) } }
  const [first, typed, other] = await Promise.all(
    ['01234567890ABCDE', ' oi234-567\u2013890ab cdE', '01234567890ABCDF'].map(code => client.prepare(code, offer)))
  assert.deepEqual([typed.blinded, typed.draftKey], [first.blinded, first.draftKey])
  assert.notEqual(other.blinded, first.blinded)
  assert.notDeepEqual(other.draftKey, first.draftKey)
  for (const wrong of [{ exponent: 'Aw' }, { modulus: client.toText(modulus.slice(1)) }, { modulus: client.toText(new Uint8Array(384)) }]) {
    await assert.rejects(client.prepare('01234567890ABCDE', { ...offer, key: { ...offer.key, ...wrong } }), /wrong key/)
  }
})
