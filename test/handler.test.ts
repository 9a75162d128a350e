import { describe, expect, test } from '@jest/globals';
import createError from 'http-errors';
import {
  createLakiConnect,
  LakiConnectError,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';

const timedOut = new LakiConnectError({
  kind: 'TIMEOUT',
  outcome: 'unknown',
  details: [{ field: 'a', issue: 'b' }],
});
const incoming = { request: {}, accept: '*/*', acceptLanguage: 'am', isSent: () => false };

async function handled(thrown: unknown, options: Options, httpErrors = false) {
  const events: LakiConnectEvent[] = [];
  const laki = createLakiConnect({
    audience: 'merchant',
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { handled: await laki.handler({ httpErrors })(thrown, incoming), events };
}

const raise = (): never => {
  throw new Error('Out of paper');
};
const rejects = () => Promise.reject(new Error('Out of paper')) as never;

describe('An unclear payment is answered even where the platform’s own function fails', () => {
  test.each<[string, Options, string]>([
    ['audience throws', { audience: raise }, 'Out of paper'],
    ['audience rejects', { audience: rejects }, '`audience` gave a promise'],
    ['locale throws', { locale: raise }, 'Out of paper'],
    ['locale rejects', { locale: rejects }, '`locale` gave a promise'],
    ['fields throws', { fields: raise }, 'Out of paper'],
    ['format throws', { format: raise }, 'Out of paper'],
  ])('%s', async (_, options, told) => {
    const { handled: answered, events } = await handled(timedOut, options);

    expect(answered.reply).toMatchObject({ status: 504, problem: { code: 'TIMEOUT', outcome: 'unknown' } });
    expect(events).toEqual([
      expect.objectContaining({ level: 'error', readerError: expect.stringContaining(told) as unknown }),
    ]);
    await new Promise(setImmediate); // an unhandled rejection would fail the test
  });
});

test('The platform’s own http-error is answered, too, where its audience throws', async () => {
  const { handled: answered } = await handled(createError(404), { audience: raise }, true);
  expect(answered.reply).toMatchObject({ status: 404, problem: { code: 'NOT_FOUND' } });
});

test('What the platform’s format throws over its own http-error is its own error, too', async () => {
  const { handled: passed, events } = await handled(createError(404), { format: raise }, true);
  expect(passed).toEqual({ pass: expect.objectContaining({ message: 'Out of paper' }) as unknown });
  expect(events).toEqual([]);
});

test.each<[string, Options]>([
  ['format', { format: raise }],
  ['fields', { fields: raise }],
])('Refused fields stay the reader’s to mend where %s throws, but are not told', async (_, options) => {
  const refused = new LakiConnectError({
    kind: 'VALIDATION_ERROR',
    details: [{ field: 'tin', issue: 'is wrong' }],
  });
  const { reply } = (await handled(refused, options)).handled;
  expect(reply).toMatchObject({ status: 422, problem: { code: 'VALIDATION_ERROR' } });
  expect(reply?.problem).not.toHaveProperty('errors');
});

test('A function that throws undefined is told of, too', async () => {
  const audience = () => {
    throw undefined;
  };
  const { events } = await handled(timedOut, { audience });
  expect(events).toEqual([
    expect.objectContaining({ level: 'error', readerError: expect.any(String) as unknown }),
  ]);
});
