import { meter } from '../meter.js';

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

/** Far from what a step takes that is linear in 64 KiB of hostile text; what is not takes seconds. */
export const LINEAR_MS = 200;

/** What a step costs, in milliseconds: the best of a few runs, as what else the process does is not the step's. */
export function milliseconds(step: () => unknown): number {
  let best = Infinity;
  for (let run = 0; run < 10 && best >= LINEAR_MS; run++) {
    const spent = meter();
    step();
    best = Math.min(best, spent());
  }
  return best;
}
