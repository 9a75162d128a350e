/** Where a secret may hide, and where it is none. */
import { describe, expect, test } from '@jest/globals';
import axios from 'axios';
import express from 'express';
import { createLakiConnect, type Reply } from 'lakiconnect-middleware';
import { assertLeaksNothing, createFakeLakiConnect, leaksIn } from 'lakiconnect-middleware/testing';
import { AssertionError } from 'node:assert';
import { runInNewContext } from 'node:vm';
import request from 'supertest';

const KEY = 'lk_pub_1:lk_sec/1+ñ?';
const paths = (value: unknown, secrets: string | readonly string[] = KEY) =>
  leaksIn(value, secrets).map(({ path }) => path);

const hidden = <T extends object>(target: T, key: PropertyKey, value: unknown): T =>
  Object.defineProperty(target, key, { value, enumerable: false });

describe('A secret is found', () => {
  test.each<[string, unknown, string]>([
    ['as the value itself', `key ${KEY}`, 'value'],
    ['in a property', { config: { key: KEY } }, 'value.config.key'],
    ['in the name of a property', { [KEY]: 1 }, `value.${KEY}`],
    ['in a list', ['a', [KEY]], 'value.1.0'],
    ['in a hidden property', hidden({}, 'key', KEY), 'value.key'],
    ['under a symbol', { [Symbol('secret')]: KEY }, 'value.Symbol(secret)'],
    ['in the name of a symbol', { a: Symbol(KEY) }, 'value.a'],
    ['on a function', hidden(() => {}, 'key', KEY), 'value.key'],
    [
      'behind a getter',
      {
        get key() {
          return KEY;
        },
      },
      'value.key',
    ],
    [
      'behind a getter that throws',
      {
        get a() {
          throw new Error(KEY);
        },
        b: KEY,
      },
      'value.b',
    ],
    ['in a message', new Error(KEY), 'value.message'],
    ['in a cause', new Error('a', { cause: new TypeError('b', { cause: KEY }) }), 'value.cause.cause'],
    [
      'among several errors',
      new AggregateError([hidden(new Error('a'), 'config', { KEY })]),
      'value.errors.0.config.KEY',
    ],
  ])('%s', (_, value, path) => {
    const secret = path.endsWith('.KEY') ? 'KEY' : KEY;
    expect(paths(value, secret)).toContain(path);
    expect(paths(value, 'lk_live_1')).toEqual([]);
  });

  const url = `https://api.lakipay.co/?key=${encodeURIComponent(KEY)}`;
  test.each<[string, unknown]>([
    ['a Map', new Map([['a', KEY]])],
    ['a key of a Map', new Map([[{ KEY }, 'a']])],
    ['a Set', new Set([[KEY]])],
    ['a Map of another realm', runInNewContext('new Map([["a", key]])', { key: KEY })],
    ['a Set of another realm', runInNewContext('new Set([key])', { key: KEY })],
    ['an error of another realm', runInNewContext('new Error(key)', { key: KEY })],
    ['bytes', Buffer.from('a lk_pub_1 b')],
    ['a view of bytes', new Uint8Array(Buffer.from('a lk_pub_1 b'))],
    ['a buffer', new TextEncoder().encode('a lk_pub_1 b').buffer],
    ['a URL', new URL(url)],
    ['its query', new URL(url).searchParams],
    ['headers', new Headers({ 'x-api-key': 'lk_pub_1' })],
    ['the URL of a request', new Request(url)],
    ['the headers of a request', new Request('http://a.example', { headers: { a: 'lk_pub_1' } })],
    ['the headers of a response', { response: new Response('', { headers: { a: 'lk_pub_1' } }) }],
    ['the status line of a response', { response: new Response('', { statusText: 'lk_pub_1' }) }],
  ])('in %s', (_, value) => {
    expect(
      paths({ cause: value }, 'lk_pub_1').length + paths({ cause: value }, 'KEY').length,
    ).toBeGreaterThan(0);
    expect(paths({ cause: value }, 'lk_live_1')).toEqual([]);
  });

  test('in a value that holds itself, once', () => {
    const cycle: Record<string, unknown> = { key: KEY };
    cycle['self'] = cycle;
    cycle['list'] = [cycle, new Map([[cycle, new Set([cycle])]])];
    expect(paths(cycle)).toEqual(['value.key']);
  });

  test.each<[string, string]>([
    ['in a URL', `?key=${encodeURIComponent(KEY)}&a`],
    ['in a URL, in small letters', `?key=${encodeURIComponent(KEY).toLowerCase()}&a`],
    ['in base64', Buffer.from(KEY).toString('base64')],
    ['in base64 without padding', Buffer.from(KEY).toString('base64').replace(/=+$/, '')],
    ['in base64 for a URL', Buffer.from(KEY).toString('base64url')],
    ['in base64, with a name before it', Buffer.from(`u:${KEY}`).toString('base64')],
    ['in base64, with one letter before it', Buffer.from(`u${KEY}`).toString('base64')],
    ['in base64, with something behind it', `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`],
    ['in base64, in the middle of something', Buffer.from(`{"key":"${KEY}"}`).toString('base64')],
  ])('as it stands %s', (_, text) => {
    expect(paths({ text })).toEqual(['value.text']);
    expect(paths({ text }, 'lk_pub_2:lk_sec/1+ñ?')).toEqual([]);
  });

  test('each of several, in their order, wherever it is', () => {
    expect(leaksIn({ a: 'one two', b: 'two' }, ['two', 'one', 'three'])).toEqual([
      { path: 'value.a', secret: 'two' },
      { path: 'value.a', secret: 'one' },
      { path: 'value.b', secret: 'two' },
    ]);
  });
});

