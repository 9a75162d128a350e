/** Wrong options are told at once: where, what was got, and what is expected. */
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { createFakeLakiConnect, type FailOptions, type FakeOptions } from 'lakiconnect-middleware/testing';
import { ask } from './ask.js';
import { others } from './others.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);
const start = others();

test.each<[unknown, string]>([
  [null, 'lakiconnect: options must be an object, got null.'],
  [8080, 'lakiconnect: options must be an object, got number.'],
  [{ apiKey: '' }, 'lakiconnect: option `apiKey` is an empty text, expected a text that is not empty.'],
  [
    { webhookSecret: 42 },
    'lakiconnect: option `webhookSecret` is number, expected a text that is not empty.',
  ],
  [
    { port: '80' },
    "lakiconnect: option `port` is '80', expected a port from 0 to 65535; 0 is any that is free.",
  ],
  [
    { port: 65_536 },
    'lakiconnect: option `port` is 65536, expected a port from 0 to 65535; 0 is any that is free.',
  ],
  [
    { headers: { merchant: 'a b' } },
    "lakiconnect: option `headers.merchant` is 'a b', expected the name of an HTTP header, and none that the client sets by itself.",
  ],
  [{ now: 0 }, 'lakiconnect: option `now` is 0, expected a function () => milliseconds.'],
  [
    { onAnswer: true },
    'lakiconnect: option `onAnswer` is true, expected a function (request, answer) => void.',
  ],
  [{ webhooksecret: 'x' }, 'lakiconnect: there is no option `webhooksecret`. Did you mean `webhookSecret`?'],
  [
    { headers: { key: 'x' } },
    'lakiconnect: there is no option `headers.key`. There are `apiKey`, `merchant`, `signature`, `idempotency`.',
  ],
])('createFakeLakiConnect(%j) does not start', async (options, message) => {
  await expect(createFakeLakiConnect(options as FakeOptions)).rejects.toEqual(new TypeError(message));
});

const issues = 'expected an array of { field, issue }.';

test.each<[unknown, string]>([
  [null, 'options must be an object, got null.'],
  [
    { envelope: 'xml' },
    "option `envelope` is 'xml', expected one of 'documented', 'core', 'flat', 'nested', 'text', 'html', 'empty', 'broken-json', most likely 'html'.",
  ],
  [{ status: 99 }, 'option `status` is 99, expected an HTTP status from 200 to 599.'],
  [{ status: '404' }, "option `status` is '404', expected an HTTP status from 200 to 599."],
  [{ message: 1 }, 'option `message` is 1, expected a text.'],
  [{ details: { amount: 'x' } }, `option \`details\` is { amount: 'x' }, ${issues}`],
  [{ details: ['amount'] }, `option \`details\` is [ 'amount' ], ${issues}`],
  [{ details: [null] }, `option \`details\` is [ null ], ${issues}`],
  [{ details: [{ field: 'amount' }] }, `option \`details\` is [ [Object] ], ${issues}`],
  [
    { retryAfter: new Date(0) },
    "option `retryAfter` is 1970-01-01T00:00:00.000Z, expected seconds, or a text such as 'Wed, 21 Oct 2026 07:28:00 GMT'.",
  ],
  [{ requestId: 7 }, 'option `requestId` is 7, expected a text.'],
  [{ headers: 'x' }, "option `headers` is 'x', expected an object of header names and values."],
  [{ headers: null }, 'option `headers` is null, expected an object of header names and values.'],
  [{ method: 1 }, "option `method` is 1, expected an HTTP method such as 'POST'."],
  [
    { path: 'payment/direct' },
    "option `path` is 'payment/direct', expected a path beneath the base URL, such as '/payment/direct', or a regular expression.",
  ],
  [
    { path: 1 },
    "option `path` is 1, expected a path beneath the base URL, such as '/payment/direct', or a regular expression.",
  ],
  [{ merchantId: 1 }, 'option `merchantId` is 1, expected the id of a merchant.'],
  [{ times: 0 }, 'option `times` is 0, expected a whole number from 1, or Infinity.'],
  [{ times: 1.5 }, 'option `times` is 1.5, expected a whole number from 1, or Infinity.'],
  [
    { delayMs: -1 },
    'option `delayMs` is -1, expected a whole number of milliseconds from 0 to 2147483647, such as 60000.',
  ],
  [{ processed: 'yes' }, "option `processed` is 'yes', expected true or false."],
  [
    { code: 'X' },
    'there is no option `code`. There are `envelope`, `status`, `message`, `details`, `retryAfter`, `requestId`, `headers`, `method`, `path`, `merchantId`, `times`, `delayMs`, `processed`.',
  ],
])('failNext(code, %j) throws, and nothing fails', async (options, message) => {
  expect(() => fake.failNext('RATE_LIMITED', options as FailOptions)).toThrow(
    new TypeError(`lakiconnect: ${message}`),
  );
  expect(await ask(fake, 'GET', '/lakiconnect/connected-accounts')).toMatchObject({ status: 200 });
});

test.each(['rate_limited', 'hangs', '', 'RATE LIMITED', 'toString', 429])(
  'failNext(%j) is neither a code nor a fault',
  async (failure) => {
    expect(() => fake.failNext(failure as string)).toThrow(
      new TypeError(
        `lakiconnect: failNext(${typeof failure === 'string' ? `'${failure}'` : String(failure)}) names neither a code, such as 'RATE_LIMITED', nor one of hang-headers, hang-body, cut, reset, slow, bad-gateway.`,
      ),
    );
    expect(await ask(fake, 'GET', '/lakiconnect/connected-accounts')).toMatchObject({ status: 200 });
  },
);

test('Options that are undefined are left to their defaults', async () => {
  const options = { apiKey: undefined, port: undefined, headers: { merchant: undefined }, now: undefined };
  const other = await start(options);
  expect(other.apiKey).toBe(fake.apiKey);
  other.failNext('RATE_LIMITED', {
    status: undefined,
    path: undefined,
    times: undefined,
    retryAfter: undefined,
  });
  expect(await ask(other, 'GET', '/x')).toMatchObject({ status: 429 });
  expect(await ask(other, 'GET', '/x')).toMatchObject({ status: 404 });
});

test.each<[unknown, string]>([
  [{ pth: '/payment/direct' }, 'there is no option `pth`. Did you mean `path`?'],
  [{ times: 0 }, 'option `times` is 0, expected a whole number from 1, or Infinity.'],
])('answerNext({}, %j) is refused, and nothing waits', async (match, message) => {
  expect(() => fake.answerNext({ status: 418 }, match as object)).toThrow(
    new TypeError(`lakiconnect: ${message}`),
  );
  expect(await ask(fake, 'GET', '/lakiconnect/connected-accounts')).toMatchObject({ status: 200 });
});

test.each<[unknown, string]>([
  [{ secrets: 'x' }, 'there is no option `secrets`. Did you mean `secret`?'],
  [{ secret: 5 }, 'option `secret` is number, expected a text.'],
])('signWebhook({}, %j) is refused, and sendWebhook, too', async (options, message) => {
  const refusal = new TypeError(`lakiconnect: ${message}`);
  expect(() => fake.signWebhook({}, options as object)).toThrow(refusal);
  await expect(async () => fake.sendWebhook('http://127.0.0.1:1/', {}, options as object)).rejects.toEqual(
    refusal,
  );
});
