import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { am, createLakiConnect, en } from 'lakiconnect-middleware';
import { om } from 'lakiconnect-middleware/locales/om';
import { so } from 'lakiconnect-middleware/locales/so';
import { ti } from 'lakiconnect-middleware/locales/ti';
import { createHash } from 'node:crypto';
import { page, PAGE_HEADERS } from '../../src/translation/page.js';
import type { Problem } from '../../src/translation/problem.js';

const problem: Problem = { type: 'about:blank', title: 'A', status: 422, code: 'A' };
const LOCALES = [en, am, om, ti, so];
const ENGLISH = { locale: 'en' };
const textsOf = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, text]) => text);

describe('The page', () => {
  test('says what happened, what to do, and which fields to look at', () => {
    const errors = [
      { field: 'amount', detail: 'is low' },
      { field: 'tin', detail: 'is wrong' },
    ];
    const html = page({ ...problem, title: 'Not valid', detail: 'Please check.', errors }, { locale: 'am' });
    expect(html).toMatch(/^<!doctype html>\n<html lang="am">\n/);
    expect(html).toContain('<meta charset="utf-8">');
    expect(['title', 'h1', 'p', 'dt', 'dd'].flatMap((tag) => textsOf(html, tag))).toEqual([
      'Not valid',
      'Not valid',
      'Please check.',
      'amount',
      'tin',
      'is low',
      'is wrong',
    ]);
    expect(html).toMatch(/<dt>amount<\/dt><dd>is low<\/dd>\n<dt>tin<\/dt><dd>is wrong<\/dd>/);
  });

  test('is whole, in the order of its parts', () => {
    const errors = [{ field: 'tin', detail: 'is wrong' }];
    const html = page({ ...problem, detail: 'B', errors }, ENGLISH);
    const lines = html.split('\n').filter((line) => !/^<(?:meta|title|style)/.test(line));
    expect(lines).toEqual([
      ...['<!doctype html>', '<html lang="en">', '<head>', '</head>', '<body>', '<main>'],
      ...['<h1>A</h1>', '<p>B</p>', '<dl>', '<dt>tin</dt><dd>is wrong</dd>', '</dl>'],
      ...['</main>', '</body>', '</html>', ''],
    ]);
    const bare = page(problem, ENGLISH).split('\n');
    expect(bare.slice(bare.indexOf('<h1>A</h1>') + 1)).toEqual(['</main>', '</body>', '</html>', '']);
  });

  test.each(['body', 'main', 'h1', 'p', 'dl', 'dt', 'dd'])('gives %s a look of its own', (element) => {
    expect(page(problem, ENGLISH)).toMatch(new RegExp(`[>},]${element}(?:,\\w+)*\\{[^}]+\\}`));
  });

  test('has no empty paragraph or list', () => {
    const html = page(problem, { locale: 'en' });
    expect(html).not.toMatch(/<p>|<dl>|undefined/);
    expect(page({ ...problem, errors: [] }, { locale: 'en' })).toBe(html);
  });

  test('tells neither code, status, request id nor anything else', () => {
    const html = page(
      { ...problem, type: 'urn:x:secret', code: 'SECRET', request_id: 'req_secret', retry_after: 77 },
      { locale: 'en' },
    );
    expect(html).not.toMatch(/secret|422|77/i);
  });

  test.each(['title', 'detail', 'field', 'issue', 'locale'])(
    'escapes all five characters in its %s',
    (part) => {
      const hostile = `&<>"'`;
      const texts = Object.fromEntries(
        ['title', 'detail', 'field', 'issue', 'locale'].map((name) => [name, 'x']),
      );
      const { title, detail, field, issue, locale } = { ...texts, [part]: hostile } as Record<string, string>;
      const html = page(
        { ...problem, title: title!, detail: detail!, errors: [{ field: field!, detail: issue! }] },
        { locale: locale! },
      );
      expect(html).not.toContain(hostile);
      expect(html).toContain('&amp;&lt;&gt;&quot;&#39;');
      expect(html).not.toContain('&amp;amp;');
    },
  );

  test('runs, loads and links to nothing, whatever it is made of', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '</title><script>alert(1)</script>',
        '" onload="alert(1)',
        "'><img src=x onerror=alert(1)>",
        '<!--',
        '&#x3c;script>',
      ),
    );
    const skeleton = (html: string) => html.match(/<[^>]*>/g);
    const record = fc.record({ title: hostile, detail: hostile, field: hostile, issue: hostile });
    const bland = page({ ...problem, detail: 'x', errors: [{ field: 'x', detail: 'x' }] }, { locale: 'en' });
    fc.assert(
      fc.property(record, ({ title, detail, field, issue }) => {
        const html = page(
          { ...problem, title, detail, errors: [{ field, detail: issue }] },
          { locale: 'en' },
        );
        expect(skeleton(html)).toEqual(skeleton(bland));
      }),
      { numRuns: 500 },
    );
    expect(bland).not.toMatch(/<(script|link|img|a|form|base)\b|http-equiv|href|src=|\son\w+=/);
  });
});

