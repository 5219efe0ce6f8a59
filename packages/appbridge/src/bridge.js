// The handshake, and what the app holds in its hands afterwards.
import { Exposed } from './exposed.js';
import { Pending } from './pending.js';
import { Subscribers } from './subscribers.js';

/**
 * @import { AppBridge } from '../index.d.ts'
 * @import { Timers } from './pending.js'
 */

/**
 * Every handshake brings a port. All of them are listened to for good, so that nothing is lost when the host offers another;
 * what the app says goes over the newest on which the host has agreed.
 *
 * @param {Window} page
 * @param {Timers} [timers]
 * @returns {Promise<AppBridge>}
 */
export function openBridge(page, timers) {
  const pending = new Pending(timers);
  const exposed = new Exposed();
  const subscribers = new Subscribers();
  let offered = 0;
  let agreed = 0;
  /** @type {MessagePort} */
  let current;

  const bridge = Object.freeze({
    method: Object.freeze({
      /** @type {AppBridge['method']['call']} */
      call: (name, ...args) => pending.call(current, name, args),
      /** @type {AppBridge['method']['expose']} */
      expose: (name, fn) => exposed.add(name, fn),
    }),
    event: Object.freeze({
      /** @type {AppBridge['event']['subscribe']} */
      subscribe: (topic, callback) => subscribers.add(topic, callback),
      /** @type {AppBridge['event']['publish']} */
      publish: (topic, payload) => pending.publish(current, topic, payload),
    }),
  });

  /** @param {MessagePort} port */
  async function agree(port) {
    const number = ++offered;
    port.onmessage = ({ data }) => {
      if (!isMessage(data)) return;
      pending.settle(data);
      exposed.answer(port, data);
      subscribers.answer(port, data);
    };
    await pending.call(port, 'completeHandshake', []);
    if (number < agreed) return;
    agreed = number;
    current = port;
  }

  return new Promise((resolve) => {
    page.addEventListener('message', ({ data, source, ports: [port] }) => {
      if (source !== page.parent || data?.type !== 'HANDSHAKE' || !port) return;
      // The host may have gone before it agreed; then there is nothing to do but wait for its next handshake.
      agree(port).then(() => resolve(bridge), () => {});
    });
  });
}

/**
 * @typedef {{ id: string, type: unknown, body?: any }} Message
 * @param {any} data
 * @returns {data is Message}
 */
function isMessage(data) {
  return typeof data?.id === 'string';
}
