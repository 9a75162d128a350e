const { createLakiConnect, verifySignature } = require('lakiconnect-middleware');
const express = require('lakiconnect-middleware/express');
const koa = require('lakiconnect-middleware/koa');
const redis = require('lakiconnect-middleware/redis');
require('lakiconnect-middleware/schemas');
require('lakiconnect-middleware/adapter');
require('lakiconnect-middleware/testing');
const mounts = require('./mounts.cjs');
const {
  onExpress,
  onKoa,
  answersSafely,
  verifies,
  shares,
  speaks,
  describes,
  measures,
  loadedNoFramework,
  loadedNoMore,
} = mounts;

async function main() {
  createLakiConnect({});
  loadedNoFramework();
  loadedNoMore();
  verifies(verifySignature);
  shares(redis);
  const { om } = require('lakiconnect-middleware/locales/om');
  const { so } = require('lakiconnect-middleware/locales/so');
  const { ti } = require('lakiconnect-middleware/locales/ti');
  speaks(createLakiConnect, [om, so, ti]);
  describes(require('lakiconnect-middleware/openapi'), createLakiConnect());
  await measures(require('lakiconnect-middleware/opentelemetry'), createLakiConnect);

  for (const version of ['express', 'express4']) {
    await answersSafely(onExpress(require(version), express));
  }
  for (const version of ['koa', 'koa2']) {
    await answersSafely(onKoa(require(version), koa));
  }
}

main();
