// What in the app wants to hear of events.

/** @import { Message } from './bridge.js' */

/** @typedef {(payload: any) => unknown} Callback */

export class Subscribers {
  /** @type {Set<{ topic: string, callback: Callback }>} */
  #all = new Set();

  /**
   * @param {string} topic
   * @param {Callback} callback
   */
  add(topic, callback) {
    const subscriber = { topic, callback };
    this.#all.add(subscriber);
    return () => {
      this.#all.delete(subscriber);
    };
  }

  /**
   * Passes an event on, if it is one, and confirms it.
   *
   * @param {MessagePort} port
   * @param {Message} message
   */
  answer(port, { id, type, body }) {
    if (type !== 'EVENT_TRIGGER' || typeof body?.topic !== 'string') return;
    for (const { topic, callback } of [...this.#all]) {
      if (topic === body.topic) inIsolation(() => callback(body.payload));
    }
    port.postMessage({ id, type: 'EVENT_TRIGGER_CONFIRMATION' });
  }
}

/**
 * What one throws concerns no other, but is not hidden either: it goes where exceptions of event listeners go.
 *
 * @param {() => void} act
 */
function inIsolation(act) {
  try {
    act();
  } catch (fault) {
    globalThis.reportError?.(fault);
  }
}
