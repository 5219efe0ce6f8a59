import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiveMessageOnPort } from 'node:worker_threads';
import { openBridge } from '../../../packages/appbridge/src/bridge.js';
import { Budget, Session, Shell, messageOf, start } from '../../../crates/einlass-server/assets/shell.js';
import { Clock, Element, End, Framed, until } from './kit.mjs';

const places = { origin: 'https://app.example', sessionToken: '/hub/t/session-token', appToken: '/hub/t/app-token', setup: '/hub/t/setup-completed', then: '/hub/t' };

// A page with one app; `app` is the window in its frame.
function shown(dataset = places, app = new Framed()) {
  const clock = new Clock();
  const parts = { '[data-waiting]': new Element(), '[data-failed]': new Element(), '[data-retry]': new Element(), iframe: new Element() };
  const { '[data-waiting]': waiting, '[data-failed]': failed, '[data-retry]': retry, iframe: frame } = parts;
  failed.hidden = true;
  Object.assign(frame, { contentWindow: app, src: 'https://app.example/setup', load: () => frame.dispatchEvent(new Event('load')) });
  const element = new Element(dataset, parts);
  const state = () => ['waiting', 'failed'].filter((name) => !parts[`[data-${name}]`].hidden).join() || 'ready';
  return { clock, waiting, failed, retry, frame, element, app, state };
}

function opened(dataset, app) {
  const parts = shown(dataset, app);
  const shell = new Shell(parts.element, () => 'customer 1', parts.clock);
  parts.frame.load();
  const end = (number = parts.app.posted.length - 1) => new End(parts.app.posted[number].ports[0]);
  return { ...parts, shell, end };
}

async function connected(dataset) {
  const parts = opened(dataset);
  const app = parts.end();
  await app.call('agree', 'completeHandshake');
  return { ...parts, app };
}

// A session alone, with methods of the test's choice.
function session(methods = {}) {
  const [target, clock, told] = [new Framed(), new Clock(), []];
  const all = new Map(Object.entries({ completeHandshake: () => undefined, ...methods }));
  const it = new Session(target, target.origin, all, (state) => told.push(state), clock);
  return { session: it, clock, told, app: new End(target.posted[0].ports[0]) };
}

test('a handshake is meant for the registered origin, and is repeated ever later until the app has agreed', async () => {
  const { app, clock, state, end } = opened();
  const at = [];
  for (let time = 0; time < 15_000; time += 50) {
    while (at.length < app.posted.length) at.push(time);
    clock.advance(50);
  }
  assert.deepEqual(at, [0, 250, 750, 1_750, 3_750, 7_750, 11_750]);
  for (const { data, origin, ports } of app.posted) {
    assert.deepEqual([data, origin, ports.length], [{ type: 'HANDSHAKE' }, 'https://app.example', 1]);
  }
  assert.equal(new Set(app.posted.map(({ ports }) => ports[0])).size, app.posted.length);
  assert.equal(state(), 'waiting');
  assert.deepEqual(await end().call('1', 'completeHandshake'), { id: '1', type: 'METHOD_CALL_RETURN', body: undefined });
  assert.equal(state(), 'ready');
  const { length } = app.posted;
  clock.advance(60_000);
  assert.equal(app.posted.length, length);
  assert.equal(state(), 'ready');
  assert.equal(clock.pending, 0);
});

test('an app that begins to listen late meets a later handshake', async () => {
  const { app, clock, state } = opened();
  clock.advance(20_000);
  const bridge = openBridge(app, clock);
  clock.advance(4_000);
  await bridge;
  assert.equal(state(), 'ready');
});

test('a frame that is somewhere else gets nothing, and after 30 seconds the page says so and can try again', () => {
  const { app, clock, state, frame, retry } = opened(places, new Framed('https://evil.example'));
  let received = 0;
  app.addEventListener('message', () => { received += 1; });
  clock.advance(29_999);
  assert.equal(state(), 'waiting');
  clock.advance(1);
  assert.deepEqual([state(), received], ['failed', 0]);
  let loads = 0;
  Object.defineProperty(frame, 'src', { get: () => 'https://app.example/setup', set: () => { loads += 1; } });
  retry.click();
  assert.deepEqual([state(), loads], ['waiting', 1]);
  clock.advance(30_000);
  assert.equal(state(), 'failed');
});

test('an app that was merely slow is let in after all', async () => {
  const { clock, state, end } = opened();
  const app = end();
  clock.advance(31_000);
  assert.deepEqual([state(), clock.pending], ['failed', 0]);
  await app.call('1', 'completeHandshake');
  assert.equal(state(), 'ready');
});

