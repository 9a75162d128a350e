/**
 * Histories of one payment, against a provider that keeps a ledger: `rejected` is a proof. The seed stands in the name
 * of the test; `SEED=… npm test -- test/translation/outcome.property` repeats it.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, isLakiConnectError } from 'lakiconnect-middleware';
import { core, documented, flat, htmlPage, nested, succeeded } from '../envelopes.js';
import { rounds } from '../long/rounds.js';
import { SYNTHETIC_CLIENTS, type End, type SyntheticClient, type Thrown } from '../synthetic-clients.js';

const HISTORIES = rounds(20_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const BASE = 'https://api.example/api/v2';
const URL = `${BASE}/payment/direct`;

/** How LakiConnect, or what stands before it, meets one request. */
interface Fate {
  readonly name: string;
  readonly end: End;
  /** Whether money may have moved: `never` where the provider promises, by a documented refusal, that it did not. */
  readonly moves: 'maybe' | 'never' | 'always';
  /** A first refusal of this kind has to be told as `rejected`. */
  readonly isPlain?: true;
  /** Only where the reference was used before. */
  readonly isDuplicate?: true;
}

function answer(status: number, body: object | string): End {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = text.startsWith('<') ? 'text/html' : /^[[{\d]/.test(text) ? 'application/json' : 'text/plain';
  return { is: 'answer', status, type, text };
}

const PLAIN: readonly (readonly [status: number, code: string])[] = [
  [400, 'VALIDATION_ERROR'],
  [422, 'VALIDATION_ERROR'],
  [401, 'UNAUTHORIZED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [404, 'CONNECTED_MERCHANT_NOT_FOUND'],
  [403, 'KYC_NOT_APPROVED'],
  [400, 'FEE_CONFIG_NOT_SET'],
  [409, 'IDEMPOTENCY_CONFLICT'],
  [429, 'RATE_LIMITED'],
  [400, 'INSUFFICIENT_BALANCE'],
];

const BROKEN_LINE = [
  'context deadline exceeded',
  'read tcp 10.0.0.1:443: connection reset by peer',
  'dial: i/o timeout',
];

const DUPLICATES: readonly object[] = [
  documented('DUPLICATE_REFERENCE'),
  documented('VALIDATION_ERROR', { details: [{ field: 'reference', issue: 'already exists' }] }),
  documented('VALIDATION_ERROR', { message: 'Transaction reference has been used before' }),
  core('DUPLICATE_TRANSACTION'),
  core('VALIDATION_ERROR', { errors: { reference: ['has already been taken'] } }),
  flat('reference: already exists.'),
  flat('reference: must be unique.'),
  flat('Transaction reference has been used before'),
  nested('duplicate reference', 'validation_error'),
];

const ALL_FATES: readonly Fate[] = [
  ...PLAIN.map(([status, code]): Fate => {
    return { name: `E1 ${code}`, end: answer(status, documented(code)), moves: 'never', isPlain: true };
  }),
  ...['amount: cannot be blank.', 'unsupported medium: mpesa'].map((message): Fate => {
    return { name: `E4 ${message}`, end: answer(400, flat(message)), moves: 'never' };
  }),
  { name: 'E2 at 400', end: answer(400, core('INVALID_AMOUNT')), moves: 'never' },
  { name: 'E2 at 200', end: answer(200, core('INVALID_AMOUNT')), moves: 'never' },
  { name: 'E5 at 401', end: answer(401, nested('invalid key')), moves: 'never' },
  { name: '421', end: answer(421, documented('MISDIRECTED')), moves: 'never' },
  ...DUPLICATES.flatMap((body) =>
    [200, 400, 409, 422].map((status): Fate => {
      const name = `a used reference, ${JSON.stringify(body)} at ${String(status)}`;
      return { name, end: answer(status, body), moves: 'never', isDuplicate: true };
    }),
  ),
  ...BROKEN_LINE.flatMap((message): Fate[] => [
    {
      name: `E1 400 ${message}`,
      end: answer(400, documented('VALIDATION_ERROR', { message })),
      moves: 'maybe',
    },
    { name: `E2 200 ${message}`, end: answer(200, core('INVALID_AMOUNT', { message })), moves: 'maybe' },
    { name: `E4 400 ${message}`, end: answer(400, flat(message)), moves: 'maybe' },
    { name: `E5 400 ${message}`, end: answer(400, nested(message)), moves: 'maybe' },
    { name: `text 400 ${message}`, end: answer(400, message), moves: 'maybe' },
  ]),
  ...[200, 400, 409, 502].flatMap((status): Fate[] => [
    {
      name: `E1 PROVIDER_ERROR ${String(status)}`,
      end: answer(status, documented('PROVIDER_ERROR')),
      moves: 'maybe',
    },
    {
      name: `E2 PROVIDER_ERROR ${String(status)}`,
      end: answer(status, core('PROVIDER_ERROR')),
      moves: 'maybe',
    },
    {
      name: `an alias of TIMEOUT ${String(status)}`,
      end: answer(status, core('GATEWAY_TIMEOUT')),
      moves: 'maybe',
    },
  ]),
  ...[200, 202, 302, 400, 403, 404, 408, 425, 429, 500, 502, 503, 504].flatMap((status): Fate[] => [
    { name: `HTML ${String(status)}`, end: answer(status, htmlPage), moves: 'maybe' },
    { name: `broken JSON ${String(status)}`, end: answer(status, '{"error":{"co'), moves: 'maybe' },
    { name: `an array ${String(status)}`, end: answer(status, '[{"error":"no"}]'), moves: 'maybe' },
  ]),
  ...[200, 500, 502].map((status): Fate => {
    return {
      name: `E1 INTERNAL_ERROR ${String(status)}`,
      end: answer(status, documented('INTERNAL_ERROR')),
      moves: 'maybe',
    };
  }),
  ...[408, 425, 500, 503].flatMap((status): Fate[] => [
    { name: `empty ${String(status)}`, end: answer(status, ''), moves: 'maybe' },
    { name: `E4 ${String(status)}`, end: answer(status, flat('late')), moves: 'maybe' },
  ]),
  { name: 'E4 at 200', end: answer(200, flat('something went wrong')), moves: 'maybe' },
  { name: 'E2 at 200, code unknown', end: answer(200, core('SOMETHING_NEW')), moves: 'maybe' },
  { name: 'paid', end: answer(200, succeeded), moves: 'always' },
  { name: 'reset', end: { is: 'reset' }, moves: 'maybe' },
  { name: 'timeout', end: { is: 'timeout' }, moves: 'maybe' },
  { name: 'cut at 200', end: { is: 'cut', status: 200 }, moves: 'maybe' },
  { name: 'cut at 400', end: { is: 'cut', status: 400 }, moves: 'maybe' },
  { name: 'refused', end: { is: 'refused' }, moves: 'never', isPlain: true },
  { name: 'no such host', end: { is: 'dns' }, moves: 'never', isPlain: true },
];

const FATES = new Map(ALL_FATES.map((fate) => [fate.name, fate]));
const CLIENTS = new Map(SYNTHETIC_CLIENTS.map((client) => [client.name, client]));

/** How it is told that the request was sent before: by the client, or by the platform. */
const TELLERS: Readonly<Record<string, (error: object) => void>> = {
  'axios-retry': (error) => extend(error, 'config', { 'axios-retry': { retryCount: 1 } }),
  'retry-axios': (error) => extend(error, 'config', { raxConfig: { currentRetryAttempt: 1 } }),
  got: (error) => {
    extend(error, 'response', { retryCount: 1 });
    extend(error, 'request', { retryCount: 1 });
  },
  superagent: (error) => Object.assign(error, { retries: 1 }),
  'p-retry': (error) => Object.assign(error, { attemptNumber: 2, retriesLeft: 0 }),
};

/** Adds to what an error holds under a name, if it holds an object there. */
function extend(error: object, name: string, more: object): void {
  const held = (error as Record<string, unknown>)[name];
  if (typeof held === 'object' && held !== null) Object.assign(held, more);
}

/** Which clients a teller goes with. */
const TELLS: Readonly<Record<string, readonly string[]>> = {
  axios: ['axios-retry', 'retry-axios', 'p-retry'],
  got: ['got', 'p-retry'],
  'got-json': ['got', 'p-retry'],
  superagent: ['superagent', 'p-retry'],
};

interface Attempt {
  /** The names of a client and of a fate: a counterexample is to be read. */
  readonly client: string;
  readonly fate: string;
  /** Whether money moves, where it may. */
  readonly isProcessed: boolean;
  /** An earlier send of the same attempt: what became of it, and whether it is told. */
  readonly before:
    | {
        readonly by: 'client' | 'context' | 'redirect' | 'nobody';
        readonly teller: number;
        readonly isProcessed: boolean;
      }
    | undefined;
  /** Whether the platform says which attempt this is. */
  readonly isNumbered: boolean;
  readonly way: 'call' | 'translate';
}

const attempts: fc.Arbitrary<Attempt[]> = fc.array(
  fc.record({
    client: fc.constantFrom(...CLIENTS.keys()),
    fate: fc.constantFrom(...FATES.keys()),
    isProcessed: fc.boolean(),
    before: fc.option(
      fc.record({
        by: fc.constantFrom('client', 'context', 'redirect', 'nobody'),
        teller: fc.nat(10),
        isProcessed: fc.boolean(),
      }),
      { nil: undefined, freq: 3 },
    ),
    isNumbered: fc.boolean(),
    way: fc.constantFrom('call', 'call', 'call', 'translate'),
  }),
  { minLength: 1, maxLength: 4 },
);

const laki = createLakiConnect({
  baseUrl: BASE,
  aliases: { GATEWAY_TIMEOUT: 'TIMEOUT' },
  onEvent: () => undefined,
});

/** needle, undici and fetch's parsed bodies keep no word of a redirect; node-fetch 2 within the SDK neither. */
const SAYS_REDIRECT = new Set([
  'axios',
  'axios-validate-all',
  'got',
  'got-json',
  'ky',
  'ofetch',
  'fetch',
  'node-fetch',
  'superagent',
]);

interface Sent {
  readonly thrown: Thrown;
  /** Whether the client tells of an earlier send. */
  readonly isTold: boolean;
}

/** What the client of an attempt throws or returns. */
function send({ client, fate, before }: Attempt): Sent {
  const { end: given } = FATES.get(fate) as Fate;
  const isRedirected = before?.by === 'redirect' && given.is === 'answer';
  const end: End = isRedirected ? { ...given, redirected: true } : given;
  const thrown = (CLIENTS.get(client) as SyntheticClient).end(end, URL);
  if (isRedirected) return { thrown, isTold: SAYS_REDIRECT.has(client) && tellsOfRedirect(thrown) };
  if (before?.by !== 'client' || !('threw' in thrown)) return { thrown, isTold: false };
  const tellers = TELLS[client] ?? ['p-retry'];
  TELLERS[tellers[before.teller % tellers.length] as string]?.(thrown.threw as object);
  return { thrown, isTold: true };
}

/** A parsed body, or a SyntaxError over one, has lost the response and with it the redirect. */
function tellsOfRedirect(thrown: Thrown): boolean {
  const value = ('threw' in thrown ? thrown.threw : thrown.returned) as
    { response?: unknown; status?: unknown } | undefined;
  const isAnswer = typeof value?.status === 'number' || 'statusCode' in (Object(value) as object);
  return !(value instanceof SyntaxError) && (isAnswer || typeof value?.response === 'object');
}

/** What `call` or `translate` says of it: `undefined` where it is no failure of LakiConnect's. */
async function outcomeOf(
  { thrown }: Sent,
  way: Attempt['way'],
  attempt: number | undefined,
): Promise<unknown> {
  if (way === 'translate' && 'threw' in thrown && attempt === undefined) {
    return (laki.translate(thrown.threw)?.problem as { outcome?: unknown } | undefined)?.outcome;
  }
  const run = async () => {
    if ('threw' in thrown) throw thrown.threw;
    return thrown.returned;
  };
  return laki.call(run, { attempt }).then(
    () => undefined,
    (error: unknown) => (isLakiConnectError(error) ? error.outcome : undefined),
  );
}

const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

test(`Of ${String(HISTORIES)} payments no error says "rejected" while money may have moved, and none "unknown" of a plain refusal (seed ${String(SEED)})`, async () => {
  const seen = { rejected: 0, unknown: 0, moved: 0, duplicates: 0, told: 0, plain: 0 };
  await fc.assert(
    fc.asyncProperty(attempts, async (history) => {
      let isUsed = false;
      for (const [at, attempt] of history.entries()) {
        const { before, isProcessed, way } = attempt;
        const fate = FATES.get(attempt.fate) as Fate;
        // A reference that was never used is not refused for that.
        if (fate.isDuplicate === true && !isUsed) continue;
        isUsed ||= before?.isProcessed === true;
        const sent = send(attempt);
        const least = before?.by === 'context' ? 2 : 1;
        const number = attempt.isNumbered || least === 2 ? at + least : undefined;
        const outcome = await outcomeOf(sent, way, number);

        const hasMoved = fate.moves === 'always' || (fate.moves === 'maybe' && isProcessed);
        const isTold = sent.isTold || (number ?? 1) > 1;
        const mayHaveMoved = hasMoved || isTold || fate.isDuplicate === true;
        const isPlain = fate.isPlain === true && before === undefined && !isTold && way === 'call';
        if (outcome === 'rejected') expect({ at, mayHaveMoved }).toEqual({ at, mayHaveMoved: false });
        if (isPlain) expect({ at, outcome }).toEqual({ at, outcome: 'rejected' });

        isUsed ||= hasMoved;
        seen.rejected += outcome === 'rejected' ? 1 : 0;
        seen.unknown += outcome === 'unknown' ? 1 : 0;
        seen.moved += hasMoved ? 1 : 0;
        seen.duplicates += fate.isDuplicate === true ? 1 : 0;
        seen.told += isTold ? 1 : 0;
        seen.plain += isPlain ? 1 : 0;
      }
    }),
    { numRuns: HISTORIES, seed: SEED },
  );
  // What it is about did happen.
  for (const [what, times] of Object.entries(seen))
    expect([what, times > HISTORIES / 70]).toEqual([what, true]);
});
