// oidc-provider beside the issuer that ISSUER names: both get the same requests, bad ones for the most part, and what a client
// sees of the answers is compared. Where we answer otherwise, `ON_PURPOSE` says why, or `FAULTS` why we should not.
import assert from 'node:assert/strict'
import { CASES, GENERATION } from './oracle/cases.mjs'
import './oracle/cases/authorization.mjs'
import './oracle/cases/token.mjs'
import './oracle/cases/given_tokens.mjs'
import './oracle/cases/logout.mjs'
import './oracle/cases/discovery.mjs'
import { FAULTS, ON_PURPOSE } from './oracle/differences.mjs'
import { Ours, Theirs } from './oracle/sides.mjs'

const here = [...ON_PURPOSE, ...FAULTS].filter(([, , , , at]) => !at || at === GENERATION)
const listed = new Map(here.map(([name, ...row]) => [name, row]))
assert.equal(listed.size, here.length, 'a case is listed twice')
for (const [name, [, , why]] of listed) assert.ok(CASES.has(name) && why, `${name}: no such case, or no reason`)

function complaint([ours, theirs], known) {
  if ([ours, theirs].some((answer) => answer.startsWith('broken'))) return 'it does not come to an end'
  if (!known) return ours !== theirs && 'a difference that is not listed'
  if (ours === theirs) return 'listed as a difference, and there is none'
  return (ours !== known[0] || theirs !== known[1]) && `another difference than what is listed, ${known[0]} and ${known[1]}`
}

const sides = await Promise.all([new Ours().prepare(), new Theirs().prepare()])
const complaints = []
for (const [name, play] of CASES) {
  const answers = await Promise.all(sides.map((side) => play(side).catch((fault) => `broken: ${fault.stack}`)))
  const wrong = complaint(answers, listed.get(name))
  if (wrong) complaints.push(`${name}: ${wrong}; ours ${answers[0]}, theirs ${answers[1]}`)
}
for (const side of sides) await side.end()
console.log(`${CASES.size} cases, ${listed.size} differences, of which ${FAULTS.length} are faults of ours`)
assert.equal(complaints.length, 0, `\n${complaints.join('\n')}`)
