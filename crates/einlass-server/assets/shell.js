// The host of apps in frames: gives each a port, and answers over it what the app asks for.

/**
 * What runs once the answer is on its way.
 * @typedef {() => void} Step
 * @typedef {(afterwards: (step: Step) => void) => unknown} Method
 * @typedef {{ now(): number, setTimeout(act: () => void, after: number): any, clearTimeout(timer: any): void }} Clock
 * @typedef {{ type: 'EVENT_TRIGGER', id: string } | { type: 'METHOD_CALL', id: string, methodName: string }} Message
 */

/** How long an app has to come and agree, in milliseconds. */
const PATIENCE = 30_000;
/** Nobody knows when an app begins to listen, so it is asked again: after the first pause, then ever later. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4_000;
const MOST_CALLS_AT_ONCE = 16;
const MOST_CHARACTERS = 100;
/** How many messages may come at once, how many a second after that, and how many too many are borne. */
const BURST = 200;
const A_SECOND = 50;
const MOST_DROPPED = 2_000;

/** @type {Clock} */
const CLOCK = {
  now: () => performance.now(),
  setTimeout: (act, after) => setTimeout(act, after),
  clearTimeout: (timer) => clearTimeout(timer),
};

/** How many messages may still come. */
export class Budget {
  #left = BURST;
  #clock;
  #at;

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  take() {
    const now = this.#clock.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) / 1000) * A_SECOND);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/**
 * What an app may say. Everything else is passed over.
 * @param {any} data
 * @returns {Message | undefined}
 */
export function messageOf(data) {
  if (!isPlain(data) || !isName(data.id)) return undefined;
  const { id, type, body } = data;
  if (type === 'EVENT_TRIGGER') return { type, id };
  if (type !== 'METHOD_CALL' || !isPlain(body) || !isName(body.methodName)) return undefined;
  return { type, id, methodName: body.methodName };
}

/** @param {any} it */
function isPlain(it) {
  return typeof it === 'object' && it !== null && Object.getPrototypeOf(it) === Object.prototype;
}

/** @param {unknown} it */
function isName(it) {
  return typeof it === 'string' && it.length > 0 && it.length <= MOST_CHARACTERS;
}

/** One document in the frame, from the first handshake until the next document comes. */
export class Session {
  /** Every port that was offered, the newest last. @type {MessagePort[]} */
  #ports = [];
  /** The newest over which the app has agreed. @type {MessagePort | undefined} */
  #agreed;
  #dropped = 0;
  #underWay = 0;
  /** @type {any} */
  #next;
  #target;
  #origin;
  #methods;
  #tell;
  #clock;
  #budget;
  #deadline;

  /**
   * @param {Pick<Window, 'postMessage'>} target
   * @param {string} origin the only one that is let in
   * @param {ReadonlyMap<string, Method>} methods
   * @param {(state: 'ready' | 'failed') => void} tell
   * @param {Clock} [clock]
   * @param {Budget} [budget] what the frame may send, however often it is loaded
   */
  constructor(target, origin, methods, tell, clock = CLOCK, budget = new Budget(clock)) {
    this.#target = target;
    this.#origin = origin;
    this.#methods = methods;
    this.#tell = tell;
    this.#clock = clock;
    this.#budget = budget;
    this.#deadline = clock.setTimeout(() => this.#giveUp(), PATIENCE);
    this.#offer(FIRST_PAUSE);
  }

  /**
   * Tells the app, if it has agreed. Whether it heard is not asked.
   * @param {string} topic
   * @param {unknown} payload
   */
  publish(topic, payload) {
    this.#agreed?.postMessage({ id: crypto.randomUUID(), type: 'EVENT_TRIGGER', body: { topic, payload } });
  }

  close() {
    this.#stopOffering();
    this.#agreed = undefined;
    for (const port of this.#ports) port.close();
  }

  /** @param {number} pause */
  #offer(pause) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => this.#receive(port1, event);
    this.#ports.push(port1);
    this.#target.postMessage({ type: 'HANDSHAKE' }, this.#origin, [port2]);
    this.#next = this.#clock.setTimeout(() => this.#offer(Math.min(2 * pause, LONGEST_PAUSE)), pause);
  }

  #stopOffering() {
    this.#clock.clearTimeout(this.#next);
    this.#clock.clearTimeout(this.#deadline);
  }

  /** The ports stay open: an app that was merely slow may still agree. */
  #giveUp() {
    this.#stopOffering();
    this.#tell('failed');
  }

