// Pages of apps call the API by themselves: one whose origin is registered reads what it gets, and one whose origin is not is
// kept from it by its browser.
import { createServer } from 'node:http';
import { check, same, story, url } from './browser.mjs';

const { ADMIN_TOKEN, CLIENT_ID, CLIENT_SECRET, JTL_API_BASE, JTL_APP_ID, JTL_AUTH_BASE, TENANT_ID } = process.env;

async function accessToken() {
  const answer = await fetch(`${JTL_AUTH_BASE}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
  });
  return (await answer.json()).access_token;
}

async function admin(method, path, body) {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/admin/api${path}`, { method, headers, body: JSON.stringify(body) });
  check(answer.ok, `${method} ${path} is answered with ${answer.status}: ${await answer.clone().text()}`);
  return answer.json();
}

// A site of its own, at another port: another origin.
async function site() {
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><title>App</title>'));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}

// What a page makes of a request: what it reads of the answer, or what its browser says instead.
async function pageAt(browser, origin) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(origin);
  return (to, options) => page.evaluate(async ([address, how]) => {
    try {
      const answer = await fetch(address, how);
      return { status: answer.status, id: answer.headers.get('x-request-id'), body: await answer.text() };
    } catch (fault) {
      return { fault: fault.name };
    }
  }, [to, options]);
}

await story(async (browser) => {
  const [registered, other] = [await site(), await site()];
  const uris = { redirect_uris: [`${registered}/back`], post_logout_redirect_uris: [] };
  const { client } = await admin('POST', `/apps/${JTL_APP_ID}/clients`, { public: true, ...uris });
  const [ours, theirs] = [await pageAt(browser, registered), await pageAt(browser, other)];
  const authorization = `Bearer ${await accessToken()}`;
  const info = `${JTL_API_BASE}/erp/v2/info`;
  const good = { headers: { authorization, 'x-tenant-id': TENANT_ID } };
  const form = (fields) => ({ method: 'POST', body: fields, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const refresh = form(`grant_type=refresh_token&refresh_token=none&client_id=${client.id}`);

  // It reads what it asked for, why it was refused, and how the request is called.
  const served = await ours(info, good);
  same(served.status, 200, 'to a registered page the API answers');
  check(JSON.parse(served.body), 'the answer cannot be read');
  check(served.id, 'the id of the request cannot be read');
  same((await ours(info, { headers: { authorization } })).status, 412, 'without a tenant it answers');
  same((await ours(info, { headers: { ...good.headers, authorization: 'Bearer none' } })).status, 401, 'without a token it answers');
  same((await ours(`${JTL_API_BASE}/erp/v2/nothing`, { ...good, method: 'DELETE' })).status, 404, 'at no path it answers');
  same((await ours(`${JTL_AUTH_BASE}/oauth2/token`, refresh)).status, 400, 'for a refresh token that is none, the token endpoint answers');
  same((await ours(`${url}/account/tenants`, { headers: { authorization } })).status, 403, 'to a machine’s token the account answers');

  // What would need cookies is not answered to it.
  same((await ours(info, { ...good, credentials: 'include' })).fault, 'TypeError', 'with credentials the browser says');
  // Nor may it send what no page has to say.
  same((await ours(info, { headers: { ...good.headers, 'x-einlass-user': 'anna' } })).fault, 'TypeError', 'with our own headers the browser says');

  // Another page reads what is public, and nothing else.
  same((await theirs(`${JTL_AUTH_BASE}/.well-known/openid-configuration`)).status, 200, 'to any page discovery answers');
  same((await theirs(`${JTL_AUTH_BASE}/.well-known/jwks.json`)).status, 200, 'to any page the key set answers');
  for (const [address, options] of [
    [info, good],
    [info, {}],
    [`${JTL_AUTH_BASE}/oauth2/token`, refresh],
    [`${url}/account/tenants`, { headers: { authorization } }],
  ]) {
    same((await theirs(address, options)).fault, 'TypeError', `of ${address} the browser says`);
  }

  // When its origin is registered no more, that counts at once.
  await admin('PUT', `/clients/${client.id}/redirect-uris`, { redirect_uris: [], post_logout_redirect_uris: [] });
  same((await ours(info, good)).fault, 'TypeError', 'of an origin that was taken back the browser says');
});
