// The two sides: our issuer and oidc-provider, set up alike, with the same ways to ask them and to see what they answer.
import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import { Browser, administer, formWith } from '../browser.mjs'

export const BACK = 'https://app.example/callback'
export const LEFT = 'https://app.example/left'
const NATIVE_BACK = 'http://127.0.0.1:49152/callback'
const URIS = { redirect_uris: [BACK], post_logout_redirect_uris: [LEFT] }
const NATIVE_URIS = { redirect_uris: ['http://127.0.0.1/callback'], post_logout_redirect_uris: [LEFT] }

export const VERIFIER = randomBytes(32).toString('base64url')
export const challenge = (verifier) => createHash('sha256').update(verifier).digest('base64url')
// What the demonstration's app has, and something more that its API has.
const CLIENT_SCOPE = 'openid offline_access items.read customers.read'
const API_SCOPE = 'items.read customers.read returns.write'
const OTHER = { email: 'other@bikes.example', password: 'a password for the other' }

const leadsBack = (to) => [BACK, NATIVE_BACK].some((back) => to.startsWith(back))

// What is the same of both. Of the clients `confidential` and `another` have a secret, and `fresh` too, which nobody lets in.
class Side {
  async discover() {
    this.metadata = await (await fetch(`${this.issuer}/.well-known/openid-configuration`)).json()
    return this
  }

  basic({ id, secret }) {
    return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }
  }

  // What a client gets that posts a form: the status and the code, or what else there is to be seen.
  async post(endpoint, fields, headers = {}) {
    const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
    const answer = await fetch(this.metadata[endpoint], {
      method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
    const text = await answer.text()
    const json = text.startsWith('{') ? JSON.parse(text) : {}
    assert.ok(answer.ok || json.error, `${this.name}: ${endpoint} answers ${answer.status} ${text}`)
    assert.ok(endpoint !== 'token_endpoint' || /no-store/.test(answer.headers.get('cache-control')), 'RFC 6749 §5.1')
    const said = json.error ?? (json.active === undefined ? '' : `active ${json.active}`)
    return { ...json, seen: `${answer.status} ${said}`.trim() }
  }

  token(fields, client = this.confidential) {
    if (client.secret) return this.post('token_endpoint', fields, this.basic(client))
    return this.post('token_endpoint', { client_id: client.id, ...fields })
  }

  wish(more = {}) {
    const client = more.client ?? this.confidential
    const wish = {
      client_id: client.id, redirect_uri: client.back, response_type: 'code', scope: 'openid items.read', state: 's',
      nonce: 'n', code_challenge: challenge(VERIFIER), code_challenge_method: 'S256', ...more,
    }
    delete wish.client
    // A parameter that is set to nothing is left out, and one that is a list is there so often.
    return new URLSearchParams(Object.entries(wish).flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((it) => [name, it])))
  }

  url(wish) {
    return `${this.metadata.authorization_endpoint}?${wish}`
  }

  // What a browser gets at the authorization endpoint.
  async ask(wish, browser = this.browser) {
    return this.see(await browser.visit(this.url(wish)), wish, browser)
  }

  async see(answer, wish, browser) {
    const html = await answer.clone().text()
    const to = answer.headers.get('location')
    if (html.includes(`action="${BACK}"`)) return 'a form to the client'
    if (to && leadsBack(to)) {
      const url = new URL(to)
      const said = url.hash ? new URLSearchParams(url.hash.slice(1)) : url.searchParams
      const lacks = [said.get('iss') === this.issuer ? [] : 'iss', said.get('state') === wish.getAll('state')[0] ? [] : 'state'].flat()
      const outcome = said.get('error') ?? (said.has('code') ? 'code' : 'nothing')
      return [url.hash ? 'fragment' : 'redirect', outcome, ...lacks.map((name) => `without ${name}`)].join(' ')
    }
    const asks = await this.asks(answer, browser)
    return asks ?? (to ? `redirect to ${to}` : `page ${answer.status}`)
  }

  // The same by a form of the client's; where that is sent on to what a link leads to, it is followed there.
  async askByForm(wish, browser = this.browser) {
    const endpoint = this.metadata.authorization_endpoint
    const answer = await browser.visit(endpoint, wish, new URL(BACK).origin)
    const to = answer.headers.get('location') ?? ''
    const isThere = to.startsWith(`${new URL(endpoint).pathname}?`)
    return this.see(isThere ? await browser.visit(to) : answer, wish, browser)
  }

  // What becomes of somebody who wants to sign out, sent by the client's link or by its form.
  async leave(wish, browser, origin) {
    const endpoint = this.metadata.end_session_endpoint
    const page = await (origin ? browser.visit(endpoint, wish, origin) : browser.visit(`${endpoint}?${wish}`))
    return this.leaving(page, browser)
  }

  left(answer) {
    const to = answer.headers.get('location')
    return to?.startsWith(LEFT) ? `to the client${to.slice(LEFT.length)}` : to ? 'to nobody' : `page ${answer.status}`
  }

  // A code that the person let the client have.
  async code({ browser = this.browser, ...more } = {}) {
    const client = more.client ?? this.confidential
    const to = await this.decide(browser, this.url(this.wish({ prompt: 'consent', ...more })), true)
    const code = to.searchParams.get('code')
    assert.ok(code, `${this.name}: ${to}`)
    return { grant_type: 'authorization_code', code, redirect_uri: client.back, code_verifier: VERIFIER }
  }

  async tokens(more = {}) {
    const tokens = await this.token(await this.code({ scope: 'openid offline_access items.read', ...more }), more.client)
    assert.ok(tokens.refresh_token && tokens.id_token, `${this.name}: ${Object.keys(tokens)} ${tokens.error_description}`)
    return tokens
  }

  refresh(refresh_token, client, more) {
    return this.token({ grant_type: 'refresh_token', refresh_token, ...more }, client)
  }

  revoke(token, client = this.confidential, more = {}) {
    if (client.secret) return this.post('revocation_endpoint', { token, ...more }, this.basic(client))
    return this.post('revocation_endpoint', { token, client_id: client.id, ...more })
  }

  isActive(token, client = this.confidential) {
    return this.post('introspection_endpoint', { token }, this.basic(client))
  }

  end() {}
}

