import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import { isHttpError, type HttpError } from 'http-errors';
import type { Settings } from '../settings.js';
import { audienceOf } from './face.js';
import type { Problem } from './problem.js';
import { replyWith, type Reply } from './reply.js';
import { clean } from './text.js';
import type { Reader } from './translate.js';

const MAX_DETAIL = 512;

/** An http-errors error of the platform's own, with a status that an error can have. */
export function asHttpError(thrown: unknown): HttpError | undefined {
  try {
    if (!isHttpError(thrown)) return undefined;
    return Number.isInteger(thrown.status) && thrown.status >= 400 && thrown.status <= 599
      ? thrown
      : undefined;
  } catch {
    return undefined;
  }
}

/** The platform's own error in the same form as ours; in English, as its reason phrase is. */
export function httpReply(error: HttpError, { accept, audience }: Reader, settings: Settings<never>): Reply {
  const media = settings.media(accept);
  const reading = { kind: undefined, audience: audienceOf(audience), locale: 'en', media };
  const reply = replyWith(problemOf(error), reading, settings);
  return { ...reply, headers: { ...headersOf(error), ...reply.headers } };
}

/** RFC 9457 section 4.2.1: `about:blank` says no more than the status; the message only where it is exposed, and never of a 5xx. */
function problemOf({ status, expose, message }: HttpError): Problem {
  const title = STATUS_CODES[status] ?? `Status ${String(status)}`;
  return {
    type: 'about:blank',
    title,
    status,
    ...(expose && status < 500 && typeof message === 'string' ? { detail: clean(message, MAX_DETAIL) } : {}),
    code: title
      .toUpperCase()
      .replace(/'/g, '')
      .replace(/[^A-Z0-9]+/g, '_'),
  };
}

/** What speaks of a body or a connection is not the error's to say: the body is ours. */
const FRAMING = /^(?:content-|transfer-encoding$|trailer$|connection$|keep-alive$|upgrade$)/i;

/** The headers that such an error asks for (`Allow`, `WWW-Authenticate`), as far as they can be sent. */
function headersOf({ headers }: HttpError): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]: [string, unknown]) =>
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
