import { at } from '../cases.mjs'
import { BACK, LEFT } from '../sides.mjs'

// Signing out.
async function leaving(side, change, browser, origin) {
  const wish = { client_id: side.confidential.id, post_logout_redirect_uri: LEFT, state: 's', ...(await change(side)) }
  const set = Object.entries(wish).filter(([, value]) => value !== undefined)
  return side.leave(new URLSearchParams(set), browser, origin)
}
const leave = (name, change, origin) =>
  at(`logout: ${name}`, async (side) => {
    // One session serves until somebody has indeed left: there is a limit to how often one may sign in.
    const browser = side.leaver ?? (await side.signedIn())
    const became = await leaving(side, change, browser, origin)
    side.leaver = became.startsWith('page') ? browser : undefined
    return became
  })
const leaveAgain = (name, change) => at(`logout, signed out: ${name}`, (side) => leaving(side, change, side.stranger()))
const hint = async (side) => (await side.tokens()).id_token
leave('by client_id', () => ({}))
leave('by id_token_hint', async (side) => ({ client_id: undefined, id_token_hint: await hint(side) }))
leave('by both', async (side) => ({ id_token_hint: await hint(side) }))
leave('by both, which do not agree', async (side) => ({ client_id: side.another.id, id_token_hint: await hint(side) }))
leave('by an id_token_hint that is none', () => ({ client_id: undefined, id_token_hint: 'garbage' }))
leave('by an id_token_hint that somebody changed', async (side) => ({
  client_id: undefined, id_token_hint: `${(await hint(side)).slice(0, -8)}AAAAAAAA`,
}))
leave('by an access token as id_token_hint', async (side) => ({
  client_id: undefined, id_token_hint: (await side.tokens()).access_token,
}))
leave('by nobody', () => ({ client_id: undefined }))
leave('by an unknown client', () => ({ client_id: 'c0ffee00-0000-4000-8000-000000000000' }))
leave('without a post_logout_redirect_uri', () => ({ post_logout_redirect_uri: undefined }))
leave('without a state', () => ({ state: undefined }))
leave('an unknown post_logout_redirect_uri', () => ({ post_logout_redirect_uri: 'https://evil.example/left' }))
leave('a post_logout_redirect_uri with a slash more', () => ({ post_logout_redirect_uri: `${LEFT}/` }))
leave('a redirect_uri as post_logout_redirect_uri', () => ({ post_logout_redirect_uri: BACK }))
leave('by nobody, with no address', () => ({ client_id: undefined, post_logout_redirect_uri: undefined, state: undefined }))
leave('by POST', () => ({}), 'https://app.example')
leaveAgain('by client_id', () => ({}))
leaveAgain('an unknown post_logout_redirect_uri', () => ({ post_logout_redirect_uri: 'https://evil.example/left' }))
