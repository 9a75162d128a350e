import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import { types } from 'node:util';
import type { Settings } from '../settings.js';
import { audienceOf } from './face.js';
import type { Problem } from './problem.js';
import { replyWith, type Reply } from './reply.js';
import { clean } from './text.js';
import { isErrorStatus } from './throwables.js';
import type { Reader } from './translate.js';

const MAX_DETAIL = 512;

/** An error of the platform's own that says its status, as http-errors, body parsers and frameworks make them. */
export interface HttpError {
  readonly error: Error;
  readonly status: number;
  /** Its message, if it says that this may be shown. */
  readonly detail: string | undefined;
  /** What it asks for (`Allow`, `WWW-Authenticate`), as far as it can be sent. */
  readonly headers: Readonly<Record<string, string>>;
}

type SaidOfAReply = Readonly<Partial<Record<'status' | 'statusCode' | 'expose' | 'headers', unknown>>>;

/**
 * Reads an Error that Express and Koa would both answer with a 4xx or 5xx of its own: `status`, `statusCode` or
 * both say the same. Many that do are not http-errors: co-body's SyntaxError has no `expose`, for one.
 */
export function readHttpError(thrown: unknown): HttpError | undefined {
  try {
    if (!types.isNativeError(thrown) && !(thrown instanceof Error)) return undefined;
    const { message, expose, headers, status: own, statusCode } = thrown as Error & SaidOfAReply;
    const status = own ?? statusCode;
    if (!isErrorStatus(status) || (statusCode ?? status) !== status) return undefined;
    const isShown = expose === true && status < 500 && typeof message === 'string';
    return {
      error: thrown,
      status,
      detail: isShown ? clean(message, MAX_DETAIL) : undefined,
      headers: sendable(headers ?? {}),
    };
  } catch {
    return undefined;
  }
}

/** The platform's own error in the same form as ours; in English, as its reason phrase is. */
export function httpReply(error: HttpError, { accept, audience }: Reader, settings: Settings<never>): Reply {
  const media = settings.media(accept);
  const reading = { kind: undefined, audience: audienceOf(audience), locale: 'en', media };
  const reply = replyWith(problemOf(error), reading, settings);
  return { ...reply, headers: { ...error.headers, ...reply.headers } };
}

/** RFC 9457 section 4.2.1: `about:blank` says no more than the status; the message only where it is exposed, and never of a 5xx. */
function problemOf({ status, detail }: HttpError): Problem {
  const title = STATUS_CODES[status] ?? `Status ${String(status)}`;
  return {
    type: 'about:blank',
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    code: title
      .toUpperCase()
      .replace(/'/g, '')
      .replace(/[^A-Z0-9]+/g, '_'),
  };
}

/** What speaks of a body or a connection is not the error's to say: the body is ours. */
const FRAMING =
  /^(?:content-|transfer-encoding$|trailer$|te$|connection$|keep-alive$|proxy-connection$|upgrade$|http2-settings$)/i;

function sendable(headers: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
      (typeof value === 'string' || typeof value === 'number') && isSendable(name, String(value))
        ? [[name.toLowerCase(), String(value)]]
        : [],
    ),
  );
}

function isSendable(name: string, value: string): boolean {
  if (FRAMING.test(name)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
