const { createLakiConnect, verifySignature } = require('lakiconnect-middleware');
const express = require('lakiconnect-middleware/express');
const koa = require('lakiconnect-middleware/koa');
const redis = require('lakiconnect-middleware/redis');
const { om } = require('lakiconnect-middleware/locales/om');
const { so } = require('lakiconnect-middleware/locales/so');
const { ti } = require('lakiconnect-middleware/locales/ti');
require('lakiconnect-middleware/schemas');
const mounts = require('./mounts.cjs');
const { onExpress, onKoa, answersSafely, verifies, shares, speaks, measures, loadedNoFramework } = mounts;

async function main() {
  createLakiConnect({});
  loadedNoFramework();
  verifies(verifySignature);
  shares(redis);
  speaks(createLakiConnect, [om, so, ti]);
  await measures(require('lakiconnect-middleware/opentelemetry'), createLakiConnect);

  for (const version of ['express', 'express4']) {
    await answersSafely(onExpress(require(version), express));
  }
  for (const version of ['koa', 'koa2']) {
    await answersSafely(onKoa(require(version), koa));
  }
}

main();
