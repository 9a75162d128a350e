/** Which request an answer or a failure is for, in what order, and what a function may do. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import {
  createFakeLakiConnect,
  type Answer,
  type Answering,
  type Match,
} from 'lakiconnect-middleware/testing';
import { ask, link, order, pay } from './ask.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);

const get = (path: string, merchantId = 'cm_1') => ask(fake, 'GET', path, { merchantId });
const codes = async (...asked: Promise<Awaited<ReturnType<typeof ask>>>[]) =>
  (await Promise.all(asked)).map(({ body }) => body.error?.code as unknown);

/** Both ways to write a line of the script, the same in what they are for. */
const WAYS: [string, (match: Match) => void][] = [
  ['failNext', (match) => fake.failNext('RATE_LIMITED', match)],
  [
    'answerNext',
    (match) => fake.answerNext({ status: 429, body: { error: { code: 'RATE_LIMITED' } } }, match),
  ],
];

describe.each(WAYS)('%s', (_, add) => {
  test.each<[string, Match, meant: [string, string, string], not: [string, string, string]]>([
    ['method', { method: 'POST' }, ['POST', '/a', 'cm_1'], ['GET', '/a', 'cm_1']],
    ['method in any case', { method: 'post' }, ['POST', '/a', 'cm_1'], ['PUT', '/a', 'cm_1']],
    ['path', { path: '/a' }, ['GET', '/a?b=c', 'cm_1'], ['GET', '/a/b', 'cm_1']],
    ['expression', { path: /^\/a/ }, ['GET', '/a/b', 'cm_1'], ['GET', '/b/a', 'cm_1']],
    ['merchant', { merchantId: 'cm_1' }, ['GET', '/a', 'cm_1'], ['GET', '/a', 'cm_2']],
    [
      'everything',
      { method: 'PUT', path: '/a', merchantId: 'cm_1' },
      ['PUT', '/a', 'cm_1'],
      ['PUT', '/a', 'cm_2'],
    ],
  ])('is for a request by its %s, and used by no other', async (_what, match, meant, other) => {
    add(match);
    const asked = ([method, path, merchantId]: typeof meant) => ask(fake, method, path, { merchantId });
    expect(await codes(asked(other))).toEqual(['NOT_FOUND']);
    expect(await codes(asked(meant))).toEqual(['RATE_LIMITED']);
    expect(await codes(asked(meant))).toEqual(['NOT_FOUND']);
  });

  test.each<[number | undefined, number]>([
    [undefined, 1],
    [1, 1],
    [3, 3],
    [Infinity, 5],
  ])('holds %s times: of five requests for %d', async (times, expected) => {
    add({ path: '/a', times });
    expect(await codes(get('/b'), get('/b'))).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    const got = await codes(get('/a'), get('/a'), get('/a'), get('/a'), get('/a'));
    expect(got.filter((code) => code === 'RATE_LIMITED')).toHaveLength(expected);
  });

  test.each(['g', 'y', 'gy'])('is not led astray by the memory of an expression: /%s', async (flags) => {
    const path = new RegExp('/a', flags);
    add({ path, times: 2 });
    expect(await codes(get('/a'))).toEqual(['RATE_LIMITED']);
    expect(await codes(get('/a'))).toEqual(['RATE_LIMITED']);
    expect(path.lastIndex).toBe(0);
  });
});

test('Several wait in line, each for its own requests', async () => {
  fake.failNext('FORBIDDEN', { path: '/b' });
  fake.failNext('RATE_LIMITED', { times: 2 });
  fake.failNext('INSUFFICIENT_BALANCE', { path: '/a' });
  const got = [];
  for (const path of ['/a', '/a', '/a', '/b', '/b']) got.push(...(await codes(get(path))));
  expect(got).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'INSUFFICIENT_BALANCE', 'FORBIDDEN', 'NOT_FOUND']);
});

test('A request without the key uses up what is for it, too: a gateway fails before it asks', async () => {
  fake.failNext('bad-gateway');
  expect(await ask(fake, 'GET', '/a', { headers: { 'x-api-key': '' } })).toMatchObject({ status: 502 });
});

describe('A function', () => {
  const teapot: Answer = { status: 418, body: { error: { code: 'TEAPOT' } } };

  test.each<[string, Answering]>([
    ['gives', () => teapot],
    ['promises', async () => teapot],
  ])('answers what it %s', async (_, answering) => {
    link(fake, 'cm_1');
    fake.answerNext(answering);
    expect(await pay(fake)).toMatchObject({ status: 418 });
    expect(fake.charges).toEqual([]);
    expect(await pay(fake)).toMatchObject({ status: 200 });
  });

  test('is told of the request', async () => {
    const told: unknown[] = [];
    fake.answerNext((request) => {
      told.push(request);
      return teapot;
    });
    await pay(fake, { key: 'key-1' });
    expect(told).toEqual(fake.requests);
    expect(told).toMatchObject([{ path: '/payment/direct', body: order, idempotencyKey: 'key-1' }]);
  });

  test.each<[string, Answering]>([
    ['gives', () => undefined],
    ['promises', async () => undefined],
  ])('leaves it to the provider if it %s nothing, and is used up', async (_, answering) => {
    link(fake, 'cm_1');
    fake.answerNext(answering);
    fake.failNext('RATE_LIMITED');
    expect(await pay(fake)).toMatchObject({ status: 200 });
    expect(fake.charges).toHaveLength(1);
    expect(await pay(fake)).toMatchObject({ status: 429 });
  });

  test.each([0, 1, 2])('has the work done as often as it proceeds: %d times', async (times) => {
    link(fake, 'cm_1');
    fake.answerNext((_request, proceed) => {
      const answers = Array.from({ length: times }, () => proceed());
      expect(answers.every(({ status = 200 }) => status === 200)).toBe(true);
      return teapot;
    });
    expect(await pay(fake)).toMatchObject({ status: 418 });
    expect(fake.charges).toHaveLength(times);
  });

  test('that proceeds and gives nothing has the work done once', async () => {
    link(fake, 'cm_1');
    fake.answerNext((_request, proceed) => void proceed());
    const { status, body } = await pay(fake);
    expect(status).toBe(200);
    expect(fake.charges.map(({ transactionId }) => transactionId)).toEqual([body.transaction_id]);
  });

  test('may change the answer of the provider', async () => {
    link(fake, 'cm_1');
    fake.answerNext((_request, proceed) => ({ ...proceed(), status: 202 }));
    const { status, body } = await pay(fake);
    expect([status, body.transaction_id]).toEqual([202, fake.charges[0]?.transactionId]);
  });

  test('proceeds as far as the provider lets it', async () => {
    fake.answerNext((_request, proceed) => proceed(), { times: 2 });
    expect(await codes(pay(fake))).toEqual(['CONNECTED_MERCHANT_NOT_FOUND']);
    expect(await codes(pay(fake, { headers: { 'x-api-key': 'other' } }))).toEqual(['UNAUTHORIZED']);
  });

  test.each<[string, Answering]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['throws after the work was done', (_request, proceed) => Promise.reject(proceed())],
  ])('that %s cuts the connection, and the fake goes on', async (what, answering) => {
    link(fake, 'cm_1');
    fake.answerNext(answering);
    await expect(pay(fake)).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } });
    expect(fake.charges).toHaveLength(what.includes('work') ? 1 : 0);
    expect(await pay(fake)).toMatchObject({ status: 200 });
  });
});
