/** A webhook that is refused, or fails: its sender and the log are told neither the secret nor what was sent. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import type { LakiConnectEvent } from 'lakiconnect-middleware';
import { closeServers, logged, serve } from '../adapters/contract/server.js';
import { API_KEY, CANARIES, canariesIn } from './canaries.js';
import { FRAMEWORKS } from './frameworks.js';
import { logLines } from './sinks.js';

beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(async () => {
  await closeServers();
  jest.restoreAllMocks();
});

const BODY = JSON.stringify({ id: 'cm_1', phone_number: CANARIES.b });
const signed = (body: string) => `sha256=${createHmac('sha256', CANARIES.w).update(body).digest('hex')}`;

const FAILING = () => {
  throw new Error(`${API_KEY} ${CANARIES.w}`);
};

describe.each(FRAMEWORKS)('$name', (harness) => {
  test.each([
    ['a forged one', 401, BODY, `sha256=${'0'.repeat(64)}`],
    ['one that is signed with words', 401, BODY, CANARIES.w],
    ['one without a signature', 401, BODY, undefined],
    ['one that is too large', 413, BODY.padEnd(70_000), signed(BODY)],
    ['one whose delivery fails', 500, BODY, signed(BODY)],
  ])('%s is answered without a secret', async (_, status, body, signature) => {
    const events: LakiConnectEvent[] = [];
    const server = await serve(harness, {
      options: { apiKey: API_KEY, onEvent: (event) => events.push(event) },
      before: (laki) => [laki.webhook({ secret: CANARIES.w, onDelivery: FAILING })],
      route: ({ send }) => send('passed on'),
    });
    const headers = { 'content-type': 'application/json', 'X-LakiConnect-Signature': signature };
    const answer = await server.ask(
      JSON.parse(JSON.stringify(headers)) as Record<string, string>,
      'post',
      body,
    );

    expect(answer.status).toBe(status);
    expect(canariesIn([answer.headers, answer.text, events, logLines(...events)])).toBe('');
    const log = await logged();
    if (status !== 500) expect(canariesIn(log)).toBe(''); // what the platform threw is its own to log
  });
});
