import { core, documented } from '../envelopes.js';
import type { Answer } from '../upstream.js';
import { API_KEY, CANARIES } from './canaries.js';

/** One way in which a payment fails. */
export interface Mode {
  /** What the provider does; without it, nobody is there. */
  readonly answer?: Answer;
  /** How long a client waits that has a deadline of its own. */
  readonly timeoutMs?: number;
}

const headers = { 'set-cookie': `sid=${CANARIES.c}; Path=/; HttpOnly`, server: 'upstream' };
const challenge = { 'www-authenticate': `Basic realm="${CANARIES.c}"`, 'x-request-id': 'upstream-1' };

const message = `The key ${API_KEY} (${CANARIES.p}, ${CANARIES.k}) or ${CANARIES.w} is unknown.`;
const details = [{ field: CANARIES.k, issue: message }];
const forbidden = documented('FORBIDDEN', { message });
const page = `<!DOCTYPE html><html><body><h1>502</h1><p>${message}</p></body></html>`;

/** By what befalls the payment. `elsewhere` is where the redirect leads: another origin. */
export const MODES = {
  'an error that quotes the key': () => ({
    answer: { status: 422, headers, body: documented('VALIDATION_ERROR', { message, details }) },
  }),
  'a 401 with a cookie and a challenge': () => ({
    answer: { status: 401, headers: { ...headers, ...challenge }, body: documented('UNAUTHORIZED') },
  }),
  'a page': () => ({ answer: { status: 502, headers, body: page } }),
  'an error at 200': () => ({
    answer: { headers, body: core('INVALID_AMOUNT', { message, errors: { [CANARIES.p]: message } }) },
  }),
  'a cut body': () => ({ answer: { status: 403, headers, body: forbidden, fault: 'cut' } }),
  'a reset': () => ({ answer: { fault: 'reset' } }),
  'nobody there': () => ({}),
  'a timeout': () => ({ answer: { fault: 'hang-headers' }, timeoutMs: 100 }),
  'a redirect': (elsewhere) => {
    const location = `${elsewhere}/payment?token=${CANARIES.q}`;
    return { answer: { status: 307, headers: { ...headers, location }, body: forbidden } };
  },
} as const satisfies Record<string, (elsewhere: string) => Mode>;
