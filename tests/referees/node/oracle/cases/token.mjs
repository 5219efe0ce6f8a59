import { randomBytes } from 'node:crypto'
import { GENERATION, at, machine } from '../cases.mjs'
import { BACK, VERIFIER, challenge } from '../sides.mjs'

// The token endpoint: who asks.
const token = (name, play) => at(`token: ${name}`, async (side) => (await play(side)).seen)
const raw = (side, body, headers) => side.post('token_endpoint', body, headers)
const inBody = ({ id, secret }) => ({ client_id: id, client_secret: secret })
const encoded = (text) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

token('by Basic', (side) => side.token(machine))
token('by the body', (side) => raw(side, { ...machine, ...inBody(side.confidential) }))
token('by Basic, and the same client_id in the body', (side) => side.token({ ...machine, client_id: side.confidential.id }))
token('by Basic, and another client_id in the body', (side) => side.token({ ...machine, client_id: side.another.id }))
token('by Basic, and a secret in the body', (side) => side.token({ ...machine, ...inBody(side.confidential) }))
token('nobody', (side) => raw(side, machine))
token('a client_id alone', (side) => raw(side, { ...machine, client_id: side.confidential.id }))
token('a wrong secret by Basic', (side) => raw(side, machine, side.basic({ ...side.confidential, secret: 'wrong' })))
token('a wrong secret in the body', (side) => raw(side, { ...machine, client_id: side.confidential.id, client_secret: 'wrong' }))
token('an empty secret by Basic', (side) => raw(side, machine, side.basic({ ...side.confidential, secret: '' })))
token('an empty secret in the body', (side) => raw(side, { ...machine, client_id: side.confidential.id, client_secret: '' }))
token('another\'s secret', (side) => raw(side, machine, side.basic({ ...side.confidential, secret: side.another.secret })))
token('an unknown client by Basic', (side) => raw(side, machine, encoded('c0ffee00-0000-4000-8000-000000000000:x')))
token('an unknown client in the body', (side) => raw(side, { ...machine, client_id: 'nobody', client_secret: 'x' }))
token('a public client with a secret', (side) => raw(side, machine, side.basic({ ...side.public, secret: 'x' })))
token('Basic without a colon', (side) => raw(side, machine, encoded('nothing')))
token('Basic that is no base64', (side) => raw(side, machine, { authorization: 'Basic !!!' }))
token('Bearer', (side) => raw(side, machine, { authorization: 'Bearer x' }))
token('client_assertion', (side) => raw(side, {
  ...machine,
  client_id: side.confidential.id,
  client_assertion: 'x',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
}))

// The token endpoint: how.
const how = (side, body, headers) => raw(side, body, { ...side.basic(side.confidential), ...headers })
token('no grant_type', (side) => side.token({ scope: machine.scope }))
token('an empty grant_type', (side) => side.token({ ...machine, grant_type: '' }))
for (const grant_type of ['garbage', 'password', 'implicit', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'CLIENT_CREDENTIALS']) {
  token(`grant_type=${grant_type}`, (side) => side.token({ ...machine, grant_type }))
}
token('two grant_types', (side) => how(side, `${new URLSearchParams(machine)}&grant_type=client_credentials`))
token('two scopes', (side) => how(side, `${new URLSearchParams(machine)}&scope=openid`))
token('two client_ids', (side) => how(side, `${new URLSearchParams(machine)}${`&client_id=${side.confidential.id}`.repeat(2)}`))
token('two of what nobody knows', (side) => how(side, `${new URLSearchParams(machine)}&colour=blue&colour=red`))
token('parameters that nobody knows', (side) => side.token({ ...machine, colour: 'blue' }))
token('parameters of another grant', (side) => side.token({ ...machine, code: 'x', refresh_token: 'x', redirect_uri: 'x' }))
token('JSON', (side) => how(side, JSON.stringify(machine), { 'content-type': 'application/json' }))
token('a form that says it is text', (side) => how(side, `${new URLSearchParams(machine)}`, { 'content-type': 'text/plain' }))
token('an empty body', (side) => how(side, ''))
token('a form with a charset', (side) => how(side, machine, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }))
token('20 KiB', (side) => side.token({ ...machine, colour: 'x'.repeat(20 * 1024) }))
const without = (method, path = '') => async (side) => {
  const answer = await fetch(`${side.metadata.token_endpoint}${path}`, { method, headers: side.basic(side.confidential) })
  return { seen: `${answer.status} ${(await answer.json().catch(() => ({}))).error ?? ''}`.trim() }
}
token('GET', without('GET', `?${new URLSearchParams(machine)}`))
token('PUT', without('PUT'))
at('token: parameters in the URL too', async (side) => {
  const url = `${side.metadata.token_endpoint}?colour=blue`
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(machine), headers: side.basic(side.confidential) })
  return `${answer.status} ${(await answer.json()).error ?? ''}`.trim()
})

// Client credentials.
token('client credentials of a public client', (side) => side.token(machine, side.public))
token('client credentials without a scope', (side) => side.token({ grant_type: 'client_credentials' }))
token('client credentials for openid alone', (side) => side.token({ ...machine, scope: 'openid' }))
token('client credentials beyond', (side) => side.token({ ...machine, scope: `${machine.scope} returns.write` }))
token('client credentials for a scope of strange characters', (side) => side.token({ ...machine, scope: `${machine.scope} "x"` }))

// Codes.
const code = (name, change, more) =>
  token(`code: ${name}`, async (side) => {
    const sound = await side.code(more?.(side))
    return side.token({ ...sound, ...(await change(side, sound)) }, more?.(side).client)
  })
