// What the app has asked, until it is answered.

/** @import { Message } from './bridge.js' */

/**
 * @typedef {{ setTimeout(act: () => void, after: number): any, clearTimeout(timer: any): void }} Timers
 * @typedef {{ answer: string, resolve: (result: any) => void, reject: (fault: Error) => void }} Question
 */

const PATIENCE_SECONDS = 30;

export class Pending {
  /** @type {Map<string, Question>} */
  #questions = new Map();
  #timers;

  /** @param {Timers} [timers] */
  constructor(timers = globalThis) {
    this.#timers = timers;
  }

  /**
   * @param {MessagePort} port
   * @param {string} methodName
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  call(port, methodName, args) {
    const message = { type: 'METHOD_CALL', body: { methodName, args } };
    return this.#ask(port, message, 'METHOD_CALL_RETURN', `The method “${methodName}”`);
  }

  /**
   * @param {MessagePort} port
   * @param {string} topic
   * @param {unknown} payload
   * @returns {Promise<void>}
   */
  async publish(port, topic, payload) {
    const message = { type: 'EVENT_TRIGGER', body: { topic, payload } };
    await this.#ask(port, message, 'EVENT_TRIGGER_CONFIRMATION', `The event “${topic}”`);
  }

  /** @param {Message} message */
  settle({ id, type, body }) {
    const question = this.#questions.get(id);
    if (type === question?.answer) question?.resolve(body);
    if (type === 'METHOD_CALL_ERROR') question?.reject(faultOf(body));
  }

  /**
   * @param {MessagePort} port
   * @param {object} message
   * @param {string} answer
   * @param {string} what
   */
  #ask(port, message, answer, what) {
    const id = crypto.randomUUID();
    /** @type {any} */
    let timer;
    const answered = new Promise((resolve, reject) => {
      port.postMessage({ id, ...message });
      const giveUp = () => reject(new Error(`${what} was not answered within ${PATIENCE_SECONDS} seconds.`));
      timer = this.#timers.setTimeout(giveUp, PATIENCE_SECONDS * 1000);
      this.#questions.set(id, { answer, resolve, reject });
    });
    return answered.finally(() => {
      this.#timers.clearTimeout(timer);
      this.#questions.delete(id);
    });
  }
}

/** @param {any} reason */
function faultOf(reason) {
  if (reason instanceof Error) return reason;
  return new Error(typeof reason === 'string' && reason ? reason : 'The host reported a failure without a reason.', { cause: reason });
}
