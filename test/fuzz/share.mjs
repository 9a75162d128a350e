/** One process's share of a campaign. */
import { ENVELOPES, flat, FLAT_MESSAGES, started, succeeded } from '../envelopes.js';
import { fuzz } from './fuzz.mjs';
import { runProperties } from './properties.mjs';

const { seed, from, bodies, properties } = JSON.parse(process.argv[2]);
const envelopes = [
  ...ENVELOPES.map(({ body }) => body),
  ...FLAT_MESSAGES.map(({ message }) => flat(message)),
  ...[succeeded, started],
];

const tell = (done) => process.send({ done });
const tried = await runProperties({ seed: (seed + from) | 0, cases: properties, tell: () => tell(0) });
const put = await fuzz({ seed, from, cases: bodies, envelopes, tell });
process.send({ result: { properties: tried, bodies: put } });
process.disconnect();
