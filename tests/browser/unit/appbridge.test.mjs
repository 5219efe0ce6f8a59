import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBridge } from '../../../packages/appbridge/src/bridge.js';
import { Clock, End, Framed, calls } from './kit.mjs';

// An app's page whose host has offered nothing yet.
function opened() {
  const [page, clock] = [new Framed(), new Clock()];
  const bridge = openBridge(page, clock);
  const offer = (message = {}) => {
    const { port1, port2 } = new MessageChannel();
    page.receive({ data: { type: 'HANDSHAKE' }, ports: [port2], ...message });
    return new End(port1);
  };
  const agreed = async () => {
    const end = offer();
    const { id } = await end.next(calls('completeHandshake'));
    end.say(id, 'METHOD_CALL_RETURN');
    return end;
  };
  return { page, clock, bridge, offer, agreed };
}

async function connected() {
  const parts = opened();
  const host = await parts.agreed();
  return { ...parts, host, bridge: await parts.bridge };
}

// Whatever was said before has been handled when this is answered: ports keep the order.
const caughtUp = (host) => host.call(crypto.randomUUID(), 'there is no such method');

test('importing needs no window, and there is one bridge for a page', async () => {
  const { createAppBridge } = await import('../../../packages/appbridge/src/index.js');
  const outcome = await Promise.race([createAppBridge(), new Promise((done) => setImmediate(done, 'still waiting'))]);
  assert.equal(outcome, 'still waiting');
  globalThis.window = new Framed();
  assert.equal(createAppBridge(), createAppBridge());
  delete globalThis.window;
});

test('a handshake is the parent’s, has its type and brings a port', async () => {
  const { page, offer, agreed, bridge } = opened();
  const others = [
    offer({ source: { name: 'a frame beside' } }), offer({ source: null }), offer({ data: 'HANDSHAKE' }),
    offer({ data: null }), offer({ data: { type: 'handshake' } }),
  ];
  page.receive({ data: { type: 'HANDSHAKE' } });
  await agreed();
  await bridge;
  assert.deepEqual(others.flatMap(({ got }) => got), []);
});

test('the bridge is there when the host has answered, and not before', async () => {
  const { offer, bridge } = opened();
  let isThere = false;
  bridge.then(() => { isThere = true; });
  const host = offer();
  const { id, body, type } = await host.next(calls('completeHandshake'));
  assert.deepEqual([type, body], ['METHOD_CALL', { methodName: 'completeHandshake', args: [] }]);
  assert.match(id, /^[0-9a-f-]{36}$/);
  await caughtUp(host);
  assert.equal(isThere, false);
  host.say(id, 'METHOD_CALL_RETURN');
  await bridge;
});

test('a call comes to what the host returns', async () => {
  const { bridge, host } = await connected();
  const result = bridge.method.call('add', 1, { two: 2 });
  const { id, body } = await host.next(calls('add'));
  assert.deepEqual(body.args, [1, { two: 2 }]);
  host.say(id, 'METHOD_CALL_RETURN', [3]);
  assert.deepEqual(await result, [3]);
});

test('a call fails with the host’s reason', async () => {
  const { bridge, host, clock } = await connected();
  const reasons = [
    ['Not now.', /^Error: Not now\.$/], [new TypeError('Odd.'), /^TypeError: Odd\.$/], [undefined, /without a reason/],
    [{ code: 7 }, /without a reason/],
  ];
  for (const [reason, told] of reasons) {
    const result = bridge.method.call('fail');
    const { id } = await host.next(calls('fail'));
    host.got = [];
    host.say(id, 'METHOD_CALL_ERROR', reason);
    await assert.rejects(result, told);
  }
  assert.equal(clock.pending, 0);
});

test('what is not answered within 30 seconds fails by name, and a late answer is nothing', async () => {
  const { bridge, host, clock } = await connected();
  const [call, event] = [bridge.method.call('getSessionToken'), bridge.event.publish('Saved')];
  const { id } = await host.next(calls('getSessionToken'));
  clock.advance(29_999);
  assert.equal(clock.pending, 2);
  clock.advance(1);
  await assert.rejects(call, /“getSessionToken” was not answered within 30 seconds/);
  await assert.rejects(event, /“Saved” was not answered within 30 seconds/);
  host.say(id, 'METHOD_CALL_RETURN', 'late');
  await caughtUp(host);
  assert.equal(clock.pending, 0);
});

