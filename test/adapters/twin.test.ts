/** An app with the library answers another's error as it does without, unless that hangs it or ends its process. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Case, Fates, Way } from './twin/process.js';
import { isFickle, PARTS, SPECIMENS, VALUES, type Spec } from './twin/specimens.js';
import { createHome, type Twins } from './twin/twins.js';

const WAYS: readonly Way[] = ['thrown', 'rejected', 'next'];
const MODES = ['production', 'development'];

let home: Awaited<ReturnType<typeof createHome>>;
beforeAll(async () => {
  home = await createHome();
});
afterAll(() => home.remove());

/** That ours is what the framework makes of it alone or, where that is the end, a 500 or its own status. */
function expectAlike({ alone, ours }: Fates, begun: boolean): void {
  if (ours.events.length === 0) {
    expect(ours).toEqual(alone);
    // Koa leaves a broken answer open, and Express one without an error: with the library and without.
    if (alone.ends !== undefined) expect({ ends: alone.ends, begun }).toEqual({ ends: 'hung', begun: true });
    return;
  }
  expect(ours.events).toEqual([
    { type: 'replaced', level: 'error', reason: expect.stringMatching(/./) as unknown },
  ]);
  expect(alone.ends).toBeDefined();
  expect(ours.ends).toBeUndefined();
  expect(ours.answer).toMatch(begun ? /^HTTP\/1\.1 \d{3} .*\r\nfirst bytes\r\n$/s : /^HTTP\/1\.1 [45]\d\d /);
  expect(ours.answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
}

const partArbitrary = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((name) => fc.record({ name: fc.constant(name), how: fc.constantFrom(...PARTS), value: fc.nat(12) }));

const specArbitrary: fc.Arbitrary<Spec> = fc.record({
  base: fc.constantFrom('error', 'error', 'error', 'object', 'bare', 'array', 'function', 'foreign', 'class'),
  parts: fc.uniqueArray(partArbitrary, { maxLength: 4, selector: ({ name }) => name }),
  lock: fc.constantFrom('none', 'none', 'none', 'sealed', 'frozen', 'closed'),
  wrap: fc.constantFrom('none', 'none', 'none', 'proxy', 'cause'),
});

describe.each(['express', 'express4', 'koa', 'koa2'])('%s', (framework) => {
  const ways = framework.startsWith('koa') ? WAYS.slice(0, 2) : WAYS;
  let twins: Twins;
  beforeAll(async () => {
    twins = await home.start(framework);
  });
  afterAll(() => twins.close());

  /** The ways, the modes and who listens take turns. */
  const turn = (specimen: number): Case => ({
    specimen,
    way: ways[specimen % ways.length]!,
    mode: MODES[specimen % 5 === 0 ? 1 : 0]!,
    listens: specimen % 4 === 0,
  });

  const rows = SPECIMENS.map(([name], specimen) => ({ name, specimen }));

  test.each(rows.filter(({ specimen }) => !isFickle(specimen)))('$name', async ({ specimen }) => {
    expectAlike(await twins.meet(turn(specimen)), false);
  });

  test.each(rows.filter(({ specimen }) => !isFickle(specimen) && specimen % 2 === 0))(
    '$name after first bytes',
    async ({ specimen }) => {
      expectAlike(await twins.meet({ ...turn(specimen), begun: true }), true);
    },
  );

  test.each(rows.filter(({ specimen }) => isFickle(specimen)))(
    '$name, and is answered',
    async ({ specimen }) => {
      const { ours } = await twins.meet(turn(specimen));
      expect(ours.ends).toBeUndefined();
      expect(ours.answer).toMatch(/^HTTP\/1\.1 [45]\d\d /);
    },
  );

  test('whatever an error is made of', async () => {
    const cases = fc.record({
      specimen: specArbitrary,
      way: fc.constantFrom(...ways),
      mode: fc.constantFrom(...MODES, 'test'),
      listens: fc.boolean(),
      begun: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        expectAlike(await twins.meet(given), given.begun);
      }),
      { numRuns: 100 },
    );
  });
});
