import { statusIn } from './carrier.js';
import { chainOf, MAX_LINKS, membersOf } from './causes.js';
import { peek } from './plain.js';

/**
 * How a request ended without a whole answer. `own-input`: the client refused what it was given.
 * `not-sent`: nothing reached LakiConnect.
 */
export type Failure = 'timeout' | 'aborted' | 'connection-lost' | 'unparsable' | 'not-sent' | 'own-input';

/** The failure of a request, and the code that tells it. */
export interface NetworkFailure {
  readonly failure: Failure;
  readonly code?: string;
  /** Every cause proves that the request was never sent. */
  readonly isNeverSent: boolean;
  /** Where a connection failed that was never made, as far as the errors say: a redirect or another call leads elsewhere. */
  readonly endpoints: readonly Endpoint[];
}

/** What Node and node-fetch say of a connection that was not made. */
interface Endpoint {
  readonly hostname?: string;
  readonly port?: number;
}

/** The more a failure leaves open, the earlier it stands. */
const MOST_UNCERTAIN_FIRST: readonly Failure[] = [
  'timeout',
  'aborted',
  'connection-lost',
  'unparsable',
  'not-sent',
  'own-input',
];

/**
 * What an error, its `cause`s and its `errors` say of the connection; `undefined` if they say nothing.
 * `TypeError: fetch failed` only says that there is a cause: it counts where no cause says more, and against
 * input of the caller's own, which is refused before anything is fetched.
 */
export function networkFailureOf(error: unknown): NetworkFailure | undefined {
  const links = [...chainOf(error)];
  const told = links.flatMap((link) => {
    const failure = failureOf(link);
    return failure === undefined ? [] : [{ failure, ...codeOf(link) }];
  });
  const worst = MOST_UNCERTAIN_FIRST.map((failure) => {
    const same = told.filter((each) => each.failure === failure);
    return same.find(({ code }) => code !== undefined) ?? same[0];
  }).find((each) => each !== undefined);
  const hasBegun = links.some(isFetchFailed);
  if (worst === undefined || (worst.failure === 'own-input' && hasBegun)) {
    return hasBegun
      ? { failure: 'connection-lost', isNeverSent: false, endpoints: [], ...codeOf(worst) }
      : undefined;
  }
  return { ...worst, isNeverSent: isNeverSent(error), endpoints: links.flatMap(endpointOf) };
}

function endpointOf(error: unknown): readonly Endpoint[] {
  const { code } = codeOf(error);
  if (!isConnecting(error, code)) return [];
  const [hostname, port, message] = ['hostname', 'port', 'message'].map((name) => peek(error, name));
  const asked = typeof message === 'string' ? ASKED.exec(message.slice(0, 2000))?.[1] : undefined;
  const url = asked !== undefined && URL.canParse(asked) ? new URL(asked) : undefined;
  return [
    {
      ...(typeof hostname === 'string' ? { hostname } : {}),
      ...(typeof port === 'number' ? { port } : {}),
      ...(url === undefined ? {} : { hostname: url.hostname, port: portOf(url) }),
    },
  ];
}

/** How node-fetch names the last URL that it asked. */
const ASKED = /^request to (\S+) failed/;

/** The port of a URL, also where it is the usual one of its scheme. */
export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function codeOf(error: unknown): { readonly code?: string } {
  const code = peek(error, 'code');
  return typeof code === 'string' ? { code } : {};
}

/** What one link says of itself. */
function failureOf(error: unknown): Failure | undefined {
  const { code } = codeOf(error);
  if (hasRefusedToRun(error) || isRefusedTunnel(error)) return 'not-sent';
  if (isOwnInput(error, code)) return 'own-input';
  if (isTimeout(error, code)) return 'timeout';
  if (isConnecting(error, code)) return 'not-sent';
  if (isAbort(error, code)) return 'aborted';
  if (isConnection(error, code)) return 'connection-lost';
  return peek(error, 'name') === 'SyntaxError' || code === 'ERR_BODY_PARSE_FAILURE'
    ? 'unparsable'
    : undefined;
}

/**
 * Codes with which clients refuse a URL, header, argument or body before they send it. Redirects have codes of
 * their own, or stand beside an answer.
 */
const OWN_INPUT =
  /^(?:ERR_INVALID_(?!STATE$)|ERR_HTTP_INVALID_|UND_ERR_INVALID_ARG$|ERR_FR_MAX_BODY_LENGTH_EXCEEDED$|ERR_BAD_OPTION|ERR_FORM_DATA_|ERR_NOT_SUPPORT$)/;

function isOwnInput(error: unknown, code = ''): boolean {
  if (peek(error, 'response') !== undefined) return false;
  // axios: without an answer, the request itself was bad.
  return OWN_INPUT.test(code) || (code === 'ERR_BAD_REQUEST' && peek(error, 'isAxiosError') === true);
}

const SAYS_TIMEOUT = /time[-_ ]?d?[-_ ]?out/i;

/** By code, name or type; by the message where the error says no more: needle, cockatiel, Bottleneck, HTTP/2. */
function isTimeout(error: unknown, code: string | undefined): boolean {
  const name = peek(error, 'name');
  const isBare = code === undefined && name === 'Error' && statusIn(error) === undefined;
  const message = isBare || code === 'UND_ERR_INFO' ? peek(error, 'message') : undefined;
  const texts = [code, name, peek(error, 'type'), message];
  if (texts.some((text) => typeof text === 'string' && SAYS_TIMEOUT.test(text.slice(0, 200)))) return true;
  // axios and superagent; the system's own code has a system call beside it.
  return code === 'ECONNABORTED' && syscallOf(error) === undefined;
}