test('what cannot be sent fails at once and leaves nothing behind', async () => {
  const { bridge, clock } = await connected();
  await assert.rejects(bridge.method.call('add', () => {}), { name: 'DataCloneError' });
  await assert.rejects(bridge.event.publish('Saved', Symbol('no')), { name: 'DataCloneError' });
  assert.equal(clock.pending, 0);
});

test('exposed methods answer with what they come to', async () => {
  const { bridge, host } = await connected();
  bridge.method.expose('add', (a, b) => a - b);
  bridge.method.expose('add', async (a, b) => a + b);
  bridge.method.expose('nothing', () => {});
  assert.deepEqual(await host.call('1', 'add', 1, 2), { id: '1', type: 'METHOD_CALL_RETURN', body: 3 });
  assert.deepEqual(await host.call('2', 'nothing'), { id: '2', type: 'METHOD_CALL_RETURN', body: undefined });
  host.say('3', 'METHOD_CALL', { methodName: 'add', args: 'no list' });
  assert.equal((await host.next(({ id }) => id === '3')).body, NaN);
});

test('the host hears why an exposed method failed, whatever it throws or returns', async () => {
  const { bridge, host } = await connected();
  const hostile = Object.defineProperty(new Error(), 'message', { get() { throw new Error('from the message'); } });
  const thrown = [
    [new Error('Sold out.'), 'Sold out.'], ['Closed.', 'Closed.'], [Symbol('odd'), 'Symbol(odd)'], [new Error(''), 'The method failed.'],
    [Object.create(null), 'The method failed.'], [hostile, 'The method failed.'],
  ];
  for (const [number, [fault, told]] of thrown.entries()) {
    bridge.method.expose('fail', () => { throw fault; });
    assert.deepEqual(await host.call(`call ${number}`, 'fail'), { id: `call ${number}`, type: 'METHOD_CALL_ERROR', body: told });
  }
  bridge.method.expose('function', () => () => {});
  bridge.method.expose('getter', () => ({ get odd() { throw new Error('from a getter'); } }));
  bridge.method.expose('no function', 7);
  for (const name of ['function', 'getter', 'no function']) {
    const { type, body } = await host.call(name, name);
    assert.equal(type, 'METHOD_CALL_ERROR');
    assert.equal(typeof body, 'string');
  }
});

test('what every object has is no method', async () => {
  const { host } = await connected();
  for (const name of ['missing', '__proto__', 'constructor', 'toString', '']) {
    const { type, body } = await host.call(`call of ${name}`, name);
    assert.deepEqual([type, body], ['METHOD_CALL_ERROR', `The app exposes no method “${name}”.`]);
  }
});

test('what is no message is passed over', async () => {
  const { host } = await connected();
  const before = host.got.length;
  const odd = [
    null, 7, 'METHOD_CALL', [], { type: 'METHOD_CALL' }, { id: 7, type: 'METHOD_CALL', body: { methodName: 'a' } }, { id: 'a', type: 'OTHER' },
    { id: 'a', type: 'METHOD_CALL' }, { id: 'a', type: 'METHOD_CALL', body: null }, { id: 'a', type: 'METHOD_CALL', body: { methodName: {} } },
    { id: 'a', type: 'EVENT_TRIGGER' }, { id: 'a', type: 'EVENT_TRIGGER', body: { topic: 7 } }, { id: 'a', type: 'METHOD_CALL_RETURN', body: 1 },
    { id: 'a', type: 'METHOD_CALL_ERROR' }, { id: 'a', type: 'EVENT_TRIGGER_CONFIRMATION' }, new Map([['id', 'a']]),
  ];
  for (const message of odd) host.port.postMessage(message);
  await caughtUp(host);
  assert.equal(host.got.length, before + 1);
});

