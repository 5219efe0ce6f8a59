// What the platform's documentation shows: a token by Basic and a form, then a call with two headers.
import assert from 'node:assert/strict'

const { JTL_AUTH_BASE, JTL_API_BASE, CLIENT_ID, CLIENT_SECRET, TENANT_ID, OTHER_TENANT_ID } = process.env

const credentials = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')
const answer = await fetch(`${JTL_AUTH_BASE}/oauth2/token`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Basic ${credentials}` },
  body: new URLSearchParams({ grant_type: 'client_credentials' }),
})
assert.equal(answer.status, 200)
const { access_token, token_type, expires_in } = await answer.json()
assert.deepEqual([token_type, expires_in], ['Bearer', 3600])

async function call(path, headers) {
  const response = await fetch(`${JTL_API_BASE}${path}`, { headers })
  return [response.status, await response.json()]
}

const authorization = { Authorization: `Bearer ${access_token}` }
for (const path of ['/erp/v2/info', '/erp/v1/info', '/erp/info']) {
  const [status, body] = await call(path, { ...authorization, 'X-Tenant-ID': TENANT_ID })
  assert.equal(status, 200)
  assert.equal(body.tenant ?? body.Tenant, TENANT_ID)
}
assert.deepEqual(await call('/erp/v2/info', {}), [401, { statusCode: 401, message: 'JWT not present.' }])
assert.equal((await call('/erp/v2/info', authorization))[0], 412)
assert.equal((await call('/erp/v2/info', { ...authorization, 'X-Tenant-ID': OTHER_TENANT_ID }))[0], 403)
