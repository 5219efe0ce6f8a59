// The operator publishes an app and finds that in the audit; a key that is distrusted and an app that is shut out let nobody in
// any more.
import { check, people, picture, same, signIn, story, url, visitor } from './browser.mjs';

const { ADMIN_TOKEN, CLIENT_ID, CLIENT_SECRET, JTL_API_BASE, JTL_APP_ID, TENANT_ID } = process.env;

async function admin(method, path, body) {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/admin/api${path}`, { method, headers, body: body && JSON.stringify(body) });
  check(answer.ok, `${method} ${path} is answered with ${answer.status}: ${await answer.clone().text()}`);
  return answer.json();
}

async function token(secret = CLIENT_SECRET) {
  const answer = await fetch(`${url}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${secret}`).toString('base64')}` },
  });
  return { status: answer.status, text: (await answer.json()).access_token };
}

async function call(text) {
  const headers = { authorization: `Bearer ${text}`, 'x-tenant-id': TENANT_ID };
  return (await fetch(`${JTL_API_BASE}/erp/v2/items`, { headers })).status;
}

const kidOf = (text) => JSON.parse(Buffer.from(text.split('.')[0], 'base64url').toString()).kid;

await story(async (browser) => {
  const { manifest } = await admin('GET', `/apps/${JTL_APP_ID}/manifest`);
  const { organisation } = await admin('GET', `/apps/${JTL_APP_ID}`);
  const { app } = await admin('POST', '/apps', { technical_name: 'label-printer', name: 'Label Printer', organisation });
  const page = await visitor(browser, { acceptDownloads: true });
  const at = () => new URL(page.url()).pathname;
  const parts = page.getByRole('navigation', { name: 'Parts of the console' });

  // An app is found by name. What nobody knows anything of is not published.
  await signIn(page, people.operator, '/admin');
  await parts.getByRole('link', { name: 'Apps' }).click();
  check(await page.getByText('Nothing is waiting.').isVisible(), 'that nothing is waiting is not said');
  await page.locator('#search').fill('label');
  await page.getByRole('button', { name: 'Search' }).click();
  same(await page.locator('tbody tr').count(), 1, 'apps that are called label');
  await page.getByRole('link', { name: 'Label Printer' }).click();
  const place = at();
  same(place, `/admin/apps/${app.id}`, 'the app is at');
  same(await page.getByRole('button', { name: 'Publish' }).count(), 0, 'without a manifest: buttons to publish');

  // With a manifest its partner submits it. Then it waits on top, is published, and sent back.
  await admin('PUT', '/apps/label-printer/manifest', {
    ...manifest, name: { short: 'Label Printer' }, description: { short: 'Prints labels.' },
    communication: { supportUrl: 'https://labels.example/help' },
    legal: { privacyUrl: 'https://labels.example/privacy', termsOfUseUrl: 'https://labels.example/terms' },
  });
  const nora = await visitor(browser);
  await signIn(nora, people.partner, `/partner/apps/${app.id}`);
  await nora.getByRole('button', { name: 'Submit for publication' }).click();
  await nora.getByText('Submitted: the operator looks at it.').waitFor();
  await parts.getByRole('link', { name: 'Apps' }).click();
  await picture(page, 'console-apps-en-light');
  await page.locator('section', { hasText: 'Waiting for publication' }).getByRole('link', { name: 'Label Printer' }).click();
  await page.getByText('Submitted: the partner waits for you to decide.').waitFor();
  check(await page.locator('.scopes code', { hasText: 'items.read' }).isVisible(), 'what it needs is not shown');
  await picture(page, 'console-app-en-light');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Published: every merchant finds it.').waitFor();
  same((await admin('GET', '/apps/label-printer/manifest')).state, 'published', 'merchants find');
  await page.getByRole('button', { name: 'Send back to development' }).click();
  await page.getByText('In development: whoever makes it finds it').waitFor();

  // The audit says so, by filters too, and as a file.
  await parts.getByRole('link', { name: 'Audit' }).click();
  await page.getByLabel('What', { exact: true }).fill('publish app');
  await page.getByLabel('About what').fill(app.id);
  await page.getByRole('button', { name: 'Filter' }).click();
  same(await page.locator('tbody tr').count(), 1, 'times that it was published');
  check(await page.locator('tbody').getByText(/^person [0-9a-f-]{36}$/).isVisible(), 'who did it is not said');
  await picture(page, 'console-audit-en-light');
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const lines = (await (await (await waiting).createReadStream()).toArray()).join('').trim().split('\n').map((line) => JSON.parse(line));
  same(lines.map(({ action, subject, outcome }) => [action, subject, outcome]).join(), ['publish app', app.id, 'done'].join(), 'the file has');
  const today = lines[0].at.slice(0, 10);
  await page.goto(`/admin/audit?subject=${app.id}&since=${today}&until=${today}`);
  same(await page.locator('tbody tr').count(), 5, 'events of the app today');
  await page.goto(`/admin/audit?subject=${app.id}&since=2001-01-01&until=2001-01-02`);
  check(await page.getByText('The audit has nothing like that.').isVisible(), 'events of another day are shown');
  same((await page.request.get('/admin/audit?since=yesterday')).status(), 422, 'what is no day is answered with');

  // A key is distrusted: what it signed is refused at once, and its successor signs.
  const { text: first } = await token();
  same(await call(first), 200, 'before, the call is answered with');
  await parts.getByRole('link', { name: 'Keys' }).click();
  await page.getByRole('button', { name: 'Rotate now' }).click();
  await page.getByText('The next keys are announced.').waitFor();
  same(await call(first), 200, 'after a change of keys the call is answered with');
  await picture(page, 'console-keys-en-light');
  const kid = kidOf(first);
  await page.getByRole('link', { name: `Distrust ${kid}` }).click();
  for (const what of ['Every token that it signed is refused here at once', 'Installations in all', 'Calls today in all']) {
    check(await page.getByText(what).isVisible(), `${what} is not said`);
  }
  await picture(page, 'console-distrust-en-light');
  same(await call(first), 200, 'while one only looks the call is answered with');
  await page.getByRole('button', { name: 'Distrust' }).click();
  await page.waitForURL('**/admin/keys?done=ended');
  same(await call(first), 401, 'what the key signed is answered with');
  check(await page.getByRole('row', { name: kid }).getByText('distrusted').isVisible(), 'that it is distrusted is not shown');
  const { text: second } = await token();
  check(kidOf(second) !== kid, 'the same key goes on signing');
  same(await call(second), 200, 'what its successor signed is answered with');

  // An app is shut out: its token is refused at once, and its secret gets no other.
  await page.goto(`/admin/apps/${JTL_APP_ID}`);
  await page.getByRole('link', { name: 'Shut out everywhere' }).click();
  for (const what of ['Installations', 'Calls today']) check(await page.getByText(what, { exact: true }).isVisible(), `${what} are not said`);
  await picture(page, 'console-shut-out-en-light');
  same(await call(second), 200, 'before it is shut out the call is answered with');
  await page.getByRole('button', { name: 'Shut out everywhere' }).click();
  await page.getByRole('status').getByText('Ended.').waitFor();
  same(await call(second), 401, 'once it is shut out the call is answered with');
  same((await token()).status, 401, 'its secret is answered with');

  // And it gets no other by anything that it is given, until it is let in again.
  const { body: fresh } = { body: await admin('POST', `/clients/${CLIENT_ID}/secrets`, { name: 'fresh' }) };
  const ofFresh = () => token(fresh.client_secret);
  same((await ofFresh()).status, 401, 'a new secret of an app that is shut out is answered with');
  await picture(page, 'console-app-shut-out-en-light');
  await page.getByRole('button', { name: 'Let in again' }).click();
  await page.getByRole('link', { name: 'Shut out everywhere' }).waitFor();
  let answer = 401;
  for (let attempt = 0; attempt < 200 && answer === 401; attempt += 1) answer = await call((await ofFresh()).text);
  same(answer, 200, 'once it is let in again its new secret leads to');

  // It is the operator's alone.
  const anna = await visitor(browser);
  await signIn(anna, people.merchant);
  for (const path of ['/admin/apps', place, `/admin/end/app/${app.id}`, '/admin/audit', '/admin/audit.jsonl', '/admin/keys', `/admin/end/key/${kid}`]) {
    same((await anna.request.get(path)).status(), 403, `a merchant at ${path} is answered with`);
  }
});
