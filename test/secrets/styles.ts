import type { Laki } from '../adapters/contract/harness.js';
import { CLIENTS, type Call } from '../clients.js';
import { API_KEY, CANARIES } from './canaries.js';

/** How a platform pays at `baseUrl`, and how long it waits at most. */
export interface Style {
  readonly name: string;
  readonly pay: (laki: Laki, at: { baseUrl: string; timeoutMs?: number | undefined }) => Promise<unknown>;
}

const PATH = `/payment?token=${CANARIES.q}`;
const BODY = { phone_number: CANARIES.b, webhook_secret: CANARIES.w };

const payment = (baseUrl: string, timeoutMs: number | undefined): Call => ({
  url: baseUrl + PATH,
  method: 'POST',
  headers: { 'X-API-Key': API_KEY, authorization: `Bearer ${CANARIES.a}` },
  json: BODY,
  ...(timeoutMs !== undefined && { timeoutMs }),
});

/** At a deadline of their own they throw what an abort by their caller is: they are left to that of `call`. */
const ABORTING = ['node-fetch', 'sdk'];

/** Every client inside `laki.call`, and the library's own. */
export const STYLES: readonly Style[] = [
  ...CLIENTS.map(({ name, send }): Style => ({
    name,
    pay: (laki, { baseUrl, timeoutMs }) =>
      laki.call(() => send(payment(baseUrl, ABORTING.includes(name) ? undefined : timeoutMs))),
  })),
  { name: 'laki.client', pay: (laki) => laki.client.post(PATH, { body: BODY }) },
];

/** These do not say where they come from: what nothing proves to be LakiConnect's is the framework's to answer. */
const NAMELESS = ['undici-response-error', 'sdk'];

/** Clients whose errors leave the route as they are. */
export const BARE: readonly Style[] = CLIENTS.filter(
  ({ name, returns }) => !returns && !NAMELESS.includes(name),
).map(({ name, send }) => ({
  name,
  pay: (_, { baseUrl, timeoutMs }) => send(payment(baseUrl, timeoutMs)),
}));
