// The operator ends a secret, an installation, an on-premise key, a refresh token, a channel, what a person allowed and an admin
// token, each from its own page: what will stop is said before, nothing stops while one only looks, and then the gateway refuses
// at once.
import { createHash, randomBytes } from 'node:crypto';
import { check, people, picture, same, signIn, story, url, visitor } from './browser.mjs';

const {
  ADMIN_TOKEN, CLIENT_ID, CLIENT_SECRET, JTL_API_BASE, JTL_APP_ID, ONPREM_BASE, SCX_BASE, SCX_CHANNEL, SCX_REFRESH_TOKEN,
  SCX_SELLER_REFRESH_TOKEN, TENANT_ID,
} = process.env;

async function admin(method, path, body, token = ADMIN_TOKEN) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/admin/api${path}`, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}

async function token(form, basic) {
  const headers = basic && { authorization: `Basic ${Buffer.from(basic).toString('base64')}` };
  const answer = await fetch(`${url}/oauth2/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
  return { status: answer.status, text: (await answer.json()).access_token };
}

const ofSecret = (secret) => token({ grant_type: 'client_credentials' }, `${CLIENT_ID}:${secret}`);

async function call(text) {
  const headers = { authorization: `Bearer ${text}`, 'x-tenant-id': TENANT_ID };
  return (await fetch(`${JTL_API_BASE}/erp/v2/items`, { headers })).status;
}

// An app at the merchant's own ERP, as it registers, and its key.
async function onPremiseKey() {
  await admin('POST', '/sites/eazybusiness/wait');
  const headers = { 'x-challengecode': 'ends', 'content-type': 'application/json' };
  const manifest = {
    AppId: 'parcels/v1', DisplayName: 'Parcels', Description: 'Ships', Version: '1.0.0', ProviderName: 'Paketwerk',
    ProviderWebsite: 'https://paketwerk.example', AppIcon: '', RegistrationType: 0, MandatoryApiScopes: ['items.read'],
  };
  const asked = await fetch(`${ONPREM_BASE}/authentication`, { method: 'POST', headers, body: JSON.stringify(manifest) });
  const { RegistrationRequestId: id } = await asked.json();
  await admin('POST', `/registrations/${id}/accept`);
  return (await (await fetch(`${ONPREM_BASE}/authentication/${id}`, { headers })).json()).Token.ApiKey;
}

async function exchange(refreshToken) {
  const answer = await fetch(`${SCX_BASE}/auth`, { method: 'POST', body: new URLSearchParams({ refreshToken }) });
  return { status: answer.status, text: (await answer.json()).authToken };
}

const bearer = async (path, text) => (await fetch(`${SCX_BASE}${path}`, { headers: { authorization: `Bearer ${text}` } })).status;
const events = (text) => bearer('/channel/event', text);

// Somebody lets a program act for them, and it gets a token.
async function ofPerson(page, client) {
  const verifier = randomBytes(32).toString('base64url');
  const back = 'http://127.0.0.1:49153/callback';
  let code;
  await page.route(`${back}**`, (route) => {
    code = new URL(route.request().url()).searchParams.get('code');
    return route.fulfill({ body: 'back' });
  });
  const wish = new URLSearchParams({
    client_id: client, redirect_uri: back, response_type: 'code', scope: 'openid items.read', code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), prompt: 'consent',
  });
  await page.goto(`/oauth2/auth?${wish}`);
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL(`${back}**`);
  return token({ grant_type: 'authorization_code', code, redirect_uri: back, code_verifier: verifier, client_id: client });
}

