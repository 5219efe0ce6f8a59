// Asks the browser for a passkey, or to make one, and sends its answer along with the form.
for (const form of document.querySelectorAll('form[data-passkey]')) {
  const fault = form.querySelector('[role=alert]');
  form.addEventListener('submit', async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    fault.hidden = true;
    try {
      const { publicKey } = JSON.parse(form.dataset.options);
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.requestSubmit();
    } catch {
      fault.hidden = false;
    }
  });
}
