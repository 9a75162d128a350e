import { describe, expect, test } from '@jest/globals';
import { createLakiConnect, LakiConnectError } from 'lakiconnect-middleware';
import { AUDIENCES, LOCALES, pageOf } from '../../src/cli/page.js';
import { CATALOG } from '../../src/translation/catalog.js';
import { KINDS, RULES } from '../../src/translation/rules.js';

const { translate } = createLakiConnect({ locales: LOCALES });

describe.each(KINDS)('The page of %s', (kind) => {
  const page = pageOf(kind, AUDIENCES, LOCALES);

  test('says what replies say, to every audience in every language', () => {
    for (const audience of AUDIENCES) {
      for (const { tag } of LOCALES) {
        const told = page.told[audience]!;
        const reply = translate(new LakiConnectError({ kind, outcome: 'rejected' }), {
          audience,
          locale: tag,
        })!;
        expect([told.status, told.code]).toEqual([reply.status, reply.problem.code]);
        expect(told.texts[tag]).toEqual({ title: reply.problem.title, detail: reply.problem.detail });

        const open = translate(new LakiConnectError({ kind }), { audience, locale: tag })!;
        expect((told.whileUnknown ?? told.texts)[tag]).toEqual({
          title: open.problem.title,
          detail: open.problem.detail,
        });
        const hasOwnWords = kind === 'DUPLICATE_REFERENCE'; // they send to the earlier payment
        expect(told.whileUnknown !== undefined).toBe(open.problem.outcome === 'unknown' && !hasOwnWords);
      }
    }
  });

  test('has its row, and what the documents say of it', () => {
    const { fault, retryable, level } = RULES[kind];
    expect(page).toMatchObject({ kind, fault, retryable, level });
    const entry = Object.entries(CATALOG).find(([code]) => code === kind)?.[1];
    expect(page.documented).toEqual(entry && { meaning: entry.meaning, remedy: entry.remedy });
  });

  test('says what every party does next', () => {
    expect(Object.keys(page.next)).toEqual(['platform', 'merchant', 'customer']);
    expect(Object.values(page.next).filter((step) => !/^[A-Z].+\.$/.test(step))).toEqual([]);
  });
});

test('A page has no more audiences and languages than are asked for', () => {
  const { told, next } = pageOf('KYC_NOT_APPROVED', ['customer'], LOCALES.slice(1, 2));
  expect(Object.keys(told)).toEqual(['customer']);
  expect(Object.keys(told.customer!.texts)).toEqual(['am']);
  expect(Object.keys(next)).toEqual(['platform', 'customer']);
});
