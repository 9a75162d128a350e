/** Webhooks of the fake provider, as a platform receives them. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import Koa from 'koa';
import { verifySignature } from 'lakiconnect-middleware';
import * as forExpress from 'lakiconnect-middleware/express';
import * as forKoa from 'lakiconnect-middleware/koa';
import { createFakeLakiConnect } from 'lakiconnect-middleware/testing';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { others } from './others.js';

const fake = await createFakeLakiConnect();
afterEach(fake.reset);
afterAll(fake.close);
const start = others();

const event = { event: 'kyc.updated', data: { connected_merchant_id: 'cm_1', kyc_status: 'approved' } };
const SIGNATURE = 'X-LakiConnect-Signature';

test('A webhook is signed byte for byte', () => {
  const { headers, body } = fake.signWebhook(event);
  expect(body).toBe(JSON.stringify(event));
  expect(headers).toEqual({
    'content-type': 'application/json',
    [SIGNATURE]: expect.stringMatching(/^sha256=[\da-f]{64}$/),
  });
  expect(verifySignature(body, headers[SIGNATURE], fake.webhookSecret)).toBe(true);
  expect(verifySignature(`${body} `, headers[SIGNATURE], fake.webhookSecret)).toBe(false);
});

test('The signature is the one that the documents describe', () => {
  // printf '{"a":1}' | openssl dgst -sha256 -hmac whsec_1
  const { headers } = fake.signWebhook('{"a":1}', { secret: 'whsec_1' });
  expect(headers[SIGNATURE]).toBe('sha256=ff0103cd91c1a1327238b611a003dc0f47d676bacbde6019b9b0d2b04da9a8b2');
});

test.each(['', '{"event":"kyc', 'ሰላም'])('A text is signed as it is: %j', (text) => {
  const { headers, body } = fake.signWebhook(text);
  expect(body).toBe(text);
  expect(verifySignature(Buffer.from(text), headers[SIGNATURE], fake.webhookSecret)).toBe(true);
});

test('The secret and the name of the header are those of the options', async () => {
  const other = await start({ webhookSecret: 'whsec_2', headers: { signature: 'X-Signed' } });
  const { headers, body } = other.signWebhook(event);
  expect(Object.keys(headers)).toEqual(['content-type', 'X-Signed']);
  expect(verifySignature(body, headers['X-Signed'], 'whsec_2')).toBe(true);
  expect(other.secrets).toContain('whsec_2');
});

const options = () => ({ baseUrl: fake.baseUrl, apiKey: fake.apiKey });
let delivered: unknown[];
beforeEach(() => {
  delivered = [];
});
const receiver = () => ({ secret: fake.webhookSecret, onDelivery: (told: unknown) => delivered.push(told) });

const PLATFORMS: [string, () => RequestListener][] = [
  [
    'Express',
    () => {
      const laki = forExpress.lakiconnect(options());
      return express().post('/webhooks', laki.webhook(receiver()));
    },
  ],
  [
    'Koa',
    () => {
      const laki = forKoa.lakiconnect(options());
      const handle = new Koa().use(laki.webhook(receiver())).callback();
      return (incoming, outgoing) => void handle(incoming, outgoing);
    },
  ],
];

describe.each(PLATFORMS)('%s', (_, platform) => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer(platform()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhooks`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('takes a webhook that was sent', async () => {
    expect(await fake.sendWebhook(url, event)).toMatchObject({ status: 200 });
    expect(delivered).toEqual([event]);
  });

  test('takes a webhook that a test client sends', async () => {
    const { headers, body } = fake.signWebhook(event);
    const { status } = await request(server).post('/webhooks').set(headers).send(body);
    expect(status).toBe(200);
    expect(delivered).toEqual([event]);
  });

  test.each<[string, () => Promise<{ status: number }>]>([
    ['signed with another secret', () => fake.sendWebhook(url, event, { secret: 'whsec_other' })],
    ['not signed', () => request(server).post('/webhooks').send(event)],
    [
      'changed on its way',
      () => {
        const { headers, body } = fake.signWebhook(event);
        return request(server).post('/webhooks').set(headers).send(body.replace('cm_1', 'cm_2'));
      },
    ],
  ])('refuses a webhook that is %s', async (_what, sending) => {
    expect((await sending()).status).toBe(401);
    expect(delivered).toEqual([]);
  });
});

test('What the receiver answers is told as it is', async () => {
  const server = createServer((_request, response) => response.writeHead(418).end('teapot')).listen(0);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  expect(await fake.sendWebhook(url, event)).toEqual({ status: 418, body: 'teapot' });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(fake.sendWebhook(url, event)).rejects.toThrow('fetch failed');
});
