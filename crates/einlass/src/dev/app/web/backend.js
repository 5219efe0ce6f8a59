// What the pages have in common: asking the app's own backend, and saying what went wrong.

/** @import { AppBridge } from './appbridge/index.d.ts' */

/**
 * Asks in the name of whoever is in front of the platform. A session token is good for minutes, so each question takes a
 * new one.
 * @param {AppBridge} bridge
 * @param {string} path
 */
export async function ask(bridge, path) {
  const sessionToken = await bridge.method.call('getSessionToken');
  return answered(await fetch(path, { headers: { authorization: `Bearer ${sessionToken}` } }));
}

/**
 * @param {string} path
 * @param {object} body
 */
export async function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  return answered(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** @param {Response} answer */
async function answered(answer) {
  const body = await answer.json().catch(() => null);
  if (answer.ok) return body;
  throw new Error(body?.message ?? `The backend answered with status ${answer.status}.`);
}

/** Whether the page was opened by hand, where nobody offers a bridge. */
export const isAlone = window.parent === window;

/**
 * What went wrong, in words.
 * @param {unknown} fault
 */
export function wordsOf(fault) {
  return fault instanceof Error ? fault.message : String(fault);
}
