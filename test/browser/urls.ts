import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { choose, press } from './choose.js';
import { comparable } from './comparable.js';
import { shownBy } from './shown.js';
import { demoUrl, visit } from './visit.js';

type Click = (page: Page) => Promise<void>;

const pressed = (button: string): [string, Click] => [button, (page) => press(page, button)];
const chosen = (label: string, value: string): [string, Click] => [
  `${label}: ${value}`,
  (page) => choose(page, label, value),
];
const CLICKS: [string, Click][] = [
  chosen('KYC', 'pending'),
  pressed('Approve KYC'),
  pressed('Send webhook'),
  pressed('Pay'),
  chosen('How it answers the payment', 'RATE_LIMITED'),
  pressed('Lookups go down'),
  pressed('Forge a webhook'),
  chosen('Accept', 'text/plain'),
  pressed('Start over'),
];

describe('A state', () => {
  test('is the same in a new page that opens its URL, after every click', async () => {
    const [page, copy] = [await visit(), await visit()];
    for (const [name, click] of CLICKS) {
      await click(page);
      await copy.goto(page.url());
      expect([name, await comparable(copy)]).toEqual([name, await comparable(page)]);
    }
  });

  test('comes back by the buttons of the browser, in both directions', async () => {
    const page = await visit();
    const states = [await comparable(page)];
    for (const [, click] of CLICKS.slice(0, 4)) {
      await click(page);
      states.push(await comparable(page));
    }
    for (const state of states.slice(0, -1).reverse()) {
      await settled(page, () => page.goBack());
      expect(await comparable(page)).toEqual(state);
    }
    for (const state of states.slice(1)) {
      await settled(page, () => page.goForward());
      expect(await comparable(page)).toEqual(state);
    }
  });

  test('that was chosen last is shown, however long the one before takes', async () => {
    const page = await visit();
    const givenUp: string[] = [];
    page.on('requestfailed', (request) => givenUp.push(request.url()));
    let isLate = true;
    await page.route('**/?*kyc=pending*', async (route) => {
      if (isLate) await new Promise((resolve) => setTimeout(resolve, 400));
      isLate = false;
      await route.continue().catch(() => undefined);
    });
    await page.getByRole('combobox', { name: 'KYC' }).selectOption('pending');
    await page.getByRole('combobox', { name: 'KYC' }).selectOption('suspended');
    await page.waitForURL(/kyc=suspended/);
    await page.waitForTimeout(500);
    expect(page.url()).toContain('kyc=suspended');
    expect(await page.getByRole('combobox', { name: 'KYC' }).inputValue()).toBe('suspended');
    expect(givenUp).toEqual([expect.stringContaining('kyc=pending')]);
  });
});

/** The browser goes first, and what it shows comes after it. */
async function settled(page: Page, go: () => Promise<unknown>): Promise<void> {
  await Promise.all([page.waitForResponse((response) => response.url() === page.url()), go()]);
  await page.locator('body:not([aria-busy])').waitFor();
}

describe('A URL that chooses nonsense', () => {
  test.each([
    ['a value that is none', '?kyc=maybe&fail=NOTHING&framework=hapi&accept=*/*'],
    [
      'names that every object has',
      '?kyc=__proto__&fail=constructor&lang=toString&steps=__proto__.constructor',
    ],
    ['steps that are none', '?steps=zz.pay.__proto__'],
    ['no steps', '?steps=...'],
    ['a name twice', '?kyc=approved&kyc=pending'],
    ['percent signs', '?kyc=%&fee=%E0%A4%A&steps=%00'],
    ['no end', `?${'x'.repeat(10_000)}`],
    ['an end that is far', `?kyc=${'approved'.repeat(1200)}`],
  ])('with %s shows the usual page', async (_, query) => {
    const page = await visit();
    const usual = await comparable(page);
    await page.goto(demoUrl() + query);
    expect(await comparable(page)).toEqual(usual);
  });

  test.each([
    '?kyc=<script>alert(1)</script>',
    '?lang="><img src=x onerror=alert(1)>&audience="><img src=x onerror=alert(1)>',
    '?accept=text/html\'"><script>alert(1)</script>&client=<svg onload=alert(1)>',
    '?steps="><script>alert(1)</script>.pay&<script>alert(1)</script>=1',
    '?key=sent\r\nset-cookie: a=b&kyc=javascript:alert(1)',
  ])('runs nothing and shows nothing of it: %s', async (query) => {
    const page = await visit(query.replace(/[\r\n]/g, encodeURIComponent));
    const markup = await page.content();
    expect(markup).not.toMatch(/alert\(1\)|onerror|onload|javascript:/);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.context().cookies()).toEqual([]);
  });

  test('has at most 24 steps, so that nobody waits long', async () => {
    const page = await visit(`?steps=${'pay.'.repeat(2000)}pay`);
    const { history, figures } = await shownBy(page);
    expect(history).toHaveLength(24);
    expect(figures['Charges']?.[0]).toBe('24');
  });

  test.each([
    ['POST', '', 405],
    ['PUT', '', 405],
    ['GET', 'elsewhere', 404],
    ['GET', '../package.json', 404],
    ['GET', 'page.css%00', 404],
    ['GET', '__proto__', 404],
  ])('of a page that is none is answered: %s /%s %i', async (method, path, status) => {
    const response = await fetch(demoUrl() + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });
});
