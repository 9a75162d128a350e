/** What docs/client.md says is sent again is what is. */
import { describe, expect, test } from '@jest/globals';
import type { ClientOptions } from 'lakiconnect-middleware';
import { documented, htmlPage } from '../envelopes.js';
import {
  broken,
  failure,
  json,
  never,
  plain,
  scripted,
  type Answering,
  type Scripted,
} from '../provider/scripted.js';
import { keysOf, listedUnder, plainText, readPage, rowsUnder } from './pages.js';

const PAGE = readPage('docs/client.md');

test('The options of a request are listed', () => {
  const [title = ''] = PAGE.lines;
  expect(listedUnder(PAGE, title.slice(2))).toEqual(
    keysOf<ClientOptions>({ body: 0, query: 0, merchantId: 0, idempotencyKey: 0, signal: 0 }),
  );
});

const HAPPENS: ReadonlyMap<string, readonly Answering[]> = new Map([
  ['any 5xx', [plain(500, ''), json(502, documented('PROVIDER_ERROR')), plain(599, htmlPage)]],
  ['429', [json(429, documented('RATE_LIMITED')), plain(429, '')]],
  ['connection lost', [broken('ECONNRESET')]],
  ['connection refused', [broken('ECONNREFUSED')]],
  ['no whole answer within timeoutMs', [never]],
  ['409', [json(409, documented('IDEMPOTENCY_CONFLICT')), plain(409, '')]],
  ['any other 4xx', [400, 401, 403, 404, 408, 422].map((status) => plain(status, ''))],
  ['a redirect', [plain(307, '', { location: '/' })]],
  ['a good status, but a body that cannot be read', [plain(200, htmlPage), plain(200, '{"status":')]],
]);

const SENDS: Readonly<Record<string, (stage: Scripted) => Promise<unknown>>> = {
  get: ({ client }) => client.get('/wallet'),
  'with a key, if honoured': ({ client }) =>
    client.post('/payment/direct', { body: {}, idempotencyKey: 'o-1' }),
  else: ({ client }) => client.put('/payment/direct', { body: {} }),
};

describe('What is sent again', () => {
  const rows = rowsUnder(PAGE, 'What is sent again').map((row) =>
    Object.fromEntries(Object.entries(row).map((cells) => cells.map(plainText))),
  );

  test('has a row and a column for everything', () => {
    expect(rows.map((row) => row['what happens'])).toEqual([...HAPPENS.keys()]);
    for (const row of rows) expect(Object.keys(row)).toEqual(['what happens', ...Object.keys(SENDS)]);
  });

  test.each(rows)('$["what happens"]', async (row) => {
    for (const [column, send] of Object.entries(SENDS)) {
      for (const answer of HAPPENS.get(row['what happens'])!) {
        const stage = scripted({
          headers: { idempotency: 'Idempotency-Key' },
          ...(answer === never ? { timeoutMs: 5 } : {}),
        });
        stage.answer(answer);
        await failure(send(stage));
        expect(`${column}: ${String(stage.sent.length)}`).toBe(`${column}: ${row[column]!}`);
      }
    }
  });
});
