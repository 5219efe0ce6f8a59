// Somebody adds a passkey, is asked for it from then on, loses it, and gets back in by a link of the admin's.
import { check, people, picture, same, signIn, story, url, visitor } from './browser.mjs';

// Browsers make passkeys for names alone.
const baseURL = url.replace('127.0.0.1', 'localhost');

async function authenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const be = (isUserVerified) => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  return { be };
}

await story(async (browser) => {
  const page = await visitor(browser, { baseURL });
  const device = await authenticator(page);
  await signIn(page, people.merchant);
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.locator('#name').fill('Laptop');
  await picture(page, 'new-passkey-en-light');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.waitForURL(/done=passkey/);
  check((await page.getByRole('status').textContent()).startsWith('The passkey is added.'), 'it is not told');
  check(await page.getByRole('cell', { name: 'Laptop' }).isVisible(), 'it is not listed');

  const password = async (who) => {
    await who.goto('/login');
    await who.locator('#email').fill(people.merchant.email);
    await who.locator('#password').fill(people.merchant.password);
    await who.locator('main form button').click();
  };
  await page.getByRole('button', { name: 'Sign out' }).click();
  await password(page);
  same(await page.locator('h1').textContent(), 'Passkey', 'after the password comes');
  await picture(page, 'passkey-en-light');
  await page.goto('/me');
  same(new URL(page.url()).pathname, '/login', 'the password alone leads to');
  await password(page);
  await device.be(false);
  await page.getByRole('button', { name: 'Use the passkey' }).click();
  await page.getByRole('alert').waitFor();
  await device.be(true);
  await page.getByRole('button', { name: 'Use the passkey' }).click();
  await page.waitForURL('/me');

  // The answer to one question is none to the next.
  await page.getByRole('button', { name: 'Sign out' }).click();
  await password(page);
  const sent = page.waitForRequest((request) => request.url().endsWith('/login/passkey'));
  await page.getByRole('button', { name: 'Use the passkey' }).click();
  const answer = (await sent).postData();
  await page.waitForURL('/me');
  const thief = await visitor(browser, { baseURL });
  await thief.goto('/login');
  const again = await thief.evaluate((body) => fetch('/login/passkey', {
    method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }).then((it) => it.status), answer);
  same(again, 422, 'an answer that was used is answered with');

  // A dangerous step asks for it too.
  await page.goto('/confirm?next=/me');
  await page.locator('#password').fill(people.merchant.password);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'Use the passkey' }).click();
  await page.waitForURL('/me');

  // The device is lost.
  const operator = await visitor(browser, { baseURL });
  await signIn(operator, people.operator);
  const home = await page.getByRole('link', { name: "Anna's Bikes" }).getAttribute('href');
  await operator.goto(home);
  await operator.locator('tbody tr', { hasText: 'Anna' }).getByRole('link', { name: 'Manage' }).click();
  await operator.getByRole('button', { name: 'Let choose a new password' }).click();
  const link = new URL((await operator.locator('.secret').textContent()).trim());
  const elsewhere = await visitor(browser, { baseURL });
  await elsewhere.goto(link.pathname);
  await elsewhere.locator('#new-password').fill('anna has a new password');
  await elsewhere.getByRole('button', { name: 'Save' }).click();
  await elsewhere.waitForURL('/me?done=recovered');
  await elsewhere.locator('tr', { hasText: 'Laptop' }).getByRole('button', { name: 'Remove' }).click();
  check((await elsewhere.getByRole('cell', { name: 'Laptop' }).count()) === 0, 'it is still listed');
  await elsewhere.goto('/me/events');
  const events = await elsewhere.locator('main').textContent();
  for (const event of ['Passkey added', 'Passkey removed', 'New password by a link', 'An admin offers a new password']) {
    check(events.includes(event), `${event} is not among the events`);
  }
  const plain = await visitor(browser, { baseURL });
  await signIn(plain, { email: people.merchant.email, password: 'anna has a new password' });
});