export class Ours extends Side {
  name = 'ours'
  issuer = process.env.ISSUER

  async prepare() {
    const client = async (fields, back) => {
      const { client, client_secret } = await administer('POST', '/apps/stock-mirror/clients', fields)
      if (!fields) await administer('PUT', `/clients/${client.id}/redirect-uris`, URIS)
      return { id: client.id, secret: client_secret, back }
    }
    this.confidential = await client(undefined, BACK)
    this.another = await client(undefined, BACK)
    this.fresh = await client(undefined, BACK)
    this.public = await client({ public: true, ...NATIVE_URIS }, NATIVE_BACK)
    await this.discover()
    this.browser = await this.signedIn()
    const { items: organisations } = await administer('GET', '/organisations?limit=500')
    const { id } = organisations.find(({ name }) => name === "Anna's Bikes")
    const { url } = await administer('POST', `/organisations/${id}/invitations`, { email: OTHER.email, role: 'member' })
    await new Browser().visit(url, { name: 'Other', password: OTHER.password })
    return this
  }

  stranger() {
    return new Browser()
  }

  signedIn() {
    return new Browser().signIn()
  }

  otherSignedIn() {
    return new Browser().signIn(OTHER.email, OTHER.password)
  }

  async asks(answer) {
    const to = answer.headers.get('location')
    if (to && ['/login', '/confirm'].includes(new URL(to, this.issuer).pathname)) return 'asks to sign in'
    if (answer.status === 200 && formWith(await answer.text(), 'allow')) return 'asks for consent'
  }

  async decide(browser, url, allow) {
    return (await browser.decide(url, String(allow))).to
  }

  async leaving(answer, browser) {
    // What a client's form asks for is sent on to the page that a link leads to.
    const to = answer.headers.get('location') ?? ''
    const page = to.startsWith(new URL(this.metadata.end_session_endpoint).pathname) ? await browser.visit(to) : answer
    if (page.status !== 200) return this.left(page)
    const { action, fields } = formWith(await page.text(), 'post_logout_redirect_uri')
    return `asks, ${this.left(await browser.visit(action, fields))}`
  }
}

