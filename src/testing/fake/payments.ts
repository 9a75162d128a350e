import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.js';
import { payment, sound } from './bodies.js';
import { linked, MASTER, type Books, type FeeConfig } from './books.js';
import type { Endpoint } from './endpoint.js';
import { failureOf } from './failures.js';
import type { FakeRequest } from './request.js';

/**
 * Payments, and what became of them.
 * Source: https://lakipay.co/docs/lakiconnects/payments, https://lakipay.co/docs/core-concepts
 */
export function paymentEndpoints(books: Books, now: () => number): readonly Endpoint[] {
  const transactions = new Map<string, object>();

  /** What only a merchant that may take payments is given. */
  function payable({ merchantId }: FakeRequest, answer: (id: string, fee: FeeConfig) => Answer): Answer {
    return linked(books, merchantId, ({ kycStatus, feeConfig = books.feeConfig }, id) => {
      if (kycStatus !== 'approved') return failureOf('KYC_NOT_APPROVED');
      return feeConfig ? answer(id, feeConfig) : failureOf('FEE_CONFIG_NOT_SET');
    });
  }

  function charge(request: FakeRequest): Answer {
    return sound(payment, request, ({ amount, currency, reference }) =>
      payable(request, (merchantId, feeConfig) => {
        const fee = feeOf(feeConfig, amount);
        const transactionId = `txn_${randomUUID()}`;
        const { idempotencyKey } = request;
        const at = now();
        books.charges.push({ transactionId, merchantId, amount, currency, reference, idempotencyKey, at });
        const body = {
          transaction_id: transactionId,
          status: 'pending',
          amount,
          currency,
          ...(reference !== undefined && { reference }),
          merchant_net: rounded(amount - fee),
          master_merchant_fee_net: rounded(fee),
          connected_merchant_id: merchantId,
          master_merchant_id: MASTER,
          created_at: new Date(at).toISOString(),
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

  function transaction(_: FakeRequest, id: string): Answer {
    const found = transactions.get(id);
    return found === undefined ? failureOf('NOT_FOUND') : { body: { status: 'SUCCESS', data: found } };
  }

  return [
    { method: 'POST', path: /^\/payment\/direct$/, answer: charge },
    { method: 'POST', path: /^\/payment\/checkout$/, answer: checkout },
    { method: 'GET', path: /^\/payment\/transaction\/([^/]+)$/, answer: transaction },
  ];
}

function feeOf({ fee_model, fee_value = 0 }: FeeConfig, amount: number): number {
  if (fee_model === 'PERCENT') return (amount * fee_value) / 100;
  return fee_model === 'FIXED' ? fee_value : 0;
}

/** To two decimal places, as amounts are. */
function rounded(amount: number): number {
  return Math.round(amount * 100) / 100;
}
