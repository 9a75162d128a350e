import { expect } from '@jest/globals';
import type { FakeLakiConnect } from 'lakiconnect-middleware/testing';

interface Asking {
  /** Sent as JSON; a text as it is. */
  body?: unknown;
  merchantId?: string | undefined;
  key?: string;
  headers?: Record<string, string>;
}

/** Asks a fake what any client could, and reads its answer out. */
export async function ask(
  fake: FakeLakiConnect,
  method: string,
  path: string,
  { body, merchantId, key, headers }: Asking = {},
) {
  const response = await fetch(fake.baseUrl + path, {
    method,
    headers: {
      'x-api-key': fake.apiKey,
      ...(merchantId !== undefined && { 'x-connected-merchant-id': merchantId }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const order = { amount: 100, currency: 'ETB', reference: 'order-1' };

/** Pays `order`, or what is given, for the merchant `cm_1`. */
export const pay = (fake: FakeLakiConnect, asking: Asking = {}) =>
  ask(fake, 'POST', '/payment/direct', { body: order, merchantId: 'cm_1', ...asking });

/** Links merchants that may take payments. */
export function link({ merchants }: FakeLakiConnect, ...ids: string[]): void {
  for (const id of ids) merchants.set(id, { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
}

/** The documented form of an error. */
export const refused = (status: number, code: string) => ({
  status,
  body: { error: { code, message: expect.any(String) }, request_id: 'req_1a2b3c4d5e6f' },
});
