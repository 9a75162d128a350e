/**
 * A payment fails, whoever sends it and however it fails: no client and no log is told a secret, though the
 * error that was thrown, or the answer that came, is full of them.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { originalError, type LakiConnectError } from 'lakiconnect-middleware';
import { closeServers } from '../adapters/contract/server.js';
import { canariesIn } from './canaries.js';
import { expectedIn, heldBy } from './held.js';
import { MODES } from './modes.js';
import { openShops, type Failed } from './shops.js';
import { replies, SINKS } from './sinks.js';
import { BARE, STYLES } from './styles.js';

beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => void jest.restoreAllMocks());

/** Where canaries came out, and which. */
function leaks(told: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(told)
    .map(([where, what]): [string, string] => [where, canariesIn(what)])
    .filter(([, letters]) => letters !== '');
}

const ROWS = Object.entries(MODES).map(([name, modeAt], at) => ({ name, modeAt, at }));

describe.each(ROWS)('After $name', ({ name, modeAt, at }) => {
  let fail: Awaited<ReturnType<typeof openShops>>;
  beforeAll(async () => {
    fail = await openShops(modeAt);
  });
  afterAll(closeServers);

  /** A row proves something only of what was sent, and of what there was to let out. */
  async function expectHeld(style: string, { sent }: Failed, original: unknown): Promise<void> {
    const held = await heldBy(original);
    expect([...expectedIn(style, at)].filter((letter) => !held.includes(letter))).toEqual([]);
    const request = canariesIn(sent[0]);
    if (name !== 'nobody there') expect(request).toBe(style === 'laki.client' ? 'kpqbw' : 'kpaqbw');
  }

  test.each(STYLES)('a payment by $name tells nobody a secret', async (style) => {
    const failed = await fail(style);
    const [error] = failed.thrown as LakiConnectError[];

    expect(failed.thrown).toHaveLength(4);
    expect(new Set(failed.statuses).size).toBe(1);
    expect(error).toMatchObject({ name: 'LakiConnectError', status: failed.statuses[0] });
    await expectHeld(style.name, failed, originalError(error as LakiConnectError));

    const sinks = Object.entries(SINKS).map(([where, pour]) => [where, pour(error as Error)]);
    expect(leaks(failed.told)).toEqual([]);
    expect(leaks(Object.fromEntries(sinks))).toEqual([]);
    expect(leaks({ 'a reply': replies(error as Error, failed.laki) })).toEqual([]);
    expect(error).not.toHaveProperty('cause');
  });

  // Where it is returned, nothing is thrown.
  const bare = name === 'an error at 200' ? [] : BARE;
  if (bare.length > 0) {
    test.each(bare)('what $name throws, thrown on, tells nobody a secret', async (style) => {
      const failed = await fail(style);

      expect(failed.thrown).toHaveLength(4);
      expect(Math.min(...failed.statuses)).toBeGreaterThanOrEqual(422);
      await expectHeld(style.name, failed, failed.thrown[0]);
      expect(leaks(failed.told)).toEqual([]);
    });
  }
});
