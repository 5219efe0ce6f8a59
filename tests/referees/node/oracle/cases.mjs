// Where the files in `cases` put what both sides are asked.
import assert from 'node:assert/strict'

const { ISSUER, JTL_AUTH_BASE } = process.env
export const GENERATION = ISSUER === JTL_AUTH_BASE ? 'a' : 'b'

// Each is a request or a few, and gives what was seen.
export const CASES = new Map()
export const at = (name, play) => {
  assert.ok(!CASES.has(name), name)
  CASES.set(name, play)
}

// A machine's wish, of which the second issuer wants a word more.
export const machine = { grant_type: 'client_credentials', scope: GENERATION === 'a' ? 'items.read' : 'openid items.read' }
