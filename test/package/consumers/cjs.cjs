const { createLakiConnect, verifySignature } = require('lakiconnect-middleware');
const express = require('lakiconnect-middleware/express');
const koa = require('lakiconnect-middleware/koa');
const redis = require('lakiconnect-middleware/redis');
require('lakiconnect-middleware/schemas');
const { onExpress, onKoa, answersSafely, verifies, shares, loadedNoFramework } = require('./mounts.cjs');

async function main() {
  createLakiConnect({});
  loadedNoFramework();
  verifies(verifySignature);
  shares(redis);

  for (const version of ['express', 'express4']) {
    await answersSafely(onExpress(require(version), express));
  }
  for (const version of ['koa', 'koa2']) {
    await answersSafely(onKoa(require(version), koa));
  }
}

main();
