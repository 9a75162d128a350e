/** What a platform is told of its payments is what became of its customers' money. */
import { expect, test } from '@jest/globals';
import { payThroughFaults, WAYS } from './payments.mjs';

const EACH = 150;
const ways = Object.keys(WAYS).flatMap((way) => [
  { way, isKeyed: false, key: 'without a key' },
  { way, isKeyed: true, key: 'with a key' },
]);

test.each(ways)(
  'Of payments by $way $key through faults none is charged twice, and none that was charged is called rejected',
  async ({ way, isKeyed }) => {
    const seed = Date.now() % 2 ** 32;
    const { wrong, ...tally } = await payThroughFaults({ way, isKeyed, payments: EACH, seed });

    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    expect(tally.payments).toBe(EACH);
    expect(tally.paid + tally.rejected + tally.unknown).toBe(EACH);
    // The faults did come, and money moved behind them. With a key, few are left that none of them met first.
    const ends = [tally.paid, ...(isKeyed ? [] : [tally.rejected, tally.unknownButCharged])];
    expect(Math.min(...ends)).toBeGreaterThan(0);
    expect(tally.charges).toBe(tally.paid + tally.unknownButCharged);
    if (isKeyed) expect(tally.attempts).toBeGreaterThan(EACH);
  },
);
