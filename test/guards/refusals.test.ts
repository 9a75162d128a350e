import { expect, test } from '@jest/globals';
import { refusalsBy, refusalsOf, refusing } from '../../src/guards/refusals.js';

const KYC = { kind: 'KYC_NOT_APPROVED' } as const;
const NOBODY = { kind: 'MERCHANT_UNIDENTIFIED' };
const UNDETERMINED = { kind: 'UNDETERMINED' };

test('Middleware knows what it refuses with, and stays what it is', () => {
  const middleware = () => undefined;
  const refusals = refusalsBy([KYC], {});
  expect(refusing(middleware, refusals)).toBe(middleware);
  expect(refusalsOf(middleware)).toBe(refusals);
  // Another copy of the package knows it by that name.
  expect(Reflect.ownKeys(middleware)).toContain(Symbol.for('lakiconnect-middleware.refusals'));
});

test('Middleware that is no guard stays without', () => {
  const middleware = () => undefined;
  expect(refusing(middleware, undefined)).toBe(middleware);
  expect(Reflect.ownKeys(middleware)).not.toContain(Symbol.for('lakiconnect-middleware.refusals'));
  expect([middleware, undefined, {}, refusing({}, refusalsBy([], {}))].map(refusalsOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  [{}, [KYC, NOBODY, UNDETERMINED]],
  [{ whenUndetermined: 'deny', mode: 'enforce' }, [KYC, NOBODY, UNDETERMINED]],
  [{ whenUndetermined: 'allow' }, [KYC, NOBODY]],
  [{ mode: 'report' }, []],
] as const)('A guard with %j refuses with %j', (options, reasons) => {
  expect(refusalsBy([KYC], options).reasons).toEqual(reasons);
});

test.each([
  [undefined, undefined],
  ['merchant', 'merchant'],
  ['customer', 'customer'],
  [() => 'merchant' as const, 'customer'],
] as const)('A guard whose reader is %p tells %p', (audience, reader) => {
  expect(refusalsBy([], { audience }).audience).toBe(reader);
});
