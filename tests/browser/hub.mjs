// A merchant's admin finds an app, reads what it wants, installs it, uses its page and its pane, and ends it: at the second
// tenant, so that the first one has it all the while.
import { check, people, picture, same, signIn, story, url, visitor } from './browser.mjs';

const { JTL_AUTH_BASE, JTL_API_BASE, CLIENT_ID, CLIENT_SECRET, TENANT_ID, OTHER_TENANT_ID, APP_URL } = process.env;

async function accessToken() {
  const answer = await fetch(`${JTL_AUTH_BASE}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
  });
  return (await answer.json()).access_token;
}

await story(async (browser) => {
  const token = await accessToken();
  const call = async (tenant) => {
    const headers = { authorization: `Bearer ${token}`, 'x-tenant-id': tenant };
    return (await fetch(`${JTL_API_BASE}/erp/v2/items`, { headers })).status;
  };
  // As high as the pages are: a browser that makes room for a picture does not always paint frames anew in time.
  const page = await visitor(browser, { viewport: { width: 1200, height: 1000 } });
  const at = () => new URL(page.url()).pathname;
  const app = page.frameLocator('iframe');
  await signIn(page, people.merchant, '/hub');
  await picture(page, 'hub-en-light');

  // Nothing is there yet.
  await page.getByRole('link', { name: "Anna's Workshop" }).click();
  const workshop = at();
  const tenant = workshop.split('/').at(-1);
  same(tenant, (await page.locator('code').first().textContent()).trim(), 'the tenant id that is shown');
  await picture(page, 'tenant-empty-en-light');
  same(await call(tenant), 403, 'before it is installed the call');
  same((await page.goto(`${workshop}/panes/customers`)).status(), 404, 'without apps there are panes');

  // It is found, and says what it wants.
  await page.goto(workshop);
  await page.getByRole('link', { name: 'Find apps' }).click();
  await picture(page, 'catalogue-en-light');
  await page.getByRole('link', { name: 'Stock Mirror' }).click();
  const place = at();
  for (const scope of ['customers.read', 'items.read', 'items.write', 'returns.read']) {
    check(await page.locator('main code', { hasText: scope }).isVisible(), `${scope} is not shown`);
  }
  for (const path of ['setup', 'items/stock']) {
    same((await page.request.get(`${place}/${path}`)).status(), 404, `before it is installed, ${path}`);
  }
  await picture(page, 'app-wants-en-light');

  // It is let in. The app's own page finishes that, step by step; held up, so that there is something to see.
  let go;
  const held = new Promise((done) => { go = done; });
  await page.route(`**${place}/setup-completed`, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Install' }).click();
  await page.waitForURL(`**${place}/setup`);
  await app.getByText('annas-workshop').waitFor();
  await app.getByText('setupCompleted').waitFor();
  same(await call(tenant), 200, 'while it sets itself up the call');
  await picture(page, 'shell-setup-en-light');
  go();
  await page.waitForURL(`**${place}`);
  check(await page.getByText('installed', { exact: true }).isVisible(), 'it is not installed');
  await picture(page, 'app-installed-en-light');
  same(await call(tenant), 200, 'of the installed app the call');

  // It is a tile, and opens its own site without a bridge.
  await page.goto(workshop);
  await picture(page, 'tenant-en-light');
  const [own] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: /^Open/ }).click(),
  ]);
  await own.getByRole('heading', { name: 'Stock Mirror' }).waitFor();
  same(own.url(), `${APP_URL}/`, 'the tile opens');
  same(await own.evaluate(() => window.opener), null, 'its opener is');
  await own.close();

  // In frames its pages are the platform's alone.
  for (const path of ['/setup', '/stock', '/customer']) {
    const { headers } = await fetch(`${APP_URL}${path}`);
    check(headers.get('content-security-policy').endsWith(`frame-ancestors ${url}`), `${path} is shown in any frame`);
    same(headers.get('x-content-type-options'), 'nosniff', `${path} is sent with`);
  }

  // Its page in the menu.
  await page.getByRole('link', { name: 'Stock', exact: true }).click();
  await app.getByRole('cell', { name: 'Bicycle bell' }).waitFor();
  check(await page.locator('[data-waiting]').isHidden(), 'the page says that the app still loads');
  check(await page.locator('[data-failed]').isHidden(), 'the page says that the app is silent');
  await picture(page, 'shell-item-en-light');

  // Its pane, which follows the page of the ERP's beside it; by keyboard alone.
  await page.goto(workshop);
  await page.getByRole('link', { name: 'customers' }).click();
  await app.getByText('Nobody is chosen.').waitFor();
  for (const name of ['Zweirad Schmidt', 'Jansen Cycling']) {
    const customer = page.getByRole('button', { name });
    await customer.focus();
    await page.keyboard.press('Enter');
    await app.getByText(`Chosen: ${name}`).waitFor();
    same(await customer.getAttribute('aria-pressed'), 'true', `${name} is shown as chosen`);
  }
  await picture(page, 'shell-panes-en-light');

  // The pane hears what was chosen before it came.
  await page.locator('iframe').evaluate((frame) => { frame.src = frame.src; });
  await app.getByText('Chosen: Jansen Cycling').waitFor();

  // Nobody else sees any of it.
  same((await page.goto(`/hub/${OTHER_TENANT_ID}`)).status(), 404, 'another merchant’s tenant is answered with');
  same((await page.goto(`/hub/${OTHER_TENANT_ID}/apps`)).status(), 404, 'another merchant’s catalogue is answered with');
  const nora = await visitor(browser);
  await signIn(nora, people.partner, '/hub');
  for (const path of [workshop, `${workshop}/apps`, place, `${place}/items/stock`, `${workshop}/panes/customers`]) {
    same((await nora.goto(path)).status(), 404, `${path} is to somebody else answered with`);
  }

  // It is ended, and ended at once; at the other tenant it stays.
  await page.goto(place);
  await page.getByRole('link', { name: 'Remove the app' }).click();
  await picture(page, 'remove-en-light');
  same(await call(tenant), 200, 'before it is confirmed the call');
  await page.getByRole('button', { name: 'Remove the app' }).click();
  await page.waitForURL(`**${workshop}`);
  same(await call(tenant), 403, 'after that the call');
  same(await call(TENANT_ID), 200, 'at the other tenant the call');
  check(await page.getByText('No app').isVisible(), 'it is still a tile');
  same((await page.goto(`${place}/items/stock`)).status(), 404, 'its page is answered with');
});
