// Asks the browser for a passkey, or to make one, and sends its answer along with the form.
/** @type {NodeListOf<HTMLFormElement>} */
const forms = document.querySelectorAll('form[data-passkey]');
for (const form of forms) {
  const answer = /** @type {HTMLInputElement} */ (form.elements.namedItem('answer'));
  const fault = /** @type {HTMLElement} */ (form.querySelector('[role=alert]'));
  form.addEventListener('submit', async (event) => {
    if (answer.value) return;
    event.preventDefault();
    fault.hidden = true;
    try {
      const { publicKey } = JSON.parse(form.dataset.options ?? '');
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
      answer.value = JSON.stringify(/** @type {PublicKeyCredential} */ (credential).toJSON());
      form.requestSubmit();
    } catch {
      fault.hidden = false;
    }
  });
}
