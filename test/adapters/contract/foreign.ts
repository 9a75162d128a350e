import { expect, test } from '@jest/globals';
import axios from 'axios';
import express from 'express';
import createError from 'http-errors';
import { readFile } from 'node:fs/promises';
import type { Response } from 'supertest';
import { z } from 'zod';
import { documented, flat } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { Exchange, Harness, Setup } from './harness.js';
import { serve, serveUpstream } from './server.js';

const parseJson = express.json({ limit: 100 });
const JSON_BODY = { 'content-type': 'application/json' };

function parsed({ req, res }: Exchange): Promise<void> {
  return new Promise((resolve, reject) => {
    parseJson(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
}

class Denied extends Error {
  status = 422;
  get statusCode() {
    return this.status;
  }
}

class Exposed extends Error {
  status = 422;
  get expose() {
    return true;
  }
}

class ApiError extends Error {
  readonly headers = new Headers({ 'retry-after': '5' });
  status: unknown = 429;
}

class Lockable extends Error {
  #status: unknown = 423;
  get status(): unknown {
    return this.#status;
  }
  set status(value: unknown) {
    this.#status = value;
  }
}

const ELSEWHERE = { url: 'https://api.elsewhere.test/v1/charge' };

/** Errors of the platform's own and of other services, as thrown in a route. */
const ERRORS: readonly (readonly [string, () => unknown])[] = [
  ['a plain Error', () => new Error('Out of paper')],
  ['a bug', () => new TypeError("Cannot read properties of undefined (reading 'id')")],
  ['an Error with a status', () => Object.assign(new Error('No tea'), { status: 418 })],
  ['an exposed Error', () => Object.assign(new Error('No such shop'), { status: 404, expose: true })],
  ['an Error with a code', () => Object.assign(new Error('Refused'), { code: 'ECONNREFUSED' })],
  ['an Error with a code like ours', () => Object.assign(new Error('Rate'), { code: 'RATE_LIMITED' })],
  ['an Error with a cause', () => new Error('Outer', { cause: Object.assign(new Error(), { status: 403 }) })],
  [
    'an Error with headers',
    () => Object.assign(new Error('Wait'), { status: 503, headers: { allow: 'GET' } }),
  ],
  ['an AggregateError', () => new AggregateError([new Error('a'), new Error('b')], 'Both')],
  ['an AbortError', () => AbortSignal.abort().reason],
  ['an http-errors 404', () => createError(404, 'No such shop')],
  [
    'an http-errors 422 with headers',
    () => createError(422, 'Too tall', { headers: { 'x-max-height': '2' } }),
  ],
  ['an http-errors 401', () => createError(401, 'Log in', { headers: { 'www-authenticate': 'Basic' } })],
  ['an http-errors 500', () => createError(500, 'Out of memory')],
  ['an Error whose statusCode is a getter', () => new Denied('Not you')],
  ['an Error whose expose is a getter', () => new Exposed('Too small')],
  ["another origin's documented error", () => answered(403, documented('KYC_NOT_APPROVED'), ELSEWHERE)],
  ["another origin's flat error", () => answered(400, flat('amount: too low.'), ELSEWHERE)],
  ['a flat error of unknown origin', () => answered(400, flat('amount: too low.'), { url: '/charge' })],
  ['a plain object with a status', () => ({ status: 404, message: 'no such shop' })],
  ["a validator's array", () => [{ path: 'sku', msg: 'Invalid value' }]],
  ["zod's error", () => z.object({ sku: z.string() }).safeParse({}).error],
  ['a status with a getter and a setter', () => new Lockable('Not now')],
  ['a text', () => 'Out of paper'],
  ['a bare status', () => Object.assign(new Error('Forbidden'), { status: 403, response: { status: 403 } })],
];

/** Errors that one framework survives, and the other, or another version of it, does not. */
const SURVIVED: Readonly<Record<string, readonly (readonly [string, () => unknown])[]>> = {
  express: [
    ['a frozen error with a status', () => Object.freeze(Object.assign(new Error('No'), { status: 404 }))],
    ['a sealed error', () => Object.seal(new Error('No'))],
    ['a getter-only status', () => Object.defineProperty(new Error('No'), 'status', { get: () => 404 })],
    ['headers of fetch', () => new ApiError('Too many')],
  ],
  koa: [['a sealed error with a status', () => Object.seal(Object.assign(new Error('No'), { status: 404 }))]],
};

export function foreign(harness: Harness): void {
  const errors = [...ERRORS, ...(SURVIVED[harness.framework] ?? [])];

  /** What an app answers with the library and what its twin answers without. */
  async function answers(
    setup: Setup,
    ...request: Parameters<Awaited<ReturnType<typeof serve>>['ask']>
  ): Promise<[object, object]> {
    const ask = async (mounted: boolean): Promise<object> =>
      portrait(await (await serve(harness, { ...setup, mounted })).ask(...request));
    return [await ask(true), await ask(false)];
  }

  test.each(errors)('%s leaves the framework as without the library', async (_, make) => {
    const [withUs, without] = await answers({ route: throwing(make) });

    expect(withUs).toEqual(without);
    expect(withUs).not.toHaveProperty('headers.content-language');
  });

  test.each(errors)("%s reaches the platform's own handler as the same object", async (_, make) => {
    const reached: unknown[] = [];
    const events: unknown[] = [];
    let thrown: unknown;
    const server = await serve(harness, {
      options: { onEvent: (event) => events.push(event) },
      route: throwing(() => (thrown = make())),
      own: (error) => reached.push(error) < 0,
    });
    await server.ask();

    expect(reached).toHaveLength(1);
    expect(reached[0]).toBe(thrown);
    expect(events).toEqual([]);
  });

  test('ENOENT of a file leaves the framework as without the library', async () => {
    const [withUs, without] = await answers({ route: async () => void (await readFile('/no/such/file')) });

    expect(withUs).toEqual(without);
  });

  test.each([
    [400, '{"amount": '],
    [413, JSON.stringify({ note: 'long'.repeat(100) })],
  ])("a body-parser's %d leaves the framework as without the library", async (status, body) => {
    const [withUs, without] = await answers({ route: parsed }, JSON_BODY, 'post', body);

    expect(withUs).toEqual(without);
    expect(withUs).toMatchObject({ status });
  });

  test.each([401, 403, 429, 503])(
    "a real %d of another service's leaves the framework as without the library",
    async (status) => {
      const elsewhere = await serveUpstream({
        status,
        headers: { 'set-cookie': 'sid=1' },
        body: { error: { code: 'DENIED' } },
      });
      const [withUs, without] = await answers({ route: () => axios.post(elsewhere.url, {}) });

      expect(withUs).toEqual(without);
    },
  );
}

function portrait({ status, headers, text }: Response): object {
  return { status, text, headers: { ...headers, date: undefined, etag: undefined } };
}
