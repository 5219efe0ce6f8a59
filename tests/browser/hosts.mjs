// Surfaces at hosts of their own, over TLS: the first operator's link, one sign-in for all, and what one host may do at
// another.
import { request } from 'node:https';
import { check, picture, same, story, visitor } from './browser.mjs';

const { EINLASS_TEST_LINK: link, EINLASS_TEST_PORT: port } = process.env;
const at = Object.fromEntries(['auth', 'hub', 'partner', 'admin', 'onprem'].map((name) => [name, `https://${name}.einlass.test:${port}`]));
const account = { name: 'Olga Operator', email: 'olga@operator.example', password: 'four words of nothing' };

const hosts = ['--host-resolver-rules=MAP *.einlass.test 127.0.0.1'];
const options = { baseURL: at.auth, ignoreHTTPSErrors: true };

// A request by hand, with what a browser holds.
async function ask(context, method, address, headers = {}) {
  const cookie = (await context.cookies(address)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const lookup = (_, { all }, done) => (all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
  return new Promise((done, fail) => {
    const sent = request(address, { method, headers: { cookie, ...headers }, lookup, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      done({ status: answer.statusCode, leadsTo: answer.headers.location, cookies: answer.headers['set-cookie'] });
    });
    sent.on('error', fail).end();
  });
}

async function signIn(page) {
  await page.locator('#email').fill(account.email);
  await page.locator('#password').fill(account.password);
  await page.locator('main form button').click();
}

await story(async (browser) => {
  const page = await visitor(browser, options);
  await page.goto(link);
  same(new URL(page.url()).origin, at.admin, 'the link leads to');
  check((await page.locator('#code').inputValue()).startsWith('ein_ot_'), 'the code is not in the form');
  same(new URL(page.url()).hash, '', 'in the address is still');
  await page.locator('#name').fill(account.name);
  await page.locator('#email').fill(account.email);
  await page.locator('#new-password').fill('short of it!');
  await picture(page, 'first-en-light');
  await page.locator('#new-password').fill(account.password);
  await page.getByRole('button', { name: 'Become admin' }).click();
  await page.waitForURL(`${at.auth}/login?**`);
  await signIn(page);
  await page.waitForURL(`${at.admin}/admin`);
  check(await page.getByRole('link', { name: account.name }).isVisible(), 'the console does not know who comes');

  // The link is used up.
  await page.goto(link);
  for (const [field, value] of Object.entries({ name: 'M', email: 'mallory@evil.example', 'new-password': account.password })) {
    await page.locator(`#${field}`).fill(value);
  }
  await page.getByRole('button', { name: 'Become admin' }).click();
  check((await page.getByRole('alert').textContent()).startsWith('This code does not count'), 'a used link counts');

  // Every other surface opens without a password.
  for (const [name, path] of [['hub', '/hub'], ['partner', '/partner'], ['onprem', '/onprem']]) {
    await page.goto(`${at[name]}${path}`);
    same(page.url(), `${at[name]}${path}`, 'one is at');
    check(await page.getByRole('link', { name: account.name }).isVisible(), `${name} does not know who comes`);
    await page.goto(at[name]);
    same(page.url(), `${at[name]}${path}`, `the root of ${name} leads to`);
  }
  await page.goto(`${at.hub}/me`);
  same(page.url(), `${at.auth}/me`, 'the account is at');

  // Each host has one cookie, its own, over TLS alone.
  const cookies = await page.context().cookies();
  const told = cookies.map(({ name, domain, path, secure, httpOnly, sameSite }) => [name, domain, path, secure, httpOnly, sameSite].join(' '));
  same(told.sort().join('\n'), [
    ['__Host-einlass', 'auth'], ['__Host-einlass-admin', 'admin'], ['__Host-einlass-hub', 'hub'],
    ['__Host-einlass-onprem', 'onprem'], ['__Host-einlass-partner', 'partner'],
  ].map(([name, host]) => `${name} ${host}.einlass.test / true true Lax`).sort().join('\n'), 'cookies are');

  // A host of ours may not write at another either.
  const form = { origin: at.hub, 'content-type': 'application/x-www-form-urlencoded', 'content-length': 0 };
  same((await ask(page.context(), 'POST', `${at.admin}/admin/logout`, form)).status, 403, 'a form of another host of ours is answered with');

  // Somebody else's code signs nobody in: it is no answer to what this browser began.
  const begun = await ask(page.context(), 'GET', `${at.hub}/hub/sign-in`);
  const given = await ask(page.context(), 'GET', begun.leadsTo);
  check(given.leadsTo.startsWith(`${at.hub}/hub/callback?code=ein_ac_`), 'no code is given');
  const victim = await visitor(browser, options);
  await victim.goto(given.leadsTo);
  same(new URL(victim.url()).pathname, '/login', 'whoever follows another’s answer is sent to');
  await victim.goto(`${at.hub}/hub`);
  same(new URL(victim.url()).pathname, '/login', 'and still');

  // Nobody is sent where no client is.
  for (const changed of [{ redirect_uri: 'https://evil.example/hub/callback' }, { redirect_uri: `${at.partner}/hub/callback` }, { redirect_uri: `${at.hub}/hub/callback/` }, { client_id: 'stranger' }]) {
    const wish = new URL(begun.leadsTo);
    for (const [name, value] of Object.entries(changed)) wish.searchParams.set(name, value);
    const refused = await page.goto(wish.href);
    same(refused.status(), 400, `${JSON.stringify(changed)} is answered with`);
    same(new URL(page.url()).origin, at.auth, 'nobody is sent on; one is at');
  }

  // Signing out at one host closes the others.
  await page.goto(`${at.hub}/hub`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${at.auth}/login`);
  for (const [name, path] of [['admin', '/admin'], ['hub', '/hub']]) {
    await page.goto(`${at[name]}${path}`);
    same(new URL(page.url()).origin, at.auth, `who signed out is at ${name} sent to`);
  }
}, hosts);
