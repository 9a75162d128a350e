import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { plainText, readPage, tablesOf } from '../docs/pages.js';
import { ANSWERS, type Kind, type Reader } from './oracle.js';
import { visit } from './visit.js';

const KINDS = Object.keys(ANSWERS) as Kind[];
const READERS = ['customer', 'merchant'] as const;

interface Link {
  readonly href: string;
  readonly lang: string;
  readonly title: string;
}
interface Cell {
  readonly status: number;
  readonly mask: string;
  readonly links: readonly Link[];
}
interface Row {
  readonly kind: string;
  readonly href: string;
  readonly cells: readonly Cell[];
}

function matrixOf(page: Page): Promise<Row[]> {
  return page.getByRole('region', { name: 'Every kind, to every reader' }).evaluate((region) =>
    [...region.querySelectorAll('tbody tr')].map((row) => ({
      kind: row.querySelector('th').textContent.trim(),
      href: row.querySelector('th a').getAttribute('href'),
      cells: [...row.querySelectorAll('td')].map((cell) => ({
        status: Number(cell.querySelector('.code').textContent),
        mask: cell.querySelector('.mask')?.textContent ?? '',
        links: [...cell.querySelectorAll('a')].map((link) => ({
          href: link.getAttribute('href'),
          lang: link.lang,
          title: link.textContent.trim(),
        })),
      })),
    })),
  );
}

/** The table stands in two halves, side by side. */
function tableOfReadme(): [kind: string, merchant: string, customer: string][] {
  const { rows } = tablesOf(readPage('README.md')).find(({ heading }) => heading === 'What is answered') ?? {
    rows: [],
  };
  return [0, 3]
    .flatMap((from) => rows.map((cells) => cells.slice(from, from + 3).map(plainText)))
    .map(([kind = '', merchant = '', customer = '']) => [kind, merchant, customer] as const)
    .filter(([kind]) => kind !== '')
    .map((row) => [...row]);
}

/** What is to be seen where links lead. */
function repliesAt(page: Page, links: readonly { readonly href: string }[]): Promise<unknown[]> {
  return page.locator('body').evaluate(
    async ({ ownerDocument: { defaultView } }, hrefs) => {
      const { DOMParser, fetch } = defaultView;
      const parsed = (text: string) => new DOMParser().parseFromString(text, 'text/html');
      const replies: unknown[] = [];
      for (const href of hrefs) {
        const shown = parsed(await (await fetch(href)).text());
        const [, received, logged] = shown.querySelectorAll('.flow > li');
        const reply = parsed(received.querySelector('iframe').srcdoc);
        const event = [...logged.querySelectorAll('li:has(dl)')].find(({ textContent }) =>
          textContent.includes('translated'),
        );
        const valueOf = (name: string) =>
          [...event.querySelectorAll('dt')].find((each) => each.textContent === name).nextElementSibling
            .textContent;
        replies.push({
          kind: valueOf('kind'),
          reader: /customer|merchant/.exec(received.querySelector('h2').textContent)?.[0],
          status: Number(received.querySelector('.status code').textContent),
          code: valueOf('code'),
          lang: reply.documentElement.lang,
          title: reply.title,
          href,
        });
      }
      return replies;
    },
    links.map(({ href }) => href),
  );
}

const told = (cell: Cell | undefined) => `${String(cell?.status)}${cell?.mask ? ' ✱' : ''}`;

describe('The table of all kinds', () => {
  test("has the kinds of README's table, with its statuses and masks", async () => {
    const rows = await matrixOf(await visit());
    const shown = rows.map(({ kind, cells: [customer, merchant] }) => [kind, told(merchant), told(customer)]);
    expect(shown).toEqual(tableOfReadme());
    expect(rows.map(({ kind }) => kind)).toEqual(KINDS);
  });

  test('has both readers in both languages, each by a link', async () => {
    const page = await visit();
    const headings = await page.getByRole('columnheader').allTextContents();
    expect(headings).toEqual(['Kind', 'The customer is told', 'The merchant is told']);
    for (const { cells } of await matrixOf(page)) {
      expect(cells.map(({ links }) => links.map(({ lang }) => lang))).toEqual([
        ['en', 'am'],
        ['en', 'am'],
      ]);
      for (const { links } of cells) {
        const [english, amharic] = links.map(({ title }) => title);
        expect(english).toMatch(/^[A-Z][A-Za-z ,]+$/);
        expect(amharic).toMatch(/^\p{Script=Ethiopic}[^A-Za-z]+$/u);
      }
    }
  });

  test('leads to replies with its statuses and words', async () => {
    const page = await visit();
    const rows = await matrixOf(page);
    const promised = rows.flatMap(({ kind, cells }) =>
      cells.flatMap(({ status, mask, links }, at) =>
        links.map(({ href, lang, title }) => {
          const reader = READERS[at] as Reader;
          return { kind: kind as Kind, reader, status, code: mask === '' ? kind : mask, lang, title, href };
        }),
      ),
    );
    expect(promised).toHaveLength(KINDS.length * 4);
    for (const { kind, reader, status, code } of promised) {
      expect([kind, status, code]).toEqual([kind, ...ANSWERS[kind][reader]]);
    }
    expect(await repliesAt(page, promised)).toEqual(promised);
    expect(rows.map(({ href }) => href)).toEqual(rows.map(({ cells }) => cells[0]?.links[0]?.href));
  });

  test('shows the reply without a new page, and moves there', async () => {
    const page = await visit();
    await page.evaluate('window.isSame = true');
    await page.getByRole('link', { name: 'UNDETERMINED' }).click();
    await page.waitForURL(/steps=down.pay/);
    expect(await page.evaluate('window.isSame')).toBe(true);
    expect(await page.evaluate('document.activeElement.id')).toBe('result');
    const top = await page.evaluate('document.activeElement.getBoundingClientRect().top');
    expect(top).toBeCloseTo(0, 0);
  });
});
