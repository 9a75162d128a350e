/**
 * How a scenario is met: a charge, a look at the transaction of that id, or a webhook. Merchants come in by
 * /seller.
 */
export function requestOf(scenario, { platform, client, audience, language, shop }, fake) {
  if (scenario.webhook) {
    const { status, secret } = scenario.webhook;
    return {
      url: `${platform.url}/webhooks/lakiconnect`,
      method: 'POST',
      ...webhookOf(shop, status, fake, secret),
    };
  }
  const path = scenario.lookup ? `payments/${scenario.id}` : 'charges';
  const url = `${shopUrl(scenario, { platform, audience, shop })}/${path}?client=${client}`;
  const headers = { 'accept-language': language };
  if (scenario.lookup) return { url, headers };
  return {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ amount: 100, currency: 'ETB', reference: scenario.id }),
  };
}

/** A webhook as LakiConnect sends it; its payload is not documented. */
export function webhookOf(merchantId, status, fake, secret) {
  const event = { event: 'kyc.updated', data: { connected_merchant_id: merchantId, kyc_status: status } };
  return fake.signWebhook(event, { secret });
}

/** Where the shop can be seen. */
export function shopUrl({ down, hasty, trial, keyed }, { platform, audience, shop }) {
  const origin = down ? platform.downUrl : hasty ? platform.hastyUrl : platform.url;
  return `${origin}${audience === 'merchant' ? '/seller' : ''}${trial ? '/trial' : ''}${keyed ? '/keyed' : ''}/shops/${shop}`;
}
