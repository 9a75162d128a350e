/** What one platform keeps of one merchant is never taken for what another keeps of another. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redisStore } from 'lakiconnect-middleware/redis';
import { isMerchantId } from '../../src/provider/merchant-id.js';

const LIVES = { metMs: 1, unmetMs: 1, waitedMs: 0, claimMs: 1 };

/** The keys that a store names to Redis while `work` asks it something. */
async function keysOf(prefix: string, work: (store: ReturnType<typeof redisStore>) => unknown) {
  const named: string[] = [];
  const evalSha = async (_sha: string, given: { keys: string[]; arguments: string[] }) => {
    named.push(...given.keys);
    return [given.arguments[0] as string, 'claimed', 'a b', '', '', '0'];
  };
  const client = { evalSha, eval: evalSha, duplicate: () => client };
  await work(redisStore(client, { prefix }));
  return new Set(named);
}

/** All that is asked of one merchant has one key. */
async function keyOf(prefix: string, merchantId: string): Promise<string> {
  const name = { merchantId, requirement: 'kycApproved' };
  const keys = await keysOf(prefix, async (store) => {
    await store.read(name, LIVES);
    await store.write(name, 'a b', undefined);
    await store.forget(merchantId);
  });
  expect(keys.size).toBe(1);
  return [...keys][0] as string;
}

const sendable = (text: string): boolean => /^[!-~]{1,60}$/.test(text);
const word = fc.array(fc.constantFrom('a', ':', '%', '3A', '{', '}', 'merchant:', 'cooldown', 'cooldown:'), {
  minLength: 1,
  maxLength: 4,
});
const text = fc.oneof(
  word.map((parts) => parts.join('')),
  fc.string({ maxLength: 20 }).filter(sendable),
);
const pair = fc.record({ prefix: text, merchantId: text.filter(isMerchantId) });

/** One text that is cut in two ways, where the word between a prefix and a merchant stands twice. */
const cutTwice = fc.tuple(text, text, text).map(([first, middle, last]) => [
  { prefix: first, merchantId: `${middle}merchant:${last}` },
  { prefix: `${first}merchant:${middle}`, merchantId: last },
]);

test('No two prefixes and merchants have the same key', async () => {
  const pairs = fc.oneof(fc.tuple(pair, pair), cutTwice);
  await fc.assert(
    fc.asyncProperty(pairs, async (two) => {
      const [one, other] = two as [(typeof two)[0], (typeof two)[0]];
      fc.pre(two.every(({ merchantId }) => isMerchantId(merchantId)));
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(await keyOf(one.prefix, one.merchantId)).not.toBe(await keyOf(other.prefix, other.merchantId));
    }),
    { numRuns: 2000 },
  );
});

test('No merchant has the key of a cooldown', async () => {
  await fc.assert(
    fc.asyncProperty(pair, fc.constantFrom('', 'merchant:'), async ({ prefix, merchantId }, more) => {
      const [cooldown] = await keysOf(prefix + more, (store) => store.cool(1));
      expect(await keyOf(prefix, merchantId)).not.toBe(cooldown);
    }),
    { numRuns: 2000 },
  );
});
