import { inspect, types } from 'node:util';
import { SANE_CODE, SANE_REQUEST_ID } from './codes.js';
import { faceOf } from './face.js';
import type { Grounds } from './grounds.js';
import type { OwnRow } from './own-row.js';
import { RULES, type Action, type ErrorKind, type Kind, type Rule } from './rules.js';
import { clean } from './text.js';

const BRAND = Symbol.for('lakiconnect-middleware.error');
const ORIGINAL = Symbol.for('lakiconnect-middleware.original');
const OWN_ROW = Symbol.for('lakiconnect-middleware.own-row');
const GROUNDS = Symbol.for('lakiconnect-middleware.grounds');

/** Kinds that say when to come back, even where the provider does not. */
const ASKS_TO_WAIT: ReadonlySet<ErrorKind> = new Set([
  'RATE_LIMITED',
  'IDEMPOTENCY_IN_PROGRESS',
  'UNDETERMINED',
]);
const STANDARD_WAIT_MS = 1000;

/** Kinds after which nobody knows what was done, unless whoever makes the error does. */
const LEAVES_OPEN: ReadonlySet<ErrorKind> = new Set([
  'DUPLICATE_REFERENCE',
  'PROVIDER_ERROR',
  'INTERNAL_ERROR',
  'UNREACHABLE',
  'TIMEOUT',
  'UNRECOGNISED',
]);

const MAX_DETAILS = 20;
const MAX_DETAIL = 200;
const MAX_MESSAGE = 512;
const MAX_ID = 256;

/** A request field that the provider refused, in the provider's own name and words. */
export interface Detail {
  readonly field: string;
  readonly issue: string;
}

/** What the provider answered. For operators: logged, never sent. */
export interface Upstream {
  /** HTTP status, if an answer came. */
  readonly status?: number;
  /** The provider's code, or the transport's (`ECONNRESET`). */
  readonly code?: string;
  /** The provider's message without control characters and API keys, at most 512 characters. */
  readonly message?: string;
}

/**
 * Whether the provider is known not to have acted (`rejected`), or nobody knows (`unknown`): then the
 * payment may have been made, and must be looked up before it is tried again.
 */
export type Outcome = 'rejected' | 'unknown';

export interface LakiConnectErrorInit {
  readonly kind: ErrorKind;
  /** @internal The row of a kind that no table of ours has. */
  readonly ownRow?: OwnRow | undefined;
  /** @internal By what it was made of something thrown. */
  readonly grounds?: Grounds | undefined;
  readonly status?: number | undefined;
  readonly action?: Action | undefined;
  readonly code?: string | undefined;
  readonly details?: readonly Detail[] | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly outcome?: Outcome | undefined;
  readonly retryable?: boolean | undefined;
  readonly merchantId?: string | undefined;
  readonly origin?: 'upstream' | 'guard' | undefined;
  readonly upstream?: Upstream | undefined;
  /** What was thrown or returned; reachable through `originalError` alone. */
  readonly original?: unknown;
}

/**
 * One failure of a LakiConnect call, or one refusal of a guard.
 *
 * It is harmless wherever it ends up: `message` is a fixed sentence, `status` is the platform's own
 * and never the provider's, `expose` is false, there are no headers, and no property, printed form or
 * JSON of it holds a secret. `instanceof` holds across copies of this package.
 */
export class LakiConnectError extends Error {
  readonly kind: ErrorKind;
  /** What the reader whose status it has does next. */
  readonly action: Action;
  /** The code as the provider sent it, if it looks like one. */
  declare readonly code?: string;
  /** The platform's status: the customer's, unless every reader is a merchant. */
  status: number;
  /** The same as `status`. */
  statusCode: number;
  expose = false;
  readonly outcome: Outcome;
  /** Whether the very same request may be sent again. Never true for an unknown outcome without a key. */
  readonly retryable: boolean;
  readonly details: readonly Detail[];
  /** The provider's `request_id`, for its support. */
  declare readonly requestId?: string;
  /** How long the provider asks to wait, in milliseconds. */
  declare readonly retryAfterMs?: number;
  declare readonly merchantId?: string;
  readonly origin: 'upstream' | 'guard';
  readonly upstream: Upstream;
  readonly #original: unknown;
  readonly #ownRow: OwnRow | undefined;
  readonly #grounds: Grounds | undefined;

