import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { shownBy } from './shown.js';
import { visit } from './visit.js';

const CONTROLS = 'a[href], select, button, summary, [tabindex="0"]';

interface Stop {
  /** Its place in the document. */
  readonly at: number;
  readonly name: string;
  readonly isControl: boolean;
  readonly isOutlined: boolean;
  readonly isInView: boolean;
}

/** Where the focus is; `undefined` when it has left the page. */
function stop(page: Page): Promise<Stop | undefined> {
  return page.locator('body').evaluate((body, controls) => {
    const { activeElement: element, defaultView: view } = body.ownerDocument;
    if (element === null || element === body) return undefined;
    const { outlineStyle, outlineWidth } = view.getComputedStyle(element);
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return {
      at: [...body.querySelectorAll('*')].indexOf(element),
      name: `${element.localName} ${element.name ?? element.dataset.step ?? element.textContent.slice(0, 40)}`,
      isControl: element.matches(controls),
      isOutlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
      isInView: bottom > 0 && right > 0 && top < view.innerHeight && left < view.innerWidth,
    };
  }, CONTROLS);
}

const MOST = 250;

async function stopsOf(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let turns = 0; turns < MOST; turns++) {
    await page.keyboard.press('Tab');
    const next = await stop(page);
    if (next === undefined || (stops[0] && next.at === stops[0].at)) break;
    stops.push(next);
  }
  return stops;
}

const focused = (page: Page) =>
  page.locator('body').evaluate(({ ownerDocument: { activeElement } }) => ({
    id: activeElement.id as string,
    name: activeElement.name as string | undefined,
    step: activeElement.dataset.step as string | undefined,
  }));

describe('By keyboard alone', () => {
  test('every control is reached, in the order of the page, and is seen to be', async () => {
    const page = await visit('?kyc=pending&steps=pay.approve.webhook.pay.suspend.webhook.pay');
    const controls = await page
      .locator(CONTROLS)
      .evaluateAll((all) => all.filter((each) => each.checkVisibility()).length);
    const stops = await stopsOf(page);
    expect(stops.filter(({ isControl }) => isControl)).toHaveLength(controls);
    expect(controls).toBeGreaterThan(100);
    expect(stops.map(({ at }) => at)).toEqual(stops.map(({ at }) => at).sort((one, other) => one - other));
    const own = stops.filter(({ name }) => !name.startsWith('iframe')); // there it is another page's
    expect(own.filter(({ isOutlined, isInView }) => !isOutlined || !isInView)).toEqual([]);
  });

  test('the first is a link over the form to the reply, unseen until it has the focus', async () => {
    const page = await visit();
    const skip = page.getByRole('link', { name: 'To the reply' });
    const isInView = async () => ((await skip.boundingBox())?.y ?? -1) >= 0;
    expect(await isInView()).toBe(false);
    await page.keyboard.press('Tab');
    expect(await isInView()).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#result$/);
    await page.locator('body:not([aria-busy])').waitFor();
    expect(await focused(page)).toMatchObject({ id: 'result' });
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatchObject({ step: 'pay' });
  });

  test('a story is told, and the focus stays on the button that was pressed', async () => {
    const page = await visit('?kyc=pending');
    const region = await page.getByRole('status').elementHandle();
    const announced: string[] = [];
    for (const step of ['approve', 'webhook', 'pay', 'pay']) {
      const before = page.url();
      await page.locator(`[data-step=${step}]`).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(({ href }) => href !== before);
      expect(await focused(page)).toMatchObject({ step });
      expect(await stop(page)).toMatchObject({ isOutlined: true, isInView: true });
      announced.push((await shownBy(page)).announced);
      expect(await region?.evaluate(({ isConnected }) => isConnected as boolean)).toBe(true);
    }
    expect(announced).toEqual([
      '2. Approve KYC: done',
      '3. Send webhook: 200 OK',
      '4. Pay: The customer receives 201 Created',
      '5. Pay: The customer receives 201 Created',
    ]);
  });

  test('a choice is made, and the focus stays where it was made', async () => {
    const page = await visit();
    await page.getByRole('combobox', { name: 'KYC' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/kyc=pending/);
    expect(await focused(page)).toMatchObject({ name: 'kyc' });
    expect((await shownBy(page)).announced).toBe('1. Pay: The customer receives 409 Conflict');
  });

  test('a link of the table leads to the reply that it shows', async () => {
    const page = await visit();
    await page.getByRole('link', { name: 'TIMEOUT' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/fail=hang-headers/);
    expect(await focused(page)).toMatchObject({ id: 'result' });
    expect((await shownBy(page)).received.status).toBe(504);
  });
});
