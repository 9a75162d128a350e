/**
 * `node test/bench/flood.mjs`, after a build: how often shops are known while somebody sends ids of no shop, beside what
 * a plain LRU would do. By a simulated clock: the same numbers on every machine.
 */
import { createBeliefs } from '../../dist/cjs/src/guards/beliefs.js';

const CACHE = { metMs: 60_000, unmetMs: 5000, staleIfErrorMs: 300_000, maxMerchants: 10_000 };
const MINUTES = 10;
const SHOPS = 5000;
/** Requests per second: from shops, of which few have most, and of ids that are none. */
const FROM_SHOPS = 200;
const FLOODS = [0, 100, 1000, 10_000];

/** The same sequence in every run. */
function randomFrom(seed) {
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return seed / 2 ** 32;
  };
}

/** What it takes to be known: a fact that was learnt, and was not pushed out. Reading makes an entry the newest. */
function plainLru(elapsed) {
  const entries = new Map();
  return {
    isFresh(id) {
      const entry = entries.get(id);
      if (entry === undefined) return false;
      entries.delete(id);
      entries.set(id, entry);
      return elapsed() - entry.since < (entry.isMet ? CACHE.metMs : CACHE.unmetMs);
    },
    put(id, isMet) {
      entries.delete(id);
      entries.set(id, { isMet, since: elapsed() });
      if (entries.size > CACHE.maxMerchants) entries.delete(entries.keys().next().value);
    },
    isUsable(id) {
      const entry = entries.get(id);
      return entry?.isMet === true && elapsed() - entry.since < CACHE.metMs + CACHE.staleIfErrorMs;
    },
  };
}

function segmented(elapsed) {
  const beliefs = createBeliefs({ cache: CACHE, elapsed });
  const MET = { is: 'met', facts: 'approved' };
  const UNMET = { is: 'unmet', refusal: { kind: 'CONNECTED_MERCHANT_NOT_FOUND' } };
  return {
    isFresh: (id) => beliefs.fresh(id, 'kyc') !== undefined,
    put(id, isMet) {
      beliefs.put(id, 'kyc', { verdict: isMet ? MET : UNMET, since: elapsed() });
    },
    isUsable: (id) => beliefs.stale(id, 'kyc') !== undefined,
  };
}

function run(create, flood) {
  let now = 0;
  const known = create(() => now);
  const random = randomFrom(1);
  const seen = new Map();
  let [requests, hits, junk] = [0, 0, 0];
  const perMs = (FROM_SHOPS + flood) / 1000;
  const total = MINUTES * 60_000 * perMs;
  for (let n = 0; n < total; n++) {
    now = n / perMs;
    const isShop = random() < FROM_SHOPS / (FROM_SHOPS + flood);
    const id = isShop ? `shop ${Math.floor(SHOPS * random() ** 3)}` : `junk ${junk++}`;
    const isFresh = known.isFresh(id);
    if (!isFresh) known.put(id, isShop);
    if (!isShop) continue;
    requests++;
    if (isFresh) hits++;
    else seen.set(id, now);
  }
  // Lookups fail from here on: which shops of the last five minutes go on selling?
  const recent = [...seen].filter(([, at]) => now - at < CACHE.staleIfErrorMs).map(([id]) => id);
  const selling = recent.filter((id) => known.isUsable(id)).length / recent.length;
  return { hits: hits / requests, selling };
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;
for (const flood of FLOODS) {
  const [plain, own] = [run(plainLru, flood), run(segmented, flood)];
  console.log(
    `${flood} junk ids a second: fresh ${percent(plain.hits)} by a plain LRU, ${percent(own.hits)} by segments;`,
    `selling in an outage ${percent(plain.selling)}, ${percent(own.selling)}`,
  );
}
