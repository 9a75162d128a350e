import { z } from 'zod';
import { SANE_CODE } from '../translation/codes.js';
import { ACTIONS } from '../translation/rules.js';
import { bool, is, oneOf, text } from './primitives.js';

/** Statuses on which a browser or proxy acts by itself: it asks for a login, or sends the request again. */
const ACTED_UPON = new Set([401, 407, 408, 421, 425]);

const status = (allows403: boolean) =>
  is(
    `a status from 400 to 599 other than ${[...ACTED_UPON].join(', ')}, on which browsers act${
      allows403 ? '' : ", and 403, which is only the merchant's of KYC_NOT_APPROVED"
    }`,
    (value) =>
      Number.isInteger(value) &&
      (value as number) >= 400 &&
      (value as number) <= 599 &&
      !ACTED_UPON.has(value as number) &&
      (allows403 || value !== 403),
  );

export const code = text('a code such as SHOP_PAUSED: capitals, digits and underscores', SANE_CODE);

const columns = {
  fault: oneOf('caller', 'merchant', 'platform', 'provider').optional(),
  retryable: bool.optional(),
  level: oneOf('info', 'warn', 'error').optional(),
  action: oneOf(...ACTIONS).optional(),
  customer: z
    .strictObject(
      { status: status(false).optional(), code: code.optional() },
      { error: 'what a customer is told instead, such as { status: 409, code: "PAYMENTS_UNAVAILABLE" }' },
    )
    .optional(),
};

/** What of a kind's row may be changed. */
export const override = (kind: string) =>
  z.strictObject(
    { status: status(kind === 'KYC_NOT_APPROVED').optional(), code: code.optional(), ...columns },
    { error: 'what to change of its row, such as { status: 409, level: "warn" }' },
  );

/** The row of a requirement of the platform's own. */
export const ownRule = z.strictObject(
  { status: status(false), code, ...columns },
  { error: 'its row, such as { status: 409, code: "PAYOUT_ACCOUNT_MISSING" }' },
);