  /**
   * @param {MessagePort} port
   * @param {MessageEvent} event
   */
  #receive(port, event) {
    // Before its data is touched: browsers unpack a message when it is read.
    if (!this.#budget.take()) return this.#drop();
    const message = messageOf(event.data);
    if (message?.type === 'METHOD_CALL') this.#answer(port, message);
    if (message?.type === 'EVENT_TRIGGER') port.postMessage({ id: message.id, type: 'EVENT_TRIGGER_CONFIRMATION' });
  }

  #drop() {
    this.#dropped += 1;
    if (this.#dropped <= MOST_DROPPED) return;
    this.close();
    this.#tell('failed');
  }

  /**
   * @param {MessagePort} port
   * @param {{ id: string, methodName: string }} call
   */
  async #answer(port, { id, methodName }) {
    /** @type {Step[]} */
    const steps = [];
    this.#underWay += 1;
    try {
      if (this.#underWay > MOST_CALLS_AT_ONCE) throw new Error('Too many calls are under way.');
      if (methodName === 'completeHandshake') this.#agree(port);
      const method = this.#methods.get(methodName);
      if (!method) throw new Error(`The host has no method “${methodName}”.`);
      port.postMessage({ id, type: 'METHOD_CALL_RETURN', body: await method((step) => steps.push(step)) });
    } catch (fault) {
      port.postMessage({ id, type: 'METHOD_CALL_ERROR', body: fault instanceof Error ? fault.message : 'The call failed.' });
    } finally {
      this.#underWay -= 1;
    }
    for (const step of steps) step();
  }

  /** @param {MessagePort} port */
  #agree(port) {
    this.#stopOffering();
    if (this.#ports.indexOf(port) < this.#ports.indexOf(/** @type {MessagePort} */ (this.#agreed))) return;
    this.#agreed = port;
    this.#tell('ready');
  }
}

/** Which customer is chosen on the page. */
export class Customers {
  /** @type {string | null} */
  chosen = null;
  #buttons;
  #tell;