const CONNECTING = /^(?:connect|getaddrinfo|query[A-Z]\w*)$/;

/** Codes that only a connection that was not made has; node-fetch 2 keeps nothing else. */
const NOT_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+)$/;

/** Nothing is sent before a host is found and connected to, whatever the code says. */
function isConnecting(error: unknown, code = ''): boolean {
  const syscall = syscallOf(error);
  return syscall === undefined ? NOT_CONNECTED.test(code) : CONNECTING.test(syscall);
}

function syscallOf(error: unknown): string | undefined {
  const syscall = peek(error, 'syscall') ?? peek(error, 'erroredSysCall');
  return typeof syscall === 'string' ? syscall : undefined;
}

const ABORTS = /^(?:ERR_CANCELED|ERR_ABORTED|ABORT_ERR|UND_ERR_ABORTED|ABORTED)$/;

function isAbort(error: unknown, code = ''): boolean {
  const name = peek(error, 'name');
  return ABORTS.test(code) || name === 'AbortError' || name === 'CanceledError' || name === 'CancelError';
}

/** Families of codes that only a broken connection or a broken answer has. */
const CONNECTION =
  /^(?:ECONN|EHOST|ENET|EADDRNOTAVAIL$|EPIPE$|EPROTO$|ENOTCONN$|ESHUTDOWN$|ESOCKET|ERR_SOCKET_|ERR_STREAM_|ERR_NETWORK|ERR_TLS_|ERR_SSL_|ERR_HTTP2_|ERR_(?:FR_)?TOO_MANY_REDIRECTS$|ERR_FR_|EINVALIDREDIRECT$|EUNSUPPORTEDREDIRECT$|UND_ERR_(?!RESPONSE$|REQ_RETRY$)|HPE_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$|Z_)/;

const NETWORK_CALLS = /^(?:read|write|shutdown|recv\w*|send\w*|bind|uv\w*)$/;

function isConnection(error: unknown, code: string | undefined): boolean {
  const syscall = syscallOf(error);
  if (syscall !== undefined && code !== undefined && NETWORK_CALLS.test(syscall)) return true;
  if (code !== undefined) return CONNECTION.test(code) || isCutShort(error, code);
  // node-fetch's redirect loops, and a body that broke off.
  if (peek(error, 'name') === 'FetchError') return typeof peek(error, 'type') === 'string';
  return peek(error, 'name') === 'TypeError' && peek(error, 'message') === 'terminated';
}

/** axios: a body that broke off leaves a status, but no data; an empty body is an empty string. */
function isCutShort(error: unknown, code: string): boolean {
  return code === 'ERR_BAD_RESPONSE' && peek(peek(error, 'response'), 'data') === undefined;
}

function isFetchFailed(error: unknown): boolean {
  return peek(error, 'name') === 'TypeError' && peek(error, 'message') === 'fetch failed';
}

/** What opossum's circuit breaker throws instead of running what it guards. */
const REFUSALS_TO_RUN = new Set<unknown>(['EOPENBREAKER', 'ESEMLOCKED', 'ESHUTDOWN']);

/** What cockatiel's policies do. */
const REFUSAL_MARKS = ['isBrokenCircuitError', 'isBulkheadRejectedError'] as const;

/** A circuit breaker, bulkhead or queue refused to run the request: opossum, cockatiel, Bottleneck. */
function hasRefusedToRun(error: unknown): boolean {
  return (
    // The system has an ESHUTDOWN of its own, which names its call.
    (REFUSALS_TO_RUN.has(peek(error, 'code')) && syscallOf(error) === undefined) ||
    REFUSAL_MARKS.some((mark) => peek(error, mark) === true) ||
    peek(error, 'message') === 'This job has been dropped by Bottleneck'
  );
}

/** A proxy answered a CONNECT with something else than 200: no tunnel, no request (undici, tunnel). */
const REFUSED_TUNNEL =
  /^(?:Proxy response \(\d{3}\) ?!== ?200 when HTTP Tunneling|tunneling socket could not be established, statusCode=\d{3})/;

function isRefusedTunnel(error: unknown): boolean {
  const message = peek(error, 'message');
  return typeof message === 'string' && REFUSED_TUNNEL.test(message.slice(0, 100));
}

/**
 * Whether every cause proves it: one that says nothing proves nothing, and one that says more than the error
 * around it, by the same code, says it in its place (axios, got, AggregateError).
 */
function isNeverSent(error: unknown, known = new Map<unknown, boolean>()): boolean {
  const before = known.get(error);
  if (before !== undefined || known.size === MAX_LINKS) return before === true;
  known.set(error, false); // within itself it proves nothing
  const { code } = codeOf(error);
  const cause = peek(error, 'cause');
  const members = membersOf(error);
  const wrapped = typeof cause === 'object' && cause !== null ? [cause, ...members] : members;
  const isProof = hasRefusedToRun(error) || isRefusedTunnel(error) || isConnecting(error, code);
  const isExplained = code !== undefined && wrapped.some((link) => peek(link, 'code') === code);
  const isOpen = !isProof && failureOf(error) !== undefined && !isExplained;
  const result =
    !isOpen && (wrapped.length === 0 ? isProof : wrapped.every((link) => isNeverSent(link, known)));
  known.set(error, result);
  return result;
}