describe('No secret is found', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 42],
    ['an empty object', {}],
    ['another case', KEY.toUpperCase()],
    ['half of it', KEY.slice(0, -1)],
    [
      'a getter that throws it',
      {
        get a() {
          throw new Error(KEY);
        },
      },
    ],
  ])('in %s', (_, value) => {
    expect(leaksIn(value, KEY)).toEqual([]);
    expect(() => assertLeaksNothing(value, KEY)).not.toThrow();
  });

  test('in the prototype of a class, whose getters may warn', () => {
    let looked = 0;
    class Outgoing {
      get headers() {
        looked++;
        return KEY;
      }
    }
    expect(leaksIn({ Outgoing, outgoing: new Outgoing() }, KEY)).toEqual([]);
    expect(looked).toBe(0);
  });

  test('where none is looked for', () => {
    expect(leaksIn({ key: KEY }, [])).toEqual([]);
  });

  test.each(['a', 'ab', 'abc'])('by chance, be it as short as %j', (secret) => {
    expect(leaksIn({ text: 'XYZ-0123456789' }, secret)).toEqual([]);
  });
});

test.each<[string | readonly string[]]>([[''], [['lk_sec_1', '']]])(
  'To look for %j is a mistake',
  (secrets) => {
    const message = 'lakiconnect: a secret to look for is empty.';
    expect(() => leaksIn({}, secrets)).toThrow(new TypeError(message));
    expect(() => assertLeaksNothing({}, secrets)).toThrow(new TypeError(message));
  },
);

