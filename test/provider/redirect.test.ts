import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectError } from 'lakiconnect-middleware';
import { documented } from '../envelopes.js';
import { refusedUrl, startUpstream, type Upstream } from '../upstream.js';
import { CLIENTS } from '../clients.js';
import { rejection } from './harness.js';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

/** undici and needle do not follow; the SDK and a bare parsed body do not even say that they did. */
const MUTE = ['undici', 'undici-response-error', 'needle', 'sdk', 'fetch-json'];
const FOLLOWING = CLIENTS.filter(({ name }) => !MUTE.includes(name));

/** A POST that was answered with a redirect, followed as a GET that fails. */
async function redirected(
  name: string,
  target: string,
  status: number,
  body: object,
): Promise<LakiConnectError> {
  const laki = createLakiConnect({ baseUrl: upstream.url });
  upstream.answer(({ url }) =>
    url.endsWith('/payment') ? { status: 303, headers: { location: target } } : { status, body },
  );
  const client = CLIENTS.find((each) => each.name === name) as (typeof CLIENTS)[number];
  const call = laki.call(() =>
    client.send({ url: `${upstream.url}/payment`, method: 'POST', json: { a: 1 } }),
  );
  return (await rejection(call)) as LakiConnectError;
}

describe.each(FOLLOWING.map(({ name }) => name))('A payment that %s sent on by a redirect', (name) => {
  test.each([
    [500, documented('INTERNAL')],
    [404, documented('NOT_FOUND')],
  ])('is not known to be rejected by a %i behind it', async (status, body) => {
    const error = await redirected(name, `${upstream.url}/status`, status, body);
    expect(error).toMatchObject({ name: 'LakiConnectError', outcome: 'unknown', retryable: false });
  });
});

test.each(['axios', 'got'])('A payment that %s sent on to nobody may have been made', async (name) => {
  const error = await redirected(name, `${await refusedUrl()}/status`, 500, {});
  expect(error).toMatchObject({ kind: 'UNREACHABLE', outcome: 'unknown', retryable: false });
});
