/**
 * Histories of one payment, against a provider that keeps a ledger: `rejected` is a proof. The seed stands in the name
 * of the test; `SEED=… npm test -- test/translation/outcome.property` repeats it.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLakiConnect, isLakiConnectError, type LakiConnectError } from 'lakiconnect-middleware';
import { core, documented, flat, htmlPage, nested, succeeded } from '../envelopes.js';
import { SYNTHETIC_CLIENTS, type End, type SyntheticClient, type Thrown } from '../synthetic-clients.js';

const HISTORIES = 20_000;
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

const FATES: readonly Fate[] = [
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
      name: `E1 INTERNAL_ERROR ${String(status)}`,
      end: answer(status, documented('INTERNAL_ERROR')),
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
  readonly client: SyntheticClient;
  readonly fate: Fate;
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
    client: fc.constantFrom(...SYNTHETIC_CLIENTS),
    fate: fc.constantFrom(...FATES),
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
  const isRedirected = before?.by === 'redirect' && fate.end.is === 'answer';
  const end: End = isRedirected
    ? { ...(fate.end as Extract<End, { is: 'answer' }>), redirected: true }
    : fate.end;
  const thrown = client.end(end, URL);
  if (isRedirected) return { thrown, isTold: SAYS_REDIRECT.has(client.name) && tellsOfRedirect(thrown) };
  const tellers = TELLS[client.name] ?? ['p-retry'];
  if (before?.by !== 'client' || !('threw' in thrown)) return { thrown, isTold: false };
  const teller = tellers[before.teller % tellers.length] as string;
  TELLERS[teller]?.(thrown.threw as object);
  return { thrown, isTold: true };
}

/** Not a good answer's parsed body, nor a SyntaxError over one: the response is gone. */
function tellsOfRedirect(thrown: Thrown): boolean {
  const value = 'threw' in thrown ? thrown.threw : thrown.returned;
  if (typeof value !== 'object' || value === null) return false;
  return (
    ['response', 'statusCode', 'status'].some((name) => name in value) && !(value instanceof SyntaxError)
  );
}

async function failureOf(
  attempt: Attempt,
  sent: Sent,
  number: number | undefined,
): Promise<LakiConnectError | undefined> {
  const { thrown } = sent;
  const run = async () => {
    if ('threw' in thrown) throw thrown.threw;
    return thrown.returned;
  };
  try {
    await laki.call(run, number === undefined ? {} : { attempt: number });
    return undefined;
  } catch (error) {
    return isLakiConnectError(error) ? error : undefined;
  }
}

/** A safe description, so that a counterexample can be read. */
const describeAttempt = ({ client, fate, before, ...rest }: Attempt) => ({
  client: client.name,
  fate: fate.name,
  before,
  ...rest,
});

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
      for (const [at, drawn] of history.entries()) {
        // A reference that was never used is not refused for that.
        if (drawn.fate.isDuplicate === true && !isUsed) continue;
        const { fate, before } = drawn;
        const number =
          drawn.isNumbered || before?.by === 'context' ? at + (before?.by === 'context' ? 2 : 1) : undefined;
        const sent = send(drawn);
        const hasMoved = fate.moves === 'always' || (fate.moves === 'maybe' && drawn.isProcessed);
        const isTold = sent.isTold || (number ?? 1) > 1;
        if (before?.isProcessed === true) isUsed = true;
        const saysDuplicate = fate.isDuplicate === true;

        let outcome: string | undefined;
        if (drawn.way === 'translate' && number === undefined) {
          const reply = 'threw' in sent.thrown ? laki.translate(sent.thrown.threw) : undefined;
          outcome =
            reply === undefined ? undefined : String((reply.problem as { outcome?: unknown }).outcome);
        } else {
          outcome = (await failureOf(drawn, sent, number))?.outcome;
        }

        const about = { at, ...describeAttempt(drawn), outcome };
        const mayHaveMoved = hasMoved || isTold || (saysDuplicate && isUsed);
        if (outcome === 'rejected' && mayHaveMoved)
          throw new Error(`rejected, and yet money may have moved: ${JSON.stringify(about)}`);
        const isPlain =
          fate.isPlain === true && before === undefined && number === undefined && drawn.way === 'call';
        if (isPlain && outcome !== 'rejected')
          throw new Error(`a plain refusal is ${String(outcome)}: ${JSON.stringify(about)}`);
        if (hasMoved) isUsed = true;
        if (outcome === 'rejected') seen.rejected++;
        if (outcome === 'unknown') seen.unknown++;
        if (hasMoved) seen.moved++;
        if (saysDuplicate) seen.duplicates++;
        if (isTold) seen.told++;
        if (isPlain) seen.plain++;
      }
    }),
    { numRuns: HISTORIES, seed: SEED },
  );
  // What it is about did happen.
  for (const [what, times] of Object.entries(seen)) expect([what, times > 1000]).toEqual([what, true]);
}, 120_000);
