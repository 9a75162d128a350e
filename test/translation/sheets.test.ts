/** A reply that is made once and filled in says the same as one that is written anew. */
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { LakiConnectError, type Options, type Reply } from 'lakiconnect-middleware';
import type { Settings } from '../../src/settings.js';
import { settle } from '../../src/settle.js';
import type { LakiConnectErrorInit } from '../../src/translation/error.js';
import { languageNegotiation } from '../../src/translation/negotiate.js';
import type { OwnRow } from '../../src/translation/own-row.js';
import { KINDS, RULES } from '../../src/translation/rules.js';
import { createSheets, type Sheets } from '../../src/translation/sheets.js';
import { translate, type Reader } from '../../src/translation/translate.js';

const anew: Sheets = (said, _reading, make) => make(said.requestId);

/** The same settings with other sheets, where there are some. */
function withSheets(settings: Settings<never>, sheets: Sheets): Settings<never> {
  const renderers = [...settings.renderers].map(
    ([media, renderer]) =>
      [media, renderer.sheets === undefined ? renderer : { ...renderer, sheets }] as const,
  );
  return { ...settings, renderers: new Map(renderers) };
}

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
  const without = withSheets(settings, anew);
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

test.each<[string, string, Options, boolean]>([
  ['the standard form', 'application/problem+json', {}, true],
  ['JSON', 'application/json', {}, true],
  ['an envelope', 'application/json', { format: 'envelope' }, true],
  ['the small page', 'text/html', {}, true],
  ['text', 'text/plain', {}, true],
  ['a form of the platform’s', 'application/json', { format: () => [] }, false],
  ['a page of the platform’s', 'text/html', { html: () => '<p>' }, false],
])('%s in %s is made once: only what is ours is known beforehand', (_, accept, options, isMadeOnce) => {
  const sheets = jest.fn(anew);
  translate(new LakiConnectError({ kind: 'NOT_FOUND' }), { accept }, withSheets(settle(options), sheets));
  expect(sheets).toHaveBeenCalledTimes(Number(isMadeOnce));
});

test('Each reply that differs in more than its id is made once', () => {
  const sheets = createSheets();
  const choices = fc.record({
    row: fc.constantFrom(RULES.NOT_FOUND, RULES.TIMEOUT),
    status: fc.constantFrom(400, 401, 404, 500, 599),
    outcome: fc.constantFrom('rejected' as const, 'unknown' as const),
    retryable: fc.boolean(),
    audience: fc.constantFrom('merchant' as const, 'customer' as const),
    locale: fc.constantFrom('en', 'am'),
    hasId: fc.boolean(),
  });
  const made: string[] = [];
  fc.assert(
    fc.property(choices, fc.integer({ min: 0 }), (choice, id) => {
      const { row, status, outcome, retryable, audience, locale, hasId } = choice;
      const all = JSON.stringify(choice);
      const bodyOf = (requestId = 'none'): string => `${all} ${requestId}.`;
      const make = (requestId?: string): Reply => {
        made.push(all);
        const problem = { type: 'about:blank', title: all, status, code: 'X' };
        return { status, headers: {}, body: bodyOf(requestId), problem };
      };
      const requestId = hasId ? `req_${String(id)}` : undefined;
      const said = { row, status, outcome, retryable, requestId };
      const reply = sheets(said, { kind: undefined, audience, locale, media: 'text/plain' }, make);
      expect(reply.body).toBe(bodyOf(requestId));
      expect(reply.problem).toMatchObject({ title: all, ...(hasId ? { request_id: requestId } : {}) });
    }),
    { numRuns: 5000 },
  );
  expect(new Set(made).size).toBe(made.length);
});

test('Of two rows with one rule each has its own words', () => {
  const settings = settle({});
  const rowSaying = (detail: string): OwnRow => {
    const text = { title: 'Held back', detail };
    const texts = new Map([['NOT_FOUND', { merchant: text, customer: text }]]);
    return {
      rule: RULES.NOT_FOUND,
      messages: {},
      texts: new Map([['en', texts]]),
      language: languageNegotiation(['en']),
    };
  };
  const details = ['One.', 'Another.', 'One.'].map((detail) => {
    const error = new LakiConnectError({ kind: 'NOT_FOUND', ownRow: rowSaying(detail) });
    return translate(error, {}, settings).reply.problem.detail;
  });
  expect(details).toEqual(['One.', 'Another.', 'One.']);
});

test.each(['req_1', undefined])(
  'What is done to one reply does not change the next, with the id %p',
  (requestId) => {
    const settings = settle({});
    const error = new LakiConnectError({ kind: 'NOT_FOUND', requestId });
    const untouched = translate(error, {}, settle({})).reply;
    const { headers, problem } = translate(error, {}, settings).reply;
    Object.assign(headers, { 'set-cookie': 'a=b' });
    Object.assign(problem, { title: 'Changed', request_id: 'req_2' });
    expect(translate(error, {}, settings).reply).toStrictEqual(untouched);
  },
);

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
