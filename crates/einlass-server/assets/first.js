// Puts what is behind the `#` of the link into the form, and out of the address.
const code = document.getElementById('code');
if (code instanceof HTMLInputElement && location.hash.length > 1) {
  code.value = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
}
