import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBudget } from '../../src/provider/budget.js';
import { rounds } from '../long/rounds.js';
import { settled } from './harness.js';
import { broken, json, plain, scripted, type Answering } from './scripted.js';

const good = json(200, {});
const bad = plain(503, 'Service Unavailable');

const most = (requests: number): number => 1.1 * requests + 10;

/** Makes requests one after another. @returns how many succeeded. */
async function get(stage: ReturnType<typeof scripted>, requests: number): Promise<number> {
  let succeeded = 0;
  for (let made = 0; made < requests; made++) {
    if ('resolved' in (await settled(stage.client.get('/wallet')))) succeeded++;
  }
  return succeeded;
}

describe('The budget of retries', () => {
  test('is ten at first, and one more for every ten requests', () => {
    const budget = createBudget();
    const spent = () => Array.from({ length: 20 }, budget.spend).filter(Boolean).length;
    expect(spent()).toBe(10);
    for (let made = 0; made < 9; made++) budget.earn();
    expect(spent()).toBe(0);
    budget.earn();
    expect(spent()).toBe(1);
    for (let made = 0; made < 1_000_000; made++) budget.earn();
    expect(spent()).toBe(10);
  });

  test('holds for every prefix of any run of answers', async () => {
    const answers = fc.constantFrom<Answering>(
      good,
      bad,
      bad,
      broken('ECONNRESET'),
      plain(429, ''),
      plain(500, ''),
      plain(404, ''),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(answers, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
        async (script, attempts, keyed) => {
          const stage = scripted({ retry: { attempts }, headers: { idempotency: 'Idempotency-Key' } });
          const { client, sent } = stage;
          stage.answer(...script);
          for (let made = 1; made <= 100; made++) {
            const isKeyed = keyed[made % keyed.length] === true;
            await settled(
              isKeyed ? client.post('/x', { body: {}, idempotencyKey: String(made) }) : client.get('/x'),
            );
            expect(sent.length).toBeLessThanOrEqual(most(made));
          }
        },
      ),
      { numRuns: rounds(50) },
    );
  });

  test('lets a request in a hundred fail, and all succeed', async () => {
    const stage = scripted();
    let sent = 0;
    stage.answer((request) => (++sent % 100 === 0 ? bad : good)(request));
    expect(await get(stage, 5000)).toBe(5000);
    expect(stage.sent.length).toBe(5050);
  });

  test.each([[0], [5000]])('keeps an outage after %i successes from multiplying', async (successes) => {
    const stage = scripted({ retry: { attempts: 10 } });
    await get(stage, successes);
    stage.answer(bad);
    stage.sent.length = 0;
    expect(await get(stage, 1000)).toBe(0);
    expect(stage.sent.length).toBeGreaterThan(1000);
    expect(stage.sent.length).toBeLessThanOrEqual(most(1000));
  });

  test('is one for all requests at once', async () => {
    const stage = scripted({ retry: { attempts: 10 } });
    stage.answer(broken('ECONNREFUSED'));
    await Promise.all(Array.from({ length: 500 }, () => settled(stage.client.get('/wallet'))));
    expect(stage.sent.length).toBeLessThanOrEqual(most(500));
  });

  test('is not spent on what may not be sent again', async () => {
    const stage = scripted();
    stage.answer(bad);
    for (let made = 0; made < 50; made++) await settled(stage.client.post('/x', { body: {} }));
    stage.answer(bad, good);
    expect(await get(stage, 1)).toBe(1);
  });
});
