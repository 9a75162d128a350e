import { judging } from '../option-functions.js';
import type { FormatContext, Options } from '../options.js';
import { mediaNegotiation, type MediaNegotiation } from './negotiate.js';
import { page, PAGE_HEADERS } from './page.js';
import type { Problem } from './problem.js';
import type { Reading } from './reply.js';
import { createSheets, type Sheets } from './sheets.js';

/** Beside the problem, what a writer is told: a function of the platform's has no part in the last. */
type WriteContext = FormatContext & Pick<Reading, 'english'>;

/** How a problem is written in one media type. */
export interface Renderer {
  readonly write: (problem: Problem, context: WriteContext) => string;
  /** What a reply in it has beside the headers of every reply. */
  readonly headers: Readonly<Record<string, string>>;
  /** What it has written before, if that is always the same: not where a function of the platform's writes. */
  readonly sheets?: Sheets;
}

/** The media types offered, the preferred first, how each is written, and how one of them is picked. */
export interface Forms {
  /** The form of JSON. */
  readonly format: NonNullable<Options['format']>;
  readonly html: Options['html'];
  readonly renderers: ReadonlyMap<string, Renderer>;
  readonly media: MediaNegotiation;
}

export function formsFor(format: NonNullable<Options['format']>, html: Options['html']): Forms {
  const renderers = new Map<string, Renderer>();
  if (format === 'problem') renderers.set('application/problem+json', ours(json));
  renderers.set('application/json', jsonIn(format));
  if (html !== false) renderers.set('text/html', htmlBy(html));
  renderers.set('text/plain', ours(text));
  return { format, html, renderers, media: mediaNegotiation([...renderers.keys()]) };
}

function ours(write: Renderer['write'], headers = {}): Renderer {
  return { write, headers, sheets: createSheets() };
}

/** What a page of the platform's own may load is the platform's to say. */
function htmlBy(html: Exclude<Options['html'], false>): Renderer {
  if (html === undefined) return ours(page, PAGE_HEADERS);
  const write = judging('html', html);
  // A page is not told more than its reader: the kind may be masked.
  return { write: (problem, { audience, locale }) => write(problem, { audience, locale }), headers: {} };
}

function json(problem: Problem): string {
  return JSON.stringify(problem);
}

function jsonIn(format: NonNullable<Options['format']>): Renderer {
  if (format === 'problem') return ours(json);
  if (format === 'envelope') return ours((problem) => JSON.stringify(envelope(problem)));
  const write = judging('format', format);
  return {
    write: (problem, { kind, audience, locale }) => write(problem, { kind, audience, locale }),
    headers: {},
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
