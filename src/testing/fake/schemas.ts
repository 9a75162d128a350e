import { z } from 'zod';
import { peek } from '../../translation/plain.js';
import type { FailOptions, FakeOptions } from './fake-lakiconnect.js';
import { ENVELOPE_NAMES } from './envelopes.js';
import type { Match } from './script.js';
import { fields } from '../../schemas/options.js';
import { bool, callable, is, life, nonEmpty, oneOf, whole } from '../../schemas/primitives.js';

const aText = is('a text', (value) => typeof value === 'string');
const isIssue = (value: unknown) => ['field', 'issue'].every((name) => typeof peek(value, name) === 'string');

/** What `createFakeLakiConnect` accepts. */
export const fakeOptions = z
  .strictObject({
    apiKey: nonEmpty('a text that is not empty'),
    webhookSecret: nonEmpty('a text that is not empty'),
    port: whole('a port from 0 to 65535; 0 is any that is free', 0, 65_535),
    headers: fields.headers,
    now: callable('() => milliseconds'),
    onAnswer: callable('(request, answer) => void'),
  } satisfies Record<keyof FakeOptions, z.ZodType>)
  .partial();

/** Which requests are meant. */
const meant = {
  method: is("an HTTP method such as 'POST'", (value) => typeof value === 'string'),
  path: is(
    "a path beneath the base URL, such as '/payment/direct', or a regular expression",
    (value) => (typeof value === 'string' && value.startsWith('/')) || value instanceof RegExp,
  ),
  merchantId: is('the id of a merchant', (value) => typeof value === 'string'),
  times: is(
    'a whole number from 1, or Infinity',
    (value) => value === Infinity || (Number.isInteger(value) && (value as number) > 0),
  ),
} satisfies Record<keyof Match, z.ZodType>;

/** What `answerNext` accepts beside the answer. */
export const match = z.strictObject(meant).partial();

/** What `signWebhook` and `sendWebhook` accept beside the event. */
export const signOptions = z.strictObject({ secret: aText }).partial();

/** What `failNext` accepts beside the failure. */
export const failOptions = z
  .strictObject({
    envelope: oneOf(...ENVELOPE_NAMES),
    status: whole('an HTTP status from 200 to 599', 200, 599),
    message: aText,
    details: is('an array of { field, issue }', (value) => Array.isArray(value) && value.every(isIssue)),
    retryAfter: is("seconds, or a text such as 'Wed, 21 Oct 2026 07:28:00 GMT'", (value) =>
      ['number', 'string'].includes(typeof value),
    ),
    requestId: aText,
    headers: is(
      'an object of header names and values',
      (value) => typeof value === 'object' && value !== null,
    ),
    ...meant,
    delayMs: life,
    processed: bool,
  } satisfies Record<keyof FailOptions, z.ZodType>)
  .partial();
