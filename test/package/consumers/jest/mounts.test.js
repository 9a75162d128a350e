const { verifySignature } = require('lakiconnect-middleware');
const express = require('lakiconnect-middleware/express');
const koa = require('lakiconnect-middleware/koa');
const redis = require('lakiconnect-middleware/redis');
const { onExpress, onKoa, answersSafely, verifies, shares } = require('../mounts.cjs');

test.each(['express', 'express4'])('answers safely on %s', (version) =>
  answersSafely(onExpress(require(version), express)),
);

test.each(['koa', 'koa2'])('answers safely on %s', (version) => answersSafely(onKoa(require(version), koa)));

test('verifies a signature', () => verifies(verifySignature));

test('shares by way of Redis', () => shares(redis));
