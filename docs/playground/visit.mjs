import { linkTo, requestOf } from './requests.mjs';
import { announce, newShop, sent } from './run.mjs';
import { upTo } from './scenarios.mjs';

/** Does what comes before a scenario, for a new merchant. @returns the link to the scenario itself. */
export async function visit(scenario, way, clock) {
  const { platform, audience, ...query } = way;
  const shop = newShop();
  for (const row of upTo(scenario)) {
    clock.advance(row.afterMs ?? 0);
    await announce(row, { platform, shop });
    if (row !== scenario) await sent(requestOf(row, { platform, audience, client: query.client, shop }));
  }
  return linkTo(scenario, { platform, audience, shop, ...query });
}
