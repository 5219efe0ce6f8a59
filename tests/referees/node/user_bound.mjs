// openid-client has a person let an app in, at the issuer that ISSUER names: code with a proof key, ID token, refresh, what
// that opens, and signing out. The browser's part is played by fetch with a jar of cookies.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { Browser, administer, formWith } from './browser.mjs'

const { ISSUER, JTL_AUTH_BASE, JTL_API_BASE, TENANT_ID, OTHER_TENANT_ID } = process.env
const OTHER_ISSUER = [JTL_AUTH_BASE, `${JTL_AUTH_BASE}/id`].find((issuer) => issuer !== ISSUER)
const redirect_uri = 'http://127.0.0.1:49152/callback'
const left = 'https://app.example/left'

const made = await administer('POST', '/apps/stock-mirror/clients', {
  public: true,
  redirect_uris: ['http://127.0.0.1/callback', 'https://app.example/callback'],
  post_logout_redirect_uris: [left],
})
assert.equal(made.client_secret, undefined)
const at = (issuer) =>
  client.discovery(new URL(issuer), made.client.id, undefined, client.None(), { execute: [client.allowInsecureRequests] })
const [config, other] = await Promise.all([at(ISSUER), at(OTHER_ISSUER)])
const of = (it) => it.serverMetadata()
assert.deepEqual([of(config).issuer, of(other).issuer], [ISSUER, OTHER_ISSUER])

const browser = new Browser()
const state = client.randomState()
const verifier = client.randomPKCECodeVerifier()
const challenge = await client.calculatePKCECodeChallenge(verifier)
const wish = (it, more) =>
  client.buildAuthorizationUrl(it, {
    redirect_uri, state, scope: 'openid items.read', prompt: 'consent', code_challenge: challenge, code_challenge_method: 'S256', ...more,
  })
const redeem = (it, to, more) =>
  client.authorizationCodeGrant(it, to, { pkceCodeVerifier: verifier, expectedState: state, ...more })
const refusal = (promise) => promise.then((answer) => assert.fail(`granted: ${Object.keys(answer)}`), (error) => error.error)

// As a client would that does not look at what it gets.
async function trade(it, body) {
  const form = new URLSearchParams({ client_id: made.client.id, ...body })
  const answer = await fetch(of(it).token_endpoint, { method: 'POST', body: form })
  return { status: answer.status, ...(await answer.json()) }
}
const tradeCode = (it, to, more) =>
  trade(it, { grant_type: 'authorization_code', code: to.searchParams.get('code'), redirect_uri, code_verifier: verifier, ...more })

async function call(token, path, tenant) {
  const headers = { authorization: `Bearer ${token}`, ...(tenant && { 'x-tenant-id': tenant }) }
  const answer = await fetch(`${JTL_API_BASE}${path}`, { headers })
  return { status: answer.status, body: await answer.json().catch(() => undefined) }
}
const items = async (token) => (await call(token, '/erp/v2/items', TENANT_ID)).status

// Nobody has signed in: the browser is sent to where one does, and back.
const nonce = client.randomNonce()
const asked = wish(config, { scope: 'openid offline_access items.read', nonce })
const first = await browser.visit(asked)
assert.equal(first.status, 303)
const next = new URL(first.headers.get('location'), JTL_AUTH_BASE)
assert.equal(next.pathname, '/login')
assert.equal(next.searchParams.get('next'), asked.href.slice(asked.origin.length))
await browser.signIn()

const refused = await browser.decide(asked, 'false')
assert.equal(refused.to.searchParams.get('error'), 'access_denied')
assert.equal(refused.to.searchParams.get('iss'), ISSUER)
const stale = await browser.visit(refused.action, { ...refused.fields, shown: 'items.read customers.write', allow: 'true' })
assert.equal(stale.status, 409, 'what was not shown is not granted')

const allowed = await browser.decide(asked, 'true')
for (const word of ['Stock Mirror', 'Nordlicht Software', 'Bikes', 'items.read']) assert.ok(allowed.html.includes(word), word)
assert.match(allowed.policy, /form-action 'self' http:\/\/127\.0\.0\.1:49152/)
const tokens = await redeem(config, allowed.to, { expectedNonce: nonce, idTokenExpected: true })
const { sub, iss, aud, auth_time } = tokens.claims()
assert.deepEqual([iss, aud], [ISSUER, made.client.id])
assert.ok(auth_time <= Date.now() / 1000)
assert.ok(tokens.scope.split(' ').includes('items.read'))

