// Somebody changes the password: the old one opens nothing any more, and other sessions end.
import { people, same, signIn, story, visitor } from './browser.mjs';

await story(async (browser) => {
  const [here, elsewhere] = [await visitor(browser), await visitor(browser)];
  const { email, password } = people.partner;
  await signIn(here, people.partner);
  await signIn(elsewhere, people.partner);
  await here.getByRole('link', { name: 'Change password' }).click();
  const change = async (current, chosen) => {
    await here.locator('#current').fill(current);
    await here.locator('#new-password').fill(chosen);
    await here.getByRole('button', { name: 'Change password' }).click();
  };
  await change('wrong, wrong, wrong', 'a long new password');
  same(await here.getByRole('alert').textContent(), 'The password is wrong.', 'a wrong one is told');
  await change(password, email);
  same(await here.getByRole('alert').textContent(), 'This password can be guessed. Choose another one.', 'the address as password');
  await change(password, 'a long new password');
  same(await here.getByRole('status').textContent(), 'The password is changed. Other sessions have ended, and no app acts for you any more.', 'it is told');
  await elsewhere.goto('/me');
  same(new URL(elsewhere.url()).pathname, '/login', 'the other session leads to');
  await elsewhere.locator('#email').fill(email);
  await elsewhere.locator('#password').fill(password);
  await elsewhere.locator('main form button').click();
  same(await elsewhere.getByRole('alert').textContent(), 'Address or password is wrong.', 'the old password');
  await signIn(elsewhere, { email, password: 'a long new password' });
});