describe('An answer', () => {
  const app = express()
    .get('/json', (_req, res) => void res.json({ detail: `key ${KEY}` }))
    .get('/text', (_req, res) => void res.type('text').send(`key ${KEY}`))
    .get('/header', (_req, res) => void res.cookie('a', 'b').cookie('sid', 'lk_sec').json({}))
    .get('/reason', (_req, res) => {
      res.statusMessage = 'lk_sec';
      res.json({});
    })
    .get('/good', (_req, res) => void res.json({}));
  const asking = (path: string) => request(app).get(path).set('x-api-key', KEY).query({ key: KEY });

  test('is not the request that it answers', async () => {
    expect(leaksIn(await asking('/good'), KEY)).toEqual([]);
  });

  test.each([
    ['/json', KEY, ['answer.body.detail', 'answer.text']],
    ['/text', KEY, ['answer.text']],
    ['/header', 'lk_sec', ['answer.headers.set-cookie']],
    ['/reason', 'lk_sec', ['answer.statusText']],
  ])('of supertest tells where it is: %s', async (path, secret, expected) => {
    expect(paths(await asking(path), secret).sort()).toEqual(expected);
  });

  test.each([
    ['/json', KEY, ['answer.data.detail']],
    ['/text', KEY, ['answer.data']],
    ['/header', 'lk_sec', ['answer.headers.set-cookie']],
    ['/reason', 'lk_sec', ['answer.statusText']],
    ['/good', KEY, []],
  ])('of axios does, too: %s', async (path, secret, expected) => {
    const server = app.listen(0);
    const { port } = server.address() as { port: number };
    const response = await axios.get(`http://127.0.0.1:${String(port)}${path}`, {
      headers: { 'x-api-key': encodeURIComponent(KEY) },
      params: { key: KEY },
    });
    server.closeAllConnections();
    server.close();
    expect(paths(response, secret)).toEqual(expected);
    expect(paths({ response }).length).toBeGreaterThan(0); // in a log record it is one
  });

  test.each(['status', 'statusCode'])('is known by its headers and its %s', (name) => {
    const answered = { [name]: 200, headers: { a: 'b' }, body: 'lk_sec', request: { key: KEY } };
    expect(paths(answered, 'lk_sec')).toEqual(['answer.body']);
    const { headers: _headers, ...record } = answered;
    expect(paths(record, 'lk_sec')).toEqual(['value.body', 'value.request.key']);
  });

  test('that was read of a Response has all of its cookies', () => {
    const headers = new Headers([
      ['set-cookie', 'sid=lk_sec'],
      ['set-cookie', 'a=b'],
    ]);
    expect(paths({ status: 200, headers, body: '' }, 'lk_sec')).toEqual(['answer.headers.set-cookie']);
    expect(paths({ status: 200, headers, body: '' }, 'a=b')).toEqual(['answer.headers.set-cookie']);
  });

  test('of the library is contained', () => {
    const laki = createLakiConnect({ apiKey: KEY.replace('ñ', 'n') });
    const secrets = [KEY.replace('ñ', 'n'), 'lk_pub_1'];
    const error = {
      error: { code: 'FORBIDDEN', message: `no scope for ${secrets[0] ?? ''}` },
      request_id: 'req_1',
    };
    const thrown = Object.assign(new Error(secrets[0]), {
      response: { status: 403, headers: {}, data: error },
    });
    expect(leaksIn(thrown, secrets)).not.toEqual([]);
    const reply = laki.translate(thrown) as Reply;
    expect(reply.status).toBe(502);
    expect(leaksIn(reply, secrets)).toEqual([]);
    expect(paths({ ...reply, body: secrets[0] }, secrets)).toEqual(['answer.body', 'answer.body']);
  });

  test('that is still to be read, or to come, is a mistake', async () => {
    const unread =
      /^lakiconnect: the body of a Response is still to be read\. Hand in \{ status, headers, body: await response\.text\(\) \}\.$/;
    const coming = /^lakiconnect: a promise is still to be awaited\.$/;
    expect(() => leaksIn(new Response(KEY), KEY)).toThrow(unread);
    expect(() => leaksIn(Promise.resolve(KEY), KEY)).toThrow(coming);
    expect(() => leaksIn(asking('/json'), KEY)).toThrow(coming);
  });
});

test('The assertion tells where, and what', () => {
  expect(() => assertLeaksNothing({ a: 'one', b: 'two' }, ['one', 'two'])).toThrow(
    new AssertionError({ message: 'expected no secret, found one in value.a, two in value.b' }),
  );
  expect(() => assertLeaksNothing('one', 'one')).toThrow(AssertionError);
});

test('The secrets of a fake provider are found in an error of any client', async () => {
  const fake = await createFakeLakiConnect();
  fake.failNext('UNAUTHORIZED');
  const thrown: unknown = await axios
    .get(`${fake.baseUrl}/x`, { headers: { 'x-api-key': fake.apiKey } })
    .catch((error: unknown) => error);
  await fake.close();
  const found = new Set(leaksIn(thrown, fake.secrets).map(({ secret }) => secret));
  expect([...found].sort()).toEqual(fake.secrets.filter((secret) => secret !== fake.webhookSecret).sort());
});
