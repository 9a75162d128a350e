import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createLakiConnect, kycApproved } from 'lakiconnect-middleware';
import { redisStore } from 'lakiconnect-middleware/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../../src/idempotency/fingerprint.js';
import { plainText, readPage, ROOT, rowsUnder } from '../docs/pages.js';
import { startRedis, until, type RedisServer } from './redis-server.js';

const PATH = 'docs/several-machines.md';
const PAGE = readPage(PATH);
const TEXT = readFileSync(join(ROOT, PATH), 'utf8');
const LOGIN = 'lakiconnect:a-long-password';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

test('The options have the defaults listed', () => {
  const listed = rowsUnder(PAGE, 'Options of redisStore', 'option').map((row) => [
    plainText(row['option'] as string),
    plainText(row['default'] as string),
  ]);
  const { deadlineMs } = redisStore(createClient());
  expect(listed).toEqual([
    ['prefix', 'lakiconnect:'],
    ['deadlineMs', String(deadlineMs)],
  ]);
});

test.each<[string, (url: string) => { client: Parameters<typeof redisStore>[0]; end: () => void }]>([
  [
    'node-redis',
    (url) => {
      const client = createClient({ url });
      client
        .on('error', () => undefined)
        .connect()
        .catch(() => undefined);
      return {
        client,
        end: () => {
          client.destroy();
        },
      };
    },
  ],
  [
    'ioredis',
    (url) => {
      const client = new Redis(url);
      client.on('error', () => undefined);
      return {
        client,
        end: () => {
          client.disconnect();
        },
      };
    },
  ],
])('With %s the permissions listed are enough, and the names listed are all there is', async (_, open) => {
  const acl = /ACL SETUSER [^`]*/.exec(TEXT)?.[0].split(/\s+/).filter(Boolean) as string[];
  expect(await redis.command(...acl)).toBe('+OK\r\n');
  await redis.command('FLUSHALL');
  await redis.command('ACL', 'LOG', 'RESET');
  await redis.command('SCRIPT', 'FLUSH');
  const { client, end } = open(`redis://${LOGIN}@127.0.0.1:${String(redis.port)}`);
  endings.push(end);
  let limited = true;
  const laki = createLakiConnect({
    apiKey: 'lk_pub_1:lk_sec_1',
    store: redisStore(client, { deadlineMs: 1000 }),
    lookups: { kycStatus: () => 'approved' },
    fetch: async () => {
      const status = limited ? 429 : 200;
      limited = false;
      return new Response('', { status, headers: { 'retry-after': '5' } });
    },
    retry: false,
  });
  endings.push(laki.close);
  await until(() => laki.invalidate('cm_1'));
  await laki.check('cm_1', [kycApproved]);
  await laki.client.get('/wallet').catch(() => undefined);
  const response = new EventEmitter();
  const headers = { 'idempotency-key': 'k1' };
  const payment = { request: {}, state: {}, method: 'POST', url: '/', headers, body: {}, response };
  await laki.idempotencyGuard({ merchantId: () => 'cm_1' })(payment);
  response.emit('finish');
  await until(async () => (await redis.command('EXISTS', 'lakiconnect:cooldown:')) === ':1\r\n');

  expect(await redis.command('ACL', 'LOG')).toBe('*0\r\n');
  const channels = (await redis.command('PUBSUB', 'CHANNELS')).match(/lakiconnect:\S+/g) ?? [];
  const keys = (await redis.command('KEYS', '*')).match(/lakiconnect:\S+/g) ?? [];
  const names = rowsUnder(PAGE, 'What is stored', 'name').map((row) =>
    plainText(row['name'] as string)
      .replace('<prefix>', 'lakiconnect:')
      .replace('<encoded id>', 'cm_1')
      .replace('<digest>', digest('cm_1', 'POST', '/', 'k1')),
  );
  expect([...keys, ...channels].sort()).toEqual(names.sort());
});
