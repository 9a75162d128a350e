import type { Description } from '../describe.js';
import type { Reply } from '../translation/reply.js';
import { WAIT } from './bodies.js';
import type { HeaderObject } from './document.js';

/** What each header of a reply is for. The media type is told by the content (OpenAPI 3.1.1, Response Object). */
const MEANINGS: Readonly<Record<string, string>> = {
  'Cache-Control': 'An error is never kept.',
  'Content-Language': 'The language of the words.',
  'Content-Security-Policy': 'Of a page: it loads nothing.',
  'Retry-After': 'Seconds to wait.',
  Vary: 'What the reply depends on, beside what other parts of the server have set.',
  'X-Content-Type-Options': 'The media type is as told.',
};

export interface Header {
  readonly name: string;
  readonly component: string;
  readonly object: HeaderObject;
}

/** The headers that some of these replies have. */
export function headersOf(replies: readonly Reply[], { locales }: Description): Header[] {
  return Object.entries(MEANINGS).flatMap(([name, description]) => {
    const values = replies.flatMap(({ headers }) => headers[name.toLowerCase()] ?? []);
    if (values.length === 0) return [];
    const schema = schemaOf(name, values[0] as string, locales);
    return [{ name, component: `LakiConnect${name.replaceAll('-', '')}`, object: { description, schema } }];
  });
}

function schemaOf(name: string, value: string, locales: readonly string[]): object {
  if (name === 'Retry-After') return WAIT;
  if (name === 'Content-Language') return { type: 'string', enum: locales };
  return name === 'Vary' ? { type: 'string', examples: [value] } : { type: 'string', const: value };
}
