/** Answers as they come over the wire. */
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { createFakeLakiConnect, type Answer } from 'lakiconnect-middleware/testing';
import { ask } from './ask.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);

test.each<[string, Answer['body'], type: string | null, sent: string]>([
  ['an object', { a: 'ሰ' }, 'application/json; charset=utf-8', '{"a":"ሰ"}'],
  ['an array', [1], 'application/json; charset=utf-8', '[1]'],
  ['HTML', '<p>ሰ</p>', 'text/html; charset=utf-8', '<p>ሰ</p>'],
  ['JSON, or half of it', '{"a":', 'application/json; charset=utf-8', '{"a":'],
  ['a text', 'Bad Gateway', 'text/plain; charset=utf-8', 'Bad Gateway'],
  ['an empty text', '', 'text/plain; charset=utf-8', ''],
  ['bytes', Buffer.from('{"a":1}'), null, '{"a":1}'],
  ['a view of bytes', new Uint8Array(new TextEncoder().encode('xaby').buffer, 1, 2), null, 'ab'],
  ['nothing', undefined, null, ''],
])('A body that is %s is sent as such', async (_, body, type, sent) => {
  fake.answerNext({ body });
  const { status, headers, text } = await ask(fake, 'GET', '/x');
  expect([status, headers.get('content-type'), text]).toEqual([200, type, sent]);
  expect(headers.get('content-length')).toBe(String(Buffer.byteLength(sent)));
});

test('Headers are sent as they are, the type of the body included', async () => {
  const headers = { 'content-type': 'application/problem+json', 'X-A': 'b', 'set-cookie': ['a=1', 'b=2'] };
  fake.answerNext({ status: 418, headers, body: {} });
  const answer = await ask(fake, 'GET', '/x');
  expect(answer.status).toBe(418);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-a')).toBe('b');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test.each([204, 304])('An answer %d has no body, and the connection goes on', async (status) => {
  fake.answerNext({ status, body: { a: 1 } });
  expect(await ask(fake, 'GET', '/x')).toMatchObject({ status, text: '' });
  expect(await ask(fake, 'GET', '/x')).toMatchObject({ status: 404 });
});

test('A body may come in chunks', async () => {
  fake.answerNext({ headers: { 'transfer-encoding': 'chunked' }, body: { a: 1 } });
  const { headers, body } = await ask(fake, 'GET', '/x');
  expect(headers.get('content-length')).toBeNull();
  expect(body).toEqual({ a: 1 });
});

test('An answer that is held back comes no earlier', async () => {
  fake.answerNext({ delayMs: 60 });
  const began = performance.now();
  await ask(fake, 'GET', '/x');
  expect(performance.now() - began).toBeGreaterThan(55); // less what timers are early
});

test.each<[string, Answer]>([
  ['status', { status: 99 }],
  ['name of a header', { headers: { 'a b': 'c' } }],
  ['value of a header', { headers: { a: 'b\r\nc: d' } }],
])('An answer with an impossible %s cuts the connection, and the fake goes on', async (_, answer) => {
  fake.answerNext(answer);
  await expect(ask(fake, 'GET', '/x')).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } });
  expect(await ask(fake, 'GET', '/x')).toMatchObject({ status: 404 });
});
