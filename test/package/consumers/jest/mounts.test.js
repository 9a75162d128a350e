const { createLakiConnect, verifySignature } = require('lakiconnect-middleware');
const express = require('lakiconnect-middleware/express');
const koa = require('lakiconnect-middleware/koa');
const opentelemetry = require('lakiconnect-middleware/opentelemetry');
const redis = require('lakiconnect-middleware/redis');
const { onExpress, onKoa, answersSafely, verifies, shares, measures } = require('../mounts.cjs');

test.each(['express', 'express4'])('answers safely on %s', (version) =>
  answersSafely(onExpress(require(version), express)),
);

test.each(['koa', 'koa2'])('answers safely on %s', (version) => answersSafely(onKoa(require(version), koa)));

test('verifies a signature', () => verifies(verifySignature));

test('shares by way of Redis', () => shares(redis));

test('measures by way of OpenTelemetry', () => measures(opentelemetry, createLakiConnect));
