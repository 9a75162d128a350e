const { createLakiConnect } = require('lakiconnect-middleware');
const express = require('lakiconnect-middleware/express');
const koa = require('lakiconnect-middleware/koa');
require('lakiconnect-middleware/schemas');
const { onExpress, onKoa, answersSafely, loadedNoFramework } = require('./mounts.cjs');

async function main() {
  createLakiConnect({});
  loadedNoFramework();

  for (const version of ['express', 'express4']) {
    await answersSafely(onExpress(require(version), express.lakiconnect({})));
  }
  for (const version of ['koa', 'koa2']) {
    await answersSafely(onKoa(require(version), koa.lakiconnect({})));
  }
}

main();
