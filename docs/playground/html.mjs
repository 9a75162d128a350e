class Markup extends String {}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Markup from a template; whatever is inserted is escaped, unless it is markup itself. */
export function html(strings, ...values) {
  return raw(String.raw({ raw: strings }, ...values.map(inserted)));
}

/** Text that is markup already. */
export function raw(text) {
  return new Markup(text);
}

function inserted(value) {
  if (Array.isArray(value)) return value.map(inserted).join('');
  return value instanceof Markup ? value : String(value).replace(/[&<>"']/g, (found) => ESCAPES[found]);
}
