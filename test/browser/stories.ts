import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { choose, press } from './choose.js';
import { leaksTo } from './leaks.js';
import { shownBy, type Shown } from './shown.js';
import { visit } from './visit.js';

const TOLD = '&accept=application%2Fproblem%2Bjson';

/** Presses buttons, one after another. @returns what was shown at the end. */
async function after(page: Page, ...buttons: readonly string[]): Promise<Shown> {
  for (const button of buttons) await press(page, button);
  return shownBy(page);
}

const kyc = ({ figures }: Shown) => figures['KYC approved'];
const charges = ({ figures }: Shown) => figures['Charges']?.[0];
const lookups = ({ figures }: Shown) => figures['Lookups']?.[0];
const last = ({ history }: Shown) => history.at(-1);

describe('By buttons it is told that', () => {
  test.each(['express', 'koa'])(
    'a shop that is approved is paid as soon as a webhook tells %s of it',
    async (framework) => {
      const page = await visit(`?kyc=pending&framework=${framework}${TOLD}`);
      const refused = await shownBy(page);
      expect(last(refused)).toBe('Pay 409 PAYMENTS_UNAVAILABLE');
      expect(kyc(refused)).toEqual(['no', 'fresh, 0 s old']);
      expect(refused.said).toMatchObject({ status: undefined, body: '' });

      const still = await after(page, 'Approve KYC', 'Pay');
      expect(last(still)).toBe('Pay 409 PAYMENTS_UNAVAILABLE');
      expect(kyc(still)).toEqual(['no', 'fresh, 0 s old']);
      expect(lookups(still)).toBe(lookups(refused));
      expect(charges(still)).toBe('0');

      const told = await after(page, 'Send webhook');
      expect(last(told)).toBe('Send webhook 200 OK');
      expect(kyc(told)).toEqual(['not known', 'nothing remembered']);
      expect(charges(told)).toBe('0');

      const paid = await after(page, 'Pay');
      expect(last(paid)).toBe('Pay 201 Created');
      expect(paid.received.status).toBe(201);
      expect(kyc(paid)).toEqual(['yes', 'fresh, 0 s old']);
      expect(charges(paid)).toBe('1');
      expect(paid.history).toEqual([
        'Pay 409 PAYMENTS_UNAVAILABLE',
        'Approve KYC',
        'Pay 409 PAYMENTS_UNAVAILABLE',
        'Send webhook 200 OK',
        'Pay 201 Created',
      ]);
    },
  );

  test('without a webhook it is paid when the "no" has expired', async () => {
    const page = await visit(`?kyc=pending${TOLD}`);
    const waited = await after(page, 'Approve KYC', 'Wait 6 s');
    expect(kyc(waited)).toEqual(['no', 'expired, 6 s old']);
    expect(charges(await after(page, 'Pay'))).toBe('1');
  });

  test('a forged webhook is refused, and changes nothing', async () => {
    const page = await visit(`?kyc=pending${TOLD}`);
    const before = await after(page, 'Approve KYC');
    const forged = await after(page, 'Forge a webhook');
    expect(last(forged)).toBe('Forge a webhook 401 Unauthorized');
    expect(forged.figures).toEqual(before.figures);
    expect(forged.announced).toBe('3. Forge a webhook: 401 Unauthorized');
    const afterwards = await after(page, 'Pay');
    expect(last(afterwards)).toBe('Pay 409 PAYMENTS_UNAVAILABLE');
    expect(afterwards.figures).toEqual(before.figures);
  });

  test('a stale "yes" is believed while the lookups are down, for five minutes', async () => {
    const page = await visit(`?${TOLD}`);
    const stale = await after(page, 'Lookups go down', 'Wait a minute', 'Pay');
    expect(last(stale)).toBe('Pay 201 Created');
    expect(kyc(stale)).toEqual(['yes', 'stale, 61 s old']);
    expect(charges(stale)).toBe('2');

    const unknown = await after(page, 'Wait 5 minutes', 'Pay');
    expect(last(unknown)).toBe('Pay 503 UNDETERMINED');
    expect(unknown.received.headers['retry-after']).toBe('1');
    expect(kyc(unknown)).toEqual(['yes', 'expired, 362 s old']);
    expect(charges(unknown)).toBe('2');
    expect(leaksTo('customer', unknown)).toEqual([]);

    expect(last(await after(page, 'Lookups come back', 'Pay'))).toBe('Pay 201 Created');
  });

  test.each(['express', 'koa'])(
    'a shop that is suspended is paid until a webhook tells %s of it',
    async (framework) => {
      const page = await visit(`?framework=${framework}${TOLD}`);
      const suspended = await after(page, 'Suspend');
      expect(kyc(suspended)).toEqual(['yes', 'fresh, 0 s old']);
      // The guard lets it pass. LakiConnect does not, and then the guard knows, too.
      const refused = await after(page, 'Pay');
      expect(last(refused)).toBe('Pay 409 PAYMENTS_UNAVAILABLE');
      expect(refused.said.status).toBe(403);
      expect(refused.logged.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['disagreement', 'invalidated']),
      );
      expect(charges(refused)).toBe('1');

      const told = await after(page, 'Start over', 'Suspend', 'Send webhook', 'Pay');
      expect(told.history).toEqual([
        'Pay 201 Created',
        'Suspend',
        'Send webhook 200 OK',
        'Pay 409 PAYMENTS_UNAVAILABLE',
      ]);
      expect(told.said.status).toBeUndefined();
      expect(kyc(told)).toEqual(['no', 'fresh, 0 s old']);
      expect(charges(told)).toBe('1');
    },
  );

  test('a guard that only reports holds nothing back, and tells operators whom it would have', async () => {
    const page = await visit(`?kyc=pending&guard=report${TOLD}`);
    const shown = await shownBy(page);
    expect(shown.said.status).toBe(403);
    expect(shown.received.status).toBe(409);
    expect(shown.logged).toContainEqual(
      expect.objectContaining({ type: 'refused', mode: 'report', kind: 'KYC_NOT_APPROVED' }),
    );
    expect(charges(shown)).toBe('0');
    expect(leaksTo('customer', shown)).toEqual([]);
  });

  test.each([
    ['with an idempotency key once', '&key=sent', '1'],
    ['without one each time', '', '2'],
  ])('a payment whose answer is cut off is charged %s', async (_, key, charged) => {
    const page = await visit(`?fail=cut${key}${TOLD}`);
    const first = await shownBy(page);
    expect(charges(first)).toBe('1');
    expect(JSON.parse(first.received.body)).toMatchObject({ outcome: 'unknown', retryable: key !== '' });
    const second = await after(page, 'Pay');
    expect(second.history).toEqual(['Pay 502 UNREACHABLE', 'Pay 502 UNREACHABLE']);
    expect(charges(second)).toBe(charged);
  });

  test.each<[string, string, { kind: string; status: number; charged: string; history: string[] }]>([
    [
      'that is demanded and missing',
      'missing',
      {
        kind: 'IDEMPOTENCY_KEY_REQUIRED',
        status: 400,
        charged: '0',
        history: ['Pay 400 IDEMPOTENCY_KEY_REQUIRED'],
      },
    ],
    [
      'of another payment',
      'used',
      {
        kind: 'IDEMPOTENCY_CONFLICT',
        status: 409,
        charged: '1',
        history: ['Pay, another order 201 Created', 'Pay 409 IDEMPOTENCY_CONFLICT'],
      },
    ],
    [
      'of a payment that is under way',
      'twice',
      {
        kind: 'IDEMPOTENCY_IN_PROGRESS',
        status: 409,
        charged: '1',
        history: ['Pay, the first of two 201 Created', 'Pay, the second of two 409 IDEMPOTENCY_IN_PROGRESS'],
      },
    ],
  ])(
    'a key %s is refused, and LakiConnect is not asked',
    async (_, key, { kind, status, charged, history }) => {
      for (const framework of ['express', 'koa']) {
        const page = await visit(`?framework=${framework}${TOLD}`);
        await choose(page, 'Idempotency key', key);
        const shown = await shownBy(page);
        expect(shown.history).toEqual(history);
        expect(shown.said).toMatchObject({ status: undefined, body: '' });
        expect(await page.locator('.flow > li').first().textContent()).toContain(
          'never sent: the guard stopped it',
        );
        expect(shown.received.status).toBe(status);
        expect(charges(shown)).toBe(charged);
        expect(shown.logged.filter(({ type }) => type !== 'lookup').map(({ type }) => type)).toEqual([
          'refused',
          'translated',
        ]);
        expect(shown.why['Kind']).toBe(`${kind}, by the guard`);
        expect(leaksTo('customer', shown)).toEqual([]);
      }
    },
  );

  test('the same payment is made once more with the same key, when the first is through', async () => {
    const page = await visit(`?key=twice${TOLD}`);
    const again = await after(page, 'Pay');
    expect(again.history.slice(2)).toEqual([
      'Pay, the first of two 201 Created',
      'Pay, the second of two 409 IDEMPOTENCY_IN_PROGRESS',
    ]);
    expect(charges(again)).toBe('1');
  });

  test('a guard that only reports lets a payment without a demanded key pass', async () => {
    const shown = await shownBy(await visit(`?key=missing&guard=report${TOLD}`));
    expect(last(shown)).toBe('Pay 201 Created');
    expect(shown.logged).toContainEqual(
      expect.objectContaining({ type: 'refused', mode: 'report', kind: 'IDEMPOTENCY_KEY_REQUIRED' }),
    );
  });

  test('nothing was paid, where nothing was', async () => {
    const page = await visit(`?steps=approve${TOLD}`);
    const { figures, received, logged } = await shownBy(page);
    expect(await page.locator('.flow > li').first().textContent()).toContain('Nothing has been paid yet.');
    expect(figures['Charges']).toEqual(['0', 'no money moved']);
    expect([received.status, logged]).toEqual([undefined, []]);
  });
});