const leftOut = (name) => async (side) => {
  const sound = await side.code()
  delete sound[name]
  return side.token(sound)
}
code('a sound one', () => ({}))
code('a sound one of a public client', () => ({}), (side) => ({ client: side.public }))
code('a sound one without openid', () => ({}), () => (GENERATION === 'a' ? { scope: 'items.read', nonce: undefined } : {}))
for (const name of ['code', 'redirect_uri', 'code_verifier']) token(`code: no ${name}`, leftOut(name))
code('an unknown one', () => ({ code: 'x'.repeat(43) }))
code('another verifier', () => ({ code_verifier: randomBytes(32).toString('base64url') }))
code('the challenge as the verifier', () => ({ code_verifier: challenge(VERIFIER) }))
code('a verifier that is too short', () => ({ code_verifier: 'short' }))
code('a verifier that is too long', () => ({ code_verifier: 'v'.repeat(129) }))
code('a verifier of strange characters', () => ({ code_verifier: `${VERIFIER}ä` }))
code('another redirect_uri', () => ({ redirect_uri: `${BACK}/` }))
code('another port of a native client', () => ({ redirect_uri: 'http://127.0.0.1:50123/callback' }), (side) => ({ client: side.public }))
code('a scope beside it', () => ({ scope: 'openid returns.write' }))
token('code: by another client', async (side) => side.token(await side.code(), side.another))
token('code: by a public client', async (side) => side.token(await side.code(), side.public))
token('code: of a public client by one with a secret', async (side) => side.token({ ...(await side.code({ client: side.public })) }))
token('code: without the secret', async (side) => raw(side, { ...(await side.code()), client_id: side.confidential.id }))
token('code: a second time', async (side) => {
  const sound = await side.code()
  await side.token(sound)
  return side.token(sound)
})
token('code: after another verifier', async (side) => {
  const sound = await side.code()
  await side.token({ ...sound, code_verifier: randomBytes(32).toString('base64url') })
  return side.token(sound)
})
token('code: after another redirect_uri', async (side) => {
  const sound = await side.code()
  await side.token({ ...sound, redirect_uri: `${BACK}/` })
  return side.token(sound)
})
token('code: after a verifier that is too short', async (side) => {
  const sound = await side.code()
  await side.token({ ...sound, code_verifier: 'short' })
  return side.token(sound)
})
token('code: after a wrong secret', async (side) => {
  const sound = await side.code()
  await raw(side, sound, side.basic({ ...side.confidential, secret: 'wrong' }))
  return side.token(sound)
})
at('token: code: what came of it, after a second time', async (side) => {
  const sound = await side.code({ scope: 'openid offline_access items.read' })
  const tokens = await side.token(sound)
  await side.token(sound)
  return [await side.isActive(tokens.access_token), await side.refresh(tokens.refresh_token)].map(({ seen }) => seen).join(', ')
})
token('code: as a refresh token', async (side) => side.refresh((await side.code()).code))
const members = (answer) => Object.keys(answer).sort().join(' ')
at('token: code: what is in the answer', async (side) => members(await side.tokens()))
at('token: code: what is in the answer without offline_access', async (side) => members(await side.token(await side.code())))

// Refresh tokens.
const refresh = (name, play, more) => token(`refresh: ${name}`, async (side) => play(side, await side.tokens(more?.(side))))
refresh('a sound one', (side, { refresh_token: it }) => side.refresh(it))
const ofPublic = (side) => ({ client: side.public })
refresh('a sound one of a public client', (side, { refresh_token: it }) => side.refresh(it, side.public), ofPublic)
token('refresh: none', (side) => side.token({ grant_type: 'refresh_token' }))
token('refresh: an unknown one', (side) => side.refresh('x'.repeat(43)))
refresh('an access token', (side, { access_token: it }) => side.refresh(it))
refresh('an ID token', (side, { id_token: it }) => side.refresh(it))
refresh('another client\'s', (side, { refresh_token: it }) => side.refresh(it, side.another))
refresh('another client\'s, by a public one', (side, { refresh_token: it }) => side.refresh(it, side.public))
refresh('without the secret', (side, { refresh_token: it }) =>
  raw(side, { grant_type: 'refresh_token', refresh_token: it, client_id: side.confidential.id }))
refresh('after another client\'s attempt', async (side, { refresh_token: it }) => {
  await side.refresh(it, side.another)
  return side.refresh(it)
})
refresh('for less', (side, { refresh_token: it }) => side.refresh(it, undefined, { scope: 'openid items.read' }))
refresh('for more', (side, { refresh_token: it }) => side.refresh(it, undefined, { scope: 'openid items.read customers.read' }))
refresh('for a scope of strange characters', (side, { refresh_token: it }) => side.refresh(it, undefined, { scope: '"x"' }))
refresh('after one that asked for more', async (side, { refresh_token: it }) => {
  await side.refresh(it, undefined, { scope: 'openid customers.read' })
  return side.refresh(it)
})
refresh('a second time, at once', async (side, { refresh_token: it }) => {
  await side.refresh(it)
  return side.refresh(it)
})
refresh('a second time, after its successor', async (side, { refresh_token: it }) => {
  await side.refresh((await side.refresh(it)).refresh_token)
  return side.refresh(it)
})
at('token: refresh: what came of it, after a second time', async (side) => {
  const { refresh_token: first } = await side.tokens()
  const last = await side.refresh((await side.refresh(first)).refresh_token)
  await side.refresh(first)
  return [await side.isActive(last.access_token), await side.refresh(last.refresh_token)].map(({ seen }) => seen).join(', ')
})
