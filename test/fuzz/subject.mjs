import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { createLakiConnect, isLakiConnectError } from 'lakiconnect-middleware';
import { API_KEY } from './canaries.mjs';
import { answerOf, carrierOf, dataOf, isBodiless, responseOf, SECRET } from './cases.mjs';
import { flawsOfError, flawsOfEvent, flawsOfReply } from './judge.mjs';
import { isPolluted } from './prototypes.mjs';
import { isProvenRejection } from './truth.mjs';

const TWO_DAYS_MS = 2 * 86_400_000;
const NAMES_OF_ANSWERS = ['stack', 'headers', 'header', 'response', 'config', 'name'];
const WEBHOOK_STATUSES = new Set([200, 401, 413, 422]);

const OPTIONS = [
  { format: 'problem' },
  { format: 'envelope', fields: { 'business.tin': 'company.taxId', amount: 'amount' } },
  { format: (problem) => ({ wrapped: problem }), rules: { FORBIDDEN: { retryable: true } } },
  { format: 'problem', audience: 'merchant', html: false, fields: (field) => field || undefined },
];

/** Puts cases to the library, and says what was wrong with what came of them and how long it took. */
export function createSubject() {
  let at = Date.UTC(2026, 0, 1);
  let events = [];
  let answer;
  const lakis = OPTIONS.map((options) =>
    createLakiConnect({
      ...options,
      apiKey: API_KEY,
      headers: { idempotency: 'Idempotency-Key' },
      timeoutMs: 500,
      retry: false,
      now: () => at,
      fetch: () => Promise.resolve(answer()),
      onEvent: (event) => void events.push(event),
    }),
  );
  const handlers = lakis.map((laki) => laki.handler());
  const receivers = lakis.map((laki) => laki.receiver({ secret: SECRET }));

  /** `ms` is the library's own time. */
  function put(fuzzed) {
    events = [];
    const laki = lakis[fuzzed.laki];
    const began = process.hrtime.bigint();
    try {
      const judged = WAYS[fuzzed.way](fuzzed, laki);
      return typeof judged.then === 'function' ? judged.catch((thrown) => threw(thrown, began)) : judged;
    } catch (thrown) {
      return threw(thrown, began);
    }
  }

  function verdict(flaws, ms) {
    return {
      ms,
      flaws: [
        ...flaws,
        ...events.flatMap(flawsOfEvent),
        ...(isPolluted() ? ['a prototype was changed'] : []),
      ],
    };
  }

  const threw = (thrown, began) => verdict([`it threw: ${described(thrown)}`], since(began));

  /** Only `call` and the client are told of a key. */
  function contextOf({ way, laki, reader, idempotencyKey }, mayReject) {
    const { format, audience = 'customer' } = OPTIONS[laki];
    const isKeyed = Boolean(idempotencyKey) && !['translate', 'handler', 'unread'].includes(way);
    return { audience: reader.audience ?? audience, mayReject, isKeyed, format, accept: reader.accept };
  }

  function mayRejectOf(fuzzed, data, ...methods) {
    const { form, status, code, method } = fuzzed;
    if (form === 'transport')
      return isProvenRejection({ methods: [method, ...methods], code, status: undefined, data: undefined });
    if (form === 'bare') {
      const isPerhapsAnAnswer = NAMES_OF_ANSWERS.some((name) => text(data).includes(`"${name}"`));
      return isPerhapsAnAnswer || isProvenRejection({ methods, status: undefined, data });
    }
    const isStatus = Number.isInteger(status) && status >= 100 && status <= 999;
    const own = form === 'sdk' ? methods : [method, ...methods];
    return isProvenRejection({ methods: own, status: isStatus ? status : undefined, data });
  }

  /** Whether it must be claimed, must not be, or may be. */
  function claimOf({ form, url, status }) {
    if (form === 'sdk' || form === 'bare') return undefined;
    if (url === undefined) return undefined;
    if (!url.startsWith('https://api.lakipay.co/')) return false;
    return form === 'transport' ||
      (Number.isInteger(status) && status >= 100 && status <= 999 && (status < 200 || status > 299))
      ? true
      : undefined;
  }

  function flawsOfClaim(fuzzed, isClaimed) {
    const claim = claimOf(fuzzed);
    if (claim === undefined || claim === isClaimed) return [];
    return [claim ? 'a failure of LakiConnect is not claimed' : "another's failure is claimed"];
  }

  /** What `call` rejected with: the same that was thrown, or an error of ours, which is translated. */
  function flawsOfRejection(rejected, thrown, fuzzed, laki, mayReject, claim) {
    if (!isLakiConnectError(rejected)) {
      const flaws = Object.is(rejected, thrown) ? [] : [`something else was thrown: ${described(rejected)}`];
      return [...flaws, ...claim(false)];
    }
    const reply = laki.translate(rejected, fuzzed.reader);
    return [...flawsOfError(rejected), ...flawsOfReply(reply, contextOf(fuzzed, mayReject)), ...claim(true)];
  }

  const WAYS = {
    translate(fuzzed, laki) {
      const data = dataOf(fuzzed);
      const thrown = carrierOf(fuzzed, data);
      const began = process.hrtime.bigint();
      const reply = laki.translate(thrown, fuzzed.reader);
      const ms = since(began);
      const flaws = flawsOfClaim(fuzzed, reply !== undefined);
      if (reply === undefined) return verdict(flaws, ms);
      return verdict(
        [
          ...flaws,
          ...flawsOfReply(
            reply,
            contextOf(fuzzed, () => mayRejectOf(fuzzed, data)),
          ),
        ],
        ms,
      );
    },

    handler(fuzzed) {
      const data = dataOf(fuzzed);
      return handled(fuzzed, carrierOf(fuzzed, data), data);
    },

    unread(fuzzed) {
      const { url, method } = fuzzed;
      const request = { url, method, headers: new Headers({ 'X-API-Key': API_KEY }) };
      const thrown = Object.assign(new Error('Request failed'), { request, response: responseOf(fuzzed) });
      return handled({ ...fuzzed, form: 'ky' }, thrown, bytesOf(fuzzed));
    },

    async thrown(fuzzed, laki) {
      const data = dataOf(fuzzed);
      const thrown = carrierOf(fuzzed, data);
      const { contextMethod: method, idempotencyKey } = fuzzed;
      const send = () => {
        throw thrown;
      };
      const began = process.hrtime.bigint();
      const { rejected } = await settled(laki.call(send, { method, idempotencyKey }));
      const ms = since(began);
      const claim = (isClaimed) => flawsOfClaim(fuzzed, isClaimed);
      return verdict(
        flawsOfRejection(rejected, thrown, fuzzed, laki, () => mayRejectOf(fuzzed, data, method), claim),
        ms,
      );
    },

    returned(fuzzed, laki) {
      const data = dataOf(fuzzed);
      const form = fuzzed.form === 'got' ? 'got' : 'axios';
      return returned({ ...fuzzed, form }, laki, answerOf({ ...fuzzed, form }, data), data);
    },

    response(fuzzed, laki) {
      const read = { ...fuzzed, form: 'fetch', url: undefined, method: undefined };
      return returned(read, laki, responseOf(fuzzed), bytesOf(fuzzed));
    },

    async client(fuzzed, laki) {
      at += TWO_DAYS_MS; // whatever the case before has asked to wait
      answer = () => responseOf(fuzzed);
      const { idempotencyKey, status } = fuzzed;
      const method = fuzzed.salt % 4 === 0 ? 'get' : 'post';
      const began = process.hrtime.bigint();
      const options = method === 'get' ? {} : { body: { amount: 1 }, idempotencyKey };
      const { rejected, isResolved } = await settled(laki.client[method]('/payment/direct', options));
      const ms = since(began);
      if (isResolved) return verdict(status > 299 ? ['a failure was resolved'] : [], ms);
      const mayReject = () => isProvenRejection({ methods: [method], status, data: bytesOf(fuzzed) });
      return verdict(
        flawsOfRejection(rejected, undefined, fuzzed, laki, mayReject, () => []),
        ms,
      );
    },

    async webhook(fuzzed, laki) {
      const { bytes, kind } = fuzzed;
      const body = kind === 'string' ? bytes.toString() : bytes;
      const { signature, isGood } = signatureOf(fuzzed, body);
      const began = process.hrtime.bigint();
      const delivery = await laki.receiveWebhook(body, signature, { secret: SECRET });
      return verdict(flawsOfDelivery(delivery, body, isGood), since(began));
    },

    async request(fuzzed) {
      const { signature, isGood } = signatureOf(fuzzed, fuzzed.bytes);
      const cut = fuzzed.bytes.length >> 1;
      const chunks = [fuzzed.bytes.subarray(0, cut), fuzzed.bytes.subarray(cut)].filter(
        ({ length }) => length > 0,
      );
      const request = Object.assign(Readable.from(chunks, { objectMode: false }), {
        headers: { 'x-lakiconnect-signature': signature },
      });
      const began = process.hrtime.bigint();
      const delivery = await receivers[fuzzed.laki]({ request, kept: [] });
      return verdict(flawsOfDelivery(delivery, fuzzed.bytes, isGood), since(began));
    },
  };

  async function handled(fuzzed, thrown, data) {
    const { accept, acceptLanguage } = fuzzed.reader;
    const incoming = { request: {}, accept, acceptLanguage, isSent: () => false };
    const began = process.hrtime.bigint();
    const { reply, error, pass, replace } = await handlers[fuzzed.laki](thrown, incoming);
    const ms = since(began);
    const flaws = flawsOfClaim(fuzzed, reply !== undefined);
    if (reply === undefined) {
      if (!Object.is(pass, thrown)) flaws.push('it passes on something else than was thrown');
      if (!(replace() instanceof Error)) flaws.push('what stands in for a throwable is no Error');
      return verdict(flaws, ms);
    }
    // Nobody but the option says who reads it.
    const read = { ...fuzzed, reader: { accept, acceptLanguage } };
    const context = contextOf(read, () => mayRejectOf(fuzzed, data));
    return verdict([...flaws, ...flawsOfError(error), ...flawsOfReply(reply, context)], ms);
  }

  async function returned(fuzzed, laki, result, data) {
    const { contextMethod: method, idempotencyKey } = fuzzed;
    const began = process.hrtime.bigint();
    const { rejected, resolved, isResolved } = await settled(
      laki.call(() => result, { method, idempotencyKey }),
    );
    const ms = since(began);
    const claim = (isClaimed) => flawsOfClaim(fuzzed, isClaimed);
    if (isResolved) return verdict([...(resolved === result ? [] : ['another result']), ...claim(false)], ms);
    return verdict(
      flawsOfRejection(rejected, undefined, fuzzed, laki, () => mayRejectOf(fuzzed, data, method), claim),
      ms,
    );
  }

  return { put, close: () => Promise.all(lakis.map((laki) => laki.close())) };
}

