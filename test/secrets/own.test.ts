/** What a function of the platform's own throws is told in an event: without the key that it may quote. */
import { expect, test } from '@jest/globals';
import {
  createLakiConnect,
  kycApproved,
  LakiConnectError,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { createHmac } from 'node:crypto';
import { API_KEY, CANARIES, canariesIn } from './canaries.js';
import { logLines } from './sinks.js';

const WORDS = `${API_KEY}, ${CANARIES.p} and ${CANARIES.k}, ${CANARIES.w}`;
const failing = (): never => {
  throw new Error(`No ${WORDS}`);
};

type Core = ReturnType<typeof createLakiConnect>;

const answer = ({ handler }: Core) =>
  handler()(new LakiConnectError({ kind: 'NOT_FOUND' }), {
    request: {},
    accept: undefined,
    acceptLanguage: undefined,
    isSent: () => false,
  });

const BODY = '{"id":"cm_1"}';
const SIGNATURE = `sha256=${createHmac('sha256', CANARIES.w).update(BODY).digest('hex')}`;

test.each<[string, Options, (laki: Core) => unknown]>([
  ['audience', { audience: failing }, answer],
  ['locale', { locale: failing }, answer],
  ['format', { format: failing }, answer],
  [
    'merchantId of a trial',
    { merchantId: failing },
    ({ guard }) => guard([kycApproved], { mode: 'report' })({}, {}),
  ],
  [
    'a lookup',
    { lookups: { kycStatus: failing } },
    ({ check }) => check('cm_1', [kycApproved], { whenUndetermined: 'allow' }),
  ],
  [
    'onDelivery',
    {},
    ({ receiveWebhook }) => receiveWebhook(BODY, SIGNATURE, { secret: CANARIES.w, onDelivery: failing }),
  ],
  [
    'a long message',
    {
      audience: () => {
        throw new Error(`${'No '.repeat(165)}${WORDS}`); // the key stands where the text is cut
      },
    },
    answer,
  ],
])('%s fails, and quotes the key', async (_, options, use) => {
  const events: LakiConnectEvent[] = [];
  await use(createLakiConnect({ apiKey: API_KEY, ...options, onEvent: (event) => events.push(event) }));

  expect(JSON.stringify(events)).toMatch(/Error: No /);
  expect(canariesIn([events, logLines(...events)])).toBe('');
});
