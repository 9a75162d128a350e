import type { Problem } from './problem.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

/** A small page that tells a person what happened: no script, no style, nothing fetched. */
export function page(
  { title, detail, errors = [] }: Problem,
  { locale }: { readonly locale: string },
): string {
  const fields = errors.map((error) => `<li>${escape(error.field)}: ${escape(error.detail)}</li>`);
  return [
    '<!doctype html>',
    `<html lang="${escape(locale)}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escape(title)}</title>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escape(title)}</h1>`,
    ...(detail === undefined ? [] : [`<p>${escape(detail)}</p>`]),
    ...(fields.length === 0 ? [] : ['<ul>', ...fields, '</ul>']),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
