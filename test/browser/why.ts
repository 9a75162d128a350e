import { describe, expect, test } from '@jest/globals';
import { choose } from './choose.js';
import { shownBy } from './shown.js';
import { visit } from './visit.js';

const why = async (query: string) => (await shownBy(await visit(query))).why;

const SENT = { 'Recognised by': 'its URL', 'Set by the platform': 'nothing' };

describe('Why a reply is as it is, operators are told', () => {
  test.each<[string, Record<string, string>]>([
    [
      '?kyc=pending',
      {
        'Recognised by': 'its class',
        Kind: 'KYC_NOT_APPROVED, by the guard',
        Outcome: 'rejected, by the guard',
        Rule: '403 KYC_NOT_APPROVED; for customers 409 PAYMENTS_UNAVAILABLE',
        'Set by the platform': 'nothing',
        Audience: 'customer, by the request; something is kept back',
        Language: 'en, by Accept-Language',
        Words: 'PAYMENTS_UNAVAILABLE, of the language',
      },
    ],
    [
      '?kyc=pending&framework=koa&audience=merchant&lang=am',
      {
        Audience: 'merchant, by the request; nothing is kept back',
        Language: 'am, by Accept-Language',
        Words: 'KYC_NOT_APPROVED, of the language',
      },
    ],
    ['?fail=INVALID_PHONE', { ...SENT, Kind: 'VALIDATION_ERROR, by its code' }],
    ['?fail=NOT_FOUND&envelope=flat', { ...SENT, Kind: 'NOT_FOUND, by its status' }],
    [
      '?fail=reset',
      { ...SENT, Kind: 'UNREACHABLE, by the connection', Words: 'OUTCOME_UNKNOWN, of the language' },
    ],
    ['?fail=hang-headers&client=fetch', { 'Recognised by': 'the call that it was thrown in' }],
    ['?fail=NOT_FOUND&envelope=html', { Outcome: 'unknown, by its body' }],
    [
      '?fail=RATE_LIMITED&rules=own',
      {
        Rule: '429 RATE_LIMITED',
        'Set by the platform': 'status',
        Words: "RATE_LIMITED, of the platform's messages",
      },
    ],
  ])('%s', async (query, expected) => {
    expect(await why(query)).toMatchObject(expected);
  });

  test('of rules that are set when they are set', async () => {
    const page = await visit('?kyc=pending&accept=application%2Fproblem%2Bjson');
    await choose(page, 'Rules', 'own');
    const shown = await shownBy(page);
    expect(shown.received.status).toBe(503);
    expect(shown.why).toMatchObject({
      Rule: '403 KYC_NOT_APPROVED; for customers 503 PAYMENTS_UNAVAILABLE',
      'Set by the platform': 'level, customer',
    });
  });

  test('nothing where it was paid, or nothing was yet', async () => {
    expect(await why('')).toEqual({});
    expect(await why('?steps=approve')).toEqual({});
  });
});
