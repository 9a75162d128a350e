import { accountEndpoints } from './accounts.js';
import type { Answer } from './answer.js';
import type { Books } from './books.js';
import { failureOf } from './failures.js';
import { paymentEndpoints } from './payments.js';
import { decoded, isAstray, type FakeRequest } from './request.js';

/** Does what is asked, at once and as a whole. */
export type Provider = (request: FakeRequest) => Answer;

/** The endpoints that the documents describe, as far as they do. */
export function createProvider(books: Books, now: () => number): Provider {
  const endpoints = [...paymentEndpoints(books, now), ...accountEndpoints(books, now)];
  return (request) => {
    if (isAstray(request)) return failureOf('NOT_FOUND');
    for (const { method, path, answer } of endpoints) {
      const found = request.method === method ? path.exec(request.path) : null;
      if (found !== null) return answer(request, decoded(found[1] ?? ''));
    }
    return failureOf('NOT_FOUND');
  };
}
