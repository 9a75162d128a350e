/** Every event that docs/configuration.md lists is made to happen, with all that it may have. */
import { beforeAll, expect, test } from '@jest/globals';
import {
  createLakiConnect,
  defineRequirement,
  kycApproved,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { teller } from '../../src/events.js';
import { createReceiver } from '../../src/provider/webhook.js';
import { documented } from '../envelopes.js';
import { faultsOf, propertiesOf, TYPES } from '../event-shapes.js';
import { createMemoryStore } from '../sharing/memory-store.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { inAnyOrder, keysOfAll, keysOfAny, plainText, readPage, rowsUnder, tablesOf } from './pages.js';

const PAGE = readPage('docs/configuration.md');
const HEADING = 'Guards, client and webhooks';
const ROWS = rowsUnder(PAGE, HEADING, 'type').map((row) => ({ ...row, type: plainText(row['type']!) }));

type Type = LakiConnectEvent['type'];

let events: LakiConnectEvent[];

beforeAll(async () => {
  events = await everything();
});

test('Every type of event is listed, in one of the tables', () => {
  const [errors] = tablesOf(PAGE).filter(({ heading }) => heading === 'Errors');
  const types = [...(errors?.header.slice(2, -1).map(plainText) ?? []), ...ROWS.map(({ type }) => type)];
  expect(types).toEqual(TYPES);
});

test('Nothing but these is told, and each as its type says', () => {
  expect(events.flatMap(faultsOf)).toEqual([]);
  for (const { type, ...row } of ROWS) {
    const listed = plainText((row as Record<string, string>)['properties']!).split(', ');
    expect([type, inAnyOrder(listed)]).toEqual([type, inAnyOrder(propertiesOf(type as Type))]);
  }
});

test.each(ROWS)('$type has the properties and the levels listed', ({ type, ...row }) => {
  const told = events.filter((event) => event.type === type).map(({ type: _type, ...event }) => event);
  const { level: levels = '', properties = '' } = row as Record<string, string>;
  const listed = properties.split(', ').map(plainText);
  expect(inAnyOrder([...listed.map((name) => name.replace('?', '')), 'level'])).toEqual(keysOfAny(told));
  expect(inAnyOrder([...listed.filter((name) => !name.endsWith('?')), 'level'])).toEqual(keysOfAll(told));
  expect(inAnyOrder(new Set(plainText(levels).match(/\b(info|warn|error)\b/g)))).toEqual(
    inAnyOrder(new Set(told.map(({ level }) => level))),
  );
});

test('Every property is explained, with its type', () => {
  const rows = rowsUnder(PAGE, HEADING, 'property');
  const listed = new Set(
    ROWS.flatMap((row) => (row as Record<string, string>)['properties']!.match(/\w+/g) ?? []),
  );
  expect(inAnyOrder(rows.map((row) => plainText(row['property']!)))).toEqual(inAnyOrder(listed));

  const told = events.filter(({ type }) => ROWS.some((row) => row.type === type));
  for (const row of rows) {
    const values = told.flatMap(
      (event) => (event as Record<string, unknown>)[plainText(row['property']!)] ?? [],
    );
    const written = row['type']!.replaceAll('`', '');
    const words = written.match(/(?<=')\w+(?=')/g);
    if (words === null) continue;
    expect(inAnyOrder(new Set(values.map(String)))).toEqual(inAnyOrder(words));
  }
});

/** A few stories in which everything happens that guards, the client and webhooks can tell of. */
async function everything(): Promise<LakiConnectEvent[]> {
  const told: LakiConnectEvent[] = [];
  const onEvent = (event: LakiConnectEvent) => void told.push(event);
  let at = Date.parse('2026-01-01');
  let status: unknown = 'approved';
  let feeConfig: object | null = null;
  let answer: () => Promise<Response> = () => Promise.reject(new Error('not asked yet'));
  const settings: Options<string> = {
    apiKey: 'lk_pub_1:lk_sec_1',
    merchantId: (id) => {
      if (id === 'broken') throw new Error('no session');
      return id;
    },
    lookups: { kycStatus: () => status as string, feeConfig: () => feeConfig },
    headers: { idempotency: 'Idempotency-Key' },
    fetch: () => answer(),
    now: () => at,
    random: () => 0,
    sleep: async (ms) => void (at += ms),
    onEvent,
  };
  const laki = createLakiConnect<string>(settings);
  const asking = createLakiConnect<string>({ ...settings, lookups: undefined });
  const enforced = laki.guard();
  const reported = laki.guard(undefined, { mode: 'report' });
  const anyway = (work: () => unknown) =>
    Promise.resolve()
      .then(work)
      .catch(() => undefined);
  const says = (code: number, body: unknown, headers = {}) => {
    answer = async () => new Response(JSON.stringify(body), { status: code, headers });
  };

  const unexplained = defineRequirement({
    name: 'payoutAccount',
    rule: { status: 409, code: 'PAYMENTS_UNAVAILABLE' },
    lookup: () => ({ met: false }),
  });

  // Refused, by every rule, and passed in a trial.
  await anyway(() => enforced('cm_1', {}));
  await anyway(() => reported('cm_1', {}));
  await anyway(() => enforced('', {}));
  await anyway(() => laki.check('cm_1', [unexplained]));
  status = { linked: false };
  await anyway(() => enforced('cm_2', {}));
  status = 'pending';
  await anyway(() => enforced('cm_3', {}));

  // Undetermined; a stale "yes".
  feeConfig = {};
  status = undefined;
  await anyway(() => enforced('cm_4', {}));
  await anyway(() => reported('broken', {}));
  status = 'approved';
  await anyway(() => enforced('cm_5', {}));
  at += 60_000;
  status = undefined;
  await anyway(() => enforced('cm_5', {}));

  // LakiConnect refuses what was believed, with and without an id of the request.
  for (const body of [documented('KYC_NOT_APPROVED'), { error: { code: 'KYC_NOT_APPROVED' } }]) {
    at += 60_000;
    says(403, body);
    await anyway(() => laki.client.post('/payment/direct', { merchantId: 'cm_5' }));
    status = 'approved';
    await anyway(() => enforced('cm_5', {}));
    at += 5000;
    await anyway(() => laki.client.post('/payment/direct', { merchantId: 'cm_5' }));
    await anyway(() => enforced('cm_5', {}));
  }
  await laki.invalidate('cm_5');

  // Retries, and a cooldown that lookups heed.
  says(503, documented('INTERNAL_ERROR'));
  await anyway(() => laki.client.get('/wallet', { merchantId: 'cm_1' }));
  await anyway(() => laki.client.post('/payment/direct', { idempotencyKey: 'order-1' }));
  says(503, '');
  await anyway(() => laki.client.get('/wallet'));
  for (const body of ['', documented('RATE_LIMITED')]) {
    says(429, body, { 'retry-after': '60' });
    await anyway(() => asking.client.get('/wallet'));
    await anyway(() => asking.check('cm_1'));
    at += 60_000;
  }

  // Webhooks.
  const hook = (body: string, signature = signatureOf(body), onDelivery?: () => never) =>
    laki.receiveWebhook(body, signature, { secret: SECRET, onDelivery });
  await hook(approved('cm_1'));
  await hook('{"settled":true}');
  await hook('[]');
  await hook(approved('cm_1'), 'sha256=0');
  await hook(approved('cm_1'), undefined, () => {
    throw new Error('the inbox is full');
  });
  await createReceiver(
    { secret: SECRET },
    {
      tell: teller(new Set([onEvent]), (text) => text),
      invalidate: async () => false,
    },
  )(approved('cm_1'), signatureOf(approved('cm_1')));
  // What an adapter hears of, and what is told at the start.
  const tell = teller(new Set([onEvent]), (text) => text);
  tell({ type: 'replaced', level: 'error', reason: 'null was thrown' });
  tell({ type: 'late', level: 'warn', kind: 'TIMEOUT', outcome: 'unknown' });
  tell({
    ...{ type: 'late', level: 'warn', kind: 'TIMEOUT', outcome: 'unknown' },
    ...{ merchantId: 'cm_1', requestId: 'req_1' },
  });
  createLakiConnect({ timeoutMs: 15, onEvent });
  await createLakiConnect({ duplicateReference: () => 7 as never, onEvent })
    .call(() => Promise.reject(documented('VALIDATION_ERROR')))
    .catch(() => undefined);
  // Two processes: what one has learnt the other hears of, until the store fails.
  const memory = createMemoryStore({ now: () => at });
  says(429, documented('RATE_LIMITED'), { 'retry-after': '60' });
  status = 'approved';
  const shared = { ...settings, store: memory.store };
  const [one, other] = [createLakiConnect<string>(shared), createLakiConnect<string>(shared)];
  for (const core of [one, other]) await anyway(() => core.check('cm_1', [kycApproved]));
  await one.invalidate('cm_1');
  await anyway(() => one.client.get('/wallet'));
  memory.hurt(() => Promise.reject(new Error('cut')));
  await other.invalidate('cm_1');
  for (const core of [one, other, laki]) await core.close();
  return told;
}
