/** The clients made without a connection say what the real ones do, in every place where anybody looks. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLakiConnect, isLakiConnectError } from 'lakiconnect-middleware';
import { CLIENTS, type Client } from './clients.js';
import { core, documented, flat, htmlPage, nested, plainText, succeeded } from './envelopes.js';
import { SYNTHETIC_CLIENTS, type End, type Thrown } from './synthetic-clients.js';
import { refusedUrl, startUpstream, type Upstream } from './upstream.js';

/** A time-out of the client's own; what is sent arrives before that on a busy machine, too. */
const GIVE_UP_MS = 1000;
const PATIENT_MS = 60_000;

const answer = (status: number, body: object | string, redirected = false): End => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = text.startsWith('<') ? 'text/html' : text === plainText ? 'text/plain' : 'application/json';
  return { is: 'answer', status, type, text, redirected };
};

const ENDS: readonly End[] = [
  ...[200, 400, 409, 422, 429, 502].map((status) => answer(status, documented('VALIDATION_ERROR'))),
  ...[200, 400].map((status) => answer(status, core('INVALID_AMOUNT'))),
  ...[200, 400, 500].map((status) => answer(status, flat('reference: already exists.'))),
  answer(401, nested('invalid key')),
  ...[200, 400, 404, 502].map((status) => answer(status, htmlPage)),
  ...[200, 400, 503].map((status) => answer(status, plainText)),
  ...[200, 400, 500].map((status) => answer(status, '{"error":{"co')),
  ...[200, 400].map((status) => answer(status, '[1]')),
  answer(200, succeeded),
  answer(408, documented('TIMEOUT')),
  answer(400, documented('VALIDATION_ERROR'), true),
  answer(200, core('INVALID_AMOUNT'), true),
  { is: 'reset' },
  { is: 'refused' },
  { is: 'timeout' },
  { is: 'cut', status: 200 },
  { is: 'cut', status: 400 },
];

/** Where the clients keep what they know. */
const PLACES = [
  ...[
    'name',
    'code',
    'syscall',
    'type',
    'status',
    'statusCode',
    'event',
    'retries',
    'retryCount',
    'redirected',
  ],
  ...['data', 'body', 'details', 'text', '_data'],
  ...[
    'cause.name',
    'cause.code',
    'cause.syscall',
    'cause.cause.code',
    'cause.cause.syscall',
    'erroredSysCall',
  ],
  ...[
    'response',
    'response.status',
    'response.statusCode',
    'response.data',
    'response.body',
    'response.text',
  ],
  ...['response._data', 'response.redirected', 'response.retryCount', 'response.bodyUsed', 'bodyUsed'],
  ...['response.redirects.length', 'response.redirectUrls.length', 'redirects.length', 'redirectUrls.length'],
  ...['request.redirectUrls.length', 'request._redirectable._redirectCount'],
  ...[
    'response.request._redirectable._redirectCount',
    'config.url',
    'request.requestUrl',
    'response.requestUrl',
  ],
  ...['url', 'response.url'],
];

/** Of an address or an answer only that there is one, of a stream that it is one. */
function told(value: unknown, place: string): unknown {
  if (value === undefined || value === '') return value;
  if (/url$/i.test(place)) return 'an address';
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'a function' : value;
  if (place === 'response') return 'an answer';
  return 'pipe' in value || 'getReader' in value ? 'a stream' : JSON.stringify(value);
}

function profileOf(end: Thrown): object {
  const value = 'threw' in end ? end.threw : end.returned;
  const places = PLACES.flatMap((place) => {
    const at = place.split('.').reduce<unknown>((held, name) => {
      return held === undefined || held === null ? undefined : (held as Record<string, unknown>)[name];
    }, value);
    const said = told(at, place);
    return said === undefined ? [] : [[place, said]];
  });
  return { how: 'threw' in end ? 'threw' : 'returned', ...Object.fromEntries(places) };
}

let upstream: Upstream;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(() => upstream.close());

async function really(client: Client, end: End): Promise<Thrown> {
  let requests = 0;
  upstream.answer(() => {
    if (end.is === 'reset') return { fault: 'reset' };
    if (end.is === 'timeout') return { fault: 'hang-headers' };
    if (end.is === 'cut') return { fault: 'cut', status: end.status, body: { a: 1 } };
    if (end.is !== 'answer') return { status: 500 };
    if (end.redirected === true && requests++ === 0)
      return { status: 307, headers: { location: '/api/v2/moved' } };
    return { status: end.status, headers: { 'content-type': `${end.type}; charset=utf-8` }, body: end.text };
  });
  const base = end.is === 'refused' ? await refusedUrl() : upstream.url;
  // needle reads a body that was cut until its own time is over.
  const timeoutMs =
    end.is === 'timeout' || (end.is === 'cut' && client.name === 'needle') ? GIVE_UP_MS : PATIENT_MS;
  const json = { reference: 'r' };
  return client
    .send({ url: `${base}/payment/direct`, method: 'POST', headers: { 'x-api-key': 'k' }, json, timeoutMs })
    .then(
      (value) => ({ returned: value }),
      (error: unknown) => ({ threw: error }),
    );
}

/** What `call` makes of it. */
async function recognized(end: Thrown) {
  const { call } = createLakiConnect({
    baseUrl: upstream.url,
    onEvent: () => undefined,
  });
  const result = call(async () => {
    if ('threw' in end) throw end.threw;
    return end.returned;
  });
  return result.then(
    () => 'a good result',
    (error: unknown) => {
      if (!isLakiConnectError(error)) return error;
      const { kind, outcome, upstream } = error;
      return { kind, outcome, status: upstream.status, code: upstream.code };
    },
  );
}

/** They give a redirect to who asked. */
const FOLLOW_NOTHING = ['needle', 'undici', 'undici-response-error'];

const ROWS = SYNTHETIC_CLIENTS.map(({ name, end }) => ({
  name,
  end,
  client: CLIENTS.find((client) => client.name === name) as Client,
}));

test.each(ROWS)(
  '$name',
  async ({ name, client, end: synthetic }) => {
    const made: unknown[] = [];
    const real: unknown[] = [];
    for (const end of ENDS) {
      const isRedirected = end.is === 'answer' && end.redirected === true;
      if (isRedirected && FOLLOW_NOTHING.includes(name)) continue;
      const observed = async (one: Thrown) => {
        return { end, ...profileOf(one), call: end.is === 'refused' ? undefined : await recognized(one) };
      };
      made.push(await observed(synthetic(end, `${upstream.url}/payment/direct`)));
      real.push(await observed(await really(client, end)));
    }
    expect(made).toEqual(real);
  },
  60_000,
);

test('Every client is made', () => {
  expect(ROWS.map(({ name }) => name)).toEqual(CLIENTS.map(({ name }) => name));
});
