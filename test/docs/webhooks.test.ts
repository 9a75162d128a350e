/** What docs/webhooks.md says is answered is what is. */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import {
  createLakiConnect,
  type Delivery,
  type LakiConnectEvent,
  type WebhookOptions,
} from 'lakiconnect-middleware';
import { teller } from '../../src/events.js';
import { createReceiver } from '../../src/provider/webhook.js';
import { approved, SECRET, signatureOf } from '../webhooks.js';
import { keysOf, plainText, proseOf, readPage, rowsUnder } from './pages.js';

const PAGE = readPage('docs/webhooks.md');
const ROWS = rowsUnder(PAGE, 'What is answered').map((row) => ({ ...row, when: plainText(row['when']!) }));

interface Sent extends Partial<WebhookOptions> {
  readonly body?: string;
  readonly signature?: string;
  readonly isShared?: true;
  readonly isSlow?: true;
}

const fails = () => {
  throw new Error('the database is gone');
};

const SENT: Readonly<Record<string, Sent>> = {
  done: {},
  'done, but it names no merchant': { body: '{"settled":true}' },
  'done, but it has no id but its own': { body: '{"id":"cm_1"}' },
  'the signature is not good': { signature: signatureOf('another body') },
  'the body did not come within timeoutMs': { isSlow: true },
  'the body is larger than 64 KiB, as it came or decoded': { body: `"${'x'.repeat(64 * 1024)}"` },
  'the signature is good, but the body is no JSON object': { body: '[]' },
  'merchantIds failed': { merchantIds: fails },
  'onDelivery failed': { onDelivery: fails },
  'not every process that shares facts could be told': { isShared: true },
};

/** One webhook, and everything that came of it. */
async function deliver({ body = approved('cm_1'), signature, isShared, isSlow, ...webhook }: Sent) {
  const events: LakiConnectEvent[] = [];
  const forgotten: string[] = [];
  let isCalled = false;
  const options: WebhookOptions = {
    secret: SECRET,
    ...webhook,
    onDelivery: (event) => {
      isCalled = true;
      return webhook.onDelivery?.(event);
    },
  };
  const onEvent = (event: LakiConnectEvent) => {
    if (event.type === 'webhook') events.push(event);
    else if (event.type === 'invalidated') forgotten.push(event.merchantId);
  };
  const laki = createLakiConnect({ onEvent, timeoutMs: 20 });
  const told = teller(new Set([onEvent]), (text) => text);
  const shared = createReceiver(options, {
    tell: told,
    invalidate: async (merchantId) => {
      told({ type: 'invalidated', level: 'info', merchantId, cause: 'webhook' });
      return false;
    },
  });
  const sent = signature ?? signatureOf(body);
  const request = Object.assign(new PassThrough(), { headers: { 'x-lakiconnect-signature': sent } });
  const delivery = isSlow
    ? ((await laki.receiver(options)({ request, kept: [] })) as Delivery)
    : isShared
      ? await shared(body, sent)
      : await laki.receiveWebhook(body, sent, options);
  return { delivery, levels: events.map(({ level }) => level), forgotten, isCalled };
}

describe('What is answered', () => {
  test('has a row for everything that may happen, and every status', () => {
    expect(ROWS.map(({ when }) => when)).toEqual(Object.keys(SENT));
    const statuses = new Set(ROWS.map((row) => (row as Record<string, string>)['status']!));
    expect([...statuses]).toEqual(
      keysOf<Record<Delivery['status'], 0>>({ 200: 0, 401: 0, 408: 0, 413: 0, 422: 0, 500: 0, 503: 0 }),
    );
  });

  test.each(ROWS)('$status: $when', async ({ when, ...row }) => {
    const { status, log, ...cells } = row as Record<string, string>;
    const { delivery, levels, forgotten, isCalled } = await deliver(SENT[when]!);
    expect([delivery.status, ...levels]).toEqual([Number(status), log]);
    expect(forgotten).toEqual(cells['merchants forgotten'] === 'yes' ? ['cm_1'] : []);
    expect(isCalled).toBe(cells['`onDelivery` called'] === 'yes');
  });
});

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const both = (names: readonly string[]) => [...new Set(names.flatMap((name) => [name, camel(name)]))];
const below = proseOf(PAGE);
const search = below.slice(below.indexOf('## Finding the merchants'));
const namesIn = (item: string) =>
  search.find((line) => line.startsWith(item))?.match(/(?<=`)\w+(?=`)/g) ?? [];

describe('Merchants are found', () => {
  const ids = both(namesIn('- the value of'));
  const owners = both(namesIn('- `id` in an object').slice(1));
  const merchants = both(namesIn('- the value itself'));
  const depth = ['', 'a.', 'a.b.', 'a.b.c.', 'a.b.c.d.'];

  test('under as many names as are listed', () => {
    expect([ids, owners, merchants].map(({ length }) => length)).toEqual([8, 6, 4]);
  });

  test.each([
    ...depth.flatMap((way) => [...ids, ...merchants].map((name) => way + name)),
    ...depth.slice(0, 4).flatMap((way) => owners.map((name) => `${way}${name}.id`)),
  ])('at %s', async (path) => {
    const event = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), 'cm_1');
    expect((await deliver({ body: JSON.stringify(event) })).forgotten).toEqual(['cm_1']);
  });
});