/** What came of a body through `fetch`. */
function bytesOf({ status, bytes }) {
  return isBodiless(status) ? undefined : bytes;
}

/** A webhook's signature, and whether it is one: told from how it was made. */
function signatureOf({ signing, forged, salt }, body) {
  const good = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  switch (signing) {
    case 'good':
      return { signature: salt % 2 === 0 ? good : [good.toUpperCase().replace('SHA', 'sha')], isGood: true };
    case 'twice':
      return { signature: salt % 2 === 0 ? `${good}, ${good}` : [good, good], isGood: false };
    case 'changed': {
      const at = 7 + (salt % 64);
      const digit = good[at] === '0' ? '1' : '0';
      return { signature: good.slice(0, at) + digit + good.slice(at + 1), isGood: false };
    }
    case 'other':
      return {
        signature: `sha256=${createHmac('sha256', 'another').update(body).digest('hex')}`,
        isGood: false,
      };
    default:
      return { signature: forged, isGood: false };
  }
}

function flawsOfDelivery({ status, event, error }, body, isGood) {
  const flaws = [];
  if (!WEBHOOK_STATUSES.has(status)) flaws.push(`a webhook was answered ${status}`);
  if (error !== undefined) flaws.push('a webhook has an error that nobody made');
  const isLarge = Buffer.byteLength(body) > 64 * 1024;
  if (status !== (isLarge ? 413 : !isGood ? 401 : isJsonObject(body) ? 200 : 422)) {
    flaws.push(`a webhook ${isGood ? 'signed well' : 'not signed well'} was answered ${status}`);
  }
  if (event !== undefined && (!isGood || typeof event !== 'object')) flaws.push('a forged event was taken');
  return flaws;
}

function isJsonObject(body) {
  try {
    const event = JSON.parse(new TextDecoder().decode(Buffer.from(body))); // without a byte order mark
    return typeof event === 'object' && event !== null && !Array.isArray(event);
  } catch {
    return false;
  }
}

const settled = (promise) =>
  promise.then(
    (resolved) => ({ resolved, isResolved: true }),
    (rejected) => ({ rejected, isResolved: false }),
  );

function since(began) {
  return Number(process.hrtime.bigint() - began) / 1e6;
}

function described(thrown) {
  try {
    return String(thrown?.stack ?? thrown).slice(0, 600);
  } catch {
    return typeof thrown;
  }
}

/** Of bytes nothing: they are no answer. */
function text(data) {
  return typeof data === 'string' || ArrayBuffer.isView(data) ? '' : (JSON.stringify(data) ?? '');
}
