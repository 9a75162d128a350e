const express = require('lakiconnect-middleware/express');
const koa = require('lakiconnect-middleware/koa');
const { onExpress, onKoa, answersSafely } = require('../mounts.cjs');

test.each(['express', 'express4'])('answers safely on %s', (version) =>
  answersSafely(onExpress(require(version), express.lakiconnect({}))),
);

test.each(['koa', 'koa2'])('answers safely on %s', (version) =>
  answersSafely(onKoa(require(version), koa.lakiconnect({}))),
);
