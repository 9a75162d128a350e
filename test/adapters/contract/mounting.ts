import { expect, test } from '@jest/globals';
import { createLakiConnect } from 'lakiconnect-middleware';
import request from 'supertest';
import { documented } from '../../envelopes.js';
import { answered, BASE, throwing } from './failures.js';
import type { AnyRequest, Harness } from './harness.js';

export function mounting(harness: Harness): void {
  test.each([
    ['the other adapter', () => harness.madeForOther()],
    ['this adapter', () => harness.lakiconnect({})],
  ])('what %s has made is refused in a sentence that says what to do', (_, make) => {
    expect(() => harness.lakiconnect(make() as object)).toThrow(
      /^lakiconnect: this was already made for a framework\..*createLakiConnect/,
    );
    expect(() => harness.lakiconnect(make() as object)).toThrow(TypeError);
  });

  test.each([null, 'public:secret', 42])('%p for options is refused', (options) => {
    expect(() => harness.lakiconnect(options as never)).toThrow(/^lakiconnect: /);
    expect(() => harness.lakiconnect(options as never)).toThrow(TypeError);
  });

  test('a core from createLakiConnect works, and keeps its options', async () => {
    const events: unknown[] = [];
    const core = createLakiConnect<AnyRequest>({
      baseUrl: BASE,
      audience: ({ path }) => (path === '/' ? 'merchant' : 'customer'),
      onEvent: (event) => events.push(event),
    });
    const listener = harness.mount({
      options: core,
      route: throwing(() => answered(403, documented('KYC_NOT_APPROVED'))),
    });

    expect((await request(listener).get('/')).status).toBe(403);
    expect((await request(listener).get('/other')).status).toBe(409);
    expect(events).toHaveLength(2);
  });

  test.each([
    [{ audiance: 'merchant' }, /`audiance`/],
    [{ audience: 'seller' }, /`audience`/],
    [{ httpErrors: 'yes' }, /`httpErrors`/],
  ])('an errorHandler of %j is refused by name when it is made', (handler, message) => {
    const mount = () => harness.mount({ handler: handler as object, route: () => undefined });

    expect(mount).toThrow(TypeError);
    expect(mount).toThrow(message);
  });
}
