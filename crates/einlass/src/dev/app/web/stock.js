// A page in the ERP's menu: what is in stock, by our backend, which asks the platform's API.
import { createAppBridge } from './appbridge/src/index.js';
import { ask, isAlone, wordsOf } from './backend.js';

const told = /** @type {HTMLElement} */ (document.querySelector('#told'));
const table = /** @type {HTMLTableElement} */ (document.querySelector('#items'));
const price = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });

/** @param {{ name: string, price: number }} item */
function show(item) {
  const row = /** @type {HTMLTableSectionElement} */ (table.tBodies[0]).insertRow();
  row.insertCell().textContent = item.name;
  const cell = row.insertCell();
  cell.className = 'number';
  cell.textContent = price.format(item.price);
}

async function start() {
  if (isAlone) told.textContent = 'This page is shown in the hub.';
  const bridge = await createAppBridge();
  told.textContent = 'Asking for the items.';
  const { items } = await ask(bridge, '/api/items');
  items.forEach(show);
  told.textContent = `${items.length} items`;
  table.hidden = false;
}

start().catch((fault) => {
  told.className = 'bad';
  told.textContent = wordsOf(fault);
});
