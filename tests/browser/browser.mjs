// What every story begins with: a real browser, and the platform that it visits.
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const url = process.env.EINLASS_URL;
export const people = Object.fromEntries(['MERCHANT', 'PARTNER', 'OPERATOR'].map((who) => [
  who.toLowerCase(),
  { email: process.env[`${who}_EMAIL`], password: process.env[`${who}_PASSWORD`] },
]));

const pictures = process.env.EINLASS_TEST_PICTURES;

// Has a story told, and ends the browser with it, however it ends.
export async function story(tell, flags = []) {
  const browser = await chromium.launch({
    executablePath: process.env.EINLASS_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...flags,
    ],
  });
  try {
    await tell(browser);
  } finally {
    await browser.close();
  }
}

// A visitor with a browser of their own, who sees to it that no page is broken on the way.
export async function visitor(browser, options = {}) {
  const context = await browser.newContext({ baseURL: url, locale: 'en', ...options });
  const page = await context.newPage();
  page.on('pageerror', (fault) => { throw fault; });
  page.on('console', (line) => {
    if (line.type() === 'error' && !/Failed to load resource.*status of 4/.test(line.text())) throw new Error(line.text());
  });
  page.setDefaultTimeout(20_000);
  return page;
}

export async function signIn(page, { email, password }, next = '/me') {
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.locator('main form button').click();
  await page.waitForURL((it) => it.pathname + it.search === next);
}

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

export function same(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`);
}

// Kept, so that somebody can look at it.
export async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.jpg`), fullPage: true, quality: 90 });
}
