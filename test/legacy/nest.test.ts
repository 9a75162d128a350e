/** The recipe for NestJS in docs/decorators.md, in a Nest app on Express. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ConflictException,
  Controller,
  Get,
  Inject,
  Module,
  Post,
  Res,
  UseGuards,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import type { Response } from 'express';
import { createLakiConnect, type LakiConnect } from 'lakiconnect-middleware';
import request from 'supertest';
import { blocksOf, readPage } from '../docs/pages.js';
import { documented } from '../envelopes.js';
import { LAKI, LakiConnectFilter, PreflightGuard } from './nest/recipe.js';

const FEE = { fee_model: 'FREE' };

const laki = createLakiConnect({
  lookups: {
    kycStatus: (merchantId) => {
      if (merchantId === 'cm_down') throw new Error('down');
      return merchantId === 'cm_pending' ? 'pending' : 'approved';
    },
    feeConfig: () => FEE,
  },
});

const upstreamSays = (status: number, code: string) =>
  Response.json(documented(code), { status, headers: { 'set-cookie': 'upstream=1', 'retry-after': '7' } });

@Controller(['shops/:merchantId', 'seller/shops/:merchantId', 'nobody'])
class Shops {
  constructor(@Inject(LAKI) private readonly core: LakiConnect) {}

  @Get()
  @UseGuards(PreflightGuard)
  open(@Res({ passthrough: true }) response: Response): unknown {
    return response.locals['merchant'];
  }

  @Post('charges')
  charge() {
    return this.core.call(async () => upstreamSays(401, 'UNAUTHORIZED'), { method: 'POST' });
  }

  @Post('refunds')
  refund() {
    return this.core.call(async () => upstreamSays(429, 'RATE_LIMITED'));
  }

  @Get('bare')
  bare() {
    const config = { url: 'https://api.lakipay.co/api/v2/payment/direct', method: 'post' };
    const response = { status: 401, headers: {}, data: documented('UNAUTHORIZED') };
    throw Object.assign(new Error('Request failed with key lk_sec_canary'), {
      config,
      response,
      status: 401,
    });
  }

  @Get('own')
  own() {
    throw new ConflictException('The shop is closed.');
  }

  @Get('bug')
  bug() {
    throw new TypeError('x is not a function');
  }

  @Get('begun')
  async begun(@Res() response: Response) {
    response.write('{"paid":');
    await this.charge();
  }
}

@Module({
  controllers: [Shops],
  providers: [
    { provide: LAKI, useValue: laki },
    { provide: APP_FILTER, useClass: LakiConnectFilter },
  ],
})
class Platform {}

let app: INestApplication;
let url: string;

beforeAll(async () => {
  app = await NestFactory.create(Platform, { logger: false });
  app.enableCors({ origin: ['https://shop.example', 'https://seller.example'] });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(() => app.close());

test('The page shows the recipe that is tested here, line by line', () => {
  const recipe = readFileSync(fileURLToPath(new URL('nest/recipe.ts', import.meta.url)), 'utf8');
  const shown = blocksOf(readPage('docs/decorators.md')).map(({ code }) => `${code.join('\n')}\n`);
  expect(shown).toContain(recipe);
});

describe('The guard', () => {
  test('lets a merchant pass who meets everything, and leaves what is known of it', async () => {
    const { status, body } = await request(url).get('/shops/cm_1');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'cm_1',
      kycStatus: 'approved',
      feeConfig: FEE,
      facts: { kycApproved: 'approved', feeConfigured: FEE },
    });
  });

  test.each([
    ['a merchant who does not', '/shops/cm_pending', 409, 'PAYMENTS_UNAVAILABLE'],
    ['the same, to the merchant', '/seller/shops/cm_pending', 403, 'KYC_NOT_APPROVED'],
    ['a merchant of whom nothing can be learnt', '/shops/cm_down', 503, 'UNDETERMINED'],
    ['a request without a merchant', '/nobody', 400, 'MERCHANT_UNIDENTIFIED'],
  ])('refuses %s', async (_, path, status, code) => {
    const reply = await request(url).get(path);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ code, status });
    expect(reply.headers['retry-after']).toBe(code === 'UNDETERMINED' ? '1' : undefined);
  });
});

describe('The filter', () => {
  test('answers LakiConnect’s errors, and lets nothing of them through', async () => {
    const reply = await request(url).post('/shops/cm_1/charges');
    expect(reply.status).toBe(502);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'content-language': 'en',
      'cache-control': 'no-store',
    });
    expect(reply.headers).not.toHaveProperty('set-cookie');
    expect(reply.body.code).toBe('PAYMENTS_UNAVAILABLE');
    expect(reply.text).not.toContain('UNAUTHORIZED');
  });

  test('says when to come back', async () => {
    const reply = await request(url).post('/shops/cm_1/refunds');
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '7']);
  });

  test('answers those of a bare client, too', async () => {
    const reply = await request(url).get('/shops/cm_1/bare');
    expect([reply.status, reply.body.code]).toEqual([502, 'PAYMENTS_UNAVAILABLE']);
    expect(reply.text).not.toContain('canary');
  });

  test('answers in the language and the form that are asked for', async () => {
    const reply = await request(url)
      .post('/shops/cm_1/charges')
      .set('accept-language', 'am')
      .set('accept', 'text/html');
    expect(reply.headers).toMatchObject({ 'content-language': 'am' });
    expect(reply.text).toMatch(/^<!doctype html>\s*<html lang="am">/i);
  });

  test('keeps the headers of CORS', async () => {
    const reply = await request(url).get('/shops/cm_pending').set('origin', 'https://shop.example');
    expect(reply.headers['access-control-allow-origin']).toBe('https://shop.example');
    expect(reply.headers['vary']).toBe('Origin, Accept, Accept-Language');
  });

  test('cuts an answer off that has begun', async () => {
    const whole = fetch(`${url}/shops/cm_1/begun`).then((reply) => reply.text());
    await expect(whole).rejects.toMatchObject({ name: 'TypeError' });
  });

  test.each([
    [
      'an exception',
      '/shops/cm_1/own',
      { statusCode: 409, error: 'Conflict', message: 'The shop is closed.' },
    ],
    ['a bug', '/shops/cm_1/bug', { statusCode: 500, message: 'Internal server error' }],
    ['an unknown route', '/', { statusCode: 404, error: 'Not Found', message: 'Cannot GET /' }],
  ])('leaves %s to Nest', async (_, path, body) => {
    const reply = await request(url).get(path);
    expect([reply.status, reply.body]).toEqual([body.statusCode, body]);
  });
});
