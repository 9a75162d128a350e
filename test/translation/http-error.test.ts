import { describe, expect, test } from '@jest/globals';
import createError, { type HttpError } from 'http-errors';
import { httpReply, readHttpError } from '../../src/translation/http-error.js';
import { settle } from '../../src/settle.js';
import { runInNewContext } from 'node:vm';

const settings = settle({});
const reply = (error: HttpError, accept?: string) =>
  httpReply(readHttpError(error)!, { accept, audience: 'customer' }, settings);
const byHand = (properties: object) => Object.assign(new Error('x'), { expose: true, ...properties });

describe('The platform’s own http-error', () => {
  test.each([400, 401, 404, 418, 422, 451, 499, 500, 503, 599])('with the status %i is one', (status) => {
    const error = createError(status);
    expect(readHttpError(error)).toMatchObject({ error, status });
  });

  test('made by another copy of http-errors is one by its shape', () => {
    const error = byHand({ status: 404, statusCode: 404 });
    expect(readHttpError(error)).toMatchObject({ error, status: 404, detail: 'x' });
  });

  test.each<[string, Error]>([
    ['a status alone, as co-body’s SyntaxError has', Object.assign(new SyntaxError('x'), { status: 400 })],
    ['a statusCode alone, as Fastify’s errors have', Object.assign(new Error('x'), { statusCode: 400 })],
    ['a status without a statusCode', Object.assign(new Error('x'), { status: 400, statusCode: undefined })],
    ['a statusCode without a status', Object.assign(new Error('x'), { status: null, statusCode: 400 })],
    ['an error of another realm', runInNewContext('Object.assign(new Error("x"), { status: 400 })')],
    ['a Proxy', new Proxy(Object.assign(new Error('x'), { status: 400 }), {})],
    ['an expose that is not true', Object.assign(new Error('x'), { status: 400, expose: 'yes' })],
  ])('is known by %s, and its message is not shown', (_, error) => {
    expect(readHttpError(error)).toEqual({ error, status: 400, detail: undefined, headers: {} });
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a plain error', new Error('x')],
    ['a status as a text', Object.assign(new Error('x'), { status: '404' })],
    ['a good status', Object.assign(new Error('x'), { statusCode: 204 })],
    ['an object of the shape', { status: 404, statusCode: 404, expose: true, message: 'x' }],
    ['a status of no error', byHand({ status: 200, statusCode: 200 })],
    ['a redirect', byHand({ status: 302, statusCode: 302 })],
    ['a status beyond', byHand({ status: 600, statusCode: 600 })],
    ['half a status', byHand({ status: 404.5, statusCode: 404.5 })],
    ['two statuses', byHand({ status: 404, statusCode: 500 })],
    [
      'a Proxy that refuses',
      new Proxy(createError(404), {
        get: () => {
          throw new Error('read');
        },
      }),
    ],
  ])('is not %s', (_, thrown) => {
    expect(readHttpError(thrown)).toBeUndefined();
  });
});

