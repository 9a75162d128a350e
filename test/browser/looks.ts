import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { contrastOf, outlineIn, textIn } from './colours.js';
import { visit } from './visit.js';

/** States with the longest words, the most steps, a page, a table of events. */
const STATES = [
  '',
  '?linked=no&audience=merchant&accept=application%2Fproblem%2Bjson',
  '?fail=CONNECTED_MERCHANT_NOT_FOUND&envelope=html&lang=am',
  '?fail=VALIDATION_ERROR&audience=merchant',
  '?kyc=pending&steps=pay.approve.pay.webhook.pay.forge.wait6.wait61.wait301.down.pay.up.pay',
];

const WIDTHS = [320, 390, 640, 900, 1249];

describe.each(STATES)('The page of "%s"', (query) => {
  test('does not scroll sideways, and hides nothing at its right', async () => {
    const page = await visit(query);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 600 });
      const scrolled = await page.evaluate('document.scrollingElement.scrollWidth');
      expect(scrolled).toBeLessThanOrEqual(width);
      expect([width, await beyond(page, width)]).toEqual([width, []]);
    }
  });

  test('can be read in light and in dark', async () => {
    const page = await visit(query);
    const grounds = new Set<string>();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const words = await textIn(page.mainFrame());
      expect(words.length).toBeGreaterThan(150);
      expect(words.filter((each) => contrastOf(each) < 4.5)).toEqual([]);
      grounds.add(words[0]?.ground ?? '');
    }
    expect(grounds.size).toBe(2);
  });
});

/** What stands out at the right; the table scrolls by itself. */
function beyond(page: Page, edge: number): Promise<string[]> {
  return page.locator('body *:not(.unseen, .skip)').evaluateAll(
    (all, right) =>
      all
        .filter((each) => each.checkVisibility() && each.closest('table') === null)
        .filter((each) => each.getBoundingClientRect().right > right)
        .map((each) => `${each.localName} ${each.textContent.trim().slice(0, 30)}`),
    edge,
  );
}

describe('The three cards', () => {
  test.each([
    [1440, 'side by side'],
    [1249, 'side by side'],
    [1248, 'one below the other'],
    [390, 'one below the other'],
  ])('at %i are %s', async (width, how) => {
    const page = await visit('?kyc=pending', { viewport: { width, height: 900 } });
    const cards = await page.locator('.flow > li').evaluateAll((all) =>
      all.map((each) => {
        const { left, top, right, bottom } = each.getBoundingClientRect();
        return { left, top, right, bottom };
      }),
    );
    expect(cards).toHaveLength(3);
    const pairs = cards.slice(1).map((card, at) => [cards[at], card] as const);
    for (const [one, next] of pairs) {
      if (how === 'side by side') {
        expect(next.top).toBe(one?.top);
        expect(next.left).toBeGreaterThan(one?.right ?? 0);
      } else {
        expect(next.left).toBe(one?.left);
        expect(next.top).toBeGreaterThan(one?.bottom ?? 0);
      }
    }
  });
});

describe('Where the focus is', () => {
  test.each(['light', 'dark'] as const)('can be seen in %s', async (colorScheme) => {
    const page = await visit('', { colorScheme });
    for (const control of ['[data-step=pay]', '[data-step=approve]', '[name=kyc]']) {
      await page.locator(control).focus();
      const outline = await outlineIn(page);
      expect(contrastOf(outline)).toBeGreaterThanOrEqual(3);
    }
  });
});
