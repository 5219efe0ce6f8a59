// What an app in a frame tries with the page around it. Its name is what is tried.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { check, people, same, signIn, story, url, visitor } from './browser.mjs';

const { ADMIN_TOKEN, TENANT_ID } = process.env;
const published = new URL('../../packages/appbridge/', import.meta.url);

// An app that uses our module, and begins in a hurry: twice.
const withModule = `<script type="module">
  import { createAppBridge } from '/appbridge/src/index.js';
  const asked = [createAppBridge(), createAppBridge()];
  const [bridge, again] = await Promise.all(asked);
  window.call = (name, ...args) => bridge.method.call(name, ...args);
  ready(bridge === again);
</script>`;

// An app that was written from the wire document alone.
const byHand = `<script>
  const questions = new Map();
  window.confirmed = 0;
  window.send = (type, body, id = crypto.randomUUID()) => window.port.postMessage({ id, type, body });
  window.call = (methodName, ...args) => new Promise((resolve, reject) => {
    const id = crypto.randomUUID();
    questions.set(id, { resolve, reject });
    send('METHOD_CALL', { methodName, args }, id);
  });
  addEventListener('message', (event) => {
    if (event.source !== parent || event.data.type !== 'HANDSHAKE') return;
    window.port = event.ports[0];
    window.port.onmessage = ({ data: { id, type, body } }) => {
      if (type === 'METHOD_CALL_RETURN') questions.get(id)?.resolve(body);
      if (type === 'METHOD_CALL_ERROR') questions.get(id)?.reject(new Error(body));
      if (type === 'EVENT_TRIGGER_CONFIRMATION') window.confirmed += 1;
      if (type === 'EVENT_TRIGGER') send('EVENT_TRIGGER_CONFIRMATION', undefined, id);
    };
    call('completeHandshake').then(() => ready(true));
  });
</script>`;

// Every document says which it is, how many handshakes it was offered, and when it has a bridge.
const documentOf = (client) => `<!doctype html><title>App</title><body><p>App</p><script>
  document.body.dataset.document = crypto.randomUUID();
  document.body.dataset.handshakes = 0;
  addEventListener('message', () => { document.body.dataset.handshakes = Number(document.body.dataset.handshakes) + 1; });
  const ready = (is) => { document.body.dataset.ready = is; };
</script>${client}`;

const tried = {
  // It goes to another site, whose page would like to be taken for it.
  async origin(browser) {
    const other = await site({ '/': documentOf(byHand) });
    const pages = { '/setup': documentOf(byHand), '/led': { location: other.origin } };
    for (const go of [(body, there) => location.assign(there), () => location.assign('/led')]) {
      const { page, body } = await shown(browser, pages, { isNoisy: true });
      const blocked = page.waitForEvent('console', (line) => /Content Security Policy/.test(line.text()));
      await body.evaluate(go, other.origin);
      await blocked;
      same(other.visits(), 0, 'visits of the other site');
    }

    // Were there no such policy, there would be no handshake either.
    const { page, body } = await shown(browser, pages, { isNoisy: true, bypassCSP: true, hasClock: true });
    let refusals = 0;
    page.on('console', (line) => { refusals += /target origin provided/.test(line.text()) ? 1 : 0; });
    await body.evaluate((_, there) => location.assign(there), other.origin);
    await page.frameLocator('[data-shell] iframe').locator('body').waitFor();
    await page.clock.fastForward(29_000);
    await poll(() => refusals > 1, 'handshakes that the browser keeps from the other site');
    check(other.visits() > 0, 'the other site was never there');
    same(await body.getAttribute('data-handshakes'), '0', 'handshakes that the other site got');
    await page.clock.fastForward(2_000);
    await page.locator('[data-shell] [data-failed]').waitFor();
    await page.locator('[data-retry]').click();
    await ready(page);
    await holdsToken(body);
  },

  // It begins twice, reloads itself, and is reloaded; and the host shakes hands again.
  async again(browser) {
    const pages = { '/setup': documentOf(withModule), '/item': documentOf(withModule) };
    const { page, body, at } = await shown(browser, pages);
    await holdsToken(body);
    for (const reload of [() => body.evaluate(() => location.reload()), () => page.reload()]) {
      const before = await body.getAttribute('data-document');
      await reload();
      await ready(page, `:not([data-document="${before}"])`);
      await holdsToken(body);
    }
    await page.locator('[data-shell] iframe').evaluate((frame) => frame.dispatchEvent(new Event('load')));
    await page.locator('[data-waiting]').waitFor({ state: 'hidden' });
    await poll(async () => Number(await body.getAttribute('data-handshakes')) > 1, 'another handshake');
    await holdsToken(body);

    // What finishes the set-up is answered, then the page goes on; the app’s other pages have a bridge too.
    let answered;
    const isAnswered = new Promise((done) => { answered = done; });
    await page.route('**/*', async (route) => {
      if (route.request().isNavigationRequest()) await isAnswered;
      await route.continue();
    });
    await body.evaluate(() => window.call('setupCompleted'));
    answered();
    await page.waitForURL((it) => it.pathname !== `${at}/setup`);
    await page.goto(`${at}/items/first`);
    await ready(page);
    await holdsToken(body);
  },

  // It sends as fast as it can.
  async flood(browser) {
    const { page, body } = await shown(browser, { '/setup': documentOf(byHand) });
    await body.evaluate(() => {
      for (let number = 0; number < 10_000; number += 1) window.send('EVENT_TRIGGER', { topic: 'Flood', payload: number });
    });
    await page.locator('[data-failed]').waitFor();
    same(await page.evaluate(() => document.readyState), 'complete', 'the page around it is');
    const confirmed = await body.evaluate(() => window.confirmed);
    check(confirmed < 2_000, `${confirmed} messages of a flood were answered`);
    const before = await body.getAttribute('data-document');
    await page.locator('[data-retry]').click();
    await page.locator('[data-failed]').waitFor({ state: 'hidden' });
    await ready(page, `:not([data-document="${before}"])`);
    await holdsToken(body);
  },

  // It sends as much as it can.
  async huge(browser) {
    const { page, body } = await shown(browser, { '/setup': documentOf(byHand) });
    const said = [];
    page.on('console', (line) => said.push(line.text()));
    const answer = await body.evaluate(() => {
      const huge = 'x'.repeat(64 * 1024 * 1024);
      window.send('METHOD_CALL', { methodName: huge, args: [] });
      window.send('EVENT_TRIGGER', { topic: 'Huge', payload: huge }, huge);
      window.send(huge, huge);
      return window.call('getCurrentCustomerId', huge);
    });
    same(answer, null, 'the customer is');
    await holdsToken(body);
    same(await page.evaluate(() => document.readyState), 'complete', 'the page around it is');
    same(said.length, 0, 'lines on the console');
  },

  // It calls what every object has.
  async proto(browser) {
    const { body } = await shown(browser, { '/setup': documentOf(byHand) });
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'getNothing']) {
      const reason = await body.evaluate((_, it) => window.call(it).then(() => 'a return', (fault) => fault.message), name);
      check(reason.includes(`“${name}”`), `${name} is answered with ${reason}`);
    }
    await holdsToken(body);
  },

  // It goes to a page of its own that has no bridge, and comes back.
  async away(browser) {
    const { page, body } = await shown(browser, { '/setup': documentOf(byHand), '/plain': '<!doctype html><p id="plain">Plain</p>' });
    const before = await body.getAttribute('data-document');
    await body.evaluate(() => location.assign('/plain'));
    await page.frameLocator('[data-shell] iframe').locator('#plain').waitFor();
    await page.locator('[data-waiting]').waitFor();
    await page.frameLocator('[data-shell] iframe').locator('body').evaluate(() => history.back());
    await ready(page, `:not([data-document="${before}"])`);
    await page.locator('[data-waiting]').waitFor({ state: 'hidden' });
    await holdsToken(body);
  },
};

