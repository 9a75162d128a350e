import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from './answer.js';
import type { FieldIssue } from './envelopes.js';
import { failureOf } from './failures.js';
import { decoded, isAstray, type FakeRequest } from './request.js';

/** What a fee is, as LakiConnect names it. */
export interface FeeConfig {
  /** `FREE`, `PERCENT` or `FIXED`. */
  readonly fee_model: string;
  readonly fee_value?: number | undefined;
}

/** A connected merchant as the fake provider knows it. One that it does not know is not linked. */
export interface FakeMerchant {
  /** `'pending'` by default. Only `'approved'` may take payments. */
  readonly kycStatus?: string | undefined;
  /** Without one the platform's own holds, if there is any. */
  readonly feeConfig?: FeeConfig | null | undefined;
}

/** Money that moved. */
export interface Charge {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** What a provider remembers. */
export interface Books {
  readonly merchants: Map<string, FakeMerchant>;
  readonly charges: Charge[];
}

/** Does what is asked, at once and as a whole. */
export type Provider = (request: FakeRequest) => Answer;

const ACCOUNTS = '/lakiconnect/connected-accounts';
const MASTER = 'mm_fake';

const payment = z.looseObject({
  amount: z.number().min(0.01),
  currency: z.string().length(3),
  reference: z.string().max(100).optional(),
});
const account = z.looseObject({
  user: z.looseObject({ email: z.string() }),
  business: z.looseObject({}),
});
const feeConfig = z.looseObject({
  fee_model: z.enum(['FREE', 'PERCENT', 'FIXED']),
  fee_value: z.number().optional(),
});
const webhookSettings = z.looseObject({
  webhook_url: z.url(),
  webhook_secret: z.string().min(1),
  webhook_enabled: z.boolean(),
});

/**
 * The endpoints that the documents describe, as far as they do.
 * Source: https://lakipay.co/docs/lakiconnects/api-reference
 */
export function createProvider({ merchants, charges }: Books, now: () => number): Provider {
  const transactions = new Map<string, object>();
  let fee: FeeConfig | undefined;
  let webhooks: object = { webhook_enabled: false };

  const created = () => ({ created_at: new Date(now()).toISOString() });

  /** What is asked of a merchant of this platform; the header names it unless the path does. */
  function linked(id: string | undefined, answer: (merchant: FakeMerchant, id: string) => Answer): Answer {
    const merchant = id === undefined ? undefined : merchants.get(id);
    return merchant === undefined
      ? failureOf('CONNECTED_MERCHANT_NOT_FOUND')
      : answer(merchant, id as string);
  }

  /** What only a merchant that may take payments is given. */
  function payable({ merchantId }: FakeRequest, answer: (id: string, fee: FeeConfig) => Answer): Answer {
    return linked(merchantId, ({ kycStatus, feeConfig = fee }, id) => {
      if (kycStatus !== 'approved') return failureOf('KYC_NOT_APPROVED');
      return feeConfig ? answer(id, feeConfig) : failureOf('FEE_CONFIG_NOT_SET');
    });
  }

  function charge(request: FakeRequest): Answer {
    return sound(payment, request, ({ amount, currency, reference }) =>
      payable(request, (merchantId, { fee_model, fee_value = 0 }) => {
        const master =
          fee_model === 'PERCENT' ? (amount * fee_value) / 100 : fee_model === 'FIXED' ? fee_value : 0;
        const transactionId = `txn_${randomUUID()}`;
        const { idempotencyKey } = request;
        charges.push({ transactionId, merchantId, amount, currency, reference, idempotencyKey, at: now() });
        const body = {
          transaction_id: transactionId,
          status: 'pending',
          amount,
          currency,
          ...(reference !== undefined && { reference }),
          merchant_net: round(amount - master),
          master_merchant_fee_net: round(master),
          connected_merchant_id: merchantId,
          master_merchant_id: MASTER,
          ...created(),
        };
        transactions.set(transactionId, body);
        return { body };
      }),
    );
  }

  function checkout(request: FakeRequest): Answer {
    return sound(payment, request, () =>
      payable(request, () => {
        const id = `chk_${randomUUID()}`;
        return { body: { checkout_id: id, checkout_url: `https://checkout.lakipay.example/${id}` } };
      }),
    );
  }

  function create(request: FakeRequest): Answer {
    return sound(account, request, ({ user, business }) => {
      const id = `cm_${randomUUID()}`;
      merchants.set(id, {});
      const status = { status: 'pending', kyc_status: 'pending' };
      return {
        status: 201,
        body: { id, master_merchant_id: MASTER, ...status, user, business, ...created() },
      };
    });
  }

  function list({ query: { page = '1', page_size = '20' } }: FakeRequest): Answer {
    const [at, size] = [Number(page), Number(page_size)];
    const accounts = [...merchants].map(([id, merchant]) => accountOf(id, merchant));
    const pagination = { page: at, page_size: size, total: accounts.length };
    return { body: { data: accounts.slice((at - 1) * size, at * size), pagination } };
  }

  function resolveFee({ merchantId }: FakeRequest): Answer {
    const found = (config: FeeConfig | null | undefined): Answer =>
      config ? { body: config } : failureOf('FEE_CONFIG_NOT_SET');
    if (merchantId === undefined) return found(fee);
    return linked(merchantId, ({ feeConfig = fee }) => found(feeConfig));
  }

  function setFee(request: FakeRequest): Answer {
    return sound(feeConfig, request, (config) => {
      if (request.merchantId === undefined) {
        fee = config;
        return { body: config };
      }
      return linked(request.merchantId, (merchant, id) => {
        merchants.set(id, { ...merchant, feeConfig: config });
        return { body: config };
      });
    });
  }

  function setWebhooks(request: FakeRequest): Answer {
    return sound(webhookSettings, request, (settings) => {
      webhooks = settings;
      return { body: settings };
    });
  }

  function transaction(_: FakeRequest, id: string): Answer {
    const found = transactions.get(id);
    return found === undefined ? failureOf('NOT_FOUND') : { body: { status: 'SUCCESS', data: found } };
  }

  // A literal path stands before one that an id could match, too.
  const endpoints: readonly [string, RegExp, (request: FakeRequest, id: string) => Answer][] = [
    ['POST', /^\/payment\/direct$/, charge],
    ['POST', /^\/payment\/checkout$/, checkout],
    ['GET', /^\/payment\/transaction\/([^/]+)$/, transaction],
    ['GET', new RegExp(`^${ACCOUNTS}$`), list],
    ['POST', new RegExp(`^${ACCOUNTS}$`), create],
    ['GET', new RegExp(`^${ACCOUNTS}/fee-config$`), resolveFee],
    ['PUT', new RegExp(`^${ACCOUNTS}/fee-config$`), setFee],
    ['GET', new RegExp(`^${ACCOUNTS}/webhook-settings$`), () => ({ body: webhooks })],
    ['PUT', new RegExp(`^${ACCOUNTS}/webhook-settings$`), setWebhooks],
    [
      'GET',
      new RegExp(`^${ACCOUNTS}/([^/]+)$`),
      (_, id) => linked(id, (merchant) => ({ body: accountOf(id, merchant) })),
    ],
  ];

  return (request) => {
    if (isAstray(request)) return failureOf('NOT_FOUND');
    for (const [method, path, answer] of endpoints) {
      const found = request.method === method ? path.exec(request.path) : null;
      if (found !== null) return answer(request, decoded(found[1] ?? ''));
    }
    return failureOf('NOT_FOUND');
  };
}

/** An answer to a body that is as the documents ask, or the fields that are not. */
function sound<T>(schema: z.ZodType<T>, { body }: FakeRequest, answer: (body: T) => Answer): Answer {
  const { success, data, error } = schema.safeParse(body);
  if (success) return answer(data);
  const details = error.issues.map(({ path, message }): FieldIssue => ({
    field: path.join('.'),
    issue: message,
  }));
  return failureOf('VALIDATION_ERROR', { status: 422, details });
}

function accountOf(id: string, { kycStatus = 'pending' }: FakeMerchant) {
  return { id, master_merchant_id: MASTER, status: 'active', kyc_status: kycStatus };
}

/** To two decimal places, as amounts are. */
function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}