assert.equal(await items(tokens.access_token), 200)
assert.equal((await call(tokens.access_token, '/erp/v2/items', OTHER_TENANT_ID)).status, 403, 'the person is no member there')
assert.equal((await call(tokens.access_token, '/erp/v2/customers', TENANT_ID)).status, 403, 'that was not granted')
const account = async (token) => (await call(token, '/account/tenants')).body
if (ISSUER === JTL_AUTH_BASE) {
  const tenants = await account(tokens.access_token)
  assert.ok(tenants.some(({ id, kid, slug, name, createdAt }) => id === TENANT_ID && kid && slug && name && createdAt))
} else {
  assert.equal((await call(tokens.access_token, '/account/tenants')).status, 401, 'the account is the first issuer\'s')
}
assert.equal(await items(tokens.id_token), 401, 'an ID token opens nothing')
assert.equal((await call(tokens.id_token, '/account/tenants')).status, 401)
assert.equal((await call(tokens.id_token, '/account/.well-known/jwks.json')).status, 401)

// The code does not count twice, and takes what came of it along.
assert.equal(await refusal(redeem(config, allowed.to, { expectedNonce: nonce })), 'invalid_grant')
assert.equal(await items(tokens.access_token), 401, 'the grant has ended')
assert.equal(await refusal(client.refreshTokenGrant(config, tokens.refresh_token)), 'invalid_grant')

// Another verifier's, and one that is none: the code is used up by the first, and what cannot be a verifier is no attempt.
const swapped = await browser.decide(wish(config), 'true')
assert.equal(await refusal(redeem(config, swapped.to, { pkceCodeVerifier: client.randomPKCECodeVerifier() })), 'invalid_grant')
assert.equal(await refusal(redeem(config, swapped.to)), 'invalid_grant', 'the code is dead')
const unbound = await browser.decide(wish(config), 'true')
assert.equal((await tradeCode(config, unbound.to, { code_verifier: challenge })).error, 'invalid_grant')
const unread = await browser.decide(wish(config), 'true')
assert.equal((await tradeCode(config, unread.to, { code_verifier: 'short' })).error, 'invalid_grant')
assert.ok((await tradeCode(config, unread.to)).access_token, 'RFC 7636 §4.1: the code was not looked at')

// Issuers that are mixed up. The client notices; and where it does not, the other issuer does.
const mixed = await browser.decide(wish(config), 'true')
await assert.rejects(redeem(other, mixed.to), (fault) => /"iss"/.test(fault.cause.message))
assert.equal((await tradeCode(other, mixed.to)).error, 'invalid_grant', 'a code is its issuer\'s')
// Whether that used it up is the platform's business; that it counts once at most is the client's.
await tradeCode(config, mixed.to)
for (const it of [other, config]) assert.equal((await tradeCode(it, mixed.to)).error, 'invalid_grant', 'the code is dead')

// Once more, and then refresh: many at once get the same successor.
const { to } = await browser.decide(wish(config, { scope: 'openid offline_access' }), 'true')
const whole = await redeem(config, to)
assert.ok(whole.scope.includes('customers.read'), 'without a word of the API everything that the app asks for')
assert.equal((await trade(other, { grant_type: 'refresh_token', refresh_token: whole.refresh_token })).error, 'invalid_grant')
assert.equal(await items(whole.access_token), 200, 'which ends nothing')
async function refreshed() {
  for (;;) {
    const answer = await trade(config, { grant_type: 'refresh_token', refresh_token: whole.refresh_token })
    // When more signatures are asked for than can be made, nothing is used up.
    if (answer.status !== 503) return answer
  }
}
const many = await Promise.all(Array.from({ length: 100 }, refreshed))
assert.equal(new Set(many.map((it) => it.refresh_token)).size, 1)
const renewed = await client.refreshTokenGrant(config, many[0].refresh_token, { scope: 'openid items.read' })
assert.equal(renewed.claims().sub, sub)
assert.ok(renewed.scope.includes('items.read') && !renewed.scope.includes('customers.read'))

