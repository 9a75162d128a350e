import { createHmac } from 'node:crypto';
import type { Fetch } from '../../options.js';

/** A webhook, ready to be sent by whatever client a test uses. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent byte for byte. */
  readonly body: string;
}

/** How a webhook was answered. */
export interface Delivered {
  readonly status: number;
  readonly body: string;
}

/**
 * Signs an event as LakiConnect does: an HMAC-SHA256 of the raw body, in hexadecimal.
 * Source: https://lakipay.co/docs/lakiconnects/webhooks
 */
export function signed(event: object | string, secret: string, header: string): SignedWebhook {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { headers: { 'content-type': 'application/json', [header]: `sha256=${signature}` }, body };
}

export async function deliver(url: string, webhook: SignedWebhook, fetch: Fetch): Promise<Delivered> {
  const response = await fetch(url, { method: 'POST', ...webhook });
  return { status: response.status, body: await response.text() };
}
