/** What reaches an error handler without `call`, and what operators hear of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import createError from 'http-errors';
import axios from 'axios';
import ky from 'ky';
import {
  createLakiConnect,
  isLakiConnectError,
  LakiConnectError,
  type LakiConnect,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { settleThrown } from '../../src/provider/failure.js';
import { tellUnmapped } from '../../src/provider/unmapped.js';
import { settle } from '../../src/settle.js';
import { core, documented, htmlPage } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { aftermath, promptly, rejection } from './harness.js';

let upstream: Upstream;
let foreign: Upstream;
const events: LakiConnectEvent[] = [];

beforeAll(async () => {
  [upstream, foreign] = await Promise.all([startUpstream(), startUpstream()]);
});

afterAll(() => Promise.all([upstream.close(), foreign.close()]));

beforeEach(() => {
  events.length = 0;
});

const laki = (options: Options = {}): LakiConnect =>
  createLakiConnect({ baseUrl: upstream.url, onEvent: (event) => events.push(event), ...options });

const settings = (options: Options) => settle({ baseUrl: upstream.url, ...options });
const handled = async (thrown: unknown, options: Options = {}, merchantId?: string) =>
  settleThrown(thrown, merchantId, settings(options), (error) =>
    tellUnmapped(error, settings(options), (told) => void events.push(told as LakiConnectEvent)),
  );
const unmapped = () => events.filter(({ type }) => type === 'unmapped');

describe('An error whose body nobody has read', () => {
  const thrown = ({ url }: Upstream) => rejection(ky.post(url, { json: {}, retry: 0 }).json());

  test('is read by the handler', async () => {
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    expect(await handled(await thrown(upstream))).toMatchObject({
      kind: 'KYC_NOT_APPROVED',
      requestId: 'req_1a2b3c4d5e6f',
      outcome: 'rejected',
    });
  });

  test('is read where it is a stream', async () => {
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    const error = await rejection(axios.post(upstream.url, {}, { responseType: 'stream' }));
    expect(await handled(error)).toMatchObject({ kind: 'KYC_NOT_APPROVED', outcome: 'rejected' });
  });

  test('is still to be read by whoever wants the original', async () => {
    upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    const error = (await thrown(upstream)) as { response: Response };
    await handled(error);
    expect(await error.response.json()).toEqual(documented('KYC_NOT_APPROVED'));
  });

  test('is not waited for beyond the deadline', async () => {
    upstream.answer({ fault: 'hang-body', status: 422, body: documented('VALIDATION_ERROR') });
    const error = await thrown(upstream);
    expect(await promptly(handled(error, { timeoutMs: 40 }))).toMatchObject({
      kind: 'TIMEOUT',
      outcome: 'unknown',
      upstream: { status: 422 },
    });
    await aftermath();
  });

  test('that breaks off is lost', async () => {
    upstream.answer({ fault: 'cut', status: 422, body: documented('VALIDATION_ERROR') });
    expect(await promptly(handled(await thrown(upstream)))).toMatchObject({
      kind: 'UNREACHABLE',
      outcome: 'unknown',
      upstream: { status: 422 },
    });
  });

  test.each([
    ['without a reason that is known is lost', new Error('cut'), 'UNREACHABLE'],
    ['at a deadline of the client’s is a timeout', new DOMException('late', 'TimeoutError'), 'TIMEOUT'],
  ])('that breaks off %s', async (_how, reason, kind) => {
    const body = new ReadableStream({ pull: (controller) => controller.error(reason) });
    const config = { url: upstream.url };
    const error = Object.assign(new Error('no'), { config, response: new Response(body, { status: 422 }) });
    expect(await handled(error)).toMatchObject({ kind, outcome: 'unknown', upstream: { status: 422 } });
  });

  test('of another origin is not waited for', async () => {
    foreign.answer({ fault: 'hang-body', status: 403, body: documented('KYC_NOT_APPROVED') });
    const error = (await thrown(foreign)) as { response: Response };
    expect(await promptly(handled(error))).toBeUndefined();
    await error.response.body?.cancel();
  });

  test('of another origin is not touched', async () => {
    foreign.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
    const error = (await thrown(foreign)) as { response: Response };
    expect(await handled(error)).toBeUndefined();
    expect(error.response.bodyUsed).toBe(false);
    expect(events).toEqual([]);
  });
});

test('An error of ours is what it is', async () => {
  const error = new LakiConnectError({ kind: 'UNRECOGNISED' });
  expect(await handled(error)).toBe(error);
  expect(events).toEqual([]);
});

test('A broken connection of which nobody says whose it was is not ours', async () => {
  const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(await handled(error)).toBeUndefined();
});

test.each([
  ['the merchant of its route', {}, 'cm_route'],
  ['rather the merchant that the request named', { 'x-connected-merchant-id': 'cm_sent' }, 'cm_sent'],
])('What a handler meets tells %s', async (_what, headers, merchantId) => {
  const response = { status: 403, data: documented('KYC_NOT_APPROVED'), headers: {} };
  const error = Object.assign(new Error('no'), { config: { headers }, response });
  expect(await handled(error, {}, 'cm_route')).toMatchObject({ merchantId });
});

describe('Operators hear of what the documents do not know', () => {
  const answer = (status: number, data: unknown) => ({ status, data, headers: {} });
  const called = async (status: number, data: unknown, options: Options = {}) => {
    const error = await rejection(
      laki(options).call(() => answer(status, data), { merchantId: 'cm_1', idempotencyKey: '1' }),
    );
    expect(isLakiConnectError(error)).toBe(true);
    return unmapped();
  };

  test('a new code, even where the status decided', async () => {
    const [event, ...more] = await called(500, documented('SHARD_LOST', { message: 'no\nshard' }));
    expect(event).toEqual({
      type: 'unmapped',
      level: 'warn',
      kind: 'INTERNAL_ERROR',
      code: 'SHARD_LOST',
      requestId: 'req_1a2b3c4d5e6f',
      merchantId: 'cm_1',
      outcome: 'unknown',
      upstreamStatus: 500,
      upstreamMessage: 'no shard',
    });
    expect(more).toEqual([]);
  });

  test('an answer that nobody knows', async () => {
    expect(await called(418, htmlPage)).toEqual([
      expect.objectContaining({ level: 'error', kind: 'UNRECOGNISED', upstreamStatus: 418 }),
    ]);
  });

  test.each([
    ['a known code', 422, documented('VALIDATION_ERROR')],
    ['an alias of the documents', 401, core('INVALID_API_KEY')],
    ['a status', 502, 'Bad Gateway'],
    ['a 404 in HTML', 404, htmlPage],
  ])('but not of %s', async (_what, status, body) => {
    expect(await called(status, body)).toEqual([]);
  });

  test('nor of a code that the platform has named', async () => {
    expect(
      await called(500, documented('SHARD_LOST'), { aliases: { SHARD_LOST: 'INTERNAL_ERROR' } }),
    ).toEqual([]);
  });

  test('nor of what is not ours', async () => {
    await laki().call(() => ({ ...answer(418, 'no'), config: { url: foreign.url } }));
    await rejection(laki().call(() => Promise.reject(createError(400))));
    expect(events).toEqual([]);
  });

  test('and once, though the error passes through another call and the handler', async () => {
    const one = laki();
    const error = await rejection(one.call(() => one.call(() => answer(418, 'no'))));
    await handled(error);
    expect(events).toHaveLength(1);
  });

  test('and of what a handler meets', async () => {
    const response = answer(500, documented('SHARD_LOST'));
    await handled(Object.assign(new Error('no'), { config: { url: upstream.url }, response }));
    expect(unmapped()).toMatchObject([{ kind: 'INTERNAL_ERROR', code: 'SHARD_LOST' }]);
  });
});

test('A LakiConnectError is passed as it is, and one that is frozen as a copy', async () => {
  const error = new LakiConnectError({ kind: 'TIMEOUT' });
  expect(await handled(error)).toBe(error);
  expect(Object.isFrozen(await handled(Object.freeze(new LakiConnectError({ kind: 'TIMEOUT' }))))).toBe(
    false,
  );
  const own = new LakiConnectError({ kind: 'TIMEOUT' });
  expect(await handled(new Error('no', { cause: own }))).toBe(own);
  expect(events).toEqual([]);
});
