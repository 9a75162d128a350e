import { describe, expect, test } from '@jest/globals';
import type { Options } from 'lakiconnect-middleware';
import { replyWith } from '../../src/translation/reply.js';
import type { Problem } from '../../src/translation/problem.js';
import { settle } from '../../src/settle.js';

const problem: Problem = { type: 'about:blank', title: 'Conflict', status: 409, code: 'CONFLICT' };
const reading = { kind: undefined, audience: 'customer', locale: 'am' } as const;
const reply = (accept?: string, more: Partial<Problem> = {}) => {
  const settings = settle({});
  return replyWith({ ...problem, ...more }, { ...reading, media: settings.media(accept) }, settings);
};

/** RFC 9457 defines no `charset` for problem details. */
const typeOf = (media: string) => (media === 'application/problem+json' ? media : `${media}; charset=utf-8`);

describe('A reply', () => {
  test('has exactly the headers that are promised', () => {
    expect(reply().headers).toEqual({
      'content-type': 'application/problem+json',
      'content-language': 'am',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Language',
    });
  });

  test.each<[string, string, Options, string[]]>([
    ['the small page', 'text/html', {}, ['content-security-policy']],
    ['the small page beside an envelope', 'text/html', { format: 'envelope' }, ['content-security-policy']],
    ['a page of the platform’s own', 'text/html', { html: () => '<p>' }, []],
    ['JSON', 'application/json', {}, []],
    ['JSON of the platform’s own', 'application/json', { format: () => 1 }, []],
    ['text', 'text/plain', {}, []],
  ])('has beside those, as %s, in %s with %j: %j', (_, accept, options, more) => {
    const { headers } = replyWith(problem, { ...reading, media: accept }, settle(options));
    const promised = Object.keys(reply().headers);
    expect(Object.keys(headers).filter((name) => !promised.includes(name))).toEqual(more);
    expect(headers).toMatchObject({
      ...reply().headers,
      'content-type': typeOf(accept),
    });
  });

  test('says when to come back only where the problem does', () => {
    expect(reply(undefined, { retry_after: 3 }).headers).toHaveProperty('retry-after', '3');
    expect(reply().headers).not.toHaveProperty('retry-after');
  });

  test('has the status of its problem, and the problem as data', () => {
    expect(reply(undefined, { status: 422 })).toMatchObject({
      status: 422,
      problem: { ...problem, status: 422 },
    });
  });

  test.each([
    ['application/json', /^\{/],
    ['application/problem+json', /^\{/],
    ['text/html', /^<!doctype html>/],
    ['text/plain', /^Conflict\n$/],
  ])('is written in %s if its reader prefers that', (accept, body) => {
    expect(reply(accept).headers['content-type']).toBe(typeOf(accept));
    expect(reply(accept).body).toMatch(body);
  });

  test('is problem+json where its reader accepts nothing of ours: better than a 406', () => {
    expect(reply('image/png')).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json' },
    });
  });

  test.each<[string, Options, string]>([
    ['text/html', { html: () => 5 as unknown as string }, '`html` gave 5, expected a text'],
    ['text/html', { html: () => undefined as unknown as string }, '`html` gave undefined, expected a text'],
    [
      'application/json',
      { format: () => () => 1 },
      '`format` gave [Function (anonymous)], expected a value that JSON can hold',
    ],
  ])('in %s that the platform writes must be a text: %j', (accept, options, got) => {
    expect(() => replyWith(problem, { ...reading, media: accept }, settle(options))).toThrow(
      new TypeError(`lakiconnect: option ${got}.`),
    );
  });

  test('tells a custom format of its reader, not of the Accept header', () => {
    const settings = settle({ format: (_, context) => context });
    expect(
      JSON.parse(
        replyWith(problem, { ...reading, kind: 'TIMEOUT', media: 'application/json' }, settings).body,
      ),
    ).toEqual({
      kind: 'TIMEOUT',
      audience: 'customer',
      locale: 'am',
    });
  });
});
