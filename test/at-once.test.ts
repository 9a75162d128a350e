import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';
import { settle } from '../src/settle.js';
import { documented } from './envelopes.js';
import { answered } from './translation/failures.js';

const refusal = () =>
  answered(422, documented('VALIDATION_ERROR', { details: [{ field: 'amount', issue: 'is low' }] }));
const rejects = async (): Promise<never> => {
  throw new Error('The database is down.');
};

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});

afterEach(async () => {
  await new Promise(setImmediate);
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

/** An option whose function gives a promise, and the reader who makes it run. */
const ROWS = (['format', 'html', 'fields'] as const).flatMap((option) =>
  [async () => 'x', rejects, () => ({ then: () => undefined })].map(
    (give, at): [string, keyof Options, () => unknown, string] => [
      `${option} gives ${['a promise', 'a promise that rejects', 'a thenable'][at]!}`,
      option,
      give,
      option === 'html' ? 'text/html' : 'application/json',
    ],
  ),
);

describe.each(ROWS)('%s', (_, option, give, accept) => {
  const message = `lakiconnect: option \`${option}\` gave a promise, expected its value at once.`;

  test('the reply is the standard one, and the event says why', async () => {
    const events: LakiConnectEvent[] = [];
    const laki = createLakiConnect({ [option]: give, onEvent: (event) => events.push(event) });
    const incoming = { request: {}, accept, acceptLanguage: 'en', isSent: () => false };
    const handled = await laki.handler()(refusal(), incoming);

    const standard = createLakiConnect().translate(answered(422, documented('VALIDATION_ERROR')), {
      accept,
      acceptLanguage: 'en',
    });
    expect(handled).toMatchObject({
      reply: { status: 422, body: standard!.body, problem: standard!.problem },
    });
    expect(events).toMatchObject([
      { type: 'translated', level: 'error', readerError: `TypeError: ${message}` },
    ]);
  });

  test('translate, which tells no event, throws it', () => {
    const laki = createLakiConnect({ [option]: give });
    expect(() => laki.translate(refusal(), { accept })).toThrow(new TypeError(message));
    expect(() => laki.explain(refusal(), { accept })).toThrow(new TypeError(message));
  });
});

test('duplicateReference that gives a promise says neither yes nor no', () => {
  const refused = { status: 409, code: undefined, message: undefined, details: [] };
  for (const give of [async () => true, rejects]) {
    const { duplicateReference } = settle({ duplicateReference: give as never });
    expect(() => duplicateReference!(refused)).toThrow(
      new TypeError('lakiconnect: option `duplicateReference` gave a promise, expected its value at once.'),
    );
  }
  expect(settle({ duplicateReference: ({ status }) => status === 409 }).duplicateReference!(refused)).toBe(
    true,
  );
});