describe('Its reply', () => {
  test('says what an exposed message says', () => {
    expect(reply(createError(413, 'At most 1 MB.'))).toMatchObject({
      status: 413,
      problem: {
        type: 'about:blank',
        title: 'Payload Too Large',
        status: 413,
        detail: 'At most 1 MB.',
        code: 'PAYLOAD_TOO_LARGE',
      },
    });
  });

  test.each([
    ['a server error', createError(500, 'db.internal:5432 refused')],
    [
      'a server error that says it is exposed',
      createError(500, 'db.internal:5432 refused', { expose: true }),
    ],
    ['one that is not to be exposed', createError(404, 'db.internal:5432 refused', { expose: false })],
    [
      'one whose message is no text',
      byHand({ status: 404, statusCode: 404, message: { db: 'db.internal' } }) as unknown as HttpError,
    ],
  ])('says nothing of the message of %s', (_, error) => {
    expect(reply(error).problem).not.toHaveProperty('detail');
    expect(JSON.stringify(reply(error))).not.toContain('db.internal');
  });

  test.each([
    [404, 'Not Found', 'NOT_FOUND'],
    [418, "I'm a Teapot", 'IM_A_TEAPOT'],
    [499, 'Status 499', 'STATUS_499'],
    [505, 'HTTP Version Not Supported', 'HTTP_VERSION_NOT_SUPPORTED'],
  ])('to a %i is titled %s with the code %s', (status, title, code) => {
    expect(reply(createError(status)).problem).toMatchObject({ title, code });
  });

  test('is printable and bounded', () => {
    const { detail } = reply(createError(400, `a\r\nb\u202ec${'d'.repeat(1000)}`)).problem;
    expect(detail).toMatch(/^a bcd+$/);
    expect(detail).toHaveLength(512);
  });

  test('is in English, as its title is, and tells of no provider', () => {
    const { headers, problem } = reply(createError(404));
    expect(headers['content-language']).toBe('en');
    for (const property of ['request_id', 'outcome', 'retryable', 'errors', 'retry_after']) {
      expect(problem).not.toHaveProperty(property);
    }
  });

  test.each([
    ['application/problem+json', /^\{"type":"about:blank"/],
    ['text/html', /<h1>Not Found<\/h1>\n<p>&lt;b&gt;<\/p>/],
    ['text/plain', /^Not Found\n\n<b>\n$/],
  ])('is written in %s', (accept, body) => {
    expect(reply(createError(404, '<b>'), accept).body).toMatch(body);
  });

  test('has the headers that the error asks for, in lower case', () => {
    const error = createError(405, {
      headers: { Allow: 'GET, HEAD', 'WWW-Authenticate': 'Basic realm="x"' },
    });
    expect(reply(error).headers).toMatchObject({ allow: 'GET, HEAD', 'www-authenticate': 'Basic realm="x"' });
  });

  test('has a header that the error gives as a number', () => {
    const error = createError(429, { headers: { 'Retry-After': 30 } });
    expect(reply(error).headers).toHaveProperty('retry-after', '30');
  });

  test('has no header that cannot be sent', () => {
    const headers = {
      'x-a': 'a\r\nset-cookie: b=c',
      'x b': 'c',
      'x-c': 'ሀ',
      'x-d': undefined,
      'x-e': { f: 1 },
      ok: 'yes',
    };
    const names = Object.keys(reply(createError(400, { headers })).headers);
    expect(names.filter((name) => name.startsWith('x-') && name !== 'x-content-type-options')).toEqual([]);
    expect(names).toContain('ok');
    expect(names).not.toContain('set-cookie');
  });

  test.each([
    'Content-Length',
    'content-encoding',
    'Transfer-Encoding',
    'Trailer',
    'Connection',
    'Keep-Alive',
    'Proxy-Connection',
    'HTTP2-Settings',
    'TE',
    'upgrade',
  ])('has no %s, which would speak of a body or a connection', (name) => {
    const { headers } = reply(createError(400, { headers: { [name]: '5', allow: 'GET' } }));
    expect(headers).not.toHaveProperty(name.toLowerCase());
    expect(headers).toHaveProperty('allow');
  });

  test('has headers that are called much as those of a body or a connection', () => {
    const names = [
      'x-content-id',
      'transfer-encodings',
      'trailers',
      'connections',
      'keep-alive-x',
      'upgrades',
    ];
    const headers = Object.fromEntries(names.map((name) => [name, 'yes']));
    expect(reply(createError(400, { headers })).headers).toMatchObject(headers);
  });

  test.each([null, undefined, 'x', 5])('bears headers that are none: %p', (headers) => {
    const error = Object.assign(createError(400), { headers }) as HttpError;
    expect(reply(error).status).toBe(400);
  });

  test('keeps the headers that make a reply safe', () => {
    const headers = { 'Content-Type': 'text/html', 'Cache-Control': 'public', 'X-Content-Type-Options': 'x' };
    expect(reply(createError(400, { headers })).headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
});
