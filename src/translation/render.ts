import type { FormatContext, Options } from '../options.js';
import { page } from './page.js';
import type { Problem } from './problem.js';

/** Writes a problem in one media type. */
export type Renderer = (problem: Problem, context: FormatContext) => string;

/** The media types offered, the preferred first, and how each is written. */
export function renderersFor(
  format: NonNullable<Options['format']>,
  html: Options['html'],
): ReadonlyMap<string, Renderer> {
  const renderers = new Map<string, Renderer>();
  if (format === 'problem') renderers.set('application/problem+json', json);
  renderers.set('application/json', jsonIn(format));
  if (html !== false) renderers.set('text/html', htmlBy(html ?? page));
  renderers.set('text/plain', text);
  return renderers;
}

/** A page is not told more than its reader: the kind may be masked. */
function htmlBy(write: Exclude<Options['html'], false | undefined>): Renderer {
  return (problem, { audience, locale }) => write(problem, { audience, locale });
}

function json(problem: Problem): string {
  return JSON.stringify(problem);
}

function jsonIn(format: NonNullable<Options['format']>): Renderer {
  if (format === 'problem') return json;
  if (format === 'envelope') return (problem) => JSON.stringify(envelope(problem));
  return (problem, context) => JSON.stringify(format(problem, context) ?? null);
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
