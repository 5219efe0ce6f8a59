// The Partner Portal's pages: a manifest is checked while one types, a secret is copied, a call is tried. All of it works without
// this, but for the last.

const PAUSE = 300;

/** @param {HTMLElement} button */
function copying(button) {
  const source = document.getElementById(button.dataset.copy ?? '');
  if (!source || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent ?? '');
    button.textContent = button.dataset.copied ?? '';
  });
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [kind]
 */
function element(tag, text, kind) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

/** @param {string[][]} rows each with a place, and what is said of it */
function list(rows) {
  const items = rows.map(([path, message]) => {
    const item = element('li', '');
    item.append(element('code', path), ` ${message}`);
    return item;
  });
  const list = document.createElement('ul');
  list.append(...items);
  return list;
}

/** @param {HTMLTextAreaElement} text */
function checking(text) {
  /** @type {HTMLElement | null} */
  const place = document.querySelector('[data-faults]');
  if (!place) return;
  let newest = 0;
  const check = async () => {
    const turn = ++newest;
    const answer = await fetch(text.dataset.check ?? '', {
      method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams({ manifest: text.value }),
    }).catch(() => null);
    const said = answer?.ok ? await answer.json().catch(() => null) : null;
    // What was said of a text that is another by now is nothing.
    if (turn === newest && said) show(said);
  };
  /** @param {{ faults: { path: string, message: string }[], leftOut: string[] }} said */
  const show = ({ faults, leftOut }) => {
    const { fine = '', wrong = '', leftOut: over = '' } = place.dataset;
    if (faults.length > 0) {
      place.replaceChildren(element('p', wrong, 'fault'), list(faults.map(({ path, message }) => [path, message])));
    } else {
      place.replaceChildren(element('p', fine, 'notice'));
      if (leftOut.length > 0) place.append(element('p', over), list(leftOut.map((path) => [path, ''])));
    }
  };
  let timer = 0;
  text.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE);
  });
  /** @type {HTMLElement | null} */
  const offer = document.querySelector('[data-file]');
  const file = offer?.querySelector('input');
  if (!offer || !file) return;
  offer.hidden = false;
  file.addEventListener('change', async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    text.value = await chosen.text();
    await check();
  });
}

/** @param {HTMLFormElement} form */
function trying(form) {
  const at = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.querySelector(`#try-${name}`)).value;
  const shown = /** @type {HTMLElement} */ (document.querySelector('[data-answer]'));
  const curls = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-curl]'));
  const base = form.dataset.url ?? '';
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const [client, tenant, path] = ['client', 'tenant', 'path'].map(at);
    shown.hidden = false;
    shown.textContent = '…';
    shown.textContent = await call(client, at('secret'), tenant, path).catch((error) => String(error));
    for (const each of curls) each.hidden = false;
    curls[curls.length - 1].textContent = curl(client, tenant, path);
  });

  /**
   * @param {string} client
   * @param {string} secret
   * @param {string} tenant
   * @param {string} path
   */
  async function call(client, secret, tenant, path) {
    const answer = await fetch(`${base}/oauth2/token`, {
      method: 'POST', credentials: 'omit', redirect: 'error',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: secret }),
    });
    const told = await answer.json();
    if (!answer.ok) return `${answer.status} ${told.error}\n${told.error_description ?? ''}`;
    const headers = { authorization: `Bearer ${told.access_token}`, 'x-tenant-id': tenant };
    const called = await fetch(base + path, { headers, credentials: 'omit', redirect: 'error' });
    return `GET ${path}\n${called.status}\n${await called.text()}`;
  }

  /**
   * @param {string} client
   * @param {string} tenant
   * @param {string} path
   */
  function curl(client, tenant, path) {
    return [
      `TOKEN=$(curl -su "${client}:$CLIENT_SECRET" -d grant_type=client_credentials ${base}/oauth2/token | jq -r .access_token)`,
      `curl -H "Authorization: Bearer $TOKEN" -H "X-Tenant-ID: ${tenant}" ${base}${path}`,
    ].join('\n');
  }
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copy]'))) copying(button);
for (const text of /** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll('[data-check]'))) checking(text);
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('[data-try]'))) trying(form);
