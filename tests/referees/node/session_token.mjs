// A session token, checked by jose in each of the ways in which backends do it. The key set is asked for with an access token.
import assert from 'node:assert/strict'
import { decodeJwt, importJWK, jwtVerify } from 'jose'

const { JTL_AUTH_BASE, JTL_API_BASE, CLIENT_ID, CLIENT_SECRET, TENANT_ID, SESSION_TOKEN: token } = process.env
const keySet = `${JTL_API_BASE}/account/.well-known/jwks.json`

const answer = await fetch(`${JTL_AUTH_BASE}/oauth2/token`, {
  method: 'POST',
  headers: { Authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
  body: new URLSearchParams({ grant_type: 'client_credentials' }),
})
const { access_token } = await answer.json()
assert.equal((await fetch(keySet)).status, 401)
const published = await fetch(keySet, { headers: { Authorization: `Bearer ${access_token}` } })
assert.equal(published.status, 200)
const { keys } = await published.json()

async function firstKey() {
  return jwtVerify(token, await importJWK(keys[0], 'EdDSA'))
}

async function keyByUse() {
  const key = keys.find(({ use, alg }) => use === 'sig' && alg === 'EdDSA')
  return jwtVerify(token, await importJWK(key, 'EdDSA'))
}

async function anyKey() {
  return Promise.any(keys.map(async (key) => jwtVerify(token, await importJWK(key, 'EdDSA'))))
}

for (const verified of [firstKey, keyByUse, anyKey]) {
  const { payload, protectedHeader } = await verified()
  assert.deepEqual(protectedHeader, { alg: 'EdDSA', typ: 'JWT' })
  assert.equal(payload.tenantId, TENANT_ID)
  assert.match(payload.userId, /^[0-9a-f-]{36}$/)
  assert.equal(payload.kid, 'K-10001')
  assert.ok(payload.exp - Date.now() / 1000 <= 300)
}

// For another tenant it would have to be signed anew.
const [header, , signature] = token.split('.')
const other = Buffer.from(JSON.stringify({ ...decodeJwt(token), tenantId: crypto.randomUUID() })).toString('base64url')
await assert.rejects(async () => jwtVerify(`${header}.${other}.${signature}`, await importJWK(keys[0], 'EdDSA')))