test('a page without an origin, or a frame that never loads, is no wait without an end', () => {
  const { state } = opened({ ...places, origin: '' });
  assert.equal(state(), 'failed');
  const silent = shown();
  new Shell(silent.element, () => null, silent.clock);
  silent.clock.advance(30_000);
  assert.equal(silent.state(), 'failed');
});

test('a frame that loaded before the script did is not missed, and begins once', () => {
  const loaded = shown();
  const shell = new Shell(loaded.element, () => null, loaded.clock);
  shell.pageLoaded();
  shell.pageLoaded();
  assert.equal(loaded.app.posted.length, 1);
  const empty = shown();
  empty.frame.contentDocument = {};
  new Shell(empty.element, () => null, empty.clock).pageLoaded();
  assert.equal(empty.app.posted.length, 0);
});

test('another document is another session, and the ports of the one before are closed', async () => {
  const { app: before, frame, shell, state, clock, end } = await connected();
  const closed = new Promise((resolve) => before.port.once('close', resolve));
  frame.load();
  await closed;
  frame.load();
  assert.deepEqual([state(), clock.pending], ['waiting', 2]);
  const after = end();
  await after.call('1', 'completeHandshake');
  shell.publish('CustomerChanged', {});
  await after.next(({ type }) => type === 'EVENT_TRIGGER');
});

test('every port of a session is answered, and events go to the newest that agreed', async () => {
  const { clock, end, shell } = opened();
  clock.advance(1_000);
  const [first, second, third] = [end(0), end(1), end(2)];
  await second.call('2', 'completeHandshake');
  await first.call('1', 'completeHandshake');
  for (const port of [first, second, third]) {
    assert.equal((await port.call('who', 'getCurrentCustomerId')).body, 'customer 1');
  }
  shell.publish('CustomerChanged', { customerId: 'b' });
  const { id, body } = await second.next(({ type }) => type === 'EVENT_TRIGGER');
  assert.deepEqual(body, { topic: 'CustomerChanged', payload: { customerId: 'b' } });
  assert.match(id, /^[0-9a-f-]{36}$/);
  await first.call('fence', 'none');
  assert.equal(first.got.some(({ type }) => type === 'EVENT_TRIGGER'), false);
});

