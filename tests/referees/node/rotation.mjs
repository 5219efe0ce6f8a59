// jose with its default cache lives through a rotation of the signing keys. Time is the test's: the platform's clock
// and ours are set forward together, by a file and by `Date.now`.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose'

const { EINLASS_URL, ADMIN_TOKEN, CLIENT_ID, CLIENT_SECRET, CLOCK_FILE } = process.env
const MINUTE = 60
const STEP = 20

const real = Date.now
let ahead = 0
Date.now = () => real() + ahead * 1000
function pass(seconds) {
  ahead += seconds
  writeFileSync(CLOCK_FILE, `+${ahead}\n`)
}

async function token() {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: CLIENT_ID, client_secret: CLIENT_SECRET })
  const answer = await fetch(`${EINLASS_URL}/oauth2/token`, { method: 'POST', body })
  assert.equal(answer.status, 200)
  return (await answer.json()).access_token
}

async function administer(method, path) {
  const answer = await fetch(`${EINLASS_URL}/admin/api${path}`, { method, headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } })
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
  return answer
}

const keys = createRemoteJWKSet(new URL(`${EINLASS_URL}/.well-known/jwks.json`))
const check = (jwt, set = keys) =>
  jwtVerify(jwt, set, { issuer: EINLASS_URL, audience: 'einlass-platform', currentDate: new Date(Date.now()) })
const kid = (jwt) => decodeProtectedHeader(jwt).kid

const seen = new Set()
let last
for (let at = 0; at < 40 * MINUTE; at += STEP) {
  if (at === 5 * MINUTE) await administer('POST', '/keys/rotate')
  const jwt = await token()
  await check(jwt)
  seen.add(kid(jwt))
  if (seen.size === 1) last = jwt
  pass(STEP)
}
assert.equal(seen.size, 2, 'the next key signs')

// The last token of the key before is good until it expires, for verifiers that begin only now as well.
pass(32 * MINUTE)
await check(last)
await check(last, createRemoteJWKSet(new URL(`${EINLASS_URL}/.well-known/jwks.json`)))

// The counter-proof: a key that signs without having been announced does fail, which is what `key revoke` is for.
await keys.reload()
await administer('DELETE', `/keys/${kid(await token())}`)
await assert.rejects(token().then((jwt) => check(jwt)), errors.JWKSNoMatchingKey)