  /**
   * Every text is made fit for a log line: without control characters, and bounded.
   *
   * @throws TypeError if there is no such kind.
   */
  constructor(init: LakiConnectErrorInit) {
    super('LakiConnect did not complete the request.');
    const rule = init.ownRow?.rule ?? standardRule(init.kind);
    if (rule === undefined) throw new TypeError(`lakiconnect: there is no kind ${inspect(init.kind)}.`);
    const { code, requestId, retryAfterMs, merchantId, upstream = {} } = init;
    this.kind = init.kind;
    this.outcome = init.outcome ?? (LEAVES_OPEN.has(init.kind) ? 'unknown' : 'rejected');
    const face = faceOf(rule, 'customer', { outcome: this.outcome });
    this.action = init.action ?? face.action;
    this.status = this.statusCode = isErrorStatus(init.status) ? init.status : face.status;
    this.retryable = init.retryable ?? (rule.retryable && this.outcome === 'rejected');
    this.details = (init.details ?? [])
      .slice(0, MAX_DETAILS)
      .map(({ field, issue }) => ({ field: clean(field, MAX_DETAIL), issue: clean(issue, MAX_DETAIL) }));
    this.origin = init.origin ?? 'upstream';
    const { message } = upstream;
    this.upstream =
      message === undefined ? { ...upstream } : { ...upstream, message: clean(message, MAX_MESSAGE) };
    if (code !== undefined && SANE_CODE.test(code)) this.code = code;
    if (requestId !== undefined && SANE_REQUEST_ID.test(requestId)) this.requestId = requestId;
    if (isWait(retryAfterMs)) this.retryAfterMs = retryAfterMs;
    else if (ASKS_TO_WAIT.has(init.kind)) this.retryAfterMs = STANDARD_WAIT_MS;
    if (merchantId !== undefined) this.merchantId = clean(merchantId, MAX_ID);
    this.#original = init.original;
    this.#ownRow = init.ownRow;
    this.#grounds = init.grounds;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === LakiConnectError
      ? isLakiConnectError(value)
      : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /** For logs: everything but what the provider said. A client gets a `Reply` instead. */
  toJSON(): Record<string, unknown> {
    const { name, message } = this;
    return Object.assign({ name, message }, this, { upstream: undefined });
  }

  /** @internal */
  [ORIGINAL](): unknown {
    return this.#original;
  }

  /** @internal */
  [OWN_ROW](): OwnRow | undefined {
    return this.#ownRow;
  }

  /** @internal */
  [GROUNDS](): Grounds | undefined {
    return this.#grounds;
  }
}

Object.defineProperty(LakiConnectError.prototype, 'name', {
  value: 'LakiConnectError',
  configurable: true,
  writable: true,
});

/** Whether a value is a {@link LakiConnectError}, of this or another copy of the package. Never throws. */
export function isLakiConnectError(value: unknown): value is LakiConnectError {
  try {
    return types.isNativeError(value) && (value as { [BRAND]?: unknown })[BRAND] === true;
  } catch {
    return false;
  }
}

/**
 * What the HTTP client threw or returned before it became a {@link LakiConnectError}; `undefined` for
 * a guard's refusal. It may hold API keys: for debugging, not for logs or replies.
 */
export function originalError(error: LakiConnectError): unknown {
  return (error as unknown as { [ORIGINAL]?: () => unknown })[ORIGINAL]?.();
}

/** The row that came with an error, of a requirement of the platform's own. */
export function ownRowOf(error: object): OwnRow | undefined {
  return (error as { [OWN_ROW]?: () => OwnRow | undefined })[OWN_ROW]?.();
}

/** By what an error was made of something thrown; `undefined` for one that a guard or the platform made. */
export function groundsOf(error: object): Grounds | undefined {
  return (error as { [GROUNDS]?: () => Grounds | undefined })[GROUNDS]?.();
}

/** The row of a kind that this copy of the package knows. */
export function standardRule(kind: ErrorKind): Rule | undefined {
  return Object.hasOwn(RULES, kind) ? RULES[kind as Kind] : undefined;
}

function isErrorStatus(status: number | undefined): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
}

function isWait(ms: number | undefined): ms is number {
  return ms !== undefined && ms > 0;
}
