import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  am,
  createLakiConnect,
  defineRequirement,
  en,
  LakiConnectError,
  type Audience,
  type Kind,
  type LakiConnectErrorInit,
  type Options,
  type Reply,
} from 'lakiconnect-middleware';
import { om } from 'lakiconnect-middleware/locales/om';

const HIDDEN = ['KYC_NOT_APPROVED', 'FEE_CONFIG_NOT_SET', 'CONNECTED_MERCHANT_NOT_FOUND'] as const;
const BROKEN = ['UNAUTHORIZED', 'FORBIDDEN'] as const;
const MEDIA = ['application/problem+json', 'application/json', 'text/html', 'text/plain'];

/** All that the provider, or a guard in its place, can say of an error of some kinds. */
const errorsOf = (kinds: readonly Kind[]) =>
  fc
    .record<LakiConnectErrorInit>({
      kind: fc.constantFrom(...kinds),
      origin: fc.constantFrom('upstream', 'guard'),
      outcome: fc.constant('rejected'),
      retryable: fc.boolean(),
      code: fc.constantFrom(undefined, 'SOMETHING_NEW', ...kinds),
      requestId: fc.option(fc.stringMatching(/^[A-Za-z0-9._:-]{1,40}$/), { nil: undefined }),
      retryAfterMs: fc.option(fc.integer({ min: 1, max: 90_000 }), { nil: undefined }),
      details: fc.array(fc.record({ field: fc.constantFrom('amount', 'x'), issue: fc.string() })),
      merchantId: fc.constantFrom(undefined, 'cm_1'),
      status: fc.constantFrom(undefined, 400, 409, 500),
      upstream: fc.record({ status: fc.constantFrom(200, 400, 403, 404, 422, 500) }),
    })
    .chain((init) => fc.constantFrom(init, { ...init, outcome: 'unknown' as const }))
    .map((init) => new LakiConnectError(init));

/** What of the rows of the hidden can be changed but the mask itself. */
const rules = fc.dictionary(
  fc.constantFrom<Kind>(...HIDDEN, ...BROKEN),
  fc.record(
    {
      fault: fc.constantFrom('caller' as const, 'provider' as const),
      retryable: fc.boolean(),
      level: fc.constantFrom('info' as const, 'error' as const),
      action: fc.constantFrom('wait' as const, 'correct' as const),
    },
    { requiredKeys: [] },
  ),
) as fc.Arbitrary<NonNullable<Options['rules']>>;

const readers = fc.record({
  accept: fc.constantFrom(...MEDIA),
  locale: fc.constantFrom('en', 'am', 'om'),
});
const options = fc.record({ format: fc.constantFrom('problem' as const, 'envelope' as const), rules });
const shopOf = (given: Options) => createLakiConnect({ ...given, locales: [en, am, om] });

const withoutId = ({ status, headers, body, problem }: Reply) => {
  const { request_id: id = '', ...rest } = problem;
  const said = id === '' ? body : body.replace(`,"request_id":${JSON.stringify(id)}`, '');
  return { status, headers, body: said, problem: rest };
};

describe('To a customer', () => {
  test('no two hidden reasons can be told apart, by whomever the request was refused', () => {
    fc.assert(
      fc.property(errorsOf(HIDDEN), errorsOf(HIDDEN), options, readers, (one, other, given, reader) => {
        fc.pre(one.outcome === other.outcome);
        const { translate } = shopOf(given);
        const reply = translate(one, { ...reader, audience: 'customer' });
        expect(reply).toStrictEqual(translate(other, { ...reader, audience: 'customer' }));
        expect(reply?.status).toBe(409);
        expect(reply?.headers).not.toHaveProperty('retry-after');
        for (const member of ['request_id', 'errors', 'retry_after']) {
          expect(reply?.problem).not.toHaveProperty(member);
        }
        expect(reply?.problem.retryable).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[string, Parameters<typeof defineRequirement>[0]['rule']]>([
    ['a mask', { status: 422, code: 'PAYOUT_MISSING', customer: { code: 'PAYMENTS_UNAVAILABLE' } }],
    [
      'a mask with its status',
      { status: 422, code: 'PAYOUT_MISSING', customer: { status: 409, code: 'PAYMENTS_UNAVAILABLE' } },
    ],
    ['the code of a mask for everybody', { status: 409, code: 'PAYMENTS_UNAVAILABLE' }],
    [
      'a mask, and all else that a row can say',
      {
        status: 422,
        code: 'PAYOUT_MISSING',
        fault: 'platform',
        retryable: true,
        level: 'error',
        action: 'correct',
        customer: { code: 'PAYMENTS_UNAVAILABLE' },
      },
    ],
  ])('nor can a requirement of the platform’s own be told from them whose row has %s', async (_, rule) => {
    const laki = shopOf({});
    const text = { title: 'Title', detail: 'Detail.' };
    const words = { [rule.code]: { merchant: text, customer: text } };
    const requirement = defineRequirement({
      name: 'payout',
      rule,
      messages: rule.code === 'PAYMENTS_UNAVAILABLE' ? {} : { en: words, am: words, om: words },
      lookup: () => ({ met: false }),
    });
    const refused = await laki.check('cm_1', [requirement]).catch((error: unknown) => error);
    const hidden = new LakiConnectError({ kind: 'KYC_NOT_APPROVED', requestId: 'req_1' });
    for (const accept of MEDIA) {
      for (const locale of ['en', 'am', 'om']) {
        const reader = { accept, locale, audience: 'customer' as const };
        expect(laki.translate(refused, reader)).toStrictEqual(laki.translate(hidden, reader));
      }
    }
  });

  test('a requirement of the platform’s own has no words of its own behind the mask', async () => {
    const requirement = defineRequirement({
      name: 'payout',
      rule: { status: 422, code: 'PAYMENTS_UNAVAILABLE' },
      messages: { en: { PAYMENTS_UNAVAILABLE: { customer: 'Add a bank account.' } } },
      lookup: () => ({ met: false }),
    });
    await expect(createLakiConnect().check('cm_1', [requirement])).rejects.toThrow(
      /`payout\.messages\.en\.PAYMENTS_UNAVAILABLE` is .*, expected no such text: all that is hidden reads the same/,
    );
  });
});

test('To anybody, in whichever way the platform’s key is broken, replies differ in nothing but the request id', () => {
  const audiences = fc.constantFrom<Audience>('merchant', 'customer');
  fc.assert(
    fc.property(
      errorsOf(BROKEN),
      errorsOf(BROKEN),
      options,
      readers,
      audiences,
      (one, other, given, reader, audience) => {
        fc.pre(one.outcome === other.outcome);
        const { translate } = shopOf(given);
        const [reply, another] = [one, other].map(
          (error) => translate(error, { ...reader, audience }) as Reply,
        );
        expect(withoutId(reply as Reply)).toStrictEqual(withoutId(another as Reply));
        expect(reply).toMatchObject({ status: 502, problem: { retryable: false } });
        expect(reply?.problem.request_id).toBe(one.requestId);
      },
    ),
    { numRuns: 1000 },
  );
});
