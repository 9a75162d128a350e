/** Whatever bytes arrive and whatever is thrown, by a fixed seed; `npm run fuzz` takes another, and ten times as many. */
import { expect, test } from '@jest/globals';
import { rounds } from '../long/rounds.js';
import { campaign } from './campaign.mjs';

const SEED = 20_261;
const BODIES = rounds(200_000);
const PROPERTIES = rounds(20_000);
const WAYS = [
  ...['translate', 'thrown', 'returned', 'response', 'client', 'handler', 'unread'],
  ...['webhook', 'request'],
];

test('Nothing is thrown, told that must not be, slow, or changed for others', async () => {
  const { seed, findings, bodies, properties, ways, slowest } = await campaign({
    seed: SEED,
    bodies: BODIES,
    properties: PROPERTIES,
  });

  expect({ seed, findings }).toEqual({ seed: SEED, findings: [] });
  expect(bodies).toBeGreaterThanOrEqual(BODIES);
  expect(properties).toBeGreaterThanOrEqual(PROPERTIES);
  expect(slowest.ms).toBeLessThanOrEqual(50);
  expect(WAYS.filter((way) => (ways[way] ?? 0) < BODIES / 700)).toEqual([]);
});
