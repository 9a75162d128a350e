import { expect, jest, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectError, type Options } from 'lakiconnect-middleware';
import { rejection } from './harness.js';

const failed = async (body: unknown, options: Options = {}) =>
  (await rejection(createLakiConnect(options).call(() => body))) as LakiConnectError;

test.each([
  ['a code of the transport', { success: false, code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' }],
  ['a code of a timeout', { success: false, code: 'ETIMEDOUT', message: 'slow' }],
  ['a code of an abort', { success: false, code: 'ABORTED', message: 'stop' }],
  ['a name of an error', { success: false, name: 'TimeoutError', message: 'slow' }],
  ['a status', { success: false, status: 400, message: 'amount: cannot be blank.' }],
])('A parsed body does not pick the verdict by %s', async (_, body) => {
  expect(await failed(body)).toMatchObject({ kind: 'VALIDATION_ERROR', outcome: 'unknown', upstream: {} });
});

test.each([
  ['a status', { status: 422, error: { code: 'KYC_NOT_APPROVED' }, request_id: 'req_1' }],
  ['a statusCode', { statusCode: 422, error: { code: 'KYC_NOT_APPROVED' }, request_id: 'req_1' }],
])('The documented error beside %s of its own is still one', async (_, body) => {
  expect(await failed(body)).toMatchObject({ kind: 'KYC_NOT_APPROVED', requestId: 'req_1' });
  expect(createLakiConnect().translate(body)).toMatchObject({ status: 409 });
});

test.each([
  ['a url of another origin', { url: 'https://shop.example/x' }],
  ['a response', { response: { status: 200 } }],
])('A core error with %s in it is still one', async (_, extra) => {
  const body = { status: 'ERROR', error_code: 'INVALID_AMOUNT', ...extra };
  expect(await failed(body)).toMatchObject({ kind: 'VALIDATION_ERROR', code: 'INVALID_AMOUNT' });
});

test.each([
  ['returned', (data: unknown) => data],
  ['in an answer', (data: unknown) => ({ status: 200, headers: {}, data })],
])('An error in an ArrayBuffer is seen: %s', async (_, given) => {
  const { buffer } = new TextEncoder().encode('{"success":false,"message":"no"}');
  expect(await failed(given(buffer))).toMatchObject({ kind: 'VALIDATION_ERROR', outcome: 'unknown' });
});

test('An answer that a class of the client’s calls no success is none', async () => {
  class Reply {
    get success() {
      return false;
    }
  }
  const answer = { status: 200, headers: {}, data: new Reply() };
  expect(await failed(answer)).toMatchObject({ kind: 'UNRECOGNISED', outcome: 'unknown' });
});

test('An answer that only announces another one is no success', async () => {
  expect(await failed({ status: 103, headers: {}, data: '' })).toMatchObject({
    kind: 'UNRECOGNISED',
    outcome: 'unknown',
    upstream: { status: 103 },
  });
});

test('An error at the end of a large body is seen', async () => {
  const keys = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`k${String(at)}`, at]));
  expect(await failed({ ...keys, success: false, message: 'no' })).toMatchObject({ outcome: 'unknown' });
});

test('Whose doing a rule calls it decides nothing of the outcome', async () => {
  const body = { status: 'ERROR', error_code: 'PROVIDER_ERROR' };
  const rules = { PROVIDER_ERROR: { fault: 'platform' } } as const;
  expect(await failed(body, { rules })).toMatchObject({ outcome: 'unknown', retryable: false });
});

test.each([1, ''])('A method that is %j is refused before anything is sent', async (method) => {
  const send = jest.fn();
  await expect(createLakiConnect().call(send, { method: method as never })).rejects.toThrow(
    'option `method` is',
  );
  expect(send).not.toHaveBeenCalled();
});
