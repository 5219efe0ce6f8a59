// Somebody signs in without any script running, looks at the account, and signs out.
import { check, people, same, signIn, story, visitor } from './browser.mjs';

await story(async (browser) => {
  const page = await visitor(browser, { javaScriptEnabled: false });
  const { email, password } = people.merchant;

  await page.goto('/me');
  same(new URL(page.url()).pathname, '/login', 'a stranger is sent to');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill('not the password');
  await page.locator('main form button').click();
  same(await page.getByRole('alert').textContent(), 'Address or password is wrong.', 'a wrong password is told');
  same(await page.locator('#email').inputValue(), email, 'the address is kept');
  same(await page.locator('#password').inputValue(), '', 'the password is not');
  await page.locator('#email').fill('nobody@bikes.example');
  await page.locator('#password').fill(password);
  await page.locator('main form button').click();
  same(await page.getByRole('alert').textContent(), 'Address or password is wrong.', 'an unknown address is told the same');

  await page.locator('#email').fill(email.toUpperCase());
  await page.locator('#password').fill(password);
  await page.locator('main form button').click();
  await page.waitForURL('/me');
  same(await page.locator('h1').textContent(), 'Anna Andersson', 'the account is');
  check(await page.getByRole('link', { name: "Anna's Bikes" }).isVisible(), 'the organisation is missing');
  // What was refused is written down together, a moment later.
  const refused = page.locator('tbody tr', { hasText: 'refused' });
  for (let attempt = 0; attempt < 100 && await refused.count() === 0; attempt += 1) await page.reload();
  same(await refused.count(), 1, 'the wrong passwords among the events');

  // A second place, ended from the first.
  const other = await visitor(browser);
  await signIn(other, people.merchant);
  await page.reload();
  await page.getByRole('button', { name: 'End', exact: true }).click();
  same(await page.getByRole('status').textContent(), 'The session has ended.', 'it is told');
  await other.goto('/me');
  same(new URL(other.url()).pathname, '/login', 'an ended session leads to');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('/login');
  await page.goto('/me');
  same(new URL(page.url()).pathname, '/login', 'who signed out is sent to');
});
