import { describe, expect, test } from '@jest/globals';
import type { FormatContext, Options } from 'lakiconnect-middleware';
import { PAGE_HEADERS } from '../../src/translation/page.js';
import { formsFor } from '../../src/translation/render.js';
import type { Problem } from '../../src/translation/problem.js';

const problem: Problem = {
  type: 'urn:problem-type:lakiconnect:validation-error',
  title: 'Not valid',
  status: 422,
  detail: 'Please check.',
  code: 'VALIDATION_ERROR',
  request_id: 'req_1',
  retryable: false,
  outcome: 'rejected',
  errors: [{ field: 'amount', detail: 'is low' }],
};
const bare: Problem = { type: 'about:blank', title: 'Conflict', status: 409, code: 'CONFLICT' };
const context: FormatContext = { kind: 'VALIDATION_ERROR', audience: 'customer', locale: 'am' };

const rendererOf = (media: string, { format = 'problem', html }: Pick<Options, 'format' | 'html'>) =>
  formsFor(format, html).renderers.get(media);
const written = (media: string, options: Pick<Options, 'format' | 'html'>, what = problem) =>
  rendererOf(media, options)?.write(what, context);
const json = (media: string, options: Pick<Options, 'format' | 'html'>, what?: Problem): unknown =>
  JSON.parse(written(media, options, what) as string);

describe('The media types offered', () => {
  test.each<[string, Pick<Options, 'format' | 'html'>, string[]]>([
    [
      'problem',
      { format: 'problem' },
      ['application/problem+json', 'application/json', 'text/html', 'text/plain'],
    ],
    ['envelope', { format: 'envelope' }, ['application/json', 'text/html', 'text/plain']],
    ['custom', { format: () => 1 }, ['application/json', 'text/html', 'text/plain']],
    ['problem without HTML', { html: false }, ['application/problem+json', 'application/json', 'text/plain']],
    ['envelope without HTML', { format: 'envelope', html: false }, ['application/json', 'text/plain']],
  ])('for the format %s stand in our order', (_, { format = 'problem', html }, media) => {
    expect([...formsFor(format, html).renderers.keys()]).toEqual(media);
  });
});

describe('A problem', () => {
  test.each(['application/problem+json', 'application/json'])('is written as it is in %s', (media) => {
    expect(json(media, {})).toEqual(problem);
  });

  test('is written in LakiConnect’s own shape', () => {
    expect(json('application/json', { format: 'envelope' })).toEqual({
      error: {
        code: 'VALIDATION_ERROR',
        message: 'Please check.',
        details: [{ field: 'amount', issue: 'is low' }],
      },
      request_id: 'req_1',
    });
    expect(json('application/json', { format: 'envelope' }, bare)).toEqual({
      error: { code: 'CONFLICT', message: 'Conflict', details: [] },
    });
  });

  test('is written as the platform wants it, which is told all about it', () => {
    const format = (told: Problem, about: FormatContext) => ({ told, about });
    expect(json('application/json', { format })).toEqual({ told: problem, about: context });
  });

  test('is null where the platform’s format returns that', () => {
    expect(written('application/json', { format: () => null })).toBe('null');
  });

  test('is a page of the platform’s own, which is told the language and the reader', () => {
    const html: Options['html'] = ({ title }, { locale, audience }) =>
      `<p lang=${locale}>${title}, ${audience}`;
    expect(written('text/html', { html })).toBe('<p lang=am>Not valid, customer');
  });

  test('tells a page no kind, which may be masked', () => {
    const html: Options['html'] = (_, about) => JSON.stringify(about);
    expect(json('text/html', { html })).toEqual({ audience: 'customer', locale: 'am' });
  });

  test('is a small page otherwise', () => {
    expect(written('text/html', { format: 'envelope' })).toMatch(/^<!doctype html>\n<html lang="am">/);
  });

  test('is plain text, a paragraph for each thing to know', () => {
    expect(written('text/plain', {})).toBe('Not valid\n\nPlease check.\n\namount: is low\n');
    expect(written('text/plain', {}, bare)).toBe('Conflict\n');
  });
});

describe('The headers of a media type', () => {
  test.each<[string, Pick<Options, 'format' | 'html'>]>([
    ['problem', {}],
    ['envelope', { format: 'envelope' }],
    ['custom', { format: () => 1 }],
  ])('are, for the format %s, those of the small page alone', (_, { format = 'problem' }) => {
    const own = [...formsFor(format, undefined).renderers].map(([media, { headers }]) => [media, headers]);
    expect(own.filter(([media]) => media === 'text/html')).toEqual([['text/html', PAGE_HEADERS]]);
    for (const [media, headers] of own) if (media !== 'text/html') expect(headers).toEqual({});
  });

  test('are none for a page of the platform’s own', () => {
    expect(rendererOf('text/html', { html: () => '<p>' })?.headers).toEqual({});
  });
});
