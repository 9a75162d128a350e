/** Characters that break a line, hide, or turn the reading direction. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

export const URL_OF_A_PAYMENT = 'https://api.lakipay.co/api/v2/payment/direct';

/** What axios throws for an answer to a payment, in the parts that are read. */
export function answered(
  status: number | undefined,
  data?: unknown,
  headers: object = {},
  { url = URL_OF_A_PAYMENT, method = 'post' } = {},
): Error {
  const error = new Error('Request failed');
  return Object.assign(error, { config: { url, method }, response: { status, data, headers } });
}

/** Runs a step on 64 KiB of hostile text; what is not linear takes seconds. */
export function milliseconds(step: () => unknown): number {
  const start = performance.now();
  step();
  return performance.now() - start;
}

/** Generous for a busy machine, and far from what a quadratic step takes. */
export const LINEAR_MS = 50;
