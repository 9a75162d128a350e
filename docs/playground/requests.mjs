import { webhookOf } from './lakiconnect.mjs';
import { API_KEY } from './secrets.mjs';

/**
 * How a scenario is met: a charge with its id as the reference, a look at the transaction of that id, or a
 * webhook. Merchants come in by /seller.
 */
export function requestOf(scenario, { platform, client, audience, shop }) {
  if (scenario.webhook) {
    return { url: `${platform.url}/webhooks/lakiconnect`, ...webhookOf(shop, scenario.webhook) };
  }
  const path = scenario.lookup ? `payments/${scenario.id}` : 'charges';
  const url = `${shopUrl(scenario, { platform, audience, shop })}/${path}?client=${client}`;
  if (scenario.lookup) return { url };
  return {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ amount: 100, currency: 'ETB', reference: scenario.id }),
  };
}

/** Tells the stand-in what it knows of the merchant from then on. */
export function merchantRequestOf({ merchant }, { platform, shop }) {
  return {
    url: `${platform.lakiconnectUrl}/stand-in/merchants/${shop}`,
    method: 'PUT',
    headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(merchant),
  };
}

/** The same as a link. */
export function linkTo(scenario, { platform, audience, shop, ...query }) {
  const path = scenario.lookup ? 'payments' : 'try';
  const url = `${shopUrl(scenario, { platform, audience, shop })}/${path}/${scenario.id}`;
  return `${url}?${String(new URLSearchParams(query))}`;
}

/** Where the shop can be seen. */
export function shopUrl({ down, hasty, trial }, { platform, audience, shop }) {
  const origin = down ? platform.downUrl : hasty ? platform.hastyUrl : platform.url;
  return `${origin}${audience === 'merchant' ? '/seller' : ''}${trial ? '/trial' : ''}/shops/${shop}`;
}

/** Scenarios that follow each other, for a terminal. */
export function curlOf(scenarios, { language, ...way }) {
  return scenarios
    .flatMap((scenario) => [
      ...(scenario.afterMs ? [`# ${String(scenario.afterMs / 1000)} seconds later`] : []),
      ...(scenario.merchant ? [curl(merchantRequestOf(scenario, way))] : []),
      curl(requestOf(scenario, way), scenario.webhook ? {} : { 'accept-language': language }),
    ])
    .join('\n\n');
}

function curl({ url, method, headers, body }, more = {}) {
  const lines = Object.entries({ ...headers, ...more }).map(([name, value]) => `-H '${name}: ${value}'`);
  const start = method === 'PUT' ? 'curl -X PUT' : 'curl -i';
  return [`${start} '${url}'`, ...lines, ...(body === undefined ? [] : [`-d '${body}'`])].join(' \\\n  ');
}