export class Theirs extends Side {
  name = 'theirs'

  async prepare() {
    const server = (this.server = createServer())
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
    this.issuer = `http://127.0.0.1:${server.address().port}`
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const flows = { grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], response_types: ['code'] }
    const confidential = () => ({
      client_id: randomUUID(), client_secret: randomBytes(24).toString('base64url'), ...flows, ...URIS, scope: CLIENT_SCOPE,
    })
    const clients = [
      confidential(),
      confidential(),
      confidential(),
      // Through which people sign in there, and nothing else.
      confidential(),
      {
        client_id: randomUUID(), ...NATIVE_URIS, scope: CLIENT_SCOPE, application_type: 'native', token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
      },
    ]
    this.provider = new Provider(this.issuer, {
      clients,
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
      cookies: { keys: [randomBytes(16).toString('hex')], long: { sameSite: 'none' } },
      enableHttpPostMethods: true,
      scopes: ['openid', 'offline_access', ...API_SCOPE.split(' ')],
      responseTypes: ['code'],
      clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
      pkce: { required: () => true },
      rotateRefreshToken: true,
      allowOmittingSingleRegisteredRedirectUri: false,
      issueRefreshToken: (_, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        introspection: { enabled: true },
        pushedAuthorizationRequests: { enabled: false },
        revocation: { enabled: true },
        rpInitiatedLogout: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => 'https://api.example',
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({ scope: API_SCOPE, accessTokenFormat: 'opaque' }),
        },
      },
    })
    const callback = this.provider.callback()
    server.on('request', (request, response) =>
      request.url.startsWith('/interaction/') ? this.interact(request, response) : callback(request, response))
    const [known, another, fresh, home, native] = clients.map(({ client_id: id, client_secret: secret }) => ({ id, secret, back: BACK }))
    Object.assign(this, { confidential: known, another, fresh, home, public: { ...native, back: NATIVE_BACK } })
    await this.discover()
    this.browser = await this.signedIn()
    return this
  }

  end() {
    this.server.closeAllConnections()
    this.server.close()
  }

  // A GET says what is asked, a POST does it.
  async interact(request, response) {
    const { prompt, params, session } = await this.provider.interactionDetails(request, response)
    if (request.method === 'GET') return response.end(prompt.name)
    const finish = (result) => this.provider.interactionFinished(request, response, result)
    if (prompt.name === 'login') return finish({ login: { accountId: params.login_hint ?? 'anna' } })
    if (request.url.endsWith('?deny')) return finish({ error: 'access_denied' })
    const grant = new this.provider.Grant({ accountId: session.accountId, clientId: params.client_id })
    grant.addOIDCScope(params.scope)
    grant.addResourceScope('https://api.example', params.scope)
    return finish({ consent: { grantId: await grant.save() } })
  }

  stranger() {
    return new Browser(this.issuer)
  }

  async signedIn(login_hint) {
    const browser = this.stranger()
    await this.decide(browser, this.url(this.wish({ client: this.home, login_hint })), true)
    return browser
  }

  otherSignedIn() {
    return this.signedIn('other')
  }

  async asks(answer, browser) {
    const to = answer.headers.get('location')
    if (!to?.includes('/interaction/')) return undefined
    return (await (await browser.visit(to)).text()) === 'login' ? 'asks to sign in' : 'asks for consent'
  }

  async decide(browser, url, allow) {
    for (let to = url; ;) {
      const asked = to.startsWith('/interaction/')
      const answer = asked ? await browser.visit(allow ? to : `${to}?deny`, {}) : await browser.visit(to)
      to = answer.headers.get('location')
      assert.ok(to, `${answer.status} ${await answer.text()}`)
      if (leadsBack(to)) return new URL(to)
    }
  }

  async leaving(page, browser) {
    if (page.status !== 200) return this.left(page)
    const html = await page.text()
    const { action, fields } = formWith(html, 'xsrf')
    const where = this.left(await browser.visit(action, { ...fields, logout: 'yes' }))
    // To whom nobody has signed in, a form that sends itself.
    return html.includes('document.forms[0].submit') ? where : `asks, ${where}`
  }
}

