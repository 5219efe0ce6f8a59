// jose verifies an app token as backends of newer apps do: keys by discovery, issuer, audience, and the claims of the platform.
import assert from 'node:assert/strict'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'

const { JTL_ISSUER, JTL_APP_ID, JTL_API_BASE, TENANT_ID, APP_TOKEN } = process.env
const { issuer, jwks_uri } = await (await fetch(`${JTL_ISSUER}/.well-known/openid-configuration`)).json()
assert.equal(issuer, JTL_ISSUER)
const keys = createRemoteJWKSet(new URL(jwks_uri))
const { payload } = await jwtVerify(APP_TOKEN, keys, { issuer, audience: JTL_APP_ID, algorithms: ['RS256'] })
assert.equal(payload['urn:jtl:app_id'], JTL_APP_ID)
assert.equal(payload['urn:jtl:tenant_id'], TENANT_ID)
assert.ok(payload.sub && payload.exp - payload.iat <= 300)
assert.ok(decodeProtectedHeader(APP_TOKEN).kid)
await assert.rejects(jwtVerify(APP_TOKEN, keys, { issuer, audience: crypto.randomUUID() }), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' })

// And the API takes it as it is, without another word on whose data it is.
const answer = await fetch(`${JTL_API_BASE}/erp/v2/items`, { headers: { authorization: `Bearer ${APP_TOKEN}` } })
assert.equal(answer.status, 200)
