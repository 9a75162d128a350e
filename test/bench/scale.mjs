/** How long a guard takes that knows of so many merchants, in a process of its own: `node scale.mjs 1000`. */
import process from 'node:process';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { approved } from './http/shop.mjs';
import { compare } from './micro.mjs';

const merchants = Number(process.argv[2]);
const cache = { metMs: 3_600_000, maxMerchants: merchants };
const guard = lakiconnect({
  merchantId: ({ id }) => id,
  lookups: approved,
  cache,
  onEvent: false,
}).preflight();
const requests = Array.from({ length: merchants }, (_, number) => ({ id: `cm_${number}` }));
const next = () => undefined;
for (const request of requests) await new Promise((resolve) => guard(request, { locals: {} }, resolve));
for (const request of requests) guard(request, { locals: {} }, next); // it keeps what it made of each
const known = new Map(requests.map((request) => [request.id, { request }]));

/** One merchant after another, far from each other in memory. */
function walk() {
  let at = 0;
  return () => requests[(at = (at + 7919) % merchants)];
}

const [one] = requests;
const [asked, looked] = [walk(), walk()];
const same = await compare({
  step: () => guard(one, { locals: {} }, next),
  floor: () => known.get(one.id).request,
});
const each = await compare({
  step: () => guard(asked(), { locals: {} }, next),
  floor: () => known.get(looked().id).request,
});
process.send({ merchants, sameNs: same.ns, eachNs: each.ns, mapNs: each.floorNs });
process.disconnect();
