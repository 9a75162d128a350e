import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createLakiConnect, LakiConnectError, verifySignature } from 'lakiconnect-middleware';
import * as express from 'lakiconnect-middleware/express';
import * as koa from 'lakiconnect-middleware/koa';
import * as openapi from 'lakiconnect-middleware/openapi';
import * as redis from 'lakiconnect-middleware/redis';
import { om } from 'lakiconnect-middleware/locales/om';
import { so } from 'lakiconnect-middleware/locales/so';
import { ti } from 'lakiconnect-middleware/locales/ti';
import 'lakiconnect-middleware/adapter';
import 'lakiconnect-middleware/schemas';
import mounts from './mounts.cjs';

const { onExpress, onKoa, answersSafely, verifies, shares, speaks, describes, measures, loadedNoFramework } =
  mounts;

loadedNoFramework();
verifies(verifySignature);
shares(redis);
speaks(createLakiConnect, [om, so, ti]);
await measures(await import('lakiconnect-middleware/opentelemetry'), createLakiConnect);
describes(openapi, createLakiConnect());

for (const version of ['express', 'express4']) {
  const framework = await import(version);
  await answersSafely(onExpress(framework.default, express));
}
for (const version of ['koa', 'koa2']) {
  const framework = await import(version);
  await answersSafely(onKoa(framework.default, koa));
}

const cjs = createRequire(import.meta.url)('lakiconnect-middleware');
const error = await createLakiConnect({})
  .call(() => {
    throw Object.assign(new Error('x'), { name: 'LakipayError', status: 403 });
  })
  .catch((reason) => reason);
assert.notEqual(cjs.LakiConnectError, LakiConnectError, 'two copies are loaded');
assert(cjs.isLakiConnectError(error));
assert(error instanceof cjs.LakiConnectError);
