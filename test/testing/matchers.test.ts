/** The matchers, as Jest has them. */
import { expect, test } from '@jest/globals';
import express from 'express';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { matchers } from 'lakiconnect-middleware/testing';
import request from 'supertest';

expect.extend(matchers);

const laki = lakiconnect({ apiKey: 'lk_pub_1:lk_sec_1', audience: 'merchant' });
const app = express()
  .get('/', () => {
    throw Object.assign(new Error('lk_sec_1'), {
      response: {
        status: 422,
        headers: {},
        data: { error: { code: 'VALIDATION_ERROR' }, request_id: 'req_1' },
      },
    });
  })
  .use(laki.errorHandler());
const response = await request(app).get('/').set('x-api-key', 'lk_sec_1');

/** What a matcher tells that does not hold. */
function told(expecting: () => void): string {
  try {
    expecting();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it held');
}

test('toBeProblem holds for the code and the status of an answer', () => {
  expect(response).toBeProblem('VALIDATION_ERROR', 422);
  expect(told(() => expect(response).toBeProblem('NOT_FOUND', 404))).toBe(
    'expected the problem 404 NOT_FOUND, got 422 VALIDATION_ERROR',
  );
});

test('toBeProblem can be turned round', () => {
  expect(response).not.toBeProblem('VALIDATION_ERROR', 400);
  expect(response).not.toBeProblem('NOT_FOUND', 422);
  expect(told(() => expect(response).not.toBeProblem('VALIDATION_ERROR', 422))).toBe(
    'expected anything but the problem 422 VALIDATION_ERROR',
  );
});

test('toLeakNothingFrom holds where none of the secrets is', () => {
  expect(response).toLeakNothingFrom('lk_sec_1');
  expect(response).toLeakNothingFrom(['lk_sec_1', 'lk_pub_1']);
  expect(told(() => expect({ log: ['lk_sec_1'] }).toLeakNothingFrom(['lk_pub_1', 'lk_sec_1']))).toBe(
    'expected no secret, found lk_sec_1 in value.log.0',
  );
});

test('toLeakNothingFrom can be turned round', () => {
  expect({ key: 'lk_sec_1' }).not.toLeakNothingFrom('lk_sec_1');
  expect(told(() => expect(response).not.toLeakNothingFrom('lk_sec_1'))).toBe(
    'expected a secret, found none',
  );
});

test('They wait where Jest waits', async () => {
  await expect(
    request(app)
      .get('/')
      .then((answer) => answer),
  ).resolves.toBeProblem('VALIDATION_ERROR', 422);
  await expect(Promise.reject(new Error('no'))).rejects.toLeakNothingFrom('lk_sec_1');
  await expect(
    expect(Promise.reject(new Error('lk_sec_1'))).rejects.toLeakNothingFrom('lk_sec_1'),
  ).rejects.toThrow('found lk_sec_1 in value.stack');
});

test.each<[string, () => void]>([
  ['toBeProblem', () => expect(request(app).get('/')).toBeProblem('NOT_FOUND', 404)],
  ['not.toBeProblem', () => expect(request(app).get('/')).not.toBeProblem('NOT_FOUND', 404)],
  ['toLeakNothingFrom', () => expect(request(app).get('/')).toLeakNothingFrom('lk_sec_1')],
  [
    'toLeakNothingFrom, for a promise',
    () => expect(Promise.resolve('lk_sec_1')).toLeakNothingFrom('lk_sec_1'),
  ],
])('%s does not hold for what was not awaited', (_, expecting) => {
  expect(told(expecting)).toBe('lakiconnect: a promise is still to be awaited.');
});

test('They can stand in for a value', () => {
  expect({ response }).toEqual({ response: expect.toBeProblem('VALIDATION_ERROR', 422) });
  expect({ response }).not.toEqual({ response: expect.toBeProblem('NOT_FOUND', 404) });
});
