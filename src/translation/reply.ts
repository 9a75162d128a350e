import type { Settings } from '../settings.js';
import type { WordedFields } from './fields.js';
import type { Problem } from './problem.js';
import type { Renderer } from './render.js';
import type { Audience, ErrorKind } from './rules.js';

/** A whole HTTP answer: an adapter only writes it. */
export interface Reply {
  readonly status: number;
  /** Lower-case names. `vary` is to be appended to what other middleware has set. */
  readonly headers: Readonly<Record<string, string>>;
  /** In the media type of `content-type`, UTF-8. */
  readonly body: string;
  /** The same as data. */
  readonly problem: Problem;
}

/** Who is answered, and how. */
export interface Reading {
  readonly kind: ErrorKind | undefined;
  readonly audience: Audience;
  readonly locale: string;
  /** The fields whose words are in English all the same. */
  readonly english?: WordedFields['english'];
  /** The media type that the reader prefers (RFC 9110 section 12.5.1). */
  readonly media: string;
}

/** Problem details are always UTF-8: RFC 9457 defines no `charset`. */
const CHARSETS: ReadonlySet<string> = new Set(['application/json', 'text/html', 'text/plain']);

/** A problem, written for its reader. */
export function replyWith(problem: Problem, reading: Reading, { renderers }: Settings<never>): Reply {
  const { media, ...context } = reading;
  const { write, headers: own } = renderers.get(media) as Renderer;
  const body = write(problem, context);
  const headers = {
    ...own,
    'content-type': CHARSETS.has(media) ? `${media}; charset=utf-8` : media,
    'content-language': reading.locale,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    vary: 'Accept, Accept-Language',
    ...(problem.retry_after === undefined ? {} : { 'retry-after': String(problem.retry_after) }),
  };
  return { status: problem.status, headers, body, problem };
}
