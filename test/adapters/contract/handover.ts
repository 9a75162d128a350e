import { describe, expect, test } from '@jest/globals';
import createError, { isHttpError, type HttpError } from 'http-errors';
import { inspect } from 'node:util';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { Harness, Middleware } from './harness.js';
import { logged, oneAnswer, serve } from './server.js';

const KEY = 'pubcanary4821:seccanary7733';
const refusal = (status: number, code: string) => () =>
  answered(status, documented(code, { message: `Not with ${KEY}.` }), {
    headers: { 'set-cookie': `sid=${KEY}`, 'retry-after': '7' },
  });
const limited = refusal(429, 'RATE_LIMITED');
const kyc = refusal(403, 'KYC_NOT_APPROVED');
const expired = refusal(401, 'UNAUTHORIZED');

const PROBLEM = 'application/problem+json';

const unlisted = createError(404, 'No such shop');
Object.assign(unlisted, { status: 799, statusCode: 799 });

/** express.json and @koa/bodyparser; the other parsers of the harness are for other bodies, or of our own. */
const isJsonParser = ({ name }: Middleware): boolean => ['jsonParser', 'bodyParser'].includes(name);

export function handover(harness: Harness): void {
  describe('httpErrors: true', () => {
    const failing = (fails: () => unknown) =>
      serve(harness, { handler: { httpErrors: true }, route: throwing(fails) });

    const open = { expose: true };
    test.each([
      { status: 404, code: 'NOT_FOUND', title: 'Not Found', detail: 'No such shop' },
      { status: 413, code: 'PAYLOAD_TOO_LARGE', title: 'Payload Too Large', detail: 'Too long' },
      { status: 418, code: 'IM_A_TEAPOT', title: "I'm a Teapot", detail: 'Tea' },
      { status: 422, code: 'UNPROCESSABLE_ENTITY', hidden: 'Hush', parts: { expose: false } },
      { status: 500, code: 'INTERNAL_SERVER_ERROR', hidden: 'Out of paper' },
      { status: 503, code: 'SERVICE_UNAVAILABLE', hidden: 'Out of paper' },
      { status: 500, code: 'INTERNAL_SERVER_ERROR', hidden: 'Out of paper', parts: open },
    ])('a $status is told as $code', async ({ status, code, detail, hidden, parts, ...problem }) => {
      const error = createError(status, detail ?? hidden, parts ?? {});
      const { headers, body, text } = await (await failing(() => error)).ask({ 'accept-language': 'am' });

      expect(body).toMatchObject({ type: 'about:blank', status, code, ...problem });
      expect(body.detail).toBe(detail);
      if (hidden !== undefined) expect(text).not.toContain(hidden);
      expect(headers).toMatchObject({
        'content-type': PROBLEM,
        'content-language': 'en',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('retry-after');
    });

    test('safe headers of its own are kept, ours go before them, and the rest is dropped', async () => {
      const own = {
        Allow: 'GET',
        'x-a': 'b\r\nset-cookie: c=d',
        'x-none': undefined,
        'bad name': 'x',
        'content-type': 'text/css',
        'cache-control': 'public',
      };
      const server = await failing(() => createError(405, 'No', { headers: own }));
      const { status, headers } = oneAnswer(await server.bytes());

      expect(status).toBe(405);
      expect(headers).toMatchObject({ allow: 'GET', 'content-type': PROBLEM, 'cache-control': 'no-store' });
      expect(headers).not.toHaveProperty('x-a');
      expect(headers).not.toHaveProperty('set-cookie');
    });

    test.each([
      ['transfer-encoding', 'chunked'],
      ['content-encoding', 'gzip'],
      ['content-length', '4321'],
      ['trailer', 'x-late'],
    ])('%s: %s of its own, which speaks of another body, is dropped', async (name, value) => {
      const server = await failing(() => createError(405, 'No', { headers: { [name]: value } }));
      const { status, headers, body } = oneAnswer(await server.bytes());

      expect(status).toBe(405);
      expect(headers[name]).not.toBe(value);
      expect(JSON.parse(body)).toHaveProperty('code', 'METHOD_NOT_ALLOWED');
    });

    test('a body-parser error of another copy of http-errors is told, too', async () => {
      const foreign = Object.assign(new SyntaxError('Unexpected end'), {
        status: 400,
        statusCode: 400,
        expose: true,
        type: 'entity.parse.failed',
      });

      expect((await (await failing(() => foreign)).ask()).body).toMatchObject({
        code: 'BAD_REQUEST',
        detail: 'Unexpected end',
      });
    });

    test.each([
      ['a plain Error', () => new Error('Out of paper'), 500],
      ['a status that no error has', () => unlisted, 500],
    ])("%s stays the framework's", async (_, make, status) => {
      const reply = await (await failing(make)).ask();

      expect(reply).toMatchObject({ status });
      expect(reply.headers['content-type']).not.toMatch(/json/);
    });

    test.each<[string, () => unknown, number, string]>([
      [
        "co-body's SyntaxError",
        () => Object.assign(new SyntaxError('at 7'), { status: 400 }),
        400,
        'BAD_REQUEST',
      ],
      ['a status without expose', () => Object.assign(new Error('Tea'), { status: 418 }), 418, 'IM_A_TEAPOT'],
      ['a statusCode alone', () => Object.assign(new Error('Gone'), { statusCode: 410 }), 410, 'GONE'],
    ])("%s is told with the framework's status, and without its message", async (_, make, status, code) => {
      const { body, headers } = await (await failing(make)).ask();

      expect(body).toEqual({ type: 'about:blank', title: expect.any(String) as unknown, status, code });
      expect(headers['content-type']).toBe(PROBLEM);
      expect((await (await serve(harness, { mounted: false, route: throwing(make) })).ask()).status).toBe(
        status,
      );
    });

    test("a real body parser's malformed JSON is told", async () => {
      const parser = Object.values({ ...harness.parsers.spoiling, ...harness.parsers.keeping }).find(
        isJsonParser,
      );
      const server = await serve(harness, {
        handler: { httpErrors: true },
        before: () => [parser!],
        route: ({ send }) => send('parsed'),
      });
      const { status, body, headers } = await server.ask(
        { 'content-type': 'application/json' },
        'post',
        '{"a": ',
      );

      expect({ status, code: body.code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
      expect(headers['content-type']).toBe(PROBLEM);
    });

    test("LakiConnect's errors are told as ever", async () => {
      const { body } = await (await failing(kyc)).ask();

      expect(body.type).toBe('urn:problem-type:lakiconnect:payments-unavailable');
    });
  });

  describe('forward: true', () => {
    const noStore = { 'cache-control': 'no-store' };
    test.each([
      { make: kyc, status: 409, expose: true, headers: noStore },
      { make: expired, status: 502, expose: false, headers: noStore },
      {
        make: limited,
        status: 503,
        expose: false,
        headers: { ...noStore, 'retry-after': '7' },
      },
    ])("a $status reaches the platform's handler as a safe http-errors error", async ({ make, ...parts }) => {
      const reached: HttpError[] = [];
      const server = await serve(harness, {
        options: { apiKey: KEY },
        handler: { forward: true },
        route: throwing(make),
        own: (error, { res, send }) => {
          reached.push(error as HttpError);
          expect(res.getHeaderNames().filter((name) => name !== 'x-powered-by')).toEqual([]);
          send('Sorry.', (error as HttpError).status);
          return true;
        },
      });
      const reply = await server.ask();
      const [error] = reached;

      expect(reply).toMatchObject({ status: parts.status, text: 'Sorry.' });
      expect(reached).toHaveLength(1);
      expect(isHttpError(error)).toBe(true);
      expect(error).toMatchObject({ ...parts, statusCode: parts.status, problem: { status: parts.status } });
      expect(error!.message).toBe((error!['problem'] as { detail: string }).detail);
      expect(error!.headers).toEqual(parts.headers);
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/canary/);
    });

    test("without a platform's handler the framework's own answers", async () => {
      const server = await serve(harness, { handler: { forward: true }, route: throwing(limited) });
      const { status, headers, text } = await server.ask();

      expect(status).toBe(503);
      expect(headers).toMatchObject({ 'retry-after': '7', 'cache-control': 'no-store' });
      expect(headers).not.toHaveProperty('set-cookie');
      expect(text).toContain('Service Unavailable');
      expect(text).not.toContain('canary');
    });

    test("another's error is forwarded as it is", async () => {
      const reached: unknown[] = [];
      const thrown = createError(404, 'No such shop');
      const server = await serve(harness, {
        handler: { forward: true, httpErrors: true },
        route: throwing(() => thrown),
        own: (error) => reached.push(error) < 0,
      });
      await server.ask();

      expect(reached).toHaveLength(1);
      expect(reached[0]).toBe(thrown);
    });
  });

  describe("where our error handler is not mounted, the framework's own", () => {
    test.each([
      { code: 'KYC_NOT_APPROVED', make: kyc, options: {}, status: 409 },
      { code: 'KYC_NOT_APPROVED', make: kyc, options: { audience: 'merchant' }, status: 403 },
      { code: 'KYC_NOT_APPROVED', make: kyc, options: { audience: () => 'merchant' }, status: 409 },
      { code: 'UNAUTHORIZED', make: expired, options: {}, status: 502 },
      { code: 'RATE_LIMITED', make: limited, options: {}, status: 503 },
    ] as const)('answers $code with a harmless $status by $options', async ({ make, options, status }) => {
      const server = await serve(harness, {
        options: { ...options, apiKey: KEY },
        mounted: false,
        route: ({ laki }) => laki.call(throwing(make)),
      });
      const bytes = (await server.bytes()).toString();
      const log = await logged();

      expect(oneAnswer(Buffer.from(bytes)).status).toBe(status);
      expect(bytes).not.toMatch(/canary|kyc|set-cookie|retry-after|LakiConnect/i);
      expect(log).toContain('LakiConnectError: LakiConnect did not complete the request.');
      expect(log).not.toMatch(/canary/);
      expect(await server.isAlive()).toBe(true);
    });
  });
}
