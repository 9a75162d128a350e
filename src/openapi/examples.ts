import type { Reply } from '../translation/reply.js';
import type { Audience } from '../translation/rules.js';
import type { ExampleObject } from './document.js';

/** A reply as it is given, and for whom. */
export interface Given {
  readonly reply: Reply;
  readonly audience: Audience;
  readonly media: string;
  readonly isTypical: boolean;
}

export interface Example {
  /** Within its media type. */
  readonly name: string;
  readonly component: string;
  readonly object: ExampleObject;
}

/**
 * A reply as an example, by what its reader can see of it. A page is none: it is long, and says what a text says.
 */
export function exampleOf({ reply, audience, media, isTypical }: Given): Example | undefined {
  if (!isTypical || media === 'text/html') return undefined;
  const { problem, headers, status, body } = reply;
  const locale = headers['content-language'] as string;
  const isText = media === 'text/plain';
  const words = problem.outcome === 'unknown' ? [problem.code, 'unknown'] : [problem.code];
  return {
    name: [...words, locale].join('.'),
    component: ['LakiConnect', status, ...words, audience, locale, ...(isText ? ['text'] : [])].join('.'),
    object: { summary: problem.title, value: isText ? body : JSON.parse(body) },
  };
}
