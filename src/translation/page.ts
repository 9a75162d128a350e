import { withinBudget } from './fields.js';
import type { Problem } from './problem.js';
import { escapeHtml } from './text.js';

/** A small page that tells a person what happened: no script, no style, nothing fetched. */
export function page(
  { title, detail, errors = [] }: Problem,
  { locale }: { readonly locale: string },
): string {
  const fields = withinBudget(errors, item).map(item);
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(locale)}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(title)}</h1>`,
    ...(detail === undefined ? [] : [`<p>${escapeHtml(detail)}</p>`]),
    ...(fields.length === 0 ? [] : ['<ul>', ...fields, '</ul>']),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function item({ field, detail }: { readonly field: string; readonly detail: string }): string {
  return `<li>${escapeHtml(field)}: ${escapeHtml(detail)}</li>`;
}