// An app with these pages, and the merchant's browser where it is being set up.
async function shown(browser, pages, { isNoisy = false, hasClock = false, ...options } = {}) {
  const { origin } = await site(pages);
  const app = await register(origin, pages);
  const at = `/hub/${TENANT_ID}/apps/${app}`;
  const page = isNoisy ? await (await browser.newContext({ baseURL: url, locale: 'en', ...options })).newPage() : await visitor(browser, options);
  if (hasClock) await page.clock.install();
  await signIn(page, people.merchant);
  await page.goto(at);
  await page.getByRole('button', { name: 'Install' }).click();
  await page.waitForURL(`${at}/setup`);
  await ready(page);
  return { page, at, body: page.frameLocator('[data-shell] iframe').locator('body') };
}

async function ready(page, which = '') {
  await page.frameLocator('[data-shell] iframe').locator(`body[data-ready=true]${which}`).waitFor();
}

async function holdsToken(body) {
  const token = await body.evaluate(() => window.call('getSessionToken'));
  same(token.split('.').length, 3, 'parts of the session token');
}

async function register(origin, pages) {
  const { app } = await admin('POST', '/apps', { technical_name: `frames-${randomBytes(6).toString('hex')}` });
  const menuItems = pages['/item'] ? [{ id: 'first', name: 'First', url: `${origin}/item` }] : [];
  await admin('PUT', `/apps/${app.id}/manifest`, {
    manifestVersion: '1',
    version: '1.0.0',
    name: { short: 'Frames', full: 'An app that tries things' },
    description: { short: 'Tries things.', full: 'Tries things with the page around it.' },
    lifecycle: { setupUrl: `${origin}/setup` },
    capabilities: { erp: { menuItems, api: { scopes: [] } } },
  });
  await admin('POST', `/apps/${app.id}/publish`);
  return app.id;
}

async function admin(method, path, body) {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, ...(body && { 'content-type': 'application/json' }) };
  const answer = await fetch(`${url}/admin/api${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  check(answer.ok, `${method} ${path} is answered with ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

// A site of its own, at another port: another origin. A page is its text, or where it leads to.
async function site(pages) {
  let visits = 0;
  const server = createServer(({ url: path }, answer) => {
    if (path.startsWith('/appbridge/')) return answer.setHeader('content-type', 'text/javascript').end(module(path));
    const page = pages[path];
    if (!page) return answer.writeHead(404).end();
    visits += 1;
    if (page.location) return answer.writeHead(302, { location: page.location }).end();
    return answer.setHeader('content-type', 'text/html').end(page);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return { origin: `http://127.0.0.1:${server.address().port}`, visits: () => visits };
}

const module = (path) => readFileSync(new URL(path.slice('/appbridge/'.length), published));

async function poll(holds, what) {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    check(Date.now() < end, `${what}: never`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

await story(tried[process.argv[2]]);
