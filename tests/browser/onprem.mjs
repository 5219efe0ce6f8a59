// A merchant's admin waits for an app, sees what it wants, switches something off, lets it in, hands the key out again and
// ends it: by keyboard where a hand would point, and without any script.
import { check, people, picture, same, signIn, story, visitor } from './browser.mjs';

const base = process.env.ONPREM_BASE;
const icon = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const manifest = {
  AppId: 'parcels/v1', DisplayName: 'Parcels <b>express</b>', Description: 'Ships what was ordered', Version: '1.0.0',
  ProviderName: 'Paketwerk', ProviderWebsite: 'javascript:alert(1)', AppIcon: icon, RegistrationType: 0,
  MandatoryApiScopes: ['items.read', 'returns.print'], OptionalApiScopes: ['items.write', 'category.createcategory'],
};
const code = 'a-code-that-both-sides-show';

async function app(method, path, body) {
  const answer = await fetch(`${base}/${path}`, {
    method, body: body && JSON.stringify(body), headers: { 'x-challengecode': code, 'content-type': 'application/json' },
  });
  return { status: answer.status, body: await answer.json() };
}

await story(async (browser) => {
  const page = await visitor(browser, { javaScriptEnabled: false });
  await signIn(page, people.merchant);
  await page.getByRole('link', { name: 'App Registration' }).click();
  same(new URL(page.url()).pathname, '/onprem/eazybusiness', 'a merchant with one ERP is at');
  same((await app('POST', 'authentication', manifest)).status, 403, 'before anybody waits');

  await page.getByRole('button', { name: 'Add', exact: true }).focus();
  await page.keyboard.press('Enter');
  check(/^(9:5\d|10:00)$/.test(await page.locator('.countdown').textContent()), 'no countdown is shown');
  await picture(page, 'waiting-en-light');
  const made = await app('POST', 'authentication', manifest);
  same(made.status, 201, 'while somebody waits');
  const path = `authentication/${made.body.RegistrationRequestId}`;

  // The page looks again by itself.
  await page.getByRole('link', { name: 'Parcels <b>express</b>' }).waitFor();
  same(await page.locator('.countdown').count(), 0, 'the wait goes on for nobody');
  await page.getByRole('link', { name: 'Parcels <b>express</b>' }).click();
  for (const text of ['Paketwerk', 'Version', code, 'waits for you', 'create, change, delete', 'none']) {
    check(await page.getByText(text).first().isVisible(), `${text} is not shown`);
  }
  same(await page.getByRole('link', { name: 'javascript' }).count(), 0, 'links that run something');
  check(await page.locator('img.icon').evaluate((it) => it.naturalWidth === 1), 'the picture is not shown');
  await picture(page, 'registration-en-light');
  await page.setViewportSize({ width: 360, height: 740 });
  await picture(page, 'registration-en-light-phone');
  await page.setViewportSize({ width: 1200, height: 800 });

  // One of the two is switched off with the space bar.
  const optional = page.getByRole('checkbox', { name: /items\.write/ });
  await optional.focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Accept' }).click();
  check(await page.getByText('key not read yet').isVisible(), 'it is not accepted');
  const key = await app('GET', path);
  same(key.body.GrantedScopes.join(' '), 'category.createcategory items.read returns.print', 'the app may');
  same((await app('GET', path)).status, 410, 'the key is there once');

  await page.reload();
  await page.getByRole('button', { name: 'Hand the key out again' }).click();
  const again = await app('GET', path);
  check(again.body.Token.ApiKey !== key.body.Token.ApiKey, 'the lost key came again');
  await page.reload();
  await page.getByRole('button', { name: 'End access' }).click();
  check(await page.getByText('ended').isVisible(), 'it has not ended');
  same(await page.getByRole('button', { name: 'End access' }).count(), 0, 'it can be ended again');

  // Another one is turned away, with all that it would like ticked.
  await page.goto('/onprem/eazybusiness');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  same((await app('POST', 'authentication', { ...manifest, AppId: 'unwanted/v1', DisplayName: 'Unwanted' })).status, 201, 'another one');
  await page.getByRole('link', { name: 'Unwanted' }).click();
  await page.getByRole('button', { name: 'Reject' }).click();
  check(await page.getByText('rejected').isVisible(), 'it is not turned away');

  // Nobody else sees any of it.
  const nora = await visitor(browser);
  await signIn(nora, people.partner);
  same((await nora.goto('/onprem/eazybusiness')).status(), 404, 'another organisation is answered with');
});
