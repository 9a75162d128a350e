/** The caller's own abort is the caller's; a deadline of the caller's is a timeout where the client says so. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isLakiConnectError, type LakiConnect } from 'lakiconnect-middleware';
import { documented, succeeded } from '../envelopes.js';
import { startUpstream, type Upstream } from '../upstream.js';
import { aftermath, callTo, clientNamed, clientNames, promptly, rejection, settled } from './harness.js';

let upstream: Upstream;
let call: LakiConnect['call'];

beforeAll(async () => {
  upstream = await startUpstream();
  call = callTo(upstream.url);
});

afterAll(() => upstream.close());

/** A payment under a signal of the caller's, with what the client itself made of it. */
async function pay(name: string, signal: AbortSignal) {
  let given: unknown;
  const outcome = await settled(
    call(async () => {
      try {
        return (given = await clientNamed(name).send({ url: upstream.url, method: 'POST', signal }));
      } catch (thrown) {
        throw (given = thrown);
      }
    }),
  );
  return { ...outcome, given };
}

const soon = (reason?: unknown): AbortSignal => {
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort(reason);
  }, 20);
  return controller.signal;
};

const REASONS: readonly (readonly [what: string, reason: unknown])[] = [
  ['without a reason', undefined],
  ['for a reason of its own', new Error('the customer left')],
];

/** They resolve with the headers; reading on is then the caller's. */
const RESOLVE_EARLY = ['fetch', 'undici', 'undici-response-error', 'node-fetch'];

describe.each(REASONS)('The caller’s abort %s is rethrown as it is', (_what, reason) => {
  test.each(clientNames)('before the headers, through %s', async (name) => {
    upstream.answer({ fault: 'hang-headers' });
    const { rejected, given } = await pay(name, soon(reason));
    expect(rejected === given).toBe(true);
    expect(isLakiConnectError(rejected)).toBe(false);
  });

  test.each(clientNames.filter((name) => !RESOLVE_EARLY.includes(name)))(
    'before the end of the body, through %s',
    async (name) => {
      upstream.answer({ fault: 'hang-body', status: 200, body: succeeded });
      const { rejected, given } = await pay(name, soon(reason));
      expect(rejected === given).toBe(true);
      expect(isLakiConnectError(rejected)).toBe(false);
    },
  );
});

test.each(RESOLVE_EARLY)(
  'The caller’s abort while `call` reads the body is rethrown, through %s',
  async (name) => {
    upstream.answer({ fault: 'hang-body', status: 200, body: succeeded });
    expect((await promptly(pay(name, soon()))).rejected).toMatchObject({ name: 'AbortError' });
    await aftermath();
  },
);

test.each(clientNames)('A signal that is aborted already sends nothing through %s', async (name) => {
  upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
  const before = upstream.requests.length;
  const { rejected, given } = await pay(name, AbortSignal.abort());
  expect(rejected === given).toBe(true);
  expect(isLakiConnectError(rejected)).toBe(false);
  expect(upstream.requests.length).toBe(before);
});

describe('AbortSignal.timeout', () => {
  /** These say only that somebody aborted the request. */
  const SILENT = ['axios', 'axios-validate-all', 'node-fetch', 'superagent', 'sdk'];

  test.each(clientNames.filter((name) => !SILENT.includes(name)))('is a timeout through %s', async (name) => {
    upstream.answer({ fault: 'hang-headers' });
    const { rejected } = await pay(name, AbortSignal.timeout(20));
    expect(rejected).toMatchObject({ kind: 'TIMEOUT', outcome: 'unknown', retryable: false });
  });

  test.each(SILENT)('is somebody’s abort through %s, which says no more', async (name) => {
    upstream.answer({ fault: 'hang-headers' });
    const { rejected, given } = await pay(name, AbortSignal.timeout(20));
    expect(rejected === given).toBe(true);
    expect(isLakiConnectError(rejected)).toBe(false);
  });

  test.each(['fetch', 'undici', 'undici-response-error'])(
    'is a timeout while `call` reads the body, through %s',
    async (name) => {
      upstream.answer({ fault: 'hang-body', status: 200, body: succeeded });
      const { rejected } = await promptly(pay(name, AbortSignal.timeout(40)));
      expect(rejected).toMatchObject({ kind: 'TIMEOUT', outcome: 'unknown' });
      await aftermath();
    },
  );

  test('while `call` reads a body of node-fetch’s ends the call, one way or the other', async () => {
    upstream.answer({ fault: 'hang-body', status: 200, body: succeeded });
    const hurried = callTo(upstream.url, { timeoutMs: 100 });
    const { send } = clientNamed('node-fetch');
    const signal = AbortSignal.timeout(40);
    await promptly(settled(hurried(() => send({ url: upstream.url, method: 'POST', json: {}, signal }))));
    await aftermath();
  });
});

test('A caller may join its signal to the one of `call`', async () => {
  upstream.answer({ fault: 'hang-headers' });
  const own = new AbortController();
  const sending = call(({ signal }) =>
    fetch(upstream.url, { method: 'POST', signal: AbortSignal.any([signal, own.signal]) }),
  );
  own.abort();
  const error = await rejection(sending);
  expect(isLakiConnectError(error)).toBe(false);
  expect(error).toMatchObject({ name: 'AbortError' });
});
