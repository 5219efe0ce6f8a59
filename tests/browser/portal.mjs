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
  await page.getByRole('button', { name: 'Call' }).click();
  await page.locator('[data-answer]', { hasText: '200' }).waitFor();
  const shown = await page.locator('pre').allTextContents();
  check(shown.join().includes('curl') && !shown.join().includes(process.env.CLIENT_SECRET), 'the line for a terminal has the secret');
  await picture(page, 'portal-tried-en-light');

  // For strangers there is nothing.
  const stranger = await visitor(browser);
  await signIn(stranger, people.merchant, '/partner');
  same((await stranger.goto(app)).status(), 404, 'for a merchant the app is answered with');
});
