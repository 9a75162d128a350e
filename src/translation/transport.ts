import { peek } from './plain.js';

/** How a request ended without an answer. `unsent`: it provably never reached anyone. */
export type Failure = 'unsent' | 'lost' | 'timeout' | 'aborted' | 'unparsable';

const CODES: ReadonlyMap<string, Failure> = new Map<string, Failure>([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].map((code) => [code, 'unsent'] as const),
  ...[
    'ETIMEDOUT',
    'ESOCKETTIMEDOUT',
    'ECONNABORTED',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
  ].map((code) => [code, 'timeout'] as const),
  ...['ERR_CANCELED', 'ERR_ABORTED', 'ABORT_ERR', 'UND_ERR_ABORTED', 'ABORTED'].map(
    (code) => [code, 'aborted'] as const,
  ),
  ...[
    'ECONNRESET',
    'EPIPE',
    'EPROTO',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'EADDRNOTAVAIL',
    'ERR_NETWORK',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_TOO_MANY_REDIRECTS',
    'ERR_FR_TOO_MANY_REDIRECTS',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ].map((code) => [code, 'lost'] as const),
  ['ERR_BODY_PARSE_FAILURE', 'unparsable'],
]);

/** Families of codes that only a broken connection or a broken answer has. */
const LOST = /^(?:UND_ERR_(?!RESPONSE$)|HPE_|ERR_TLS_|ERR_SSL_|ERR_HTTP2_|CERT_|Z_)/;

const MAX_DEPTH = 5;
const MAX_ERRORS = 16;
const MAX_LINKS = 64;

/** The failure of a request, and the code that tells of it. */
export interface Transport {
  readonly failure: Failure;
  readonly code?: string;
}

/** The more a failure leaves open, the earlier it stands: a request is unsent only if nothing suggests otherwise. */
const BY_DOUBT: readonly Failure[] = ['timeout', 'aborted', 'lost', 'unparsable', 'unsent'];

/**
 * What an error, its `cause`s and its `errors` say of the connection. `TypeError: fetch failed` only
 * says that there is a cause: it counts where no cause has a code.
 */
export function transportOf(error: unknown): Transport | undefined {
  const found = [...chain(error)].flatMap((link) => judge(link) ?? []);
  const exact = found.filter(({ failure, code }) => failure !== 'lost' || code !== undefined);
  const judged = exact.length > 0 ? exact : found;
  return BY_DOUBT.map((failure) => judged.find((transport) => transport.failure === failure)).find(
    (transport) => transport !== undefined,
  );
}

function judge(error: unknown): Transport | undefined {
  const code = peek(error, 'code');
  if (typeof code !== 'string') {
    const failure = failureByName(error);
    return failure === undefined ? undefined : { failure };
  }
  const failure =
    CODES.get(code) ?? (LOST.test(code) || isCutShort(error, code) ? 'lost' : failureByName(error));
  return failure === undefined ? undefined : { failure, code };
}

/** axios: a body that broke off leaves a status, but no data; an empty body is an empty string. */
function isCutShort(error: unknown, code: string): boolean {
  return code === 'ERR_BAD_RESPONSE' && peek(peek(error, 'response'), 'data') === undefined;
}

/** For clients that give no code: fetch, ky, node-fetch's redirect loops, needle's silent bodies. */
function failureByName(error: unknown): Failure | undefined {
  const message = peek(error, 'message');
  switch (peek(error, 'name')) {
    case 'TimeoutError':
      return 'timeout';
    case 'AbortError':
    case 'CanceledError':
      return 'aborted';
    case 'SyntaxError':
      return 'unparsable';
    case 'FetchError':
      return typeof peek(error, 'type') === 'string' ? 'lost' : undefined;
    case 'TypeError':
      return message === 'fetch failed' || message === 'terminated' ? 'lost' : undefined;
    case 'Error':
      return message === 'read timeout' ? 'timeout' : undefined;
    default:
      return undefined;
  }
}

/** An error and what it wraps: at most five deep, 64 in all, and none twice. */
function* chain(error: unknown): Generator {
  const seen = new Set<unknown>();
  let level: unknown[] = [error];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const link of level) {
      if (seen.has(link) || seen.size === MAX_LINKS) continue;
      seen.add(link);
      yield link;
      next.push(peek(link, 'cause'));
      const errors = peek(link, 'errors');
      for (let at = 0; at < MAX_ERRORS; at++) next.push(peek(errors, String(at)));
    }
    level = next.filter((link) => typeof link === 'object' && link !== null);
  }
}
