import type { FormatContext, Options } from '../options.js';
import { page, PAGE_HEADERS } from './page.js';
import type { Problem } from './problem.js';

/** How a problem is written in one media type. */
export interface Renderer {
  readonly write: (problem: Problem, context: FormatContext) => string;
  /** What a reply in it has beside the headers of every reply. */
  readonly headers: Readonly<Record<string, string>>;
  /** Written here, and not by a function of the platform's: the same problem is always written the same. */
  readonly isOurs: boolean;
}

/** The media types offered, the preferred first, and how each is written. */
export function renderersFor(
  format: NonNullable<Options['format']>,
  html: Options['html'],
): ReadonlyMap<string, Renderer> {
  const renderers = new Map<string, Renderer>();
  if (format === 'problem')
    renderers.set('application/problem+json', { write: json, headers: {}, isOurs: true });
  renderers.set('application/json', jsonIn(format));
  if (html !== false) renderers.set('text/html', htmlBy(html));
  renderers.set('text/plain', { write: text, headers: {}, isOurs: true });
  return renderers;
}

/** What a page of the platform's own may load is the platform's to say. */
function htmlBy(html: Exclude<Options['html'], false>): Renderer {
  if (html === undefined) return { write: page, headers: PAGE_HEADERS, isOurs: true };
  // A page is not told more than its reader: the kind may be masked.
  return {
    write: (problem, { audience, locale }) => html(problem, { audience, locale }),
    headers: {},
    isOurs: false,
  };
}

function json(problem: Problem): string {
  return JSON.stringify(problem);
}

function jsonIn(format: NonNullable<Options['format']>): Renderer {
  if (format === 'problem') return { write: json, headers: {}, isOurs: true };
  if (format === 'envelope')
    return { write: (problem) => JSON.stringify(envelope(problem)), headers: {}, isOurs: true };
  return {
    write: (problem, context) => JSON.stringify(format(problem, context) ?? null),
    headers: {},
    isOurs: false,
  };
}

/** LakiConnect's own shape, for clients that already read it. */
function envelope({ code, title, detail, errors = [], request_id }: Problem): unknown {
  const details = errors.map(({ field, detail: issue }) => ({ field, issue }));
  return { error: { code, message: detail ?? title, details }, request_id };
}

function text({ title, detail, errors = [] }: Problem): string {
  const lines = [title, detail, ...errors.map((error) => `${error.field}: ${error.detail}`)];
  return `${lines.filter((line) => line !== undefined).join('\n\n')}\n`;
}
