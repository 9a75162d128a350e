import { createFakeLakiConnect } from 'lakiconnect-middleware/testing';
import { createClock } from './clock.mjs';
import { expressPlatform } from './platform-express.mjs';
import { koaPlatform } from './platform-koa.mjs';
import { API_KEY, WEBHOOK_SECRET } from './secrets.mjs';
import { serve } from './serve.mjs';

export const PLATFORMS = { Express: expressPlatform, Koa: koaPlatform };

const HASTE_MS = 400;

/** The lives of facts; they are what they would be anyway. */
export const CACHE = { metMs: 60_000, unmetMs: 5000, staleIfErrorMs: 300_000 };

const DOWN = { status: 503, body: '<html><h1>503</h1><hr>nginx</html>' };

/**
 * A fake LakiConnect, and platforms that take payments through it: one that waits long, one that does not,
 * and one whose gateway is not there. They share a clock that stands still, and a journal of all events. `own` is
 * what they are made with beside.
 */
export async function openStage(names = Object.keys(PLATFORMS), { onAnswer, ...own } = {}) {
  const clock = createClock();
  const journal = [];
  const apiKey = API_KEY;
  const webhookSecret = WEBHOOK_SECRET;
  const fake = await createFakeLakiConnect({ apiKey, webhookSecret, now: clock.now, onAnswer });
  const nobody = await createFakeLakiConnect();

  /** Merchants whose lookups fail. */
  const down = new Set();
  fake.answerNext(({ merchantId }) => (down.has(merchantId) ? DOWN : undefined), {
    path: /^\/lakiconnect\/connected-accounts\//,
    times: Infinity,
  });

  const settings = {
    apiKey,
    webhookSecret,
    baseUrl: fake.baseUrl,
    now: clock.now,
    cache: CACHE,
    onEvent: (event) => journal.push(event),
    save: () => undefined,
    onExplain: () => undefined,
    ...own,
  };
  const servers = [];
  const platforms = await Promise.all(
    names.map(async (name) => {
      const [up, away, hasty] = await Promise.all([
        serve(PLATFORMS[name]({ ...settings, gateway: fake.baseUrl })),
        serve(PLATFORMS[name]({ ...settings, gateway: nobody.baseUrl })),
        serve(PLATFORMS[name]({ ...settings, gateway: fake.baseUrl, timeoutMs: HASTE_MS })),
      ]);
      servers.push(up, away, hasty);
      return { name, url: up.url, downUrl: away.url, hastyUrl: hasty.url };
    }),
  );
  await nobody.close(); // last, so that no other server was given its port

  return {
    fake,
    platforms,
    clock,
    journal,
    down,
    async close() {
      for (const server of servers) server.close();
      await fake.close();
    },
  };
}
