// One sign-in opens every surface, at one port: each has a cookie of its own, and signing out anywhere closes all.
import { check, people, same, signIn, story, url, visitor } from './browser.mjs';

const surfaces = { '/hub': 'einlass-hub', '/partner': 'einlass-partner', '/admin': 'einlass-admin', '/onprem': 'einlass-onprem' };

await story(async (browser) => {
  const olaf = await visitor(browser);
  await olaf.goto('/admin?search=bikes');
  same(new URL(olaf.url()).pathname, '/login', 'a stranger is sent to');
  await olaf.locator('#email').fill(people.operator.email);
  await olaf.locator('#password').fill(people.operator.password);
  await olaf.locator('main form button').click();
  await olaf.waitForURL('/admin?search=bikes');
  same(await olaf.locator('tbody tr').count(), 1, 'organisations that are called bikes');
  for (const path of Object.keys(surfaces)) {
    await olaf.goto(path);
    same(new URL(olaf.url()).pathname, path, 'without signing in again one is at');
    check(await olaf.getByRole('link', { name: 'Olaf Olsen' }).isVisible(), `${path} does not know who comes`);
  }
  const held = await olaf.context().cookies();
  for (const [path, name] of Object.entries(surfaces)) {
    const own = held.find((it) => it.name === name);
    same(JSON.stringify([own.path, own.httpOnly, own.sameSite, own.domain]),
      JSON.stringify([path, true, 'Lax', new URL(url).hostname]), `the cookie of ${path} is`);
  }
  check(!held.some((it) => it.name.endsWith('-flow')), 'what a sign-in kept is still there');

  // What opens one place opens no other.
  const value = (name) => held.find((it) => it.name === name).value;
  for (const [name, other, path] of [['einlass-hub', 'einlass-admin', '/admin'], ['einlass-hub', 'einlass', '/me'], ['einlass', 'einlass-hub', '/hub']]) {
    const answer = await fetch(`${url}${path}`, { headers: { cookie: `${other}=${value(name)}` }, redirect: 'manual' });
    same(answer.status, 303, `${name} at ${path} is answered with`);
  }

  // The operator makes an organisation, and is led to where its first admin is invited.
  await olaf.goto('/admin');
  await olaf.getByRole('link', { name: 'New organisation' }).click();
  await olaf.locator('#name').fill('Carla\u2019s Cakes');
  await olaf.locator('#kind').selectOption('merchant');
  await olaf.getByRole('button', { name: 'Create' }).click();
  await olaf.waitForURL(/\/organisations\//);
  same(await olaf.locator('h1').textContent(), 'Carla\u2019s Cakes', 'the organisation is');

  // An admin token that works, and then does not.
  await olaf.goto('/admin/tokens');
  await olaf.getByRole('link', { name: 'New admin token' }).click();
  await olaf.locator('#name').fill('laptop');
  await olaf.locator('#access').selectOption('read');
  await olaf.getByRole('button', { name: 'Create' }).click();
  const token = (await olaf.locator('.secret').textContent()).trim();
  const opens = async () => (await fetch(`${url}/admin/api/organisations`, { headers: { authorization: `Bearer ${token}` } })).status;
  same(await opens(), 200, 'the new token is answered with');
  await olaf.goto('/admin/tokens');
  check(!(await olaf.content()).includes(token), 'the token is shown twice');
  await olaf.getByRole('row', { name: /laptop/ }).getByRole('link').click();
  same(await opens(), 200, 'while one only looks the token is answered with');
  await olaf.getByRole('button', { name: 'End', exact: true }).click();
  await olaf.getByRole('row', { name: /laptop/ }).getByText('ended').waitFor();
  same(await opens(), 401, 'the ended token is answered with');

  // Whoever is not the operator's is told so; and pages of organisations show what is theirs.
  const anna = await visitor(browser);
  await signIn(anna, people.merchant);
  same((await anna.goto('/admin')).status(), 403, 'a merchant at the console is answered with');
  check(await anna.getByText('This is for the operator').isVisible(), 'why is not said');
  await anna.goto('/hub');
  await anna.getByRole('link', { name: "Anna's Bikes" }).click();
  check(await anna.getByText('Stock Mirror').isVisible(), 'the installed app is missing');
  const nora = await visitor(browser);
  await signIn(nora, people.partner);
  await nora.getByRole('link', { name: 'Partner Portal' }).click();
  await nora.getByRole('link', { name: 'Stock Mirror' }).click();
  check(await nora.getByText(process.env.CLIENT_ID).first().isVisible(), 'the client id is missing');

  // Two tabs that begin at once both arrive.
  const tabs = await visitor(browser);
  const second = await tabs.context().newPage();
  await Promise.all([tabs.goto('/hub'), second.goto('/partner')]);
  await second.goto('/hub?after=');
  await tabs.locator('#email').fill(people.merchant.email);
  await tabs.locator('#password').fill(people.merchant.password);
  await tabs.locator('main form button').click();
  await tabs.waitForURL('/hub');

  // Signing out at one surface closes the others.
  await olaf.goto('/hub');
  await olaf.getByRole('button', { name: 'Sign out' }).click();
  await olaf.waitForURL('/login');
  for (const path of ['/me', ...Object.keys(surfaces)]) {
    await olaf.goto(path);
    same(new URL(olaf.url()).pathname, '/login', `who signed out is at ${path} sent to`);
  }
});
