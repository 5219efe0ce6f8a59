// What another site tries with somebody who is signed in. Its name is what is tried.
import { createServer } from 'node:http';
import { check, people, same, signIn, story, url, visitor } from './browser.mjs';

const tried = {
  // It knows a cookie that it planted, and hopes that the victim signs in under it.
  async fixation(browser) {
    const victim = await visitor(browser);
    await signIn(victim, people.merchant);
    const [planted] = await victim.context().cookies();
    const again = await visitor(browser);
    await again.context().addCookies([planted]);
    await again.goto('/me');
    same(await again.locator('h1').textContent(), 'Anna Andersson', 'the planted cookie opens');
    await again.context().clearCookies();
    await again.context().addCookies([planted]);
    // Signing in again, as somebody else, under the planted cookie.
    await again.goto('/me');
    await again.getByRole('button', { name: 'Sign out' }).click();
    await again.context().addCookies([planted]);
    await signIn(again, people.partner);
    const [own] = await again.context().cookies();
    check(own.value !== planted.value, 'the planted cookie became the victim’s');
    await victim.goto('/me');
    same(new URL(victim.url()).pathname, '/login', 'who holds the planted cookie is sent to');
  },

  // It sends our forms from its own page.
  async csrf(browser) {
    const elsewhere = await serve(`<form id="f" method="post" action="${url}/logout"></form>
      <form id="g" method="post" action="${url}/login"><input name="email" value="mallory@evil.example"><input name="password" value="x"></form>
      <form id="h" method="post" enctype="text/plain" action="${url}/logout"></form>`);
    const victim = await visitor(browser);
    await signIn(victim, people.merchant);
    for (const form of ['f', 'g', 'h']) {
      await victim.goto(elsewhere);
      const [answer] = await Promise.all([
        victim.waitForNavigation(),
        victim.locator(`#${form}`).evaluate((it) => it.submit()),
      ]);
      check(answer.url().startsWith(url), `form ${form} led to ${answer.url()}`);
      same(answer.status(), 403, `form ${form} is answered with`);
    }
    await victim.goto('/me');
    same(await victim.locator('h1').textContent(), 'Anna Andersson', 'the victim is still');
  },

  // It shows our page in a frame under its own.
  async frame(browser) {
    const elsewhere = await serve(`<iframe src="${url}/login" width="600" height="400"></iframe>`);
    const page = await (await browser.newContext()).newPage();
    const refused = page.waitForEvent('console', (line) => /frame-ancestors|X-Frame-Options/i.test(line.text()));
    await page.goto(elsewhere);
    await refused;
    const inner = page.frames().find((frame) => frame !== page.mainFrame());
    check(!(await inner.content()).includes('password'), 'the page is in a frame');
  },

  // It sends the victim through our sign-in to itself.
  async redirect(browser) {
    const victim = await visitor(browser);
    for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example/', '/\t/evil.example']) {
      await victim.context().clearCookies();
      await victim.goto(`/login?next=${encodeURIComponent(next)}`);
      await victim.locator('#email').fill(people.merchant.email);
      await victim.locator('#password').fill(people.merchant.password);
      await victim.locator('main form button').click();
      await victim.waitForURL('/me');
      await victim.goto(`/login?next=${encodeURIComponent(next)}`);
      same(victim.url(), `${url}/me`, 'who is signed in is sent to');
    }
  },

  // It reads the cookie.
  async cookie(browser) {
    const victim = await visitor(browser);
    await signIn(victim, people.merchant);
    const cookies = await victim.context().cookies();
    same(cookies.length, 1, 'cookies');
    const [{ httpOnly, sameSite, path, domain }] = cookies;
    same(JSON.stringify({ httpOnly, sameSite, path, domain }),
      JSON.stringify({ httpOnly: true, sameSite: 'Lax', path: '/', domain: new URL(url).hostname }), 'the cookie is');
    same(await victim.evaluate(() => document.cookie), '', 'script sees');
  },
};

// A site of its own, at another port: another origin, though the same host.
async function serve(html) {
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(html));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return `http://localhost:${server.address().port}/`;
}

await story(tried[process.argv[2]]);
