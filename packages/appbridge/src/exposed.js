// The functions of the app that the host may call.

/** @import { Message } from './bridge.js' */

/** @typedef {(...args: any[]) => unknown} Exposable */

export class Exposed {
  /** @type {Map<string, Exposable>} */
  #methods = new Map();

  /**
   * @param {string} name
   * @param {Exposable} fn
   */
  add(name, fn) {
    this.#methods.set(name, fn);
  }

  /**
   * Answers a call, if it is one. The host hears of whatever goes wrong, a result that cannot be sent included.
   *
   * @param {MessagePort} port
   * @param {Message} message
   */
  async answer(port, { id, type, body }) {
    if (type !== 'METHOD_CALL' || typeof body?.methodName !== 'string') return;
    try {
      const result = await this.#call(body.methodName, body.args);
      port.postMessage({ id, type: 'METHOD_CALL_RETURN', body: result });
    } catch (fault) {
      port.postMessage({ id, type: 'METHOD_CALL_ERROR', body: reasonOf(fault) });
    }
  }

  /**
   * @param {string} name
   * @param {unknown} args
   */
  #call(name, args) {
    const method = this.#methods.get(name);
    if (!method) throw new Error(`The app exposes no method “${name}”.`);
    return method(...(Array.isArray(args) ? args : []));
  }
}

/**
 * @param {unknown} fault
 * @returns {string}
 */
function reasonOf(fault) {
  try {
    return String(fault instanceof Error ? fault.message : fault) || 'The method failed.';
  } catch {
    // What was thrown has no text.
    return 'The method failed.';
  }
}
