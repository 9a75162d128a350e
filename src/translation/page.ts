import { createHash } from 'node:crypto';
import { withinBudget } from './fields.js';
import type { Problem } from './problem.js';
import type { Reading } from './reply.js';
import { escapeHtml } from './text.js';

/** Short, because it is part of what is left beside the fields: see `withinBudget`. */
const STYLE = [
  'body{box-sizing:border-box;min-height:100svh;margin:0;padding:1rem;display:grid;place-items:center;',
  "font:1.0625rem/1.65 system-ui,'Noto Sans Ethiopic','Abyssinica SIL',Ebrima,Nyala,Kefa,sans-serif;",
  'overflow-wrap:anywhere;color:#1f2937;background:#f3f4f6}',
  'main{box-sizing:border-box;width:100%;max-width:34rem;padding:clamp(1.25rem,6vw,2.5rem);',
  'border:1px solid #d1d5db;border-radius:.75rem;background:#fff}',
  'h1{margin:0;font-size:1.375rem;font-weight:600;text-wrap:balance}',
  'p{margin:.75rem 0 0}p,dd{color:#4b5563}',
  'dl{margin:1.5rem 0 0;border-top:1px solid #d1d5db}',
  'dt{margin-top:1rem;font-weight:600}',
  'dd{margin:0}',
  '@media screen and (prefers-color-scheme:dark){body{color:#e5e7eb;background:#111827}',
  'main{background:#1f2937}main,dl{border-color:#4b5563}p,dd{color:#d1d5db}}',
  '@media print{body{display:block;padding:0}main{max-width:none;padding:0;border:0}}',
].join('');

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * Nothing but the page's own style may be used. It has no `frame-ancestors`: a platform may show its
 * checkout in a frame, and there is nothing on the page to be clicked.
 */
export const PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`,
};

type RefusedField = NonNullable<Problem['errors']>[number];

/** A small page that tells a person what happened: no script, no link, nothing fetched. */
export function page(
  { title, detail, errors = [] }: Problem,
  { locale, english }: Pick<Reading, 'locale' | 'english'>,
): string {
  const item = (error: RefusedField): string => {
    const lang = english?.has(error) === true ? ' lang="en"' : '';
    return `<dt>${escapeHtml(error.field)}</dt><dd${lang}>${escapeHtml(error.detail)}</dd>`;
  };
  const fields = withinBudget(errors, item).map(item);
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(locale)}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(title)}</h1>`,
    ...(detail === undefined ? [] : [`<p>${escapeHtml(detail)}</p>`]),
    ...(fields.length === 0 ? [] : ['<dl>', ...fields, '</dl>']),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
