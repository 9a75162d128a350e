import { expect, test } from '@jest/globals';
import { documented, htmlPage } from '../envelopes.js';
import { apiKey, failure, json, plain, scripted, type Answering } from './scripted.js';

const unmapped = async (answer: Answering, aliases: Record<string, 'RATE_LIMITED'> = {}) => {
  const { client, events, answer: script } = scripted({ aliases });
  script(answer);
  await failure(client.post('/payment/direct', { body: {}, merchantId: 'cm_1' }));
  return events.filter(({ type }) => type === 'unmapped');
};

test('A code that the documents do not know is told, with what its status decided', async () => {
  const message = `Try later, ${apiKey}`;
  expect(await unmapped(json(422, documented('TOO_EARLY', { message })))).toEqual([
    {
      type: 'unmapped',
      level: 'warn',
      kind: 'VALIDATION_ERROR',
      code: 'TOO_EARLY',
      requestId: 'req_1a2b3c4d5e6f',
      merchantId: 'cm_1',
      outcome: 'rejected',
      upstreamStatus: 422,
      upstreamMessage: expect.not.stringContaining('lk_sec'),
    },
  ]);
});

test.each([
  ['a status', json(418, documented('TEAPOT')), { code: 'TEAPOT', upstreamStatus: 418, outcome: 'rejected' }],
  ['a status without a code', plain(418, 'Teapot'), { upstreamStatus: 418, outcome: 'rejected' }],
  ['a page at 200', plain(200, htmlPage), { upstreamStatus: 200, outcome: 'unknown' }],
  ['a redirect', plain(302, null, { location: '/' }), { upstreamStatus: 302, outcome: 'unknown' }],
])('What says nothing known is told as an error: %s', async (_what, answer, told) => {
  expect(await unmapped(answer)).toEqual([
    expect.objectContaining({ level: 'error', kind: 'UNRECOGNISED', ...told }),
  ]);
});

test.each([
  ['a known code', json(403, documented('KYC_NOT_APPROVED'))],
  ['a status alone', plain(502, 'Bad Gateway')],
  ['an alias', json(400, documented('SLOW_DOWN'))],
])('%s is not told', async (_what, answer) => {
  expect(await unmapped(answer, { SLOW_DOWN: 'RATE_LIMITED' })).toEqual([]);
});