await story(async (browser) => {
  const page = await visitor(browser);
  await signIn(page, people.operator, '/admin');
  const part = (name) => page.getByRole('navigation', { name: 'Parts of the console' }).getByRole('link', { name, exact: true }).click();
  // The page before an end: says what stops and how much rests on it, and stops nothing yet.
  async function asked(name, says, goesOn) {
    for (const what of says) check(await page.getByText(what).first().isVisible(), `${name}: ${what} is not said`);
    await picture(page, `console-end-${name}-en-light`);
    same(await goesOn(), 200, `${name}: while one only looks, it is answered with`);
  }
  const end = async (button) => {
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('status').getByText('Ended.').waitFor();
  };

  // A secret: its token is refused, it gets no other, and another secret goes on.
  const { body: other } = await admin('POST', `/clients/${CLIENT_ID}/secrets`, { name: 'second' });
  const [first, second] = [await ofSecret(CLIENT_SECRET), await ofSecret(other.client_secret)];
  same([await call(first.text), await call(second.text)].join(), '200,200', 'with both secrets calls are answered with');
  await page.goto(`/admin/apps/${JTL_APP_ID}`);
  await picture(page, 'console-app-secrets-en-light');
  await page.getByRole('link', { name: 'End dev', exact: true }).click();
  await asked('secret', ['is refused at once', 'Installations', 'Calls today'], () => call(first.text));
  await end('End');
  same(await call(first.text), 401, 'what an ended secret got is answered with');
  same((await ofSecret(CLIENT_SECRET)).status, 401, 'an ended secret is answered with');
  same(await call(second.text), 200, 'what the other secret got is answered with');
  same(await page.getByRole('link', { name: 'End dev', exact: true }).count(), 0, 'an ended secret can be ended');

  // An on-premise key.
  const key = await onPremiseKey();
  const wawi = async () => (await fetch(`${ONPREM_BASE}/v2/items`, { headers: { authorization: `Wawi ${key}` } })).status;
  same(await wawi(), 200, 'an on-premise key is answered with');
  await part('ERPs on premises');
  await picture(page, 'console-sites-en-light');
  await page.locator('a[href^="/admin/sites/"]').first().click();
  await picture(page, 'console-site-en-light');
  await page.getByRole('link', { name: 'End Parcels' }).click();
  await asked('registration', ['The key is refused at this ERP at once', 'Calls today'], wawi);
  await end('End');
  same(await wawi(), 401, 'an ended on-premise key is answered with');

  // A seller's refresh token, at the tenant; then the channel itself.
  const seller = await exchange(SCX_SELLER_REFRESH_TOKEN);
  await page.goto(`/admin/tenants/${TENANT_ID}`);
  await picture(page, 'console-tenant-en-light');
  await page.locator('section', { hasText: 'Refresh tokens' }).getByRole('link', { name: 'End dev' }).click();
  await asked('refresh-token', ['cannot be exchanged any more', 'Calls today'], async () => (await exchange(SCX_SELLER_REFRESH_TOKEN)).status);
  await end('End');
  const refused = await fetch(`${SCX_BASE}/seller/channel/${SCX_CHANNEL}`, { method: 'POST', headers: { authorization: `Bearer ${seller.text}` } });
  same(refused.status, 401, 'what an ended refresh token was exchanged for is answered with');
  same((await exchange(SCX_SELLER_REFRESH_TOKEN)).status, 400, 'an ended refresh token is answered with');

  const channel = await exchange(SCX_REFRESH_TOKEN);
  same(await events(channel.text), 200, 'a channel is answered with');
  await part('Channels');
  await picture(page, 'console-channels-en-light');
  await page.getByRole('link', { name: SCX_CHANNEL }).click();
  await picture(page, 'console-channel-en-light');
  await page.getByRole('link', { name: 'Shut out', exact: true }).click();
  await asked('channel', ['All tokens of the channel are refused at once', 'Linked sellers', 'Calls today'], () => events(channel.text));
  await end('Shut out');
  same(await events(channel.text), 401, 'a channel that is shut out is answered with');
  same((await exchange(SCX_REFRESH_TOKEN)).status, 400, 'its refresh token is answered with');
  const { body: later } = await admin('POST', `/channels/${SCX_CHANNEL}/tokens`, { name: 'later' });
  same((await exchange(later.refresh_token)).status, 400, 'what a shut-out channel is given is answered with');
  await picture(page, 'console-channel-shut-out-en-light');
  await page.getByRole('button', { name: 'Let in again' }).click();
  await page.getByRole('link', { name: 'Shut out', exact: true }).waitFor();
  same((await exchange(later.refresh_token)).status, 200, 'once it is let in again that is answered with');

  // A person: first what one app may do for them, then everything.
  const made = await admin('POST', '/apps/stock-mirror/clients', { public: true, redirect_uris: ['http://127.0.0.1/callback'] });
  const anna = await visitor(browser);
  await signIn(anna, people.merchant);
  const granted = await ofPerson(anna, made.body.client.id);
  same(await call(granted.text), 200, 'what acts for a person is answered with');
  await part('People');
  await page.locator('#search').fill(people.merchant.email);
  await page.getByRole('button', { name: 'Search' }).click();
  await picture(page, 'console-people-en-light');
  await page.getByRole('link', { name: 'Anna Andersson' }).click();
  const place = page.url();
  await picture(page, 'console-person-en-light');
  await page.locator('section', { hasText: 'Apps that act for this person' }).getByRole('link', { name: /^End/ }).click();
  await asked('grant', ['is refused at once', 'Stock Mirror', 'Calls today'], () => call(granted.text));
  await end('End');
  same(await call(granted.text), 401, 'what was granted is answered with');
  same((await anna.request.get('/me', { maxRedirects: 0 })).status(), 200, 'the session goes on and is answered with');

  const again = await ofPerson(anna, made.body.client.id);
  same(await call(again.text), 200, 'what acts for a person again is answered with');
  await page.goto(place);
  await page.getByRole('link', { name: 'Sign out everywhere' }).click();
  await asked('person', ['All sessions end', 'Calls by consents today'], () => call(again.text));
  await end('Sign out everywhere');
  same(await call(again.text), 401, 'what acts for somebody who is signed out is answered with');
  same((await anna.request.get('/me', { maxRedirects: 0 })).status(), 303, 'an ended session is answered with');

  // An installation, from the tenant it is at; the token counts elsewhere, if anywhere.
  await page.goto(`/admin/tenants/${TENANT_ID}`);
  await page.getByRole('link', { name: 'Remove Stock Mirror, Anna\'s Bikes' }).click();
  await asked('installation', ['has no access to this tenant', 'Calls today'], () => call(second.text));
  await end('Remove');
  same(await call(second.text), 401, 'what the app had for that tenant is answered with');
  // What is issued in the very second of it is denied with the rest.
  let newer = 401;
  for (let attempt = 0; attempt < 200 && newer === 401; attempt += 1) newer = await call((await ofSecret(other.client_secret)).text);
  same(newer, 403, 'without an installation a new token is answered with');
  check(await page.getByText('None.').first().isVisible(), 'an app is still there');

  // An admin token.
  const { body: spare } = await admin('POST', '/admin-tokens', { name: 'spare' });
  await part('Admin tokens');
  await page.getByRole('link', { name: 'End spare' }).click();
  await asked('admin-token', ['the command line or a script'], async () => (await admin('GET', '/status', undefined, spare.token)).status);
  await end('End');
  same((await admin('GET', '/status', undefined, spare.token)).status, 401, 'an ended admin token is answered with');

  // Everything that was ended is in the audit, under who did it.
  await part('Audit');
  await page.getByLabel('Who', { exact: true }).fill(await page.locator('tbody td:nth-child(2)', { hasText: /^person / }).first().textContent());
  await page.getByRole('button', { name: 'Filter' }).click();
  const told = await page.locator('tbody td:nth-child(3)').allTextContents();
  for (const action of ['revoke secret', 'revoke registration', 'revoke channel', 'end grant', 'revoke person', 'revoke installation', 'revoke admin token']) {
    check(told.includes(action), `${action} is not among ${told}`);
  }

  // How the platform is.
  await part('Health');
  for (const what of ['answers in', 'Entries of the deny list', 'Token requests']) check(await page.getByText(what).isVisible(), `${what} is not shown`);
  await picture(page, 'console-health-en-light');
});
