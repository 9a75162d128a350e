import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.js';
import { account, feeConfig, sound, webhookSettings } from './bodies.js';
import { linked, MASTER, type Books, type FakeMerchant, type FeeConfig } from './books.js';
import type { Endpoint } from './endpoint.js';
import { failureOf } from './failures.js';
import type { FakeRequest } from './request.js';

/**
 * Connected accounts, with their fees, and the platform's webhook settings.
 * Source: https://lakipay.co/docs/lakiconnects/api-reference
 */
export function accountEndpoints(books: Books, now: () => number): readonly Endpoint[] {
  const { merchants } = books;
  let webhooks: object = { webhook_enabled: false };

  function create(request: FakeRequest): Answer {
    return sound(account, request, ({ user, business }) => {
      const id = `cm_${randomUUID()}`;
      merchants.set(id, {});
      const states = { status: 'pending', kyc_status: 'pending' };
      const created_at = new Date(now()).toISOString();
      return { status: 201, body: { id, master_merchant_id: MASTER, ...states, user, business, created_at } };
    });
  }

  function list({ query: { page = '1', page_size = '20' } }: FakeRequest): Answer {
    const [at, size] = [Number(page), Number(page_size)];
    const accounts = [...merchants].map(([id, merchant]) => accountOf(id, merchant));
    const pagination = { page: at, page_size: size, total: accounts.length };
    return { body: { data: accounts.slice((at - 1) * size, at * size), pagination } };
  }

  function show(_: FakeRequest, id: string): Answer {
    return linked(books, id, (merchant) => ({ body: accountOf(id, merchant) }));
  }

  function showFee({ merchantId }: FakeRequest): Answer {
    if (merchantId === undefined) return found(books.feeConfig);
    return linked(books, merchantId, ({ feeConfig: own = books.feeConfig }) => found(own));
  }

  function setFee(request: FakeRequest): Answer {
    return sound(feeConfig, request, (config) => {
      if (request.merchantId === undefined) {
        books.feeConfig = config;
        return { body: config };
      }
      return linked(books, request.merchantId, (merchant, id) => {
        merchants.set(id, { ...merchant, feeConfig: config });
        return { body: config };
      });
    });
  }

  const showWebhooks = (): Answer => ({ body: webhooks });

  function setWebhooks(request: FakeRequest): Answer {
    return sound(webhookSettings, request, (settings) => {
      webhooks = settings;
      return { body: settings };
    });
  }

  // A literal path stands before one that an id could match, too.
  return [
    { method: 'GET', path: /^\/lakiconnect\/connected-accounts$/, answer: list },
    { method: 'POST', path: /^\/lakiconnect\/connected-accounts$/, answer: create },
    { method: 'GET', path: /^\/lakiconnect\/connected-accounts\/fee-config$/, answer: showFee },
    { method: 'PUT', path: /^\/lakiconnect\/connected-accounts\/fee-config$/, answer: setFee },
    { method: 'GET', path: /^\/lakiconnect\/connected-accounts\/webhook-settings$/, answer: showWebhooks },
    { method: 'PUT', path: /^\/lakiconnect\/connected-accounts\/webhook-settings$/, answer: setWebhooks },
    { method: 'GET', path: /^\/lakiconnect\/connected-accounts\/([^/]+)$/, answer: show },
  ];
}

function accountOf(id: string, { kycStatus = 'pending' }: FakeMerchant) {
  return { id, master_merchant_id: MASTER, status: 'active', kyc_status: kycStatus };
}

function found(config: FeeConfig | null | undefined): Answer {
  return config ? { body: config } : failureOf('FEE_CONFIG_NOT_SET');
}
