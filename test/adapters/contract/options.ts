import { describe, expect, test } from '@jest/globals';
import { en, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';
import { documented } from '../../envelopes.js';
import { answered, throwing } from './failures.js';
import type { AnyRequest, Harness } from './harness.js';
import { oneAnswer, serve } from './server.js';

const kyc = () => answered(403, documented('KYC_NOT_APPROVED'));
const missing = () => answered(404, documented('NOT_FOUND'));
const tin = { field: 'business.tin', issue: 'TIN must be 10 digits.' };
/** What is told of it in English. */
const TOLD = 'the number of digits must be 10';
const secret = { field: 'internal.risk_score', issue: 'is too high' };
const invalid =
  (...details: object[]) =>
  () =>
    answered(422, documented('VALIDATION_ERROR', { details }));

const raise = throwing(() => new Error('Out of paper'));
const throwNull = throwing(() => null);

export function options(harness: Harness): void {
  const failing = (fails: () => unknown, options: Options<AnyRequest>) =>
    serve(harness, { options, route: throwing(fails) });

  describe('a function that gives a promise', () => {
    test.each<[string, Options<AnyRequest>, string]>([
      ['format', { format: () => Promise.reject(new Error('no')) }, 'application/json'],
      ['html', { html: (() => Promise.reject(new Error('no'))) as never }, 'text/html'],
      ['fields', { fields: (() => Promise.reject(new Error('no'))) as never }, 'application/json'],
      ['audience', { audience: (() => Promise.reject(new Error('no'))) as never }, 'application/json'],
      ['locale', { locale: (() => Promise.reject(new Error('no'))) as never }, 'application/json'],
    ])(
      '%s: is told of, the reply is the standard one, and the process lives',
      async (option, given, accept) => {
        const told: LakiConnectEvent[] = [];
        const onEvent = (event: LakiConnectEvent) => told.push(event);
        const server = await failing(kyc, { ...given, onEvent });
        const standard = await (await failing(kyc, {})).ask({ accept });
        const { status, text } = await server.ask({ accept });

        expect({ status, text }).toEqual({ status: standard.status, text: standard.text });
        const failed = told.filter(({ type }) => type === 'misconfigured');
        expect(failed).toMatchObject(option === 'fields' ? [] : [{ option, level: 'error' }]); // there are no fields
        expect(await server.isAlive()).toBe(true);
      },
    );
  });

  describe('format', () => {
    test('html: false offers no page', async () => {
      const { headers } = await (await failing(missing, { html: false })).ask({ accept: 'text/html' });

      expect(headers['content-type']).toBe('application/problem+json');
    });

    test('html: a function writes the page, and is not told what the reader is not', async () => {
      const told: unknown[] = [];
      const html: Options['html'] = ({ code }, context) => {
        told.push(context);
        return `<p>${code}`;
      };
      const { text } = await (await failing(kyc, { html })).ask({ accept: 'text/html' });

      expect(text).toBe('<p>PAYMENTS_UNAVAILABLE');
      expect(told).toEqual([{ audience: 'customer', locale: 'en' }]);
    });

    test('format: envelope is in the shape of LakiConnect', async () => {
      const { headers, body } = await (await failing(invalid(tin), { format: 'envelope' })).ask();

      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(body).toEqual({
        error: {
          code: 'VALIDATION_ERROR',
          message: en.texts.VALIDATION_ERROR.customer.detail,
          details: [{ ...tin, issue: TOLD }],
        },
        request_id: 'req_1a2b3c4d5e6f',
      });
    });

    test('format: a function gives the body, and is told for whom', async () => {
      const format: Options['format'] = ({ code, status }, context) => ({ code, status, ...context });
      const { headers, body } = await (await failing(kyc, { format })).ask();

      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(body).toEqual({
        code: 'PAYMENTS_UNAVAILABLE',
        status: 409,
        kind: 'KYC_NOT_APPROVED',
        audience: 'customer',
        locale: 'en',
      });
    });

    test('problemTypeBase is the prefix of every type', async () => {
      const server = await failing(kyc, { problemTypeBase: 'https://shop.test/problems#' });

      expect((await server.ask()).body.type).toBe('https://shop.test/problems#payments-unavailable');
    });
  });

  describe('fields', () => {
    const map = { 'business.tin': 'company.taxId' };
    const renamed = [{ field: 'company.taxId', detail: TOLD }];
    test.each([
      ['no map', undefined, [{ field: 'business.tin', detail: TOLD }]],
      ['a map', map, renamed],
      ['a function', (field: string) => map[field as keyof typeof map], renamed],
    ])('are told by the names of %s', async (_, fields, errors) => {
      const { status, body } = await (await failing(invalid(tin), { fields })).ask();

      expect(status).toBe(422);
      expect(body.errors).toEqual(errors);
    });

    test('that are not named stay out of the reply and in the event', async () => {
      const events: unknown[] = [];
      const onEvent = (event: unknown) => void events.push(event);
      const server = await failing(invalid(tin, secret), { fields: map, onEvent });

      expect((await server.ask()).body.errors).toEqual(renamed);
      expect(events).toMatchObject([{ type: 'translated', unmappedFields: [secret.field] }]);
    });

    test.each([
      ['a map', {}],
      ['a function', () => undefined],
      ['a map like a prototype', { constructor: 'a', toString: 'b' }],
    ])('of which %s names none are the doing of the platform', async (_, fields) => {
      const { status, body, text } = await (await failing(invalid(tin, secret), { fields })).ask();

      expect(status).toBe(502);
      expect(body).toMatchObject({ code: 'PAYMENTS_UNAVAILABLE' });
      expect(body).not.toHaveProperty('errors');
      expect(text).not.toMatch(/tin|risk_score|is too high/i);
    });
  });

  describe('rules, messages, aliases and origins', () => {
    test.each<[string, Options<AnyRequest>, number, object]>([
      ['a status', { rules: { NOT_FOUND: { status: 410 } } }, 410, { code: 'NOT_FOUND' }],
      ['a status without a phrase', { rules: { NOT_FOUND: { status: 599 } } }, 599, { status: 599 }],
      [
        "a customer's status",
        { rules: { NOT_FOUND: { customer: { status: 409 } } } },
        409,
        { code: 'NOT_FOUND' },
      ],
      [
        'a text',
        { messages: { en: { NOT_FOUND: { customer: 'Ask the shop.' } } } },
        404,
        { title: en.texts.NOT_FOUND.customer.title, detail: 'Ask the shop.' },
      ],
      [
        'a code with its texts',
        {
          rules: { NOT_FOUND: { code: 'SHOP_GONE' } },
          locales: [en],
          messages: {
            en: {
              SHOP_GONE: {
                customer: { title: 'Gone', detail: 'No shop.' },
                merchant: { title: 'Gone', detail: 'No shop.' },
              },
            },
          },
        },
        404,
        { type: 'urn:problem-type:lakiconnect:shop-gone', title: 'Gone', detail: 'No shop.' },
      ],
    ])('%s may be changed', async (_, options, status, body) => {
      expect(await (await failing(missing, options)).ask()).toMatchObject({ status, body });
    });

    test('an alias gives an unknown code its meaning', async () => {
      const fails = () => answered(400, documented('KYC_PENDING'));
      const aliased = await failing(fails, {
        audience: 'merchant',
        aliases: { KYC_PENDING: 'KYC_NOT_APPROVED' },
      });

      expect(await aliased.ask()).toMatchObject({ status: 403, body: { code: 'KYC_NOT_APPROVED' } });
    });

    test.each([
      [['https://sandbox.lakipay.test'], 502],
      [[], 500],
    ])('with origins %j a failure of the sandbox is a %d', async (origins, status) => {
      const fails = () =>
        Object.assign(new Error(), {
          config: { url: 'https://sandbox.lakipay.test/payment' },
          code: 'ECONNRESET',
        });

      expect(await (await failing(fails, { origins })).ask()).toMatchObject({ status });
    });
  });

  test.each<[string, Options<AnyRequest>]>([
    ['fields throws', { fields: raise }],
    ['format throws', { format: raise }],
    ['format throws null', { format: throwNull }],
    ['format gives a bigint', { format: () => 1n }],
    ['format gives a function', { format: () => raise }],
    ['html throws', { html: raise }],
    ['html throws null', { html: throwNull }],
    ['html gives nothing', { html: (() => undefined) as unknown as () => string }],
    ['html gives an object', { html: (() => ({ page: 1 })) as unknown as () => string }],
  ])('where %s there is still one answer, and it is an error', async (_, options) => {
    const accept = options.html === undefined ? '*/*' : 'text/html';
    const { status } = oneAnswer(await (await failing(invalid(tin), options)).bytes({ accept }));

    expect(status).toBeGreaterThanOrEqual(400);
  });
}
