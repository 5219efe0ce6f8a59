// A browser without a screen: it keeps cookies, follows nothing by itself, and sends forms with all that is in them. And
// somebody at the administration, who makes the clients.
import assert from 'node:assert/strict'

const { JTL_AUTH_BASE, ADMIN_TOKEN, MERCHANT_EMAIL, MERCHANT_PASSWORD } = process.env

const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescape = (text) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) =>
    decimal ? String.fromCodePoint(decimal) : hex ? String.fromCodePoint(parseInt(hex, 16)) : (NAMED[name] ?? whole))
const attribute = (tag, name) => {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`))
  return found && unescape(found[1])
}

// The form of a page that has a field or a button of this name.
export function formWith(html, name) {
  for (const [, opening, inner] of html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    const tags = inner.match(/<(?:input|button)[^>]*>/g) ?? []
    if (!tags.some((tag) => attribute(tag, 'name') === name)) continue
    const hidden = tags.filter((tag) => attribute(tag, 'type') === 'hidden')
    const fields = Object.fromEntries(hidden.map((tag) => [attribute(tag, 'name'), attribute(tag, 'value') ?? '']))
    return { action: attribute(opening, 'action'), fields }
  }
}

export class Browser {
  constructor(home = JTL_AUTH_BASE) {
    this.home = home
    this.jar = new Map()
  }

  // `origin` is where the form comes from.
  async visit(url, form, origin = new URL(this.home).origin) {
    const answer = await fetch(new URL(url, this.home), {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && { origin }),
      },
      body: form && new URLSearchParams(form),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/)
      if (value) this.jar.set(name, value)
      else this.jar.delete(name)
    }
    return answer
  }

  async signIn(email = MERCHANT_EMAIL, password = MERCHANT_PASSWORD) {
    assert.equal((await this.visit('/login', { email, password })).status, 303)
    return this
  }

  // Reads the page that asks, and answers it. Gives where the browser is sent.
  async decide(url, allow) {
    const page = await this.visit(url)
    const html = await page.text()
    assert.equal(page.status, 200, html || page.headers.get('location'))
    const { action, fields } = formWith(html, 'allow')
    const decided = await this.visit(action, { ...fields, allow })
    assert.equal(decided.status, 303, await decided.clone().text())
    const policy = page.headers.get('content-security-policy')
    return { html, policy, action, fields, to: new URL(decided.headers.get('location')) }
  }
}

export async function administer(method, path, body) {
  const answer = await fetch(`${JTL_AUTH_BASE}/admin/api${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
  return text && JSON.parse(text)
}
