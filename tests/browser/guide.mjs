// The guide for cloud apps, as it is written there, in the hub: its pages set the app up and follow the customer, its backend
// checks with jose who that was, and what was opened so is closed again.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { check, people, same, signIn, story, url, visitor } from './browser.mjs';

const root = new URL('../../', import.meta.url);
const text = (path) => readFileSync(new URL(path, root), 'utf8');
const guide = text('docs/guides/cloud-apps.md');
const block = (name) => guide.split('```js\n').map((it) => it.split('```')[0]).find((it) => it.startsWith(`// ${name}`));

const connected = [];
const files = {
  '/frontend.js': block('frontend.js'),
  '/pane.js': block('pane.js'),
};
const app = createServer((request, response) => {
  const module = request.url.match(/^\/appbridge\/(\w+\.js)$/);
  const file = module ? text(`packages/appbridge/src/${module[1]}`) : files[request.url];
  if (file) return response.writeHead(200, { 'content-type': 'text/javascript' }).end(file);
  if (request.method === 'POST') {
    let body = '';
    request.on('data', (part) => { body += part; });
    return request.on('end', () => {
      connected.push(JSON.parse(body).sessionToken);
      response.end();
    });
  }
  const script = request.url === '/setup' ? '/frontend.js' : '/pane.js';
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>App</title><script type="module" src="${script}"></script>`);
});
await new Promise((resolve) => { app.listen(0, '127.0.0.1', resolve); });
const origin = `http://localhost:${app.address().port}`;

const { ADMIN_TOKEN, TENANT_ID } = process.env;
async function administer(method, path, body) {
  const answer = await fetch(`${url}/admin/api${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

// The guide's manifest, at where its pages are here.
const manifest = guide.split('<<END\n')[1].split('END\n')[0].replaceAll('http://localhost:5173', origin);
const { client_id, client_secret } = await administer('POST', '/apps', { technical_name: 'parcels' });
await administer('PUT', '/apps/parcels/manifest', JSON.parse(manifest));
await administer('POST', '/apps/parcels/publish');

// The guide's backend, with this app's credentials.
Object.assign(process.env, { CLIENT_ID: client_id, CLIENT_SECRET: client_secret });
const jose = createRequire(new URL('tests/referees/node/', root)).resolve('jose');
const source = block('backend.mjs').replace(`'jose'`, `'${pathToFileURL(jose)}'`);
const backend = await import(`data:text/javascript,${encodeURIComponent(source)}`);

// The status of a call by the app, for the tenant of a session.
async function call(tenant) {
  const headers = { authorization: `Bearer ${await backend.accessToken()}`, 'x-tenant-id': tenant };
  return (await fetch(`${process.env.JTL_API_BASE}/erp/v2/items`, { headers })).status;
}

await story(async (browser) => {
  const page = await visitor(browser);
  await signIn(page, people.merchant);
  await page.goto(`/hub/${TENANT_ID}/apps`);
  await page.getByRole('link', { name: 'Parcels' }).click();
  await page.getByRole('button', { name: 'Install' }).click();
  await page.waitForURL(/\/apps\/[0-9a-f-]{36}$/);
  await page.getByText('installed', { exact: true }).waitFor();
  same(connected.length, 1, 'session tokens that came to the backend');
  const { tenantId, userId } = await backend.session(connected[0]);
  same(tenantId, TENANT_ID, 'the session is for');
  check(userId, 'the session says nobody');
  same(await call(tenantId), 200, 'a call for it');

  await page.goto(`/hub/${TENANT_ID}/panes/customers`);
  const frame = page.frameLocator(`iframe[src^="${origin}"]`);
  await frame.locator('body[data-customer=""]').waitFor({ state: 'attached' });
  const chosen = page.locator('[data-customer]').nth(1);
  await chosen.click();
  const id = await chosen.getAttribute('data-customer');
  await frame.locator(`body[data-customer="${id}"]`).waitFor({ state: 'attached' });

  await page.goto(`/hub/${TENANT_ID}`);
  await page.getByRole('link', { name: 'Parcels', exact: true }).click();
  await page.getByRole('link', { name: 'Remove the app' }).click();
  await page.getByRole('button', { name: 'Remove the app' }).click();
  await page.waitForURL(`/hub/${TENANT_ID}`);
  same(await call(tenantId), 403, 'a call after it was removed');
});
app.close();
