import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { createLakiConnect, LakiConnectError } from 'lakiconnect-middleware';
import { createFakeLakiConnect } from 'lakiconnect-middleware/testing';
import { randomOf } from './random.mjs';

const PATH = '/payment/direct';
const MERCHANT = 'cm_1';
const TIMEOUT_MS = 500;
const TRIES = 6;

/** How LakiConnect answers a payment, each as likely as the others. `work` does what is asked. */
const FATES = [
  (work) => ({ ...work(), fault: 'cut' }),
  (work) => ({ ...work(), fault: 'reset' }),
  () => ({ fault: 'reset' }),
  (work) => ({ ...work(), fault: 'hang-headers' }),
  (work) => ({ ...work(), fault: 'hang-body' }),
  (work) => ({ ...work(), delayMs: 3 }),
  (work) => (work(), { status: 502, body: '<html><hr>nginx</html>' }),
  (work) => (work(), { status: 500, body: { error: { code: 'INTERNAL_ERROR', message: 'late' } } }),
  (work) => (work(), { status: 200, body: '{"transaction_id":"txn_' }),
  () => ({ status: 503, body: 'Service Unavailable' }),
  () => ({ status: 500 }),
  () => ({ status: 302, headers: { location: 'https://elsewhere.example/' } }),
  () => ({ status: 422, body: { error: { code: 'VALIDATION_ERROR', message: 'no' } } }),
  () => ({ status: 200, body: { status: 'ERROR', error_code: 'INVALID_AMOUNT', message: 'no' } }),
];
const TOO_MANY = { status: 429, headers: { 'retry-after': '1' }, body: { error: { code: 'RATE_LIMITED' } } };

/** Most payments are answered as they should be; few, because that costs a second, are too many. */
function fateOf(random, work) {
  const drawn = random();
  if (drawn < 0.003) return TOO_MANY;
  if (drawn < 0.4) return work();
  return FATES[Math.floor(random() * FATES.length)](work);
}

/** Ways in which a platform pays; those of `call` are sent once, and the platform itself tries again. */
export const WAYS = {
  client: ({ laki }, { body, idempotencyKey }) =>
    laki.client.post(PATH, { body, merchantId: MERCHANT, idempotencyKey }),
  axios: ({ laki, url, headers }, { body, idempotencyKey }) =>
    laki.call(({ signal }) => axios.post(url, body, { headers: headers(idempotencyKey), signal }), {
      merchantId: MERCHANT,
      idempotencyKey,
    }),
  fetch: ({ laki, url, headers }, { body, idempotencyKey }) =>
    laki.call(
      ({ signal }) =>
        fetch(url, {
          method: 'POST',
          headers: { ...headers(idempotencyKey), 'content-type': 'application/json' },
          body: JSON.stringify(body),
          redirect: 'manual',
          signal,
        }),
      { merchantId: MERCHANT, idempotencyKey },
    ),
};

/**
 * Pays often through faults, and compares what the platform was told with the money that moved.
 *
 * @returns how many payments ended how, and in `wrong` whatever must not be.
 */
export async function payThroughFaults({ way, isKeyed, payments, seed, concurrency = 48 }) {
  const random = randomOf(seed);
  // A 429 is no attempt: nothing was begun.
  const attempts = new Map();
  const fake = await createFakeLakiConnect({
    onAnswer: ({ body: { reference } }, answer) => {
      if (answer !== TOO_MANY) attempts.set(reference, (attempts.get(reference) ?? 0) + 1);
    },
  });
  fake.merchants.set(MERCHANT, { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
  fake.answerNext((_, proceed) => fateOf(random, proceed), { path: PATH, times: Infinity });

  const ends = new Map();
  let next = 0;
  // Each with a core of its own: what one is told to wait, the others need not.
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const platform = platformOf(fake, random);
      while (next < payments) {
        const reference = `order-${next++}`;
        const body = { amount: 10, currency: 'ETB', reference };
        const idempotencyKey = isKeyed ? reference : undefined;
        ends.set(
          reference,
          await payUntilClear(() => WAYS[way](platform, { body, idempotencyKey }), isKeyed),
        );
      }
      await platform.laki.close();
    }),
  );

  const charges = countOf(fake.charges.map(({ reference }) => reference));
  await fake.close();

  const tally = { payments: ends.size, paid: 0, rejected: 0, unknown: 0, unknownButCharged: 0 };
  const wrong = [];
  for (const [reference, { end, error }] of ends) {
    const charged = charges.get(reference) ?? 0;
    const tried = attempts.get(reference) ?? 0;
    tally[end] = (tally[end] ?? 0) + 1;
    if (end === 'unknown' && charged > 0) tally.unknownButCharged++;
    const complain = (what) => wrong.push(`${reference}: ${what} (${error?.kind ?? end})`);
    if (charged > 1) complain(`charged ${charged} times`);
    if (!isKeyed && tried > 1) complain(`sent ${tried} times without a key`);
    if (!isKeyed && error?.retryable && error.outcome === 'unknown')
      complain('unclear, and called retryable');
    if (end === 'paid' && charged !== 1) complain(`paid, charged ${charged} times`);
    if (end === 'rejected' && charged !== 0) complain('rejected, and charged');
    if (!['paid', 'rejected', 'unknown'].includes(end)) complain('ended otherwise');
  }
  return { ...tally, attempts: sum(attempts), charges: sum(charges), wrong };
}

function platformOf(fake, random) {
  const laki = createLakiConnect({
    apiKey: fake.apiKey,
    baseUrl: fake.baseUrl,
    timeoutMs: TIMEOUT_MS,
    headers: { idempotency: 'Idempotency-Key' }, // the fake honours it
    random,
    sleep: () => sleep(0),
    onEvent: false,
  });
  const headers = (key) => ({
    'X-API-Key': fake.apiKey,
    'X-Connected-Merchant-ID': MERCHANT,
    ...(key && { 'Idempotency-Key': key }),
  });
  return { laki, url: fake.baseUrl + PATH, headers };
}

/** With a key an unclear payment may be sent again. Once unclear, it is so until it is paid. */
async function payUntilClear(pay, isKeyed) {
  let error;
  let isUnclear = false;
  for (let tries = 0; tries < TRIES; tries++) {
    error = await pay().then(
      () => undefined,
      (thrown) => thrown,
    );
    if (error === undefined) return { end: 'paid' };
    if (!(error instanceof LakiConnectError)) return { end: String(error) };
    isUnclear ||= error.outcome === 'unknown';
    if (error.kind === 'RATE_LIMITED' && error.outcome === 'rejected') await sleep(error.retryAfterMs);
    else if (!isKeyed || error.outcome === 'rejected') break;
  }
  return { end: isUnclear ? 'unknown' : 'rejected', error };
}

function countOf(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function sum(counts) {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
