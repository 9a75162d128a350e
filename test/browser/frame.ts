import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { contrastOf, textIn } from './colours.js';
import { visit } from './visit.js';

/** The page within the page. */
async function framed(page: Page) {
  const handle = await page.getByTitle('The page that is shown').elementHandle();
  const frame = await handle?.contentFrame();
  if (handle === null || !frame) throw new Error('There is no frame.');
  await frame.waitForLoadState();
  return { frame, sandbox: await handle.getAttribute('sandbox') };
}

const CASES = [
  ['?kyc=pending', 'en', 'Payments are not available'],
  ['?kyc=pending&lang=am', 'am', 'ለጊዜው ክፍያ መፈጸም አይቻልም'],
  ['?kyc=pending&lang=am&framework=koa&audience=merchant', 'am', 'ሂሳብዎ ገና አልተረጋገጠም'],
  ['?fail=hang-body&framework=koa', 'en', 'We do not know yet whether you have paid'],
  ['?fail=VALIDATION_ERROR', 'en', 'Some details are not valid'],
] as const;

describe('The page that a browser is sent', () => {
  test.each(CASES)('of %s is in %s and says "%s"', async (query, lang, title) => {
    const { frame } = await framed(await visit(query));
    expect(await frame.locator('html').getAttribute('lang')).toBe(lang);
    expect(await frame.title()).toBe(title);
    expect(await frame.getByRole('heading', { level: 1 }).textContent()).toBe(title);
  });

  test.each(['light', 'dark'] as const)(
    'has its own style under the policy of both pages, %s',
    async (scheme) => {
      const page = await visit('?fail=VALIDATION_ERROR', { colorScheme: scheme });
      const { frame } = await framed(page);
      const [body, card] = await frame.locator('body, main').evaluateAll((all) =>
        all.map((each) => {
          const { backgroundColor, display, borderRadius } =
            each.ownerDocument.defaultView.getComputedStyle(each);
          return { backgroundColor, display, borderRadius };
        }),
      );
      const [ground, paper] =
        scheme === 'light' ? ['243, 244, 246', '255, 255, 255'] : ['17, 24, 39', '31, 41, 55'];
      expect(body).toMatchObject({ display: 'grid', backgroundColor: `rgb(${ground})` });
      expect(card).toMatchObject({ borderRadius: '12px', backgroundColor: `rgb(${paper})` });
      const words = await textIn(frame);
      expect(words).toHaveLength(4);
      expect(words.filter((each) => contrastOf(each) < 4.5)).toEqual([]);
    },
  );

  test('is sandboxed, and has no script, no link and no form', async () => {
    const page = await visit('?fail=VALIDATION_ERROR');
    const { frame, sandbox } = await framed(page);
    expect(sandbox).toBe('');
    expect(await frame.locator('script, a, form, link, img, iframe, [style], [onload]').count()).toBe(0);
    expect(await page.locator('iframe').count()).toBe(1);
    expect(await page.locator('details pre').textContent()).toContain('<!doctype html>');
  });

  test.each(['application/problem+json', 'application/json', 'text/plain'])(
    'is not shown to whoever asked for %s',
    async (accept) => {
      const page = await visit(`?kyc=pending&accept=${encodeURIComponent(accept)}`);
      expect(await page.locator('iframe').count()).toBe(0);
      expect(await page.locator('.flow > li').nth(1).textContent()).toContain(`content-type: ${accept}`);
    },
  );

  test('is not there for a payment that was made', async () => {
    const page = await visit();
    expect(await page.locator('iframe').count()).toBe(0);
  });

  test('changes with what is chosen, in the page that is open', async () => {
    const page = await visit('?kyc=pending');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('am');
    await page.waitForURL(/lang=am/);
    const { frame } = await framed(page);
    expect(await frame.locator('html').getAttribute('lang')).toBe('am');
  });
});
