import { describe, expect, test } from '@jest/globals';
import { CATALOG, type CatalogEntry } from 'lakiconnect-middleware';
import { KINDS } from '../../src/translation/rules.js';

/** https://lakipay.co/docs/lakiconnects/errors */
const DOCUMENTED: readonly [code: string, group: CatalogEntry['group'], statuses: number[]][] = [
  ['UNAUTHORIZED', 'key', [401]],
  ['FORBIDDEN', 'key', [403]],
  ['NOT_FOUND', 'missing', [404]],
  ['CONNECTED_MERCHANT_NOT_FOUND', 'missing', [404]],
  ['VALIDATION_ERROR', 'state', [400, 422]],
  ['KYC_NOT_APPROVED', 'state', []],
  ['FEE_CONFIG_NOT_SET', 'state', []],
  ['RATE_LIMITED', 'retry', [429]],
  ['IDEMPOTENCY_CONFLICT', 'retry', [409]],
];
const entries: Readonly<Record<string, CatalogEntry>> = CATALOG;

describe('The catalog', () => {
  test('holds the nine documented codes and no other', () => {
    expect(Object.keys(CATALOG).sort()).toEqual(DOCUMENTED.map(([code]) => code).sort());
  });

  test.each(DOCUMENTED)('has %s in the group %s, with the statuses %j', (code, group, statuses) => {
    expect(entries[code]).toMatchObject({ code, group, statuses });
  });

  test.each(DOCUMENTED)('says in whole sentences what %s means and what to do', (code) => {
    const sentence = /^[A-Z][^\n]{10,120}\.$/;
    expect(entries[code]?.meaning).toMatch(sentence);
    expect(entries[code]?.remedy).toMatch(sentence);
  });

  test.each(DOCUMENTED)('has a rule for %s', (code) => {
    expect(KINDS).toContain(code);
  });
});
