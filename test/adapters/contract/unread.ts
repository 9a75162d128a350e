import { expect, test } from '@jest/globals';
import ky from 'ky';
import { documented } from '../../envelopes.js';
import type { Answer } from '../../upstream.js';
import type { Harness } from './harness.js';
import { serve, serveUpstream } from './server.js';

const TIMEOUT_MS = 200;

const refusal = { status: 403, body: documented('KYC_NOT_APPROVED') };
const page = { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>nginx</html>' };

/** A route throws ky's error bare: its body is still on its way. */
export function unread(harness: Harness): void {
  test.each<[string, Answer, string]>([
    ['a whole body', refusal, '409 PAYMENTS_UNAVAILABLE'],
    ['a slow body', { ...refusal, delayMs: 50 }, '409 PAYMENTS_UNAVAILABLE'],
    ['a page', page, '502 PAYMENTS_UNAVAILABLE'],
    ['no body', { status: 404 }, '404 NOT_FOUND'],
    ['a body that is cut', { ...refusal, fault: 'cut' }, '502 UNREACHABLE'],
    ['a body that stalls', { ...refusal, fault: 'hang-body' }, '504 TIMEOUT'],
    ['a body of 2 MB', { status: 403, body: 'x'.repeat(2_000_000) }, '502 PAYMENTS_UNAVAILABLE'],
  ])('%s is told as it ends, within the deadline', async (_, answer, told) => {
    const upstream = await serveUpstream(answer);
    const server = await serve(harness, {
      options: { baseUrl: upstream.url, timeoutMs: TIMEOUT_MS },
      route: async () => void (await ky.post(`${upstream.url}/payment`, { retry: 0 }).json()),
    });
    const started = performance.now();
    const { status, body } = await server.ask();
    const took = performance.now() - started;

    expect(`${String(status)} ${String(body.code)}`).toBe(told);
    expect(took).toBeLessThan(TIMEOUT_MS + 1500);
    if (told === '504 TIMEOUT') expect(took).toBeGreaterThan(TIMEOUT_MS - 20);
    expect(upstream.requests).toHaveLength(1);
    expect(await server.isAlive()).toBe(true);
  });

  test("another origin's body is left unread", async () => {
    const upstream = await serveUpstream({ ...refusal, fault: 'hang-body' });
    let thrown: unknown;
    const server = await serve(harness, {
      route: async () => {
        await ky.post(upstream.url, { retry: 0 }).catch((error: unknown) => {
          thrown = error;
          throw error;
        });
      },
    });
    const started = performance.now();

    expect(await server.ask()).toMatchObject({ status: 500 });
    expect(performance.now() - started).toBeLessThan(2000);
    expect(thrown).toMatchObject({ response: { bodyUsed: false } });
  });
}
