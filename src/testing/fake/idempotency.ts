import type { Answer } from './answer.js';
import { failureOf } from './failures.js';
import type { Provider } from './provider.js';
import type { FakeRequest } from './request.js';

interface Kept {
  readonly request: FakeRequest;
  readonly answer: Answer;
}

/**
 * Does nothing twice that is asked for under one key: the same request is given the answer of the first, and
 * any other is a conflict. A refused request has done nothing, so its key may be used again.
 * Source: https://lakipay.co/docs/lakiconnects/errors, IDEMPOTENCY_CONFLICT
 */
export function onceByKey(answer: Provider): Provider {
  const kept = new Map<string, Kept>();
  return (request) => {
    const { method, idempotencyKey } = request;
    if (method !== 'POST' || idempotencyKey === undefined) return answer(request);
    const before = kept.get(idempotencyKey);
    if (before !== undefined) {
      return isSame(before.request, request) ? before.answer : failureOf('IDEMPOTENCY_CONFLICT');
    }
    const first = answer(request);
    if ((first.status ?? 200) < 400) kept.set(idempotencyKey, { request, answer: first });
    return first;
  };
}

function isSame(one: FakeRequest, other: FakeRequest): boolean {
  return one.path === other.path && one.merchantId === other.merchantId && one.text === other.text;
}
