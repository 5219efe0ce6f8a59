// Every page, in both languages and both themes and on a phone: nothing that a screen reader or a keyboard stumbles
// over, nothing that sticks out, and no more than a few kilobytes.
import { readFileSync } from 'node:fs';
import { check, people, picture, same, signIn, story, url, visitor } from './browser.mjs';

const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const MOST_BYTES = 24 * 1024;

// Nothing that a screen reader stumbles over. What it found in order is told nobody: it is most of what it would say.
async function sound(frame, name) {
  const violations = await frame.evaluate(async () => (await window.axe.run({ resultTypes: ['violations'] })).violations);
  const told = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(' | ')}`);
  check(told.length === 0, `${name}: ${told.join('\n')}`);
}

// A page whose every frame knows how to look at itself.
async function looker(browser, options) {
  const page = await visitor(browser, { ...options, bypassCSP: true });
  await page.addInitScript({ content: axe });
  return page;
}

// Where the demonstration app is installed, and where it is not.
async function apps(page) {
  const found = [];
  for (const name of ["Anna's Bikes", "Anna's Workshop"]) {
    await page.goto('/hub');
    const tenant = await page.getByRole('link', { name: new RegExp(`^${name}`) }).getAttribute('href');
    await page.goto(`${tenant}/apps`);
    found.push({ tenant, app: await page.getByRole('link', { name: 'Stock Mirror' }).getAttribute('href') });
  }
  return found;
}

// The page before each end that the console offers, and those of whose they are.
async function endings(olaf) {
  const found = {};
  await olaf.goto('/admin/people');
  const person = await olaf.getByRole('link', { name: 'Anna Andersson' }).getAttribute('href');
  await olaf.goto(person);
  const organisation = await olaf.getByRole('link', { name: "Anna's Bikes", exact: true }).getAttribute('href');
  const places = [
    `/admin/apps/${process.env.JTL_APP_ID}`, `/admin/tenants/${process.env.TENANT_ID}`, `/admin/channels/${process.env.SCX_CHANNEL}`,
    person, '/admin/keys', '/admin/tokens',
  ];
  for (const place of places) {
    await olaf.goto(place);
    for (const link of await olaf.locator('a[href^="/admin/end/"]').all()) {
      const path = await link.getAttribute('href');
      found[`end-${path.split('/')[3]}`] = path;
    }
  }
  const kinds = Object.keys(found).sort().join(' ');
  same(kinds, 'end-admin-token end-app end-channel end-client end-installation end-key end-person end-refresh-token end-secret end-tenant', 'what can be ended');
  return {
    person, organisation, 'new-tenant': `${organisation}/new/tenant`, 'new-site': `${organisation}/new/site`, ...found,
  };
}

// A client through which people sign in, and what it asks.
async function wish() {
  const answer = await fetch(`${url}/admin/api/apps/stock-mirror/clients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ public: true, redirect_uris: ['http://127.0.0.1/cb'] }),
  });
  const { client } = await answer.json();
  return new URLSearchParams({
    client_id: client.id, redirect_uri: 'http://127.0.0.1:5999/cb', response_type: 'code', code_challenge_method: 'S256',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', scope: 'openid offline_access items.read',
  });
}

