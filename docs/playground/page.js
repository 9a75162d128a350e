/** Shows what is chosen at once, without a whole new page. Without this script the form's button does it. */
const form = document.querySelector('form');
const REPLACED = ['result', 'status'];
let showing = new AbortController();
document.documentElement.classList.add('live');

async function show(url) {
  showing.abort();
  showing = new AbortController();
  document.body.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(url, { signal: showing.signal });
    const next = new DOMParser().parseFromString(await response.text(), 'text/html');
    const { step } = document.activeElement.dataset;
    for (const id of REPLACED) {
      document.getElementById(id).replaceChildren(...next.getElementById(id).childNodes);
    }
    for (const { name } of form.elements) {
      if (name !== '') form.elements[name].value = next.querySelector('form').elements[name].value;
    }
    if (step !== undefined) document.querySelector(`[data-step="${step}"]`)?.focus();
    document.body.removeAttribute('aria-busy');
    return true;
  } catch (error) {
    if (error.name === 'AbortError') return false;
    location.assign(url); // the browser tells what is wrong
    return false;
  }
}

async function visit(url) {
  if (await show(url)) history.pushState(undefined, '', url);
}

form.addEventListener('change', () => {
  void visit(`/?${new URLSearchParams(new FormData(form))}`);
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void visit(`/?${new URLSearchParams(new FormData(form))}`);
});
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-live]');
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void visit(link.href).then(() => {
    if (link.closest('.matrix') === null) return;
    const result = document.getElementById('result');
    result.focus({ preventScroll: true }); // which would show its middle
    result.scrollIntoView();
  });
});
addEventListener('popstate', () => void show(location.href));
