import { at, machine } from '../cases.mjs'

// Giving back, and asking.
const givenBack = (name, play, more) => at(`revocation: ${name}`, async (side) => play(side, await side.tokens(more?.(side))))
const seen = async (...answers) => (await Promise.all(answers)).map(({ seen }) => seen).join(', ')
givenBack('an access token', async (side, { access_token: it }) => `${await seen(side.revoke(it))}, ${await seen(side.isActive(it))}`)
givenBack('a refresh token', async (side, { refresh_token: it, access_token }) =>
  `${await seen(side.revoke(it))}, ${await seen(side.refresh(it), side.isActive(access_token))}`)
givenBack('a refresh token with a wrong hint', async (side, { refresh_token: it }) =>
  `${await seen(side.revoke(it, undefined, { token_type_hint: 'access_token' }))}, ${await seen(side.refresh(it))}`)
givenBack('a refresh token with a hint that nobody knows', async (side, { refresh_token: it }) =>
  `${await seen(side.revoke(it, undefined, { token_type_hint: 'x' }))}, ${await seen(side.refresh(it))}`)
givenBack('a spent refresh token', async (side, { refresh_token: it }) => {
  const { refresh_token: next } = await side.refresh(it)
  return `${await seen(side.revoke(it))}, ${await seen(side.refresh(next))}`
})
givenBack('a public client\'s refresh token', async (side, { refresh_token: it }) =>
  `${await seen(side.revoke(it, side.public))}, ${await seen(side.refresh(it, side.public))}`, (side) => ({ client: side.public }))
givenBack('another client\'s access token', async (side, { access_token: it }) =>
  `${await seen(side.revoke(it, side.another))}, ${await seen(side.isActive(it))}`)
givenBack('another client\'s refresh token', async (side, { refresh_token: it }) =>
  `${await seen(side.revoke(it, side.another))}, ${await seen(side.refresh(it))}`)
givenBack('an ID token', (side, { id_token: it }) => seen(side.revoke(it)))
at('revocation: an unknown token', (side) => seen(side.revoke('x'.repeat(43))))
at('revocation: no token', (side) => seen(side.post('revocation_endpoint', {}, side.basic(side.confidential))))
at('revocation: two tokens', (side) => seen(side.post('revocation_endpoint', 'token=a&token=b', side.basic(side.confidential))))
at('revocation: nobody', (side) => seen(side.post('revocation_endpoint', { token: 'x' })))
at('revocation: a wrong secret', (side) => seen(side.revoke('x', { ...side.confidential, secret: 'wrong' })))

const introspected = (name, play, more) => at(`introspection: ${name}`, async (side) => seen(play(side, await side.tokens(more?.(side)))))
introspected('an access token', (side, { access_token: it }) => side.isActive(it))
introspected('a refresh token', (side, { refresh_token: it }) => side.isActive(it))
introspected('an ID token', (side, { id_token: it }) => side.isActive(it))
introspected('another client\'s access token', (side, { access_token: it }) => side.isActive(it, side.another))
introspected('another client\'s refresh token', (side, { refresh_token: it }) => side.isActive(it, side.another))
introspected('an access token, by a public client', (side, { access_token: it }) =>
  side.post('introspection_endpoint', { token: it, client_id: side.public.id }), (side) => ({ client: side.public }))
at('introspection: a machine\'s access token', async (side) => seen(side.isActive((await side.token(machine)).access_token)))
at('introspection: an unknown token', (side) => seen(side.isActive('x')))
at('introspection: no token', (side) => seen(side.post('introspection_endpoint', {}, side.basic(side.confidential))))
at('introspection: nobody', (side) => seen(side.post('introspection_endpoint', { token: 'x' })))
at('introspection: a wrong secret', (side) => seen(side.isActive('x', { ...side.confidential, secret: 'wrong' })))
