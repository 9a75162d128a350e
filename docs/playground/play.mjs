import { setTimeout } from 'node:timers/promises';
import { NEW_CODE } from './choices.mjs';
import { factsOf } from './facts.mjs';
import { createGate } from './gate.mjs';
import { pay, sent } from './pay.mjs';
import { OWN } from './platform.mjs';
import { webhookOf } from './requests.mjs';
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
 * @returns the merchant's id, its steps, each with what was asked, logged and explained meanwhile and, where there was
 * one, the reply; when each step ended; and the money that moved.
 */
export async function play(settings) {
  const { kyc, fee, linked, fail, steps } = settings;
  const exchanges = [];
  const explanations = [];
  const gate = createGate();
  const stage = await openStage([NAMES[settings.framework]], {
    onAnswer: ({ method, path, merchantId }, answer) => exchanges.push({ method, path, merchantId, answer }),
    save: gate.pass,
    onExplain: (explanation) => explanations.push(explanation),
    ...(settings.rules === 'own' && OWN),
  });
  const { fake, journal, clock } = stage;
  const shop = linked === 'unnamed' ? UNNAMED : `cm_${String(++shops)}`;
  if (linked === 'yes') fake.merchants.set(shop, { kycStatus: kyc, feeConfig: FEES[fee] });
  if (fail !== 'none' && fail !== 'refused') fake.failNext(fail, failureFrom(settings));

  const acts = [];
  const watching = (step) => async (note, act) => {
    const before = [exchanges, journal, explanations].map(({ length }) => length);
    const reply = await act();
    const seen = () => {
      const [asked, events, why] = [exchanges, journal, explanations].map((all, at) => all.slice(before[at]));
      return { step, note, reply, exchanges: asked, events, explanations: why, at: clock.now() };
    };
    await lookedUp(() => [...acts, seen()], clock);
    return seen();
  };
  try {
    for (const step of steps) {
      const watch = watching(step);
      const done =
        step === 'pay'
          ? await pay({ ...stage, gate }, settings, shop, watch)
          : [await watch('', () => ACTS[step](stage, shop))];
      acts.push(...done);
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
    ...(fail === 'DUPLICATE_REFERENCE' && { status: 409 }),
    ...(fail === NEW_CODE && { status: 418 }),
  };
}

const ACTS = {
  approve: ({ fake }, shop) => change(fake, shop, { kycStatus: 'approved' }),
  suspend: ({ fake }, shop) => change(fake, shop, { kycStatus: 'suspended' }),
  webhook: (stage, shop) => announce(stage, shop, stage.fake.webhookSecret),
  forge: (stage, shop) => announce(stage, shop, 'whsec_guessed'),
  wait6: ({ clock }) => clock.advance(6000),
  wait61: ({ clock }) => clock.advance(61_000),
  wait301: ({ clock }) => clock.advance(301_000),
  down: ({ down }, shop) => void down.add(shop),
  up: ({ down }, shop) => void down.delete(shop),
};

function announce({ platforms: [platform], fake }, shop, secret) {
  const { kycStatus = 'unknown' } = fake.merchants.get(shop) ?? {};
  return sent(`${platform.url}/webhooks/lakiconnect`, webhookOf(shop, kycStatus, fake, secret));
}

function change({ merchants }, shop, what) {
  if (merchants.has(shop)) merchants.set(shop, { ...merchants.get(shop), ...what });
}
