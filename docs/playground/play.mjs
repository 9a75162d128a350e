import { setTimeout } from 'node:timers/promises';
import { NEW_CODE } from './choices.mjs';
import { factsOf } from './facts.mjs';
import { shopUrl, webhookOf } from './requests.mjs';
import { openStage } from './stage.mjs';

const NAMES = { express: 'Express', koa: 'Koa' };
const FEES = {
  PERCENT: { fee_model: 'PERCENT', fee_value: 2 },
  FIXED: { fee_model: 'FIXED', fee_value: 5 },
  FREE: { fee_model: 'FREE' },
};

/** An id that is none: a literal part of LakiConnect's paths. */
const UNNAMED = 'fee-config';

const ISSUES = {
  VALIDATION_ERROR: [{ field: 'business.tin', issue: 'TIN must be 10 digits.' }],
  INVALID_AMOUNT: [{ field: 'amount', issue: 'must be no less than 0.01' }],
  INVALID_PHONE: [{ field: 'phone_number', issue: 'the length must be exactly 12' }],
};

let shops = 0;

/**
 * Does what the settings say, on a stage of its own, for a merchant of whom the platform knows nothing.
 *
 * @returns the merchant's id, its steps, each with what was asked and logged meanwhile and, where there was
 * one, the reply; when each step ended; and the money that moved.
 */
export async function play(settings) {
  const { kyc, fee, linked, fail, steps } = settings;
  const exchanges = [];
  const stage = await openStage([NAMES[settings.framework]], {
    onAnswer: ({ method, path, merchantId }, answer) => exchanges.push({ method, path, merchantId, answer }),
  });
  const { fake, journal, clock } = stage;
  const shop = linked === 'unnamed' ? UNNAMED : `cm_${String(++shops)}`;
  if (linked === 'yes') fake.merchants.set(shop, { kycStatus: kyc, feeConfig: FEES[fee] });
  if (fail !== 'none' && fail !== 'refused') fake.failNext(fail, failureFrom(settings));

  const acts = [];
  try {
    for (const step of steps) {
      const before = { exchanges: exchanges.length, events: journal.length };
      const reply = await ACTS[step](stage, settings, shop);
      const act = () => ({
        step,
        reply,
        exchanges: exchanges.slice(before.exchanges),
        events: journal.slice(before.events),
        at: clock.now(),
      });
      await lookedUp(() => [...acts, act()], clock);
      acts.push(act());
    }
  } finally {
    await stage.close();
  }
  return { shop, acts, now: clock.now(), charges: fake.charges.length };
}

/** A refusal does not wait for the lookup beside it, which is part of the same step all the same. */
async function lookedUp(read, { now }) {
  for (let turns = 0; turns < 40 && isLooking(read(), now()); turns++) await setTimeout(5);
}

function isLooking(acts, now) {
  const { events } = acts.at(-1);
  const lookups = events.filter(({ type }) => type === 'lookup');
  const isRefused = events.some(({ type }) => type === 'refused');
  return isRefused && lookups.length === 1 && factsOf({ acts, now }).some(({ life }) => life !== 'fresh');
}

function failureFrom({ fail, envelope }) {
  const always = { method: 'POST', path: '/payment/direct', times: Infinity };
  if (fail === 'slow') return { ...always, delayMs: 150 };
  if (!/^[A-Z]/.test(fail)) return always;
  return {
    ...always,
    envelope,
    details: ISSUES[fail],
    ...(fail === 'VALIDATION_ERROR' && { status: 422 }), // the documents allow 400, too: INVALID_AMOUNT is one
    ...(fail === 'RATE_LIMITED' && { retryAfter: 7 }),
    ...(fail === NEW_CODE && { status: 418 }),
  };
}

const ACTS = {
  pay,
  approve: ({ fake }, _, shop) => change(fake, shop, { kycStatus: 'approved' }),
  suspend: ({ fake }, _, shop) => change(fake, shop, { kycStatus: 'suspended' }),
  webhook: (stage, _, shop) => announce(stage, shop, stage.fake.webhookSecret),
  forge: (stage, _, shop) => announce(stage, shop, 'whsec_guessed'),
  wait6: ({ clock }) => clock.advance(6000),
  wait61: ({ clock }) => clock.advance(61_000),
  wait301: ({ clock }) => clock.advance(301_000),
  down: ({ down }, _, shop) => void down.add(shop),
  up: ({ down }, _, shop) => void down.delete(shop),
};

async function pay({ platforms: [platform] }, { fail, guard, audience, client, lang, accept, key }, shop) {
  const place = { down: fail === 'refused', hasty: fail.startsWith('hang'), trial: guard === 'report' };
  const url = `${shopUrl(place, { platform, audience, shop })}/charges?client=${client}`;
  return sent(url, {
    headers: {
      accept,
      'accept-language': lang,
      'content-type': 'application/json',
      ...(key === 'sent' && { 'idempotency-key': 'order-1' }),
    },
    body: JSON.stringify({ amount: 100, currency: 'ETB', reference: 'order-1' }),
  });
}

function announce({ platforms: [platform], fake }, shop, secret) {
  const { kycStatus = 'unknown' } = fake.merchants.get(shop) ?? {};
  return sent(`${platform.url}/webhooks/lakiconnect`, webhookOf(shop, kycStatus, fake, secret));
}

async function sent(url, init) {
  const response = await fetch(url, { method: 'POST', ...init });
  return { status: response.status, headers: [...response.headers], text: await response.text() };
}

function change({ merchants }, shop, what) {
  if (merchants.has(shop)) merchants.set(shop, { ...merchants.get(shop), ...what });
}
