// The page that finishes an installation. The hub shows it in a frame once a merchant's admin has consented.
import { createAppBridge } from './appbridge/src/index.js';
import { isAlone, post, wordsOf } from './backend.js';

const steps = /** @type {HTMLElement} */ (document.querySelector('#steps'));

/**
 * Takes a step, and shows how it went.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} act
 * @param {(result: T) => string} [shown]
 */
async function step(what, act, shown = () => 'done') {
  const line = steps.appendChild(document.createElement('li'));
  line.append(`${what} … `);
  const outcome = line.appendChild(document.createElement('span'));
  try {
    const result = await act();
    outcome.className = 'good';
    outcome.textContent = shown(result);
    return result;
  } catch (fault) {
    outcome.className = 'bad';
    outcome.textContent = wordsOf(fault);
    throw fault;
  }
}

async function setUp() {
  const where = isAlone ? 'waiting for a platform; this page is shown in the hub' : 'shaking hands with the platform';
  const { method } = await step(where, createAppBridge);
  const sessionToken = await step('getSessionToken: who installs the app, and where', () => method.call('getSessionToken'));
  const connect = () => post('/connect-tenant', { sessionToken });
  await step('POST /connect-tenant: our backend checks the token and remembers the tenant', connect, (tenant) =>
    `${tenant.tenantSlug ?? 'a tenant'} (${tenant.tenantId}), customer number ${tenant.customerNumber}`);
  await step('setupCompleted: the installation is finished', () => method.call('setupCompleted'));
}

// What went wrong stands behind its step.
setUp().catch(() => {});
