/**
 * How a scenario is met: a charge with its id as the reference, or a look at the transaction of that id.
 * Merchants come in by /seller.
 */
export function requestOf(scenario, { platform, client, audience, shop }) {
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

/** The same as a link. */
export function linkTo(scenario, { platform, audience, shop, ...query }) {
  const path = scenario.lookup ? 'payments' : 'try';
  const url = `${shopUrl(scenario, { platform, audience, shop })}/${path}/${scenario.id}`;
  return `${url}?${String(new URLSearchParams(query))}`;
}

function shopUrl({ down }, { platform, audience, shop }) {
  return `${down ? platform.downUrl : platform.url}${audience === 'merchant' ? '/seller' : ''}/shops/${shop}`;
}

/** The same for a terminal. */
export function curlOf(scenario, { language, ...way }) {
  const { url, headers = {}, body } = requestOf(scenario, way);
  const lines = Object.entries({ ...headers, 'accept-language': language }).map(
    ([name, value]) => `-H '${name}: ${value}'`,
  );
  return [`curl -i '${url}'`, ...lines, ...(body === undefined ? [] : [`-d '${body}'`])].join(' \\\n  ');
}