// What one issuer gave, the other neither explains nor takes back.
const { client: { id: backend }, client_secret } = await administer('POST', '/apps/stock-mirror/clients')
const ask = async (endpoint, fields) => {
  const body = new URLSearchParams({ client_id: backend, client_secret, ...fields })
  const answer = await fetch(endpoint, { method: 'POST', body })
  return { status: answer.status, body: await answer.json().catch(() => undefined) }
}
for (const [here, there] of [[config, other], [other, config]]) {
  // The second issuer wants the word, and at the first it is none that a backend may ask for.
  const scope = of(here).issuer === JTL_AUTH_BASE ? 'items.read' : 'openid items.read'
  const { body: { access_token: token } } = await ask(of(here).token_endpoint, { grant_type: 'client_credentials', scope })
  assert.deepEqual(await ask(of(there).introspection_endpoint, { token }), { status: 200, body: { active: false } })
  await ask(of(there).revocation_endpoint, { token })
  assert.equal(await items(token), 200, 'revoked by its own issuer alone')
  assert.equal((await ask(of(here).introspection_endpoint, { token })).body.active, true)
  assert.equal((await ask(of(here).revocation_endpoint, { token })).status, 200)
  assert.equal(await items(token), 401)
}
await fetch(of(other).revocation_endpoint, {
  method: 'POST', body: new URLSearchParams({ client_id: made.client.id, token: renewed.refresh_token }),
})
assert.equal(await items(renewed.access_token), 200, 'a grant is ended by its own issuer alone')

// Where nobody is sent, whoever asks: what only looks like an address of the client.
const NEAR_MISSES = [
  'https://app.example/callback/', 'https://app.example/Callback', 'https://app.example/callback?',
  'https://app.example/callback?x=1', 'https://app.example/callback#', 'https://app.example/callback#x',
  'https://app.example:443/callback', 'https://app.example:8443/callback',
  'https://app.example@evil.example/callback', 'https://evil@app.example/callback',
  'https://app.example/callback/../evil', 'https://app.example/x/../callback', 'https://app.example/./callback',
  'https://app.example//callback', 'https://evil.app.example/callback',
  'https://app.example.evil.example/callback', 'https://app.example./callback', 'http://app.example/callback',
  'HTTPS://app.example/callback', 'https://APP.example/callback', 'https://app.example/%63allback',
  'https://app.example/callback%2f', 'https://app.example/callback%00', 'https://app.example/callback ',
  ' https://app.example/callback', 'https://app.example\\callback', 'https:/app.example/callback',
  '//app.example/callback', '/callback', 'javascript:alert(1)',
  'https://app.example/callback\r\nlocation: https://evil.example', 'http://127.0.0.1:49152/callback/',
  'http://127.0.0.1:49152@evil.example/callback', 'http://localhost:49152/callback', 'http://[::1]:49152/callback',
  'http://127.0.0.2:49152/callback', 'http://127.1:49152/callback', 'https://127.0.0.1:49152/callback',
]
for (const near of NEAR_MISSES) {
  for (const prompt of ['consent', 'none']) {
    const answer = await browser.visit(wish(config, { redirect_uri: near, prompt }))
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], JSON.stringify(near))
  }
}

// Whoever is removed from the merchant acts there no more, at once, and no app for them.
const { items: organisations } = await administer('GET', '/organisations?limit=500')
const { id: bikes } = organisations.find(({ name }) => name === "Anna's Bikes")
assert.equal(await items(renewed.access_token), 200)
const second = { email: 'second@bikes.example', role: 'admin' }
const { url: invitation } = await administer('POST', `/organisations/${bikes}/invitations`, second)
await new Browser().visit(invitation, { name: 'Second', password: 'a password for the second' })
await administer('DELETE', `/organisations/${bikes}/members/${sub}`)
assert.equal(await items(renewed.access_token), 403)
if (ISSUER === JTL_AUTH_BASE) assert.deepEqual(await account(renewed.access_token), [])

// The person ends it at the account.
const me = await (await browser.visit('/me')).text()
const grant = me.match(/action="\/me\/grants\/end"><button[^>]*value="([0-9a-f-]{36})"/)[1]
assert.equal((await browser.visit('/me/grants/end', { grant })).status, 303)
assert.equal(await items(renewed.access_token), 401)

// And signs out, as the app asks; sent on where the app said it would.
const out = { post_logout_redirect_uri: left, id_token_hint: whole.id_token, state: 's' }
const asks = await browser.visit(client.buildEndSessionUrl(config, out))
assert.equal(asks.status, 200)
const { action, fields } = formWith(await asks.text(), 'post_logout_redirect_uri')
const gone = await browser.visit(action, fields)
assert.equal(gone.headers.get('location'), `${left}?state=s`)
assert.equal((await browser.visit('/me')).status, 303)
const elsewhere = await browser.visit(client.buildEndSessionUrl(config, { ...out, post_logout_redirect_uri: 'https://evil.example/' }))
assert.equal(elsewhere.status, 400)
