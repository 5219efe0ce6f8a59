import { at } from '../cases.mjs'
import { BACK, VERIFIER, challenge } from '../sides.mjs'

// The authorization endpoint: one wish of somebody who has signed in, with this changed.
const AUTHORIZATION = {
  'a sound wish': {},
  'of a public client': (side) => ({ client: side.public }),
  'parameters that nobody knows': { colour: 'blue' },
  'no client_id': { client_id: undefined },
  'an empty client_id': { client_id: '' },
  'an unknown client_id': { client_id: 'c0ffee00-0000-4000-8000-000000000000' },
  'a client_id of strange characters': { client_id: 'ä \u0000' },
  'no redirect_uri': { redirect_uri: undefined },
  'a redirect_uri with a slash more': { redirect_uri: `${BACK}/` },
  'a redirect_uri of another': { redirect_uri: 'https://evil.example/callback' },
  'a redirect_uri that is none': { redirect_uri: 'callback' },
  'a redirect_uri of another client': (side) => ({ redirect_uri: side.public.back }),
  'another port of a native client': (side) => ({ client: side.public, redirect_uri: 'http://127.0.0.1:50123/callback' }),
  'another host of a native client': (side) => ({ client: side.public, redirect_uri: 'http://localhost:49152/callback' }),
  'no response_type': { response_type: undefined },
  'response_type=token': { response_type: 'token' },
  'response_type=id_token': { response_type: 'id_token' },
  'response_type=code id_token': { response_type: 'code id_token' },
  'response_type=none': { response_type: 'none' },
  'response_type=garbage': { response_type: 'garbage' },
  'no proof key': { code_challenge: undefined, code_challenge_method: undefined },
  'no proof key of a public client': (side) => ({ client: side.public, code_challenge: undefined, code_challenge_method: undefined }),
  'code_challenge_method=plain': { code_challenge_method: 'plain', code_challenge: VERIFIER },
  'no code_challenge_method': { code_challenge_method: undefined },
  'code_challenge_method=s256': { code_challenge_method: 's256' },
  'no code_challenge': { code_challenge: undefined },
  'a code_challenge that is too short': { code_challenge: 'short' },
  'a code_challenge of strange characters': { code_challenge: `${challenge(VERIFIER).slice(1)}ä` },
  'no scope': { scope: undefined, nonce: undefined },
  'a scope without openid': { scope: 'items.read', nonce: undefined },
  'a scope that nobody knows': { scope: 'openid items.fly' },
  'a scope beyond the client\'s': { scope: 'openid returns.write' },
  'a scope of strange characters': { scope: 'openid "items"' },
  'no state': { state: undefined },
  'no nonce': { nonce: undefined },
  'a long nonce': { nonce: 'n'.repeat(600) },
  'prompt=consent': { prompt: 'consent' },
  'prompt=none': { prompt: 'none' },
  'prompt=none of a public client': (side) => ({ client: side.public, prompt: 'none' }),
  'prompt=none login': { prompt: 'none login' },
  'prompt=garbage': { prompt: 'garbage' },
  'max_age=86400': { max_age: '86400' },
  'max_age=-1': { max_age: '-1' },
  'max_age=1.5': { max_age: '1.5' },
  'max_age=garbage': { max_age: 'garbage' },
  'request': { request: 'eyJhbGciOiJub25lIn0.e30.' },
  'request_uri': { request_uri: 'https://app.example/request' },
  'registration': { registration: '{}' },
  'claims': { claims: '{"id_token":{"email":null}}' },
  'display, ui_locales, acr_values, login_hint': { display: 'popup', ui_locales: 'de', acr_values: 'x', login_hint: 'x' },
  'id_token_hint=garbage': { id_token_hint: 'garbage' },
  'response_mode=query': { response_mode: 'query' },
  'response_mode=fragment': { response_mode: 'fragment' },
  'response_mode=form_post': { response_mode: 'form_post' },
  'response_mode=garbage': { response_mode: 'garbage' },
  'an error by response_mode=form_post': { response_mode: 'form_post', prompt: 'garbage' },
  'two client_ids': (side) => ({ client_id: [side.confidential.id, side.confidential.id] }),
  'two redirect_uris': { redirect_uri: [BACK, BACK] },
  'two scopes': { scope: ['openid', 'items.read'] },
  'two states': { state: ['s', 's'] },
  'two of what nobody knows': { colour: ['blue', 'red'] },
}
for (const [name, change] of Object.entries(AUTHORIZATION)) {
  const more = (side) => (typeof change === 'function' ? change(side) : change)
  at(`authorization: ${name}`, (side) => side.ask(side.wish({ client: side.fresh, ...more(side) })))
}
const elsewhere = (name, more) =>
  at(`authorization, signed out: ${name}`, (side) => side.ask(side.wish({ client: side.fresh, ...more }), side.stranger()))
