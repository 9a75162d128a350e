/** The caller's own abort is the caller's; a deadline of the caller's is a timeout where the client says so. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isLakiConnectError, type CallContext, type LakiConnect } from 'lakiconnect-middleware';
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
async function pay(name: string, signal: AbortSignal, context: CallContext = {}) {
  let given: unknown;
  const outcome = await settled(
    call(async () => {
      try {
        return (given = await clientNamed(name).send({ url: upstream.url, method: 'POST', signal }));
      } catch (thrown) {
        throw (given = thrown);
      }
    }, context),
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

describe.each(REASONS)(
  'An abort %s of the signal that `call` is given is rethrown as it is',
  (_what, reason) => {
    test.each(clientNames)('before the headers, through %s', async (name) => {
      upstream.answer({ fault: 'hang-headers' });
      const signal = soon(reason);
      const { rejected, given } = await pay(name, signal, { signal });
      expect(rejected === given).toBe(true);
      expect(isLakiConnectError(rejected)).toBe(false);
    });

    test.each(clientNames.filter((name) => !RESOLVE_EARLY.includes(name)))(
      'before the end of the body, through %s',
      async (name) => {
        upstream.answer({ fault: 'hang-body', status: 200, body: succeeded });
        const signal = soon(reason);
        const { rejected, given } = await pay(name, signal, { signal });
        expect(rejected === given).toBe(true);
        expect(isLakiConnectError(rejected)).toBe(false);
      },
    );
  },
);

describe('An abort of a signal that `call` is not given', () => {
  /** They show the signal that they were given, or throw its reason, an AbortError. */
  const TELLING = [
    ...['axios', 'axios-validate-all', 'got', 'got-json', 'ky', 'ofetch'],
    ...['fetch', 'fetch-json', 'undici', 'undici-response-error', 'needle'],
  ];

  test.each(TELLING)('is rethrown as it is by %s, which tells of it', async (name) => {
    upstream.answer({ fault: 'hang-headers' });
    const { rejected, given } = await pay(name, soon());
    expect(rejected === given).toBe(true);
    expect(isLakiConnectError(rejected)).toBe(false);
  });

  test.each(clientNames.filter((name) => !TELLING.includes(name)))(
    'is a connection that ended through %s, which says no more',
    async (name) => {
      upstream.answer({ fault: 'hang-headers' });
      expect((await pay(name, soon())).rejected).toMatchObject({ kind: 'UNREACHABLE', outcome: 'unknown' });
    },
  );

  test.each(['fetch', 'undici', 'ky'])(
    'for a reason of its own is not known to be one by %s',
    async (name) => {
      upstream.answer({ fault: 'hang-headers' });
      const { rejected } = await pay(name, soon(new Error('the customer left')));
      expect(rejected).toMatchObject({ kind: 'UNRECOGNISED', outcome: 'unknown' });
    },
  );
});

test.each(RESOLVE_EARLY)(
  'The caller’s abort while `call` reads the body is rethrown, through %s',
  async (name) => {
    upstream.answer({ fault: 'hang-body', status: 200, body: succeeded });
    const signal = soon();
    const { rejected } = await promptly(pay(name, signal, { signal }));
    expect(rejected).toMatchObject({ name: 'AbortError' });
    await aftermath();
  },
);

test.each(clientNames)('A signal that is aborted already sends nothing through %s', async (name) => {
  upstream.answer({ status: 403, body: documented('KYC_NOT_APPROVED') });
  const before = upstream.requests.length;
  const signal = AbortSignal.abort();
  const { rejected, given } = await pay(name, signal, { signal });
  expect(rejected === given).toBe(true);
  expect(isLakiConnectError(rejected)).toBe(false);
  expect(upstream.requests.length).toBe(before);
});

describe('AbortSignal.timeout', () => {
  /** These say only that something aborted the request, and show no signal. */
  const SILENT = ['node-fetch', 'superagent', 'sdk'];

  test.each(clientNames.filter((name) => !SILENT.includes(name)))('is a timeout through %s', async (name) => {
    upstream.answer({ fault: 'hang-headers' });
    const { rejected } = await pay(name, AbortSignal.timeout(20));
    expect(rejected).toMatchObject({ kind: 'TIMEOUT', outcome: 'unknown', retryable: false });
  });

  test.each(SILENT)('is a connection that ended through %s, which says no more', async (name) => {
    upstream.answer({ fault: 'hang-headers' });
    const { rejected } = await pay(name, AbortSignal.timeout(20));
    expect(rejected).toMatchObject({ kind: 'UNREACHABLE', outcome: 'unknown', retryable: false });
  });

  test.each(clientNames)('is a timeout where `call` is given it, through %s', async (name) => {
    upstream.answer({ fault: 'hang-headers' });
    const signal = AbortSignal.timeout(20);
    const { rejected } = await pay(name, signal, { signal });
    expect(rejected).toMatchObject({ kind: 'TIMEOUT', outcome: 'unknown', retryable: false });
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

test('The signal that `call` is given ends the signal that it hands on', async () => {
  upstream.answer({ fault: 'hang-headers' });
  const own = new AbortController();
  const sending = call(({ signal }) => fetch(upstream.url, { method: 'POST', signal }), {
    signal: own.signal,
  });
  const reason = new Error('the customer left');
  own.abort(reason);
  expect(await rejection(sending)).toBe(reason);
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
