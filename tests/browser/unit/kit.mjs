// What stands in for a browser: windows, frames and elements as far as the modules use them, and a clock that is told.
import { after } from 'node:test';

const opened = [];
const { MessageChannel } = globalThis;

// Open ports would keep the process alive.
globalThis.MessageChannel = class {
  constructor() {
    const channel = new MessageChannel();
    opened.push(channel.port1, channel.port2);
    return channel;
  }
};
after(() => opened.forEach((port) => port.close()));

export class Clock {
  #time = 0;
  #timers = new Set();

  now = () => this.#time;
  setTimeout = (act, wait) => {
    const timer = { act, due: this.#time + wait };
    this.#timers.add(timer);
    return timer;
  };
  clearTimeout = (timer) => this.#timers.delete(timer);

  get pending() {
    return this.#timers.size;
  }

  advance(by) {
    const end = this.#time + by;
    for (let timer = this.#first(end); timer; timer = this.#first(end)) {
      this.#timers.delete(timer);
      this.#time = timer.due;
      timer.act();
    }
    this.#time = end;
  }

  #first(end) {
    return [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }
}

// A window in a frame: what is posted to it comes from its parent, and only if it is meant for its origin.
export class Framed extends EventTarget {
  parent = { name: 'parent' };
  posted = [];

  constructor(origin = 'https://app.example') {
    super();
    this.origin = origin;
  }

  postMessage(data, origin, ports) {
    this.posted.push({ data, origin, ports });
    if (origin === this.origin) this.receive({ data, ports });
  }

  receive({ data, ports = [], source = this.parent }) {
    this.dispatchEvent(Object.assign(new Event('message'), { data, ports, source }));
  }
}

export class Element extends EventTarget {
  hidden = false;
  dataset = {};
  #attributes = new Map();

  constructor(dataset = {}, parts = {}) {
    super();
    Object.assign(this.dataset, dataset);
    this.parts = parts;
  }

  querySelector(selector) {
    return this.parts[selector] ?? null;
  }

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name, value) {
    this.#attributes.set(name, value);
  }

  click() {
    this.dispatchEvent(new Event('click'));
  }
}

// One end of a channel, with what came in over it.
export class End {
  got = [];
  #waiting = [];

  constructor(port) {
    this.port = port;
    port.onmessage = ({ data }) => {
      this.got.push(data);
      this.#waiting = this.#waiting.filter(({ fits, resolve }) => !fits(data) || resolve(data));
    };
  }

  say(id, type, body) {
    this.port.postMessage({ id, type, body });
  }

  // The first message that fits, be it here or still to come.
  async next(fits) {
    return this.got.find(fits) ?? new Promise((resolve) => this.#waiting.push({ fits, resolve }));
  }

  call(id, methodName, ...args) {
    this.say(id, 'METHOD_CALL', { methodName, args });
    return this.next((it) => it.id === id);
  }
}

export const calls = (name) => ({ type, body }) => type === 'METHOD_CALL' && body.methodName === name;

// What is under way between ports and in promises has come through after some turns of the loop.
export async function until(holds) {
  for (let turn = 0; turn < 10_000; turn += 1) {
    if (holds()) return;
    await new Promise(setImmediate);
  }
  throw new Error(`never: ${holds}`);
}
