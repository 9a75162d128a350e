import { metrics } from '@opentelemetry/api';
import type { Request } from 'express';
import type { Context } from 'koa';
import { createLakiConnect } from 'lakiconnect-middleware';
import * as express from 'lakiconnect-middleware/express';
import * as koa from 'lakiconnect-middleware/koa';
import { instrument } from 'lakiconnect-middleware/opentelemetry';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const ends: (() => void)[] = [
  instrument(createLakiConnect()),
  instrument(createLakiConnect<string>({ merchantId: (id) => id })),
  instrument(express.lakiconnect()),
  instrument(express.lakiconnect<Request>({ merchantId: (req) => req.params['merchantId'] as string })),
  instrument(koa.lakiconnect<Context>(), { meterProvider: new MeterProvider() }),
  instrument(koa.lakiconnect(), { meterProvider: metrics.getMeterProvider(), merchantId: undefined }),
  instrument(createLakiConnect(), { attributes: { 'shop.region': process.env['REGION'] } }),
];
for (const end of ends) end();

// @ts-expect-error a client is nothing to listen to
instrument(createLakiConnect().client);
// @ts-expect-error `merchant` is none of its options
instrument(createLakiConnect(), { merchant: true });
