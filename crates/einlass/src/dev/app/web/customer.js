// A pane beside the ERP's page of a customer: it follows whoever is chosen there.
import { createAppBridge } from './appbridge/src/index.js';
import { ask, isAlone, wordsOf } from './backend.js';

/** @import { AppBridge } from './appbridge/index.d.ts' */

const [told, facts, company, id] = ['#told', '#customer', '#company', '#id'].map(
  (name) => /** @type {HTMLElement} */ (document.querySelector(name)));

/** Who was chosen last: an answer about anybody else comes too late. @type {string | null} */
let chosen = null;

/**
 * @param {AppBridge} bridge
 * @param {string | null} customerId
 */
async function show(bridge, customerId) {
  chosen = customerId;
  if (!customerId) return say('Nobody is chosen.');
  try {
    const { items } = await ask(bridge, '/api/customers');
    if (chosen !== customerId) return;
    const customer = items.find((/** @type {{ id: string }} */ each) => each.id === customerId);
    if (!customer) return say('The ERP does not know this customer.');
    say(`Chosen: ${customer.company}`, customer);
  } catch (fault) {
    if (chosen === customerId) say(wordsOf(fault));
  }
}

/**
 * @param {string} text
 * @param {{ id: string, company: string }} [customer]
 */
function say(text, customer) {
  told.textContent = text;
  facts.hidden = !customer;
  company.textContent = customer?.company ?? '';
  id.textContent = customer?.id ?? '';
}

async function start() {
  if (isAlone) say('This pane is shown in the hub.');
  const bridge = await createAppBridge();
  /** @param {{ customerId: string }} event */
  const follow = ({ customerId }) => show(bridge, customerId);
  // Before anything is asked, so that nobody who is chosen meanwhile is missed.
  bridge.event.subscribe('CustomerChanged', follow);
  /** @type {string | null} */
  const customerId = await bridge.method.call('getCurrentCustomerId');
  if (chosen === null) await show(bridge, customerId);
}

start().catch((fault) => say(wordsOf(fault)));
