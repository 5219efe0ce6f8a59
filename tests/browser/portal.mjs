// A partner registers an app from a manifest, uses its secret at once, changes to another one while calls go on, and has the app
// published.
import { check, people, picture, same, signIn, story, url, visitor } from './browser.mjs';

async function token(client, secret) {
  const answer = await fetch(`${url}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
  });
  return { status: answer.status, ...(await answer.json()) };
}

const clientOf = (page) => page.locator('dd code').first().textContent();
const secretOf = async (page) => (await page.locator('#secret').textContent()).trim();

await story(async (browser) => {
  const page = await visitor(browser, { acceptDownloads: true });
  await signIn(page, people.partner, '/partner');
  await picture(page, 'portal-en-light');

  // What is wrong with a manifest is said while one types, each thing at its place.
  await page.getByRole('link', { name: 'New app' }).click();
  const editor = page.getByLabel('Manifest');
  const example = JSON.parse(await editor.inputValue());
  const faulty = structuredClone(example);
  faulty.version = 7;
  faulty.lifecycle.setupUrl = 'ftp://app.example/setup';
  faulty.capabilities.erp.api.scopes = ['items.read', 'cusomters.read'];
  await editor.fill(JSON.stringify(faulty));
  await page.locator('[data-faults] li').nth(2).waitFor();
  const told = await page.locator('[data-faults] li code').allTextContents();
  for (const place of ['version', 'lifecycle.setupUrl', 'capabilities.erp.api.scopes']) check(told.includes(place), `${place} is not among ${told}`);
  await picture(page, 'portal-faults-en-light');
  faulty.version = '1.0.0';
  faulty.lifecycle.setupUrl = 'https://app.example/setup';
  await editor.fill(JSON.stringify(faulty));
  await page.locator('[data-faults] li code', { hasText: 'capabilities.erp.api.scopes' }).waitFor();
  await page.getByLabel('Technical name').fill('parcel-mirror');
  await page.getByRole('button', { name: 'Register the app' }).click();
  same(await page.locator('[data-faults] li').count(), 1, 'a form that is sent all the same is refused with');
  example.name.short = 'Parcel Mirror';
  example.capabilities.erp.api.scopes = ['items.read', 'returns.read'];
  await editor.fill(JSON.stringify(example));
  await page.locator('[data-faults] .notice').waitFor();

  // The secret is there once, and works.
  await page.getByRole('button', { name: 'Register the app' }).click();
  const [client, first] = [await clientOf(page), await secretOf(page)];
  same((await token(client, first)).status, 200, 'the secret that was just shown gives');
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'As a .env file' }).click();
  const file = await (await waiting).createReadStream();
  const text = (await file.toArray()).join('');
  for (const line of ['Never commit', `CLIENT_ID=${client}`, `CLIENT_SECRET=${first}`]) check(text.includes(line), `the file lacks ${line}`);
  await picture(page, 'portal-secret-en-light');
  await page.getByRole('link', { name: 'Back' }).click();
  const app = new URL(page.url()).pathname;
  check(!(await page.content()).includes(first), 'the secret is shown again');
  check(await page.getByText(client).isVisible(), 'the client id is always there');
  await picture(page, 'portal-app-en-light');

  // To another secret while calls go on: none fails.
  let secret = first;
  let goesOn = true;
  const outcomes = [];
  const traffic = (async () => {
    while (goesOn) outcomes.push((await token(client, secret)).status);
  })();
  await page.getByRole('link', { name: 'New secret' }).click();
  await page.getByLabel('What for').fill('second server');
  await page.getByLabel('Counts for').selectOption('90');
  await page.getByRole('button', { name: 'New secret' }).click();
  secret = await secretOf(page);
  same((await token(client, first)).status, 200, 'beside the new one the old secret gives');
  await page.getByRole('link', { name: 'Back' }).click();
  const before = outcomes.length;
  while (outcomes.length < before + 3) await new Promise((done) => setImmediate(done));
  await page.getByRole('link', { name: 'End first' }).click();
  check(await page.getByText('Calls today').isVisible(), 'what will stop is not said');
  await picture(page, 'portal-end-secret-en-light');
  await page.getByRole('button', { name: 'End' }).click();
  await page.waitForURL(`**${app}#secrets`);
  same((await token(client, first)).status, 401, 'the ended secret gives');
  goesOn = false;
  await traffic;
  check(outcomes.length > 5 && outcomes.every((status) => status === 200), `while secrets changed: ${outcomes}`);

  // It is submitted, which its merchant does not see yet, and published by the operator.
  await page.getByRole('button', { name: 'Submit for publication' }).click();
  await page.getByText('Submitted: the operator looks at it.').waitFor();
  const published = await fetch(`${url}/admin/api/apps/parcel-mirror/publish`, {
    method: 'POST', headers: { authorization: `Bearer ${process.env.ADMIN_TOKEN}` },
  });
  same(published.status, 204, 'publishing is answered with');
  await page.reload();
  await page.getByText('Published: every merchant finds it.').waitFor();

  // An app that is installed can be tried from its page.
  await page.goto(app.replace(/[^/]*$/, process.env.JTL_APP_ID));
  await page.locator('#try-secret').fill(process.env.CLIENT_SECRET);
  same(await page.locator('#try-tenant option').textContent(), "Anna's Bikes", 'the tenant to try at is');
  await page.getByRole('button', { name: 'Call' }).click();
  await page.locator('[data-answer]', { hasText: '200' }).waitFor();
  const shown = await page.locator('pre').allTextContents();
  check(shown.join().includes('curl') && !shown.join().includes(process.env.CLIENT_SECRET), 'the line for a terminal has the secret');
  await picture(page, 'portal-tried-en-light');

  // Why its calls are refused is said, and where it is installed by name.
  const { access_token: given } = await token(process.env.CLIENT_ID, process.env.CLIENT_SECRET);
  const wanted = `${url}/erp/v2/items`;
  const refused = await fetch(wanted, { headers: { authorization: `Bearer ${given}`, 'x-tenant-id': process.env.OTHER_TENANT_ID } });
  same(refused.status, 403, 'at a tenant without the app a call is answered with');
  const reason = page.getByRole('row', { name: 'GET /v2/items' }).getByText('NotInstalled');
  for (let attempt = 0; attempt < 200 && await reason.count() === 0; attempt += 1) await page.reload();
  same(await reason.count(), 1, 'times that it is said why');
  check(await page.getByText("Anna's Bikes").first().isVisible(), 'the tenant has no name');
  await picture(page, 'portal-refused-en-light');

  // A channel changes to another refresh token while exchanges go on.
  const { SCX_BASE, SCX_CHANNEL, SCX_REFRESH_TOKEN } = process.env;
  const exchange = async (refreshToken) => (await fetch(`${SCX_BASE}/auth`, { method: 'POST', body: new URLSearchParams({ refreshToken }) })).status;
  await page.goto('/partner');
  await page.getByRole('link', { name: SCX_CHANNEL }).click();
  const channel = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'New refresh token' }).click();
  await page.getByLabel('What for').fill('second server');
  await page.getByRole('button', { name: 'New refresh token' }).click();
  const next = await secretOf(page);
  await picture(page, 'portal-refresh-token-en-light');
  same([await exchange(SCX_REFRESH_TOKEN), await exchange(next)].join(), '200,200', 'both refresh tokens are answered with');
  await page.getByRole('link', { name: 'Back' }).click();
  check(!(await page.content()).includes(next), 'the refresh token is shown again');
  const used = page.getByRole('row', { name: 'second server' }).getByText('never');
  for (let attempt = 0; attempt < 400 && await used.count() > 0; attempt += 1) await page.reload();
  same(await used.count(), 0, 'rows that say that it was never used');
  await picture(page, 'portal-channel-en-light');
  await page.getByRole('link', { name: 'End dev' }).click();
  for (const what of ['Linked sellers', 'Calls today']) check(await page.getByText(what).isVisible(), `${what} are not said`);
  await page.getByRole('button', { name: 'End' }).click();
  await page.waitForURL(`**${channel}`);
  same([await exchange(SCX_REFRESH_TOKEN), await exchange(next)].join(), '400,200', 'the ended and the new one are answered with');

  // For strangers there is nothing.
  const stranger = await visitor(browser);
  await signIn(stranger, people.merchant, '/partner');
  for (const place of [app, channel]) same((await stranger.goto(place)).status(), 404, `for a merchant ${place} is answered with`);
});