await story(async (browser) => {
  const anna = await visitor(browser);
  await signIn(anna, people.merchant);
  const organisation = await anna.getByRole('link', { name: "Anna's Bikes" }).getAttribute('href');
  await anna.goto(`${organisation}/invite`);
  await anna.locator('#email').fill('looks@bikes.example');
  await anna.getByRole('button', { name: 'Invite', exact: true }).click();
  const invitation = new URL((await anna.locator('.secret').textContent()).trim()).pathname;
  await anna.goto(organisation);
  const member = organisation.replace(/[^/]*$/, '') + (await anna.getByRole('link', { name: 'Manage' }).getAttribute('href'));
  const [bikes, workshop] = await apps(anna);
  const strangers = { start: '/', login: '/login', invitation, gone: '/invitation/none', first: '/admin/first', client: '/oauth2/auth' };
  const members = {
    account: '/me', password: '/me/password', events: '/me/events', confirm: '/confirm', members: organisation, member, invite: `${organisation}/invite`,
    nobody: `${organisation}?search=nobody`, components: '/dev/components', missing: '/organisations/none',
    hub: '/hub', tenant: bikes.tenant, 'tenant-without-apps': workshop.tenant, catalogue: `${bikes.tenant}/apps`,
    app: bikes.app, 'app-wants': workshop.app, 'app-remove': `${bikes.app}/remove`, 'app-setup': `${bikes.app}/setup`,
    'app-item': `${bikes.app}/items/stock`, 'app-panes': `${bikes.tenant}/panes/customers`, onprem: '/onprem/eazybusiness', 'no-console': '/admin',
    consent: `/oauth2/auth?${await wish()}`, leave: '/oauth2/sessions/logout',
  };
  const nora = await visitor(browser);
  await signIn(nora, people.partner, '/partner');
  const newApp = await nora.getByRole('link', { name: 'New app' }).getAttribute('href');
  const app = `/partner/apps/${process.env.JTL_APP_ID}`;
  await nora.goto(app);
  const endSecret = await nora.getByRole('link', { name: 'End dev' }).getAttribute('href');
  const channel = `/partner/channels/${process.env.SCX_CHANNEL}`;
  await nora.goto(channel);
  const endToken = await nora.getByRole('link', { name: 'End dev' }).getAttribute('href');
  const portal = {
    partner: '/partner', 'partner-nothing': newApp.replace(/new$/, '').replace(/\/$/, '?search=nobody'), 'no-hub': '/hub',
    'portal-new': newApp, 'portal-app': app, 'portal-manifest': `${app}/manifest`,
    'portal-new-secret': `${app}/secrets/new?client=${process.env.CLIENT_ID}`, 'portal-end-secret': endSecret,
    'portal-channel': channel, 'portal-new-refresh-token': `${channel}/tokens/new`, 'portal-end-refresh-token': endToken,
  };
  const scripted = ['/admin/first', newApp, app, `${app}/manifest`];
  const olaf = await visitor(browser);
  await signIn(olaf, people.operator, '/admin/tokens/new');
  await olaf.locator('#name').fill('looks');
  await olaf.getByRole('button', { name: 'Create' }).click();
  await olaf.locator('.secret').waitFor();
  await picture(olaf, 'token-made-en-light');
  const operators = {
    apps: '/admin/apps', 'console-app': `/admin/apps/${process.env.JTL_APP_ID}`, audit: '/admin/audit', keys: '/admin/keys',
    channels: '/admin/channels', channel: `/admin/channels/${process.env.SCX_CHANNEL}`, sites: '/admin/sites', site: '/admin/sites/eazybusiness',
    people: '/admin/people', 'people-nobody': '/admin/people?search=nobody', 'found-nothing': '/admin/find?id=nothing', tenant: `/admin/tenants/${process.env.TENANT_ID}`, health: '/admin/health',
    ...await endings(olaf),
  };
  const visitors = [
    [null, strangers], [anna, members], [nora, portal],
    [olaf, { console: '/admin', 'no-organisation': '/admin?search=nobody', tokens: '/admin/tokens', 'new-token': '/admin/tokens/new', 'new-organisation': '/admin/organisations/new', ...operators }],
  ];

  await Promise.all(['de', 'en'].map(async (locale) => {
    for (const [who, pages] of visitors) {
      const page = await looker(browser, { locale });
      if (who) await page.context().addCookies(await who.context().cookies());
      for (const [name, path] of Object.entries(pages)) await look(page, `${name}-${locale}`, path, locale);
      await page.context().close();
    }
  }));

  // The app's own site, where the tile leads.
  const page = await looker(browser, {});
  await page.goto(process.env.APP_URL);
  await sound(page.mainFrame(), 'the app’s site');
  await page.context().close();

  async function look(page, name, path, locale) {
    await page.setViewportSize({ width: 1200, height: 800 });
    const answer = await page.goto(path);
    const weight = (await answer.body()).length;
    check(weight < MOST_BYTES, `${name} has ${weight} bytes`);
    same(await page.locator('html').getAttribute('lang'), locale, `${name} says that it is in`);
    same(await page.locator('h1').count(), 1, `${name}: headings of the first level`);
    const frames = await page.locator('iframe').count();
    same(await page.locator('script').count(), scripted.includes(path) || frames > 0 ? 1 : 0, `${name}: scripts`);
    if (frames > 0) await page.locator('[data-waiting]').waitFor({ state: 'hidden' });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const frame of page.frames()) await sound(frame, `${name}-${colorScheme}`);
      await picture(page, `${name}-${colorScheme}`);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    for (const frame of page.frames()) {
      const beyond = await frame.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      check(beyond <= 0, `${name} sticks out by ${beyond} px on a phone`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    if (locale === 'en') await picture(page, `${name}-light-phone`);
  }

  // By keyboard alone, from the top of the page.
  const typist = await visitor(browser);
  await typist.goto('/login');
  await typist.locator('#email:focus').waitFor();
  await typist.keyboard.type(people.merchant.email);
  await typist.keyboard.press('Tab');
  await typist.keyboard.type(people.merchant.password);
  await typist.keyboard.press('Enter');
  await typist.waitForURL('/me');
  await typist.keyboard.press('Tab');
  same(await typist.evaluate(() => document.activeElement.className), 'skip', 'the first stop is');
  await typist.keyboard.press('Enter');
  same(await typist.evaluate(() => document.activeElement.id), 'content', 'it leads to');

  // The other language stays chosen.
  await typist.goto(`${url}/me`);
  await typist.getByRole('button', { name: 'Deutsch' }).click();
  same(await typist.locator('html').getAttribute('lang'), 'de', 'the page is in');
  same(new URL(typist.url()).pathname, '/me', 'and still');
});
