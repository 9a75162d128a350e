import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { page } from '../../src/translation/page.js';
import type { Problem } from '../../src/translation/problem.js';

const problem: Problem = { type: 'about:blank', title: 'A', status: 422, code: 'A' };
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
    expect(['title', 'h1', 'p', 'li'].flatMap((tag) => textsOf(html, tag))).toEqual([
      'Not valid',
      'Not valid',
      'Please check.',
      'amount: is low',
      'tin: is wrong',
    ]);
  });

  test('has no empty paragraph or list', () => {
    const html = page(problem, { locale: 'en' });
    expect(html).not.toMatch(/<p>|<ul>|undefined/);
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
    expect(bland).not.toMatch(/<(script|style|link|img|a|form)|href|src=|\son\w+=/);
  });
});
