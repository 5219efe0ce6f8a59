// An admin invites somebody, who joins with a new account, becomes an admin, forgets the password, and leaves.
import { check, people, picture, same, signIn, story, visitor } from './browser.mjs';

await story(async (browser) => {
  const anna = await visitor(browser);
  await signIn(anna, people.merchant);
  await anna.getByRole('link', { name: "Anna's Bikes" }).click();
  const home = new URL(anna.url()).pathname;
  const act = async (who, what) => {
    await anna.goto(home);
    await anna.locator('tbody tr', { hasText: who }).getByRole('link', { name: 'Manage' }).click();
    await anna.getByRole('button', { name: what }).click();
  };
  const shown = async () => (await anna.locator('.secret').textContent()).trim();

  await act('Anna', 'Make member');
  same(await anna.locator('h1').textContent(), 'You may not do that here', 'the last admin stays');
  check((await anna.locator('main').textContent()).includes('keeps an admin'), 'why is not said');

  await anna.goto(home);
  await anna.getByRole('link', { name: 'Invite somebody' }).click();
  await anna.locator('#email').fill('ben@bikes.example');
  await anna.getByRole('button', { name: 'Invite', exact: true }).click();
  const invitation = await shown();
  await picture(anna, 'link-en-light');

  const ben = await visitor(browser, { javaScriptEnabled: false });
  await ben.goto(invitation);
  check((await ben.locator('main').textContent()).includes("Anna's Bikes"), 'whose invitation it is is not said');
  await ben.locator('#name').fill('Ben Berg');
  await ben.locator('#new-password').fill('ben has a password');
  await ben.getByRole('button', { name: 'Create account' }).click();
  await ben.waitForURL('/me');
  await ben.goto(home);
  check((await ben.getByText('Invite somebody').count()) === 0, 'a member sees what is for admins');
  await ben.goto(invitation);
  same(await ben.locator('h1').textContent(), 'This link no longer counts', 'a used link');

  await act('Ben Berg', 'Make admin');
  await ben.goto(home);
  check(await ben.getByText('Invite somebody').isVisible(), 'an admin does not see what is for admins');

  await act('Ben Berg', 'Let choose a new password');
  const recovery = await shown();
  const elsewhere = await visitor(browser, { javaScriptEnabled: false });
  await elsewhere.goto(recovery);
  await elsewhere.locator('#new-password').fill('ben has another password');
  await elsewhere.getByRole('button', { name: 'Save' }).click();
  await elsewhere.waitForURL('/me?done=recovered');
  await ben.goto('/me');
  same(new URL(ben.url()).pathname, '/login', 'sessions from before lead to');
  await signIn(ben, { email: 'ben@bikes.example', password: 'ben has another password' });

  await anna.goto(home);
  await anna.locator('#search').fill('berg');
  await anna.getByRole('button', { name: 'Search' }).click();
  same(await anna.locator('tbody tr').count(), 1, 'who fits');
  await act('Ben Berg', 'Remove');
  await ben.goto(home);
  same(await ben.locator('h1').textContent(), 'There is no such page', 'what somebody who left sees');

  // Somebody with an account joins with it.
  await anna.goto(home);
  await anna.getByRole('link', { name: 'Invite somebody' }).click();
  await anna.locator('#email').fill(people.partner.email);
  await anna.getByRole('button', { name: 'Invite', exact: true }).click();
  const second = await shown();
  const nora = await visitor(browser);
  await nora.goto(second);
  await nora.getByRole('link', { name: 'Sign in' }).click();
  await nora.locator('#email').fill(people.partner.email);
  await nora.locator('#password').fill(people.partner.password);
  await nora.locator('main form button').click();
  await nora.getByRole('button', { name: 'Accept' }).click();
  await nora.waitForURL(home);
  await act('Nora', 'Let choose a new password');
  check((await anna.locator('main').textContent()).includes('Only the operator'), 'an admin reaches into other organisations');
});