  /**
   * @param {Iterable<HTMLElement>} buttons
   * @param {(customerId: string | null) => void} tell
   */
  constructor(buttons, tell) {
    this.#buttons = [...buttons];
    this.#tell = tell;
    for (const button of this.#buttons) {
      if (button.getAttribute('aria-pressed') === 'true') this.chosen = idOf(button);
      button.addEventListener('click', () => this.#choose(idOf(button)));
    }
  }

  /** @param {string | null} customerId */
  #choose(customerId) {
    if (customerId === this.chosen) return;
    this.chosen = customerId;
    for (const button of this.#buttons) button.setAttribute('aria-pressed', String(idOf(button) === customerId));
    this.#tell(customerId);
  }
}

/** @param {HTMLElement} button */
function idOf(button) {
  return button.dataset.customer ?? null;
}

/**
 * What apps may call. A map: no name means anything that is not in it.
 * @param {DOMStringMap} places
 * @param {() => string | null} customer
 * @returns {Map<string, Method>}
 */
export function methodsOf({ sessionToken, appToken, setup, then }, customer) {
  const getSessionToken = shared(async () => tokenOf(await post(sessionToken), 'sessionToken'));
  const getAppToken = shared(async () => tokenOf(await post(appToken), 'appToken'));
  const complete = shared(() => post(setup));
  /** @type {Record<string, Method>} */
  const methods = {
    completeHandshake: () => undefined,
    getSessionToken: () => getSessionToken(),
    getAppToken: () => getAppToken(),
    getCurrentCustomerId: () => customer(),
    setupCompleted: async (afterwards) => {
      await complete();
      if (then) afterwards(() => location.assign(then));
    },
  };
  return new Map(Object.entries(methods));
}

/**
 * Whoever asks while an answer is under way gets the same one.
 * @template T
 * @param {() => Promise<T>} ask
 */
function shared(ask) {
  /** @type {Promise<T> | undefined} */
  let underWay;
  return () => (underWay ??= ask().finally(() => {
    underWay = undefined;
  }));
}

/** @param {string | undefined} place */
async function post(place) {
  if (!place) throw new Error('This page does not offer that.');
  const answer = await fetch(place, {
    method: 'POST',
    // Where the session has ended it leads to a page for people, which is no success.
    redirect: 'error',
    credentials: 'same-origin',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => {
    throw new Error('The platform could not be asked.');
  });
  const body = await answer.json().catch(() => null);
  if (answer.ok) return body;
  throw new Error(typeof body?.error === 'string' ? body.error : `The platform answered with status ${answer.status}.`);
}

/**
 * @param {any} body
 * @param {string} name
 */
function tokenOf(body, name) {
  if (typeof body?.[name] === 'string') return body[name];
  throw new Error('The platform answered without a token.');
}

/** An app on the page: its frame, and what is said while it is not there. */
export class Shell {
  /** @type {Session | undefined} */
  #session;
  #element;
  #frame;
  #methods;
  #clock;
  #budget;
  #overdue;

  /**
   * @param {HTMLElement} element
   * @param {() => string | null} customer
   * @param {Clock} [clock]
   */
  constructor(element, customer, clock = CLOCK) {
    this.#element = element;
    this.#frame = /** @type {HTMLIFrameElement} */ (element.querySelector('iframe'));
    this.#methods = methodsOf(element.dataset, customer);
    this.#clock = clock;
    this.#budget = new Budget(clock);
    this.#overdue = this.#expect();
    this.#frame.addEventListener('load', () => this.#begin());
    element.querySelector('[data-retry]')?.addEventListener('click', () => this.#retry());
  }

  /**
   * The page has loaded, its frames included: this one's `load` may have come before anybody listened to it. A frame that we
   * can look into is still empty.
   */
  pageLoaded() {
    if (!this.#session && !this.#frame.contentDocument) this.#begin();
  }

  /**
   * @param {string} topic
   * @param {unknown} payload
   */
  publish(topic, payload) {
    this.#session?.publish(topic, payload);
  }

  #begin() {
    this.#session?.close();
    this.#clock.clearTimeout(this.#overdue);
    const { contentWindow: target } = this.#frame;
    const { origin } = this.#element.dataset;
    if (!target || !origin) return this.#show('failed');
    this.#show('waiting');
    const tell = (/** @type {'ready' | 'failed'} */ state) => this.#show(state);
    this.#session = new Session(target, origin, this.#methods, tell, this.#clock, this.#budget);
  }

  #retry() {
    this.#session?.close();
    this.#clock.clearTimeout(this.#overdue);
    this.#overdue = this.#expect();
    this.#show('waiting');
    this.#frame.src = this.#frame.src;
  }

  #expect() {
    return this.#clock.setTimeout(() => this.#show('failed'), PATIENCE);
  }

  /** @param {'waiting' | 'ready' | 'failed'} state */
  #show(state) {
    for (const name of ['waiting', 'failed']) {
      /** @type {HTMLElement | null} */
      const part = this.#element.querySelector(`[data-${name}]`);
      if (part) part.hidden = name !== state;
    }
  }
}

/**
 * @param {Document} page
 * @param {Clock} [clock]
 */
export function start(page, clock = CLOCK) {
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = page.querySelectorAll('[data-customers] [data-customer]');
  /** @type {NodeListOf<HTMLElement>} */
  const elements = page.querySelectorAll('[data-shell]');
  const customers = new Customers(buttons, (customerId) => {
    for (const shell of shells) shell.publish('CustomerChanged', { customerId });
  });
  const shells = [...elements].map((element) => new Shell(element, () => customers.chosen, clock));
  const pageLoaded = () => shells.forEach((shell) => shell.pageLoaded());
  if (page.readyState === 'complete') pageLoaded();
  else page.defaultView?.addEventListener('load', pageLoaded);
}

if (typeof document !== 'undefined') start(document);
