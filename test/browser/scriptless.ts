import { describe, expect, test } from '@jest/globals';
import { choose, press } from './choose.js';
import { comparable } from './comparable.js';
import { shownBy } from './shown.js';
import { visit } from './visit.js';

const CHOSEN = { KYC: 'pending', 'Who reads it': 'merchant', Language: 'am', Framework: 'koa' };
const PRESSED = ['Approve KYC', 'Send webhook', 'Pay', 'Start over'];

describe('Without JavaScript', () => {
  test("the form's button and the links show the same as with it", async () => {
    const [plain, live] = await Promise.all([visit('', { isLive: false }), visit()]);
    for (const [label, value] of Object.entries(CHOSEN)) {
      await plain.getByRole('combobox', { name: label, exact: true }).selectOption(value);
      await choose(live, label, value);
    }
    await plain.getByRole('button', { name: 'Show' }).click();
    await plain.waitForURL(/kyc=pending/);
    expect(await comparable(plain)).toEqual(await comparable(live));

    for (const button of PRESSED) {
      await press(plain, button);
      await press(live, button);
      expect([button, await comparable(plain)]).toEqual([button, await comparable(live)]);
    }
  });

  test("the form's button keeps what has happened so far", async () => {
    const page = await visit('?kyc=pending&steps=pay.approve', { isLive: false });
    await page.getByRole('combobox', { name: 'Framework' }).selectOption('koa');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/framework=koa/);
    expect((await shownBy(page)).history).toEqual(['Pay 409 Conflict', 'Approve KYC']);
  });

  test('the links of the table show what they promise', async () => {
    const page = await visit('', { isLive: false });
    await page.getByRole('link', { name: 'KYC_NOT_APPROVED' }).click();
    await page.waitForURL(/kyc=pending/);
    expect((await shownBy(page)).received.status).toBe(409);
  });

  test('there is a button, which nobody needs with it', async () => {
    const plain = await visit('', { isLive: false });
    expect(await plain.getByRole('button', { name: 'Show' }).isVisible()).toBe(true);
    const live = await visit();
    expect(await live.getByRole('button', { name: 'Show' }).count()).toBe(0);
  });
});
