// openid-client has a person let an app in: code with a proof key, ID token, refresh, what that opens, and signing out. The
// browser's part is played by fetch with a jar of cookies; jose checks the ID token.
import assert from 'node:assert/strict'
import * as client from 'openid-client'

const { JTL_AUTH_BASE, JTL_API_BASE, ADMIN_TOKEN, TENANT_ID, OTHER_TENANT_ID, MERCHANT_EMAIL, MERCHANT_PASSWORD } = process.env
const redirect_uri = 'http://127.0.0.1:49152/callback'
const left = 'https://app.example/left'

async function administer(method, path, body) {
  const answer = await fetch(`${JTL_AUTH_BASE}/admin/api${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
  return text && JSON.parse(text)
}

// A browser without a screen.
const jar = new Map()
async function visit(url, form) {
  const answer = await fetch(new URL(url, JTL_AUTH_BASE), {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: {
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(form && { origin: JTL_AUTH_BASE, 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: form && new URLSearchParams(form),
  })
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = line.match(/^([^=]+)=([^;]*)/)
    if (value) jar.set(name, value)
    else jar.delete(name)
  }
  return answer
}

const unescape = (text) => text.replaceAll('&#38;', '&').replaceAll('&amp;', '&').replaceAll('&#x26;', '&')
// Reads the page that asks, and answers it. Gives where the browser is sent.
async function consent(url, allow) {
  const page = await visit(url)
  assert.equal(page.status, 200, await page.clone().text())
  const html = await page.text()
  const query = unescape(html.match(/name="query" value="([^"]*)"/)[1])
  const shown = html.match(/name="shown" value="([^"]*)"/)[1]
  const stale = await visit('/consent', { query, shown: 'items.read customers.write', allow: 'true' })
  assert.equal(stale.status, 409, 'what was not shown is not granted')
  const decided = await visit('/consent', { query, shown, allow })
  assert.equal(decided.status, 303)
  return { html, policy: page.headers.get('content-security-policy'), to: new URL(decided.headers.get('location')) }
}

const made = await administer('POST', '/apps/stock-mirror/clients', {
  public: true,
  redirect_uris: ['http://127.0.0.1/callback'],
  post_logout_redirect_uris: [left],
})
assert.equal(made.client_secret, undefined)
const config = await client.discovery(new URL(JTL_AUTH_BASE), made.client.id, undefined, client.None(), {
  execute: [client.allowInsecureRequests],
})

const verifier = client.randomPKCECodeVerifier()
const [state, nonce] = [client.randomState(), client.randomNonce()]
const asked = client.buildAuthorizationUrl(config, {
  redirect_uri,
  scope: 'openid offline_access items.read',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
})

// Nobody has signed in: the browser is sent to where one does, and back.
const first = await visit(asked)
assert.equal(first.status, 303)
assert.match(first.headers.get('location'), /^\/login\?next=%2Foauth2%2Fauth/)
const signedIn = await visit('/login', { email: MERCHANT_EMAIL, password: MERCHANT_PASSWORD })
assert.equal(signedIn.status, 303)

const refused = await consent(asked, 'false')
assert.equal(refused.to.searchParams.get('error'), 'access_denied')
assert.equal(refused.to.searchParams.get('iss'), JTL_AUTH_BASE)

const allowed = await consent(asked, 'true')
for (const word of ['Stock Mirror', 'Nordlicht Software', 'Bikes', 'items.read']) assert.ok(allowed.html.includes(word), word)
assert.match(allowed.policy, /form-action 'self' http:\/\/127\.0\.0\.1:49152/)
const tokens = await client.authorizationCodeGrant(config, allowed.to, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
})
const { sub, aud, auth_time } = tokens.claims()
assert.equal(aud, made.client.id)
assert.ok(auth_time <= Date.now() / 1000)
assert.equal(tokens.scope, 'items.read')

async function call(token, path, tenant) {
  const headers = { authorization: `Bearer ${token}`, ...(tenant && { 'x-tenant-id': tenant }) }
  const answer = await fetch(`${JTL_API_BASE}${path}`, { headers })
  return { status: answer.status, body: await answer.json().catch(() => undefined) }
}
assert.equal((await call(tokens.access_token, '/erp/v2/items', TENANT_ID)).status, 200)
assert.equal((await call(tokens.access_token, '/erp/v2/items', OTHER_TENANT_ID)).status, 403, 'the person is no member there')
assert.equal((await call(tokens.access_token, '/erp/v2/customers', TENANT_ID)).status, 403, 'that was not granted')
assert.equal((await call(tokens.id_token, '/erp/v2/items', TENANT_ID)).status, 401, 'an ID token opens nothing')
const { body: tenants } = await call(tokens.access_token, '/account/tenants')
assert.ok(tenants.some(({ id, kid, slug, name, createdAt }) => id === TENANT_ID && kid && slug && name && createdAt))

// The code does not count twice, and takes what came of it along.
const again = await client.authorizationCodeGrant(config, allowed.to, {
  pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce,
}).catch((error) => error)
assert.equal(again.error, 'invalid_grant')
assert.equal((await call(tokens.access_token, '/erp/v2/items', TENANT_ID)).status, 401, 'the grant has ended')
const dead = await client.refreshTokenGrant(config, tokens.refresh_token).catch((error) => error)
assert.equal(dead.error, 'invalid_grant')

// Once more, and then refresh: many at once get the same successor.
const verifier2 = client.randomPKCECodeVerifier()
const url2 = client.buildAuthorizationUrl(config, {
  redirect_uri, scope: 'openid offline_access', state,
  code_challenge: await client.calculatePKCECodeChallenge(verifier2), code_challenge_method: 'S256',
})
const { to } = await consent(url2, 'true')
const whole = await client.authorizationCodeGrant(config, to, { pkceCodeVerifier: verifier2, expectedState: state })
assert.ok(whole.scope.includes('customers.read'), 'without a word of the API everything that the app asks for')
async function refreshed() {
  for (;;) {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: whole.refresh_token, client_id: made.client.id })
    const answer = await fetch(`${JTL_AUTH_BASE}/oauth2/token`, { method: 'POST', body })
    // When more signatures are asked for than can be made, nothing is used up.
    if (answer.status !== 503) return answer.json()
  }
}
const many = await Promise.all(Array.from({ length: 100 }, refreshed))
assert.equal(new Set(many.map((it) => it.refresh_token)).size, 1)
const next = await client.refreshTokenGrant(config, many[0].refresh_token, { scope: 'items.read' })
assert.equal(next.claims().sub, sub)
assert.equal(next.scope, 'items.read')

// Whoever is removed from the merchant acts there no more, at once, and no app for them.
const { items: organisations } = await administer('GET', '/organisations?limit=500')
const { id: bikes } = organisations.find(({ name }) => name === "Anna's Bikes")
assert.equal((await call(next.access_token, '/erp/v2/items', TENANT_ID)).status, 200)
await administer('POST', `/organisations/${bikes}/invitations`, { email: 'second@bikes.example', role: 'admin' }).then(
  async ({ url }) => fetch(url, {
    method: 'POST', redirect: 'manual',
    headers: { origin: JTL_AUTH_BASE, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ name: 'Second', password: 'a password for the second' }),
  }),
)
await administer('DELETE', `/organisations/${bikes}/members/${sub}`)
assert.equal((await call(next.access_token, '/erp/v2/items', TENANT_ID)).status, 403)
assert.deepEqual((await call(next.access_token, '/account/tenants')).body, [])

// The person ends it at the account.
const account = await (await visit('/me')).text()
const grant = account.match(/action="\/me\/grants\/end"><button[^>]*value="([0-9a-f-]{36})"/)[1]
assert.equal((await visit('/me/grants/end', { grant })).status, 303)
assert.equal((await call(next.access_token, '/erp/v2/items', TENANT_ID)).status, 401)

// And signs out, as the app asks; sent on where the app said it would.
const out = client.buildEndSessionUrl(config, { post_logout_redirect_uri: left, id_token_hint: whole.id_token, state: 's' })
const asks = await visit(out)
assert.equal(asks.status, 200)
const gone = await visit('/oauth2/sessions/logout', { client_id: made.client.id, post_logout_redirect_uri: left, state: 's' })
assert.equal(gone.headers.get('location'), `${left}?state=s`)
assert.equal((await visit('/me')).status, 303)
const elsewhere = await visit(`/oauth2/sessions/logout?client_id=${made.client.id}&post_logout_redirect_uri=https://evil.example/`)
assert.equal(elsewhere.status, 400)