describe('The style of the page', () => {
  const html = page({ ...problem, detail: 'x', errors: [{ field: 'x', detail: 'x' }] }, ENGLISH);
  const [style = ''] = textsOf(html, 'style');

  test('is the one that the header allows, and nothing else is', () => {
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style).not.toBe('');
    expect(PAGE_HEADERS).toEqual({
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    });
    expect(html.match(/<style|\sstyle=/g)).toEqual(['<style']);
  });

  test('is the same whatever the page says', () => {
    const other = page({ ...problem, title: '</style><style>', detail: '*{}' }, { locale: 'am' });
    expect(textsOf(other, 'style')).toEqual([style]);
  });

  test('fetches, moves and runs nothing', () => {
    expect(style).not.toMatch(
      /url\(|image|src|@import|@font-face|expression|animation|transition|[<>\\]|\/\//i,
    );
  });

  test('leaves Ethiopic letters room, in fonts that have them', () => {
    const [, size, height, fonts = ''] = /font:([\d.]+)rem\/([\d.]+) ([^;]+);/.exec(style) ?? [];
    expect(Number(size)).toBeGreaterThanOrEqual(1);
    expect(Number(height)).toBeGreaterThanOrEqual(1.6);
    expect(style).not.toContain('line-height');
    expect(fonts.split(',')).toEqual(
      expect.arrayContaining(['system-ui', "'Noto Sans Ethiopic'", "'Abyssinica SIL'", 'Nyala', 'Kefa']),
    );
  });

  test('breaks words that are longer than a line', () => {
    expect(style).toContain('overflow-wrap:anywhere');
    expect(style).not.toMatch(/nowrap|overflow:|min-width:(?!0)|[^-]width:[\d.]+(?:px|rem)/);
  });

  const [light = '', dark = ''] = style.split(/@media screen and \(prefers-color-scheme:dark\)|@media print/);

  test.each([
    ['headings', 'by day', light, 'body'],
    ['texts', 'by day', light, 'p,dd'],
    ['headings', 'by night', dark, 'body'],
    ['texts', 'by night', dark, 'p,dd'],
  ])('has %s %s that stand out from the card (WCAG 2.2, 1.4.3)', (_, __, rules, selector) => {
    const contrast = contrastOf(valueOf(rules, selector, 'color'), valueOf(rules, 'main', 'background'));
    expect(contrast).toBeGreaterThanOrEqual(4.5);
    expect(contrast).toBeLessThan(21.1);
  });

  test('prints as by day, without the card', () => {
    expect(style).toMatch(/@media print\{.*main\{[^}]*border:0/);
    expect(style.match(/prefers-color-scheme/g)).toHaveLength(1);
  });

  /** What a rule says of a property, as a colour in six digits. */
  function valueOf(rules: string, selector: string, property: string): string {
    const rule = new RegExp(`(?:^|[{}])${selector}\\{([^}]*)\\}`).exec(rules)?.[1] ?? '';
    const value = new RegExp(`(?:^|;)${property}:#([0-9a-f]+)`).exec(rule)?.[1] ?? '';
    return value.length === 3 ? value.replace(/./g, '$&$&') : value;
  }

  /** WCAG 2.2, "contrast ratio". */
  function contrastOf(one: string, other: string): number {
    const [darker = NaN, lighter = NaN] = [one, other].map(luminanceOf).sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  }

  function luminanceOf(color: string): number {
    const [red = NaN, green = NaN, blue = NaN] = (color.match(/../g) ?? [])
      .map((channel) => parseInt(channel, 16) / 255)
      .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
});

describe('The page is shown', () => {
  test.each([
    ['in the colours that its reader prefers', '<meta name="color-scheme" content="light dark">'],
    ['as wide as the screen', '<meta name="viewport" content="width=device-width, initial-scale=1">'],
    ['by no search engine', '<meta name="robots" content="noindex">'],
  ])('%s', (_, meta) => {
    expect(page(problem, ENGLISH).split('</head>')[0]).toContain(meta);
  });
});

describe.each(LOCALES)('The page in $tag', ({ tag, texts }) => {
  const laki = createLakiConnect({ locales: LOCALES });
  const refusal = { error: { code: 'KYC_NOT_APPROVED' }, request_id: 'req_1' };
  const escaped = (text: string) => text.replaceAll("'", '&#39;');

  test('says its language, and its words with apostrophes escaped', () => {
    const reply = laki.translate(refusal, { accept: 'text/html', acceptLanguage: tag });
    const { title, detail } = texts.PAYMENTS_UNAVAILABLE.customer;
    expect(reply?.headers['content-language']).toBe(tag);
    expect(reply?.body).toMatch(new RegExp(`^<!doctype html>\n<html lang="${tag}">\n`));
    const html = reply?.body as string;
    expect(textsOf(html, 'h1')).toEqual([escaped(title)]);
    expect(textsOf(html, 'p')).toEqual([escaped(detail)]);
    expect(textsOf(html, 'title')).toEqual([escaped(title)]);
    expect(`${title}${detail}`.includes("'")).toBe(tag === 'om');
  });
});

describe('The size of the page', () => {
  const texts = LOCALES.flatMap(({ tag, texts }) =>
    Object.entries(texts).flatMap(([code, { merchant, customer }]) => [
      { code, tag, audience: 'merchant', text: merchant },
      { code, tag, audience: 'customer', text: customer },
    ]),
  );
  const sizeOf = (html: string) => Buffer.byteLength(html);
  /** Twenty fields, as many as a reply has, that leave nothing of the 14 KiB which fields may take. */
  const most = Array.from({ length: 20 }, (_, at) => ({
    field: 'f',
    detail: 'x'.repeat(at < 16 ? 698 : 697),
  }));

  test.each(texts)('for $code, $tag, $audience, is at most 16 KiB, 2 KiB without fields', ({ tag, text }) => {
    const bare = page({ ...problem, ...text }, { locale: tag });
    const full = page({ ...problem, ...text, errors: most }, { locale: tag });
    expect(sizeOf(bare)).toBeLessThanOrEqual(2 * 1024);
    expect(sizeOf(full)).toBeLessThanOrEqual(16 * 1024);
    expect(textsOf(full, 'dt')).toHaveLength(20);
  });

  test('is that of whole fields, as many as fit', () => {
    const errors = [...most, { field: 'f', detail: '' }];
    expect(page({ ...problem, errors }, ENGLISH)).toBe(page({ ...problem, errors: most }, ENGLISH));
  });
});