elsewhere('a sound wish', {})
elsewhere('prompt=none', { prompt: 'none' })
elsewhere('prompt=consent', { prompt: 'consent' })
elsewhere('a wish that is unsound', { code_challenge: undefined })
const justNow = (name, more) =>
  at(`authorization, just signed in: ${name}`, async (side) =>
    side.ask(side.wish({ client: side.fresh, ...more }), await side.signedIn()))
justNow('prompt=login', { prompt: 'login' })
justNow('prompt=login consent', { prompt: 'login consent' })
justNow('prompt=select_account', { prompt: 'select_account' })
justNow('max_age=0', { max_age: '0' })
const letIn = (name, more, client = 'confidential') =>
  at(`authorization, of a client that was let in: ${name}`, async (side) => {
    const wish = { client: side[client], scope: 'openid items.read' }
    await side.tokens({ ...wish, scope: 'openid offline_access items.read' })
    return side.ask(side.wish({ ...wish, ...more }))
  })
letIn('the same', {})
letIn('the same, with prompt=none', { prompt: 'none' })
letIn('the same, with prompt=consent', { prompt: 'consent' })
letIn('more', { scope: 'openid items.read customers.read' })
letIn('more, with prompt=none', { scope: 'openid items.read customers.read', prompt: 'none' })
letIn('the same, of a public one', {}, 'public')
at('authorization: by POST', (side) => side.askByForm(side.wish({ client: side.fresh })))
at('authorization: by POST, of an unknown client', (side) => side.askByForm(side.wish({ client_id: 'nobody' })))
at('authorization: by POST, two scopes', (side) => side.askByForm(side.wish({ client: side.fresh, scope: ['openid', 'items.read'] })))
at('authorization, signed out: by POST', (side) => side.askByForm(side.wish({ client: side.fresh }), side.stranger()))
at('authorization: an ID token of one\'s own as id_token_hint', async (side) =>
  side.ask(side.wish({ prompt: 'consent', id_token_hint: (await side.tokens()).id_token })))
at('authorization: another person\'s ID token as id_token_hint', async (side) => {
  const { id_token } = await side.tokens({ browser: await side.otherSignedIn() })
  return side.ask(side.wish({ prompt: 'consent', id_token_hint: id_token }))
})
at('authorization: another person\'s ID token as id_token_hint, with prompt=none', async (side) => {
  const { id_token } = await side.tokens({ browser: await side.otherSignedIn() })
  return side.ask(side.wish({ prompt: 'none', id_token_hint: id_token }))
})
at('authorization: another client\'s ID token as id_token_hint', async (side) =>
  side.ask(side.wish({ client: side.another, id_token_hint: (await side.tokens()).id_token })))
at('authorization: an ID token that somebody changed as id_token_hint', async (side) =>
  side.ask(side.wish({ prompt: 'consent', id_token_hint: `${(await side.tokens()).id_token.slice(0, -8)}AAAAAAAA` })))
at('authorization: an access token as id_token_hint', async (side) =>
  side.ask(side.wish({ prompt: 'consent', id_token_hint: (await side.tokens()).access_token })))
at('authorization: the person says no', async (side) => {
  const wish = side.wish({ client: side.fresh })
  const to = await side.decide(side.browser, side.url(wish), false)
  return side.see(new Response('', { status: 303, headers: { location: to } }), wish, side.browser)
})