test('the session token is asked for once for all who wait, and again afterwards', async (t) => {
  let answer;
  const fetch = t.mock.method(globalThis, 'fetch', () => new Promise((resolve) => { answer = resolve; }));
  const { app } = await connected();
  const asked = [app.call('1', 'getSessionToken'), app.call('2', 'getSessionToken', 'ignored')];
  await until(() => answer);
  await app.call('fence', 'none');
  answer(Response.json({ sessionToken: 'a.b.c' }));
  assert.deepEqual((await Promise.all(asked)).map(({ type, body }) => [type, body]), Array(2).fill(['METHOD_CALL_RETURN', 'a.b.c']));
  const [place, { method, body, credentials, redirect, headers }] = fetch.mock.calls[0].arguments;
  assert.deepEqual([place, method, body, credentials, redirect], [places.sessionToken, 'POST', '', 'same-origin', 'error']);
  assert.deepEqual(headers, { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' });
  const later = app.call('3', 'getSessionToken');
  await until(() => fetch.mock.callCount() === 2);
  answer(Response.json({ sessionToken: 'd.e.f' }));
  assert.equal((await later).body, 'd.e.f');
});

test('the app token is another one, from a place of its own', async (t) => {
  const fetch = t.mock.method(globalThis, 'fetch', async () => Response.json({ appToken: 'g.h.i', sessionToken: 'no' }));
  const { app } = await connected();
  assert.equal((await app.call('1', 'getAppToken')).body, 'g.h.i');
  assert.equal(fetch.mock.calls[0].arguments[0], places.appToken);
});

test('the app hears in a sentence why there is no token', async (t) => {
  let outcome;
  t.mock.method(globalThis, 'fetch', async () => outcome());
  const { app } = await connected();
  const outcomes = [
    [() => Response.json({ error: 'The installation has ended.' }, { status: 403 }), 'The installation has ended.'],
    [() => new Response('<h1>Oops</h1>', { status: 503 }), 'The platform answered with status 503.'],
    [() => Response.json({ error: { code: 7 } }, { status: 500 }), 'The platform answered with status 500.'],
    [() => { throw new TypeError('fetch failed'); }, 'The platform could not be asked.'],
    [() => Response.json({}), 'The platform answered without a token.'],
    [() => new Response('<h1>Sign in</h1>'), 'The platform answered without a token.'],
  ];
  for (const [number, [given, told]] of outcomes.entries()) {
    outcome = given;
    const { type, body } = await app.call(`call ${number}`, 'getSessionToken');
    assert.deepEqual([type, body], ['METHOD_CALL_ERROR', told]);
  }
});

test('a completed set-up is answered first, and then the page goes on', async (t) => {
  const fetch = t.mock.method(globalThis, 'fetch', async () => new Response(null, { status: 204 }));
  const { app } = await connected();
  const gone = new Promise((resolve) => {
    globalThis.location = { assign: (place) => resolve({ place, before: receiveMessageOnPort(app.port)?.message }) };
  });
  t.after(() => { delete globalThis.location; });
  app.say('1', 'METHOD_CALL', { methodName: 'setupCompleted', args: [] });
  assert.deepEqual(await gone, { place: places.then, before: { id: '1', type: 'METHOD_CALL_RETURN', body: undefined } });
  assert.deepEqual([fetch.mock.callCount(), fetch.mock.calls[0].arguments[0]], [1, places.setup]);
});

test('a set-up that failed, or has nowhere to go on to, leaves the page where it is', async (t) => {
  const gone = [];
  globalThis.location = { assign: (place) => gone.push(place) };
  t.after(() => { delete globalThis.location; });
  t.mock.method(globalThis, 'fetch', async () => Response.json({ error: 'It lapsed.' }, { status: 409 }));
  const { app } = await connected();
  assert.deepEqual(await app.call('1', 'setupCompleted'), { id: '1', type: 'METHOD_CALL_ERROR', body: 'It lapsed.' });
  t.mock.method(globalThis, 'fetch', async () => new Response(null, { status: 204 }));
  const { app: staying } = await connected({ ...places, then: undefined });
  assert.equal((await staying.call('1', 'setupCompleted')).type, 'METHOD_CALL_RETURN');
  const { app: elsewhere } = await connected({ origin: places.origin, token: places.token });
  assert.equal((await elsewhere.call('1', 'setupCompleted')).body, 'This page does not offer that.');
  await staying.call('fence', 'none');
  assert.deepEqual(gone, []);
});

test('a method that is not there is an error that names it', async () => {
  const { app } = await connected();
  for (const name of ['getNothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const { type, body } = await app.call(`call of ${name}`, name);
    assert.deepEqual([type, body], ['METHOD_CALL_ERROR', `The host has no method “${name}”.`]);
  }
});

test('a result that cannot be sent, and a fault that is none, are errors', async () => {
  const { app } = session({ odd: () => () => {}, fail: () => Promise.reject(7) });
  assert.equal((await app.call('1', 'odd')).type, 'METHOD_CALL_ERROR');
  assert.equal((await app.call('2', 'fail')).body, 'The call failed.');
});

test('what is no message is passed over', async () => {
  const call = { id: 'a', type: 'METHOD_CALL', body: { methodName: 'completeHandshake' } };
  assert.deepEqual(messageOf(call), { id: 'a', type: 'METHOD_CALL', methodName: 'completeHandshake' });
  const odd = [
    null, undefined, 7, 'METHOD_CALL', [], [call], Object.assign([], call), new Map(Object.entries(call)), new Error('a'), { ...call, id: 7 }, { ...call, id: '' },
    { ...call, id: 'a'.repeat(101) }, { ...call, type: 'OTHER' }, { ...call, type: ['METHOD_CALL'] }, { ...call, body: undefined },
    { ...call, body: ['completeHandshake'] }, { ...call, body: {} }, { ...call, body: { methodName: '' } },
    { ...call, body: { methodName: 'a'.repeat(101) } }, { ...call, body: { methodName: ['completeHandshake'] } },
    { ...call, type: 'METHOD_CALL_RETURN' }, { ...call, type: 'METHOD_CALL_ERROR' }, { ...call, type: 'EVENT_TRIGGER_CONFIRMATION' },
  ];
  const { app, told } = session();
  for (const message of odd) {
    assert.equal(messageOf(message), undefined, JSON.stringify(message));
    app.port.postMessage(message);
  }
  await app.call('fence', 'none');
  assert.deepEqual([app.got.length, told], [1, []]);
});

test('an event of the app’s is confirmed, and that is all', async () => {
  const { app } = await connected();
  app.say('1', 'EVENT_TRIGGER', { topic: 'CustomerChanged', payload: { customerId: 'mine' } });
  assert.deepEqual(await app.next(({ id }) => id === '1'), { id: '1', type: 'EVENT_TRIGGER_CONFIRMATION' });
  assert.equal((await app.call('2', 'getCurrentCustomerId')).body, 'customer 1');
});

test('sixteen calls may be under way, and more once some have ended', async () => {
  const waiting = [];
  const { app } = session({ wait: () => new Promise((resolve) => waiting.push(resolve)), now: () => 'now' });
  const asked = Array.from({ length: 16 }, (_, number) => app.call(`call ${number}`, 'wait'));
  assert.deepEqual(await app.call('one more', 'now'), { id: 'one more', type: 'METHOD_CALL_ERROR', body: 'Too many calls are under way.' });
  assert.equal(waiting.length, 16);
  waiting[0]('done');
  await asked[0];
  assert.equal((await app.call('again', 'now')).body, 'now');
});

test('a budget is a burst and what time adds to it', () => {
  const clock = new Clock();
  const budget = new Budget(clock);
  const taken = () => {
    let count = 0;
    while (budget.take()) count += 1;
    return count;
  };
  assert.equal(taken(), 200);
  clock.advance(1_000);
  assert.equal(taken(), 50);
  clock.advance(10);
  assert.equal(taken(), 0);
  clock.advance(10);
  assert.equal(taken(), 1);
  clock.advance(3_600_000);
  assert.equal(taken(), 200);
});

test('what comes over the budget is dropped, and a flood ends the session', async () => {
  const { app, clock, told } = session();
  const flood = (count) => {
    for (let number = 0; number < count; number += 1) app.say('x', 'EVENT_TRIGGER', { topic: 'a' });
  };
  flood(200 + 2_000);
  await until(() => app.got.length === 200);
  await new Promise(setImmediate);
  clock.advance(100);
  const { type } = await app.call('1', 'completeHandshake');
  assert.deepEqual([type, told], ['METHOD_CALL_RETURN', ['ready']]);
  const closed = new Promise((resolve) => app.port.once('close', resolve));
  flood(5);
  await closed;
  assert.deepEqual(told, ['ready', 'failed']);
  assert.equal(clock.pending, 0);
});

test('a chosen customer is marked, and every app that agreed hears of it', async () => {
  const buttons = ['a', 'b'].map((customer) => new Element({ customer }));
  buttons.forEach((button, number) => button.setAttribute('aria-pressed', String(number === 0)));
  const shells = [shown(), shown(), shown()];
  const found = { '[data-shell]': shells.map(({ element }) => element), '[data-customers] [data-customer]': buttons };
  const page = { readyState: 'interactive', defaultView: new EventTarget(), querySelectorAll: (selector) => found[selector] };
  start(page, new Clock());
  shells[0].frame.load();
  page.defaultView.dispatchEvent(new Event('load'));
  assert.deepEqual(shells.map(({ app }) => app.posted.length), [1, 1, 1]);
  const [first, second, silent] = shells.map(({ app }) => new End(app.posted[0].ports[0]));
  for (const app of [first, second]) {
    await app.call('agree', 'completeHandshake');
    assert.equal((await app.call('before', 'getCurrentCustomerId')).body, 'a');
  }
  buttons[1].click();
  buttons[1].click();
  for (const app of [first, second]) {
    const { body } = await app.next(({ type }) => type === 'EVENT_TRIGGER');
    assert.deepEqual(body, { topic: 'CustomerChanged', payload: { customerId: 'b' } });
    assert.equal((await app.call('after', 'getCurrentCustomerId')).body, 'b');
    assert.equal(app.got.filter(({ type }) => type === 'EVENT_TRIGGER').length, 1);
  }
  assert.deepEqual(buttons.map((button) => button.getAttribute('aria-pressed')), ['false', 'true']);
  await silent.call('fence', 'none');
  assert.equal(silent.got.length, 1);
});

test('where no customer is to be chosen there is none', async () => {
  const { element, app, clock } = shown();
  const page = { readyState: 'complete', querySelectorAll: (selector) => (selector === '[data-shell]' ? [element] : []) };
  start(page, clock);
  const { body } = await new End(app.posted[0].ports[0]).call('1', 'getCurrentCustomerId');
  assert.equal(body, null);
});

test('the app’s half and the host’s half understand each other', async (t) => {
  t.mock.method(globalThis, 'fetch', async () => Response.json({ sessionToken: 'a.b.c' }));
  const { app, clock, shell, frame, state } = opened();
  const opening = openBridge(app, clock);
  clock.advance(250);
  const bridge = await opening;
  const heard = [];
  bridge.event.subscribe('CustomerChanged', (it) => heard.push(it));
  assert.equal(await bridge.method.call('getSessionToken'), 'a.b.c');
  assert.equal(await bridge.event.publish('Anything'), undefined);
  await assert.rejects(bridge.method.call('getNothing'), /no method “getNothing”/);
  shell.publish('CustomerChanged', 'first');
  await until(() => heard.length === 1);
  // As if the page had reloaded its shell and not the app.
  frame.load();
  await until(() => state() === 'ready');
  shell.publish('CustomerChanged', 'second');
  await until(() => heard.length === 2);
  assert.equal(await bridge.method.call('getCurrentCustomerId'), 'customer 1');
});
