import { describe, expect, test } from '@jest/globals';
import { am, en, type Options } from 'lakiconnect-middleware';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { AnyRequest, Harness } from './harness.js';
import { serve } from './server.js';

const kyc = () => answered(403, documented('KYC_NOT_APPROVED'));
const missing = () => answered(404, documented('NOT_FOUND'));
const byHeader = ({ headers }: AnyRequest) => (headers['x-who'] === 'seller' ? 'merchant' : 'customer');
const raise = throwing(() => new Error('Out of paper'));
const throwNull = throwing(() => null);

/** Who reads a reply, and in which language. */
export function readers(harness: Harness): void {
  const failing = (fails: () => unknown, options: Options<AnyRequest>) =>
    serve(harness, { options, route: throwing(fails) });

  describe('audience', () => {
    test.each([
      ['customer by default', {}, {}, 409],
      ['a value', { audience: 'merchant' }, {}, 403],
      ['a function that says merchant', { audience: byHeader }, { 'x-who': 'seller' }, 403],
      ['a function that says customer', { audience: byHeader }, {}, 409],
      ['a function that says nonsense', { audience: () => 'seller' as 'merchant' }, {}, 409],
    ] as const)('%s', async (_, options, headers, status) => {
      expect(await (await failing(kyc, options)).ask(headers)).toMatchObject({ status });
    });

    test.each([
      ['merchant', 'customer', 403],
      ['customer', 'merchant', 409],
      [byHeader, 'merchant', 409],
    ] as const)('of an errorHandler: %s goes before %s', async (own, audience, status) => {
      const server = await serve(harness, {
        options: { audience },
        handler: { audience: own },
        route: throwing(kyc),
      });

      expect(await server.ask()).toMatchObject({ status });
    });
  });

  describe('language', () => {
    const byRequest = ({ headers }: AnyRequest) => String(headers['x-language']);
    const fromDatabase = () => null as unknown as undefined;
    test.each<{ options?: Options<AnyRequest>; accept?: string; tag: string }>([
      { tag: 'en' },
      { accept: 'am', tag: 'am' },
      { accept: 'am-ET', tag: 'am' },
      { accept: 'am_ET', tag: 'am' },
      { accept: 'amh', tag: 'am' },
      { accept: 'fr, amh-ET;q=0.5', tag: 'am' },
      { accept: 'en;q=0.2, am;q=0.9', tag: 'am' },
      { accept: 'fr-FR, de', tag: 'en' },
      { accept: '*', tag: 'en' },
      { accept: '__proto__, constructor', tag: 'en' },
      { options: { locale: () => 'am' }, accept: 'en', tag: 'am' },
      { options: { locale: () => 'am-ET' }, tag: 'am' },
      { options: { locale: () => 'fr' }, accept: 'am', tag: 'am' },
      { options: { locale: () => undefined }, accept: 'am', tag: 'am' },
      { options: { locale: fromDatabase }, accept: 'am', tag: 'am' },
      { options: { locale: byRequest }, accept: 'en', tag: 'am' },
      { options: { defaultLocale: 'am' }, tag: 'am' },
      { options: { defaultLocale: 'am' }, accept: 'fr', tag: 'am' },
      { options: { locales: [en] }, accept: 'am', tag: 'en' },
    ])('is $tag for Accept-Language $accept ($#)', async ({ options = {}, accept, tag }) => {
      const server = await failing(missing, options);
      const language = accept === undefined ? {} : { 'accept-language': accept };
      const { headers, body } = await server.ask({ 'x-language': 'am', ...language });

      expect(headers['content-language']).toBe(tag);
      expect(body).toMatchObject((tag === 'am' ? am : en).texts.NOT_FOUND.customer);
    });

    test('is found at once in the longest headers that Node takes', async () => {
      const server = await failing(missing, {});
      const started = performance.now();
      const answers = ['fr;q=0.1,'.repeat(1600), 'x'.repeat(15_000), '*-'.repeat(7000)].map((header) =>
        server.ask({ 'accept-language': header, accept: 'text/plain' }),
      );

      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404, 404]);
      expect(performance.now() - started).toBeLessThan(2000);
    });

    test('a page says its language and is in UTF-8', async () => {
      const server = await failing(missing, { defaultLocale: 'am' });
      const { text, headers } = await server.ask({ accept: 'text/html' });

      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(text).toContain('<html lang="am">');
      expect(text).toContain(am.texts.NOT_FOUND.customer.title);
    });
  });

  test.each<[string, Options<AnyRequest>]>([
    ['audience throws', { audience: raise }],
    ['audience throws null', { audience: throwNull }],
  ])('where %s a customer is answered', async (_, options) => {
    const server = await failing(kyc, options);

    expect(await server.ask()).toMatchObject({ status: 409, body: { code: 'PAYMENTS_UNAVAILABLE' } });
  });

  test('where locale throws the reader stays who they are, in the language of the header', async () => {
    const server = await failing(kyc, { audience: 'merchant', locale: raise });
    const { status, headers } = await server.ask({ 'accept-language': 'am' });

    expect({ status, language: headers['content-language'] }).toEqual({ status: 403, language: 'am' });
  });
}