test('an event reaches who subscribed, each on their own, and is confirmed', async (t) => {
  const { bridge, host } = await connected();
  const [heard, reported] = [[], []];
  globalThis.reportError = (fault) => reported.push(fault.message);
  t.after(() => { delete globalThis.reportError; });
  const tell = (payload) => heard.push(payload);
  bridge.event.subscribe('CustomerChanged', () => { throw new Error('mine alone'); });
  const unsubscribe = bridge.event.subscribe('CustomerChanged', tell);
  bridge.event.subscribe('CustomerChanged', tell);
  bridge.event.subscribe('constructor', tell);
  const trigger = async (id) => {
    host.say(id, 'EVENT_TRIGGER', { topic: 'CustomerChanged', payload: id });
    assert.deepEqual(await host.next((it) => it.id === id), { id, type: 'EVENT_TRIGGER_CONFIRMATION' });
  };
  await trigger('first');
  unsubscribe();
  unsubscribe();
  await trigger('second');
  assert.deepEqual(heard, ['first', 'first', 'second']);
  assert.deepEqual(reported, ['mine alone', 'mine alone']);
});

test('who subscribes because of an event hears of the next one', async () => {
  const { bridge, host } = await connected();
  const heard = [];
  const subscribe = () => bridge.event.subscribe('Saved', (it) => heard.push(it) && heard.length < 9 && subscribe());
  subscribe();
  for (const id of ['first', 'second']) {
    host.say(id, 'EVENT_TRIGGER', { topic: 'Saved', payload: id });
    await host.next((it) => it.id === id);
  }
  assert.deepEqual(heard, ['first', 'second', 'second']);
});

test('publishing ends with the confirmation', async () => {
  const { bridge, host, clock } = await connected();
  const published = bridge.event.publish('Saved', { orders: 2 });
  const { id, body } = await host.next(({ type }) => type === 'EVENT_TRIGGER');
  assert.deepEqual(body, { topic: 'Saved', payload: { orders: 2 } });
  host.say(id, 'METHOD_CALL_RETURN', 'this is no confirmation');
  await caughtUp(host);
  assert.equal(clock.pending, 1);
  host.say(id, 'EVENT_TRIGGER_CONFIRMATION', 'not told');
  assert.equal(await published, undefined);
});

test('another handshake loses no method, no subscriber and no call, and says nothing twice', async () => {
  const { bridge, host: older, agreed } = await connected();
  const heard = [];
  bridge.method.expose('double', (it) => 2 * it);
  bridge.event.subscribe('CustomerChanged', (it) => heard.push(it));
  const early = bridge.method.call('early');
  const { id } = await older.next(calls('early'));

  const newer = await agreed();
  await caughtUp(newer);
  bridge.method.call('later').catch(() => {});
  await newer.next(calls('later'));
  for (const [end, name] of [[newer, 'newer'], [older, 'older']]) {
    assert.equal((await end.call(name, 'double', 21)).body, 42);
    end.say(`${name} event`, 'EVENT_TRIGGER', { topic: 'CustomerChanged', payload: name });
    await end.next((it) => it.id === `${name} event`);
  }
  assert.deepEqual(heard, ['newer', 'older']);
  assert.equal(newer.got.some(calls('early')), false);
  older.say(id, 'METHOD_CALL_RETURN', 'in time');
  assert.equal(await early, 'in time');
});

test('of two ports the newer one counts, in whichever order the host agrees', async () => {
  const { bridge, offer } = opened();
  const [older, newer] = [offer(), offer()];
  for (const end of [newer, older]) {
    const { id } = await end.next(calls('completeHandshake'));
    end.say(id, 'METHOD_CALL_RETURN');
    await caughtUp(end);
  }
  (await bridge).method.call('probe').catch(() => {});
  await newer.next(calls('probe'));
  assert.equal(older.got.some(calls('probe')), false);
});

test('a host that never agrees is waited for, and the next one is not missed', async () => {
  const { bridge, offer, agreed, clock } = opened();
  const silent = offer();
  const refusing = offer();
  const { id } = await refusing.next(calls('completeHandshake'));
  refusing.say(id, 'METHOD_CALL_ERROR', 'No.');
  await silent.next(calls('completeHandshake'));
  clock.advance(30_000);
  const host = await agreed();
  (await bridge).method.call('probe').catch(() => {});
  await host.next(calls('probe'));
});
