/** A reply that is made once and filled in says the same as one that is written anew. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LakiConnectError, type Options } from 'lakiconnect-middleware';
import { settle } from '../../src/settle.js';
import type { LakiConnectErrorInit } from '../../src/translation/error.js';
import { KINDS } from '../../src/translation/rules.js';
import type { Sheets } from '../../src/translation/sheets.js';
import { translate, type Reader } from '../../src/translation/translate.js';

const anew: Sheets = (said, _reading, make) => make(said.requestId);

const readers = fc.record<Reader>({
  accept: fc.constantFrom(
    undefined,
    'application/json',
    'text/html',
    'text/plain',
    'application/problem+json',
  ),
  acceptLanguage: fc.constantFrom(undefined, 'am', 'en', 'fr'),
  audience: fc.constantFrom('merchant', 'customer'),
});

const errors = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    outcome: fc.constantFrom('rejected' as const, 'unknown' as const),
    retryable: fc.boolean(),
    requestId: fc.option(fc.stringMatching(/^[A-Za-z0-9._:-]{1,40}$/), { nil: undefined }),
    retryAfterMs: fc.option(fc.integer({ min: 1, max: 90_000 }), { nil: undefined }),
    details: fc.array(fc.record({ field: fc.constantFrom('amount', 'phone'), issue: fc.string() }), {
      maxLength: 2,
    }),
    upstream: fc.record({ status: fc.constantFrom(400, 403, 422, 500) }),
  })
  .map((init: LakiConnectErrorInit) => new LakiConnectError(init));

const FORMATS: readonly [string, Options][] = [
  ['the standard form', {}],
  ['an envelope', { format: 'envelope' }],
  ['a form of the platform’s', { format: ({ code, request_id }, { kind }) => [code, request_id, kind] }],
  ['a page of the platform’s', { html: ({ title, request_id = '' }) => `<p>${title} ${request_id}` }],
  [
    'its own names of fields, words and types',
    {
      fields: { amount: 'total' },
      problemTypeBase: 'https://shop.example/problems/',
      messages: { am: { NOT_FOUND: { customer: 'የለም' } } },
    },
  ],
];

test.each(FORMATS)('In %s a reply says the same as one that is written anew', (_, options) => {
  const settings = settle(options);
  const without = { ...settings, sheets: anew };
  fc.assert(
    fc.property(errors, readers, (error, reader) => {
      const translation = translate(error, reader, settings);
      expect(translation).toStrictEqual(translate(error, reader, without));
      expect(Object.keys(translation.reply.problem)).toEqual(
        Object.keys(translate(error, reader, without).reply.problem),
      );
    }),
    { numRuns: 1000 },
  );
});

describe('What is done to one reply', () => {
  const settings = settle({});
  const error = new LakiConnectError({ kind: 'NOT_FOUND', requestId: 'req_1' });

  test('does not change the next', () => {
    const [first, second, third] = [1, 2, 3].map(() => translate(error, {}, settings).reply);
    Object.assign(first!.headers, { 'set-cookie': 'a=b' });
    Object.assign(first!.problem, { title: 'Changed', request_id: 'req_2' });
    expect(second).toStrictEqual(third);
    expect(translate(error, {}, settings).reply).toStrictEqual(second);
  });
});

describe('An error that was tampered with', () => {
  test.each<[string, object]>([
    ['an outcome that there is not', { outcome: 'maybe' }],
    ['something that is no outcome', { outcome: undefined }],
    ['something in place of whether to try again', { retryable: 'yes' }],
    ['an id that breaks out of its text', { requestId: '","retryable":true,"x":"' }],
    ['an id that is a text no more', { requestId: { toString: () => 'req_1' } }],
    ['an id that cannot be shown', { requestId: Symbol('req_1') }],
  ])('by %s changes no other reply', (_, change) => {
    const [settings, untouched] = [settle({}), settle({})];
    const tampered = Object.assign(new LakiConnectError({ kind: 'NOT_FOUND', requestId: 'req_1' }), change);
    try {
      const { body, problem } = translate(tampered, {}, settings).reply;
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(problem)));
      expect(['rejected', 'unknown']).toContain(problem.outcome);
      expect(typeof problem.retryable).toBe('boolean');
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(TypeError);
    }
    for (const outcome of ['rejected', 'unknown'] as const)
      for (const retryable of [true, false]) {
        const error = new LakiConnectError({ kind: 'NOT_FOUND', requestId: 'req_1', outcome, retryable });
        expect(translate(error, {}, settings)).toStrictEqual(translate(error, {}, untouched));
      }
  });
});
