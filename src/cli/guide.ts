import type { Kind } from '../translation/rules.js';

/** Who has something to do about an error. */
export type Party = 'platform' | 'merchant' | 'customer';

/** What is to be known of a kind, in words; docs/errors.md has the same. */
interface Guidance {
  /** What LakiConnect answers where this is what happened. */
  readonly met: string;
  readonly meaning: string;
  /** What each party does next. */
  readonly next: Readonly<Record<Party, string>>;
}

const NOBODY = 'Nothing: this is not theirs to mend. Try again later.';
const NOT_HERE = 'Nothing at this shop. They are only told that it cannot take payments.';
const LOOK_FIRST = 'Look for the payment before paying again. It may have been made.';
const WAIT = 'Wait as long as `retry_after` says, then try again.';
const CORRECT = 'Correct the details, and send them again.';

/** A new kind does not compile until it is explained. */
export const GUIDE: Readonly<Record<Kind, Guidance>> = {
  VALIDATION_ERROR: {
    met: '400, 422, flat `success: false`, `INVALID_AMOUNT`, `INVALID_PHONE`',
    meaning:
      'The request was refused because of its fields. They are in `errors`, by your own names if you set `fields`.',
    next: {
      platform:
        "Show each field's `detail` beside the field. If none of the fields is one of yours, the reply is a 502 mask: your code built a wrong request, and the event names the fields.",
      merchant: CORRECT,
      customer: CORRECT,
    },
  },
  UNAUTHORIZED: {
    met: '401, `INVALID_API_KEY`',
    meaning: 'Your API key is missing or invalid.',
    next: { platform: 'Renew the key.', merchant: NOBODY, customer: NOBODY },
  },
  FORBIDDEN: {
    met: '403',
    meaning: 'Your key lacks a permission.',
    next: { platform: 'Get a key with the needed scope.', merchant: NOBODY, customer: NOBODY },
  },
  NOT_FOUND: {
    met: '404',
    meaning: "What was asked for does not exist, or is not your platform's.",
    next: {
      platform: 'Check the id that your code sent.',
      merchant: 'Check the reference, and try again.',
      customer: 'Go back, and start again.',
    },
  },
  CONNECTED_MERCHANT_NOT_FOUND: {
    met: 'its code, at any status',
    meaning: 'The merchant is not linked to your platform. A guard asks before the payment.',
    next: {
      platform: 'Check the id in the connected-merchant header.',
      merchant: 'Finish onboarding.',
      customer: NOT_HERE,
    },
  },
  KYC_NOT_APPROVED: {
    met: 'its code, at any status',
    meaning: 'The merchant is not verified yet. A guard asks before the payment.',
    next: {
      platform: 'Mount the webhook, so that guards look again as soon as the merchant is approved.',
      merchant: 'Look at the verification.',
      customer: NOT_HERE,
    },
  },
  FEE_CONFIG_NOT_SET: {
    met: 'its code, at any status',
    meaning:
      'Neither your platform nor the merchant has a fee configuration. A guard asks before the payment.',
    next: {
      platform: 'Set a default fee, or one for this merchant.',
      merchant: 'Ask the platform to finish the set-up.',
      customer: NOT_HERE,
    },
  },
  RATE_LIMITED: {
    met: '429',
    meaning:
      'Your platform sends too many requests. During the cooldown that follows, the client rejects with the same kind, and sends nothing.',
    next: { platform: 'Send fewer requests.', merchant: WAIT, customer: WAIT },
  },
  IDEMPOTENCY_CONFLICT: {
    met: '409',
    meaning:
      'The same idempotency key was used with other parameters: LakiConnect says so, or a guard for such keys before it is asked.',
    next: {
      platform: 'Send the same body with the same key, or another payment with a new key.',
      merchant: 'Look at the earlier payment.',
      customer: 'Look at the earlier payment.',
    },
  },
  DUPLICATE_REFERENCE: {
    met: 'its code, `DUPLICATE_TRANSACTION`, `REFERENCE_EXISTS`; a 4xx or an error body that says that `reference` was used before',
    meaning:
      'A payment with this `reference` exists already: an earlier try may have been made. So the outcome is unknown, and nothing may be cancelled because of it.',
    next: {
      platform: 'Look the earlier payment up, and take its state. Give another payment another `reference`.',
      merchant: 'Look at the earlier payment.',
      customer: 'Look at the earlier payment.',
    },
  },
  INSUFFICIENT_BALANCE: {
    met: 'its code, at any status',
    meaning: 'The balance does not cover the amount.',
    next: {
      platform: 'Nothing. Show the words.',
      merchant: 'Lower the amount, or add funds.',
      customer: 'Lower the amount, or add funds.',
    },
  },
  PROVIDER_ERROR: {
    met: 'its code, at any status',
    meaning: 'The bank or wallet behind the payment reported a problem.',
    next: {
      platform: 'Look the payment up where its outcome is unknown.',
      merchant: 'Look for the payment first. If it was not made, try again, or use another payment method.',
      customer: 'Look for the payment first. If it was not made, try again, or use another payment method.',
    },
  },
  INTERNAL_ERROR: {
    met: 'any 5xx',
    meaning: 'LakiConnect failed.',
    next: {
      platform:
        "Try again later; a payment only after it was looked up. Give `request_id` to the provider's support.",
      merchant: LOOK_FIRST,
      customer: LOOK_FIRST,
    },
  },
  UNREACHABLE: {
    met: 'connection refused or lost, no such host, TLS',
    meaning:
      'LakiConnect could not be reached, or the connection broke. A connection that was refused is the one case in which nothing can have been sent.',
    next: {
      platform: 'Try again later; a payment only after it was looked up, unless nothing was sent.',
      merchant: LOOK_FIRST,
      customer: LOOK_FIRST,
    },
  },
  TIMEOUT: {
    met: 'no whole answer before a deadline',
    meaning: "No whole answer came before a deadline: the client's or `timeoutMs`.",
    next: {
      platform: 'Look the payment up. It may have been made.',
      merchant: LOOK_FIRST,
      customer: LOOK_FIRST,
    },
  },
  UNRECOGNISED: {
    met: 'any other answer',
    meaning: 'The answer is in no form that is known.',
    next: {
      platform: 'Read the `unmapped` event; `aliases` teaches new codes.',
      merchant: LOOK_FIRST,
      customer: LOOK_FIRST,
    },
  },
  MERCHANT_UNIDENTIFIED: {
    met: 'never: the request names no merchant',
    meaning: 'The request does not say which merchant it is about, so a guard or the client holds it back.',
    next: {
      platform: 'Look at what `merchantId` gives.',
      merchant: 'Send it from a page that says so.',
      customer: "Start again from the shop's page.",
    },
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    met: 'never: a payment came without an idempotency key',
    meaning: 'A payment came to a guard for idempotency keys without a key, or with one that is none.',
    next: {
      platform: 'Send one with each payment, and the same with each try of it.',
      merchant: 'Nothing: the page that they pay from must send it. Load it again.',
      customer: 'Nothing: the page that they pay from must send it. Load it again.',
    },
  },
  IDEMPOTENCY_IN_PROGRESS: {
    met: 'never: the same payment is still under way',
    meaning: 'The same payment came before with the same key, and is still under way.',
    next: {
      platform: 'Wait as long as `retry_after` says, then look at the payment, or send the same again.',
      merchant: 'Wait. Then look at the payment.',
      customer: 'Wait. Then look at the payment.',
    },
  },
  UNDETERMINED: {
    met: "never: the merchant's state could not be looked up",
    meaning:
      "Whether the merchant may take payments could not be found out: a guard's lookup failed, and nothing that was learnt before may still be believed. Or a store could not tell whether an idempotency key was used. Nothing was sent.",
    next: {
      platform: 'The events `undetermined` and `lookup` say why.',
      merchant: 'Try again in a moment.',
      customer: 'Try again in a moment.',
    },
  },
};
