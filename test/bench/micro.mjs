/**
 * Single steps, each beside its floor: the least that any code does for the same. Both are timed in turn, in one
 * process, so that a ratio holds on a machine that is slow today.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { measure } from 'mitata';
import { createLakiConnect, verifySignature } from 'lakiconnect-middleware';
import { lakiconnect as onExpress } from 'lakiconnect-middleware/express';
import { lakiconnect as onKoa } from 'lakiconnect-middleware/koa';
import { languageNegotiation, mediaNegotiation } from '../../dist/cjs/src/translation/negotiate.js';
import { approved, pending, provider } from './http/shop.mjs';

const ROUNDS = 5;
const TIMING = { min_cpu_time: 150e6 };

const merchantId = (carrier) => carrier.params.merchantId;
const params = { merchantId: 'cm_1' };
const next = () => undefined;
const resolved = Promise.resolve();
const nextOfKoa = () => resolved;

async function guardOnExpress(options) {
  const guard = onExpress({ merchantId, ...options }).preflight();
  await new Promise((resolve) => guard({ params }, { locals: {} }, resolve));
  return () => guard({ params }, { locals: {} }, next);
}

async function guardOnKoa() {
  const guard = onKoa({ merchantId, lookups: approved }).preflight();
  await guard({ params, state: {} }, nextOfKoa);
  return () => guard({ params, state: {} }, nextOfKoa);
}

/** Two Maps with expiry, and what they know kept for the handler. */
function twoMaps() {
  const [kyc, fee] = ['approved', { fee_model: 'FREE' }].map(
    (value) => new Map([['cm_1', { value, until: Date.now() + 1e9 }]]),
  );
  return () => {
    const [request, response] = [{ params }, { locals: {} }];
    const id = request.params.merchantId;
    const [kycStatus, feeConfig] = [kyc.get(id), fee.get(id)];
    const now = Date.now();
    if (now < kycStatus.until && now < feeConfig.until) {
      response.locals.merchant = { id, kycStatus: kycStatus.value, feeConfig: feeConfig.value };
    }
    next();
  };
}

function throwing() {
  return () => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      throw new Error('No.');
    } catch (error) {
      return error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const ACCEPT_LANGUAGE = 'am,en-US;q=0.9,en;q=0.8';

function negotiations() {
  const mediaTypes = ['application/problem+json', 'application/json', 'text/html'];
  const media = mediaNegotiation(mediaTypes);
  const language = languageNegotiation(['en', 'am']);
  const headers = { accept: ACCEPT, 'accept-language': ACCEPT_LANGUAGE };
  const request = Object.assign(Object.create(express.request), { headers });
  return {
    step: () => [media(ACCEPT), language(undefined, ACCEPT_LANGUAGE)],
    floor: () => [request.accepts(mediaTypes), request.acceptsLanguages(['en', 'am'])],
  };
}

/**
 * What is compared: `target` is what the ratio should be, or the step's nanoseconds, and `limit` what the ratio may
 * not exceed without somebody having made it slower: about twice what it is.
 */
export async function comparisons() {
  const { options, byAxios, recognised, webhook, webhookSecret } = await provider();
  const core = createLakiConnect({ ...options, lookups: approved, onEvent: false });
  const reader = { accept: 'application/json', acceptLanguage: ACCEPT_LANGUAGE };
  const { problem } = core.translate(recognised, reader);
  const answered = JSON.stringify(byAxios.response.data);
  const [signature] = Object.values(webhook.headers).filter((value) => value.startsWith('sha256='));
  const raw = Buffer.from(webhook.body);
  const known = new Map([['cm_1', {}]]);

  return [
    {
      name: 'a guard that knows, on Express',
      step: await guardOnExpress({ lookups: approved }),
      floor: twoMaps(),
      floorName: 'two Maps with expiry',
      target: { ns: 150 },
      limit: 3,
    },
    {
      name: 'a guard that knows, on Koa',
      step: await guardOnKoa(),
      floor: twoMaps(),
      floorName: 'two Maps with expiry',
      target: { ns: 150 },
      limit: 6,
    },
    {
      name: 'a guard refuses',
      step: await guardOnExpress({ lookups: pending, cache: { unmetMs: 3_600_000 } }),
      floor: throwing(),
      floorName: 'an Error without a stack, thrown',
      target: { ns: 300 },
      limit: 10,
    },
    {
      name: 'a recognised error to its reply',
      step: () => core.translate(recognised, reader),
      floor: () => JSON.stringify(problem),
      floorName: '`JSON.stringify` of the body',
      target: { ratio: 0.4 },
      limit: 0.6,
    },
    {
      name: "axios's error to its reply",
      step: () => core.translate(byAxios, reader),
      floor: () => JSON.parse(answered),
      floorName: "`JSON.parse` of LakiConnect's body",
      target: { ratio: 1.5 },
      limit: 100,
    },
    {
      name: 'media type and language, a known header',
      ...negotiations(),
      floorName: '`accepts`',
      target: { ratio: 0.1 },
      limit: 0.1,
    },
    {
      name: "a webhook's signature",
      step: () => verifySignature(raw, signature, webhookSecret),
      floor: () => {
        const expected = createHmac('sha256', webhookSecret).update(raw).digest();
        return timingSafeEqual(Buffer.from(signature.slice(7), 'hex'), expected);
      },
      floorName: 'HMAC and compare',
      target: { ratio: 1.15 },
      limit: 2.5,
    },
    {
      name: '`invalidate`',
      step: () => core.invalidate('cm_1'),
      floor: async () => known.delete('cm_1') || known.set('cm_1', {}),
      floorName: 'a Map, in an async function',
      target: undefined,
      limit: 6,
    },
  ];
}

/** Times a step and its floor in turn. @returns nanoseconds of each, the best of some rounds, and their ratio. */
export async function compare({ step, floor }) {
  const best = { step: Infinity, floor: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    best.step = Math.min(best.step, (await measure(step, TIMING)).p25);
    best.floor = Math.min(best.floor, (await measure(floor, TIMING)).p25);
  }
  return { ns: best.step, floorNs: best.floor, ratio: best.step / best.floor };
}
