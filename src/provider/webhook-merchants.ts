import type { WebhookEvent } from '../options.js';
import { isMerchantId } from './merchant-id.js';
import { peek } from '../translation/plain.js';

/** Under which names the merchant's id may stand; the payloads are not documented. */
const NAMES = ['connected_merchant_id', 'connected_account_id', 'merchant_id', 'account_id', 'id'].flatMap(
  (name) => [...new Set([name, name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())])],
);

/** Every id that an event may mean. To forget one too many costs a lookup; one too few, a wrong payment. */
export function merchantsIn(event: WebhookEvent): readonly string[] {
  const data = peek(event, 'data');
  const places = [
    event,
    data,
    peek(data, 'object'),
    ...['account', 'connected_account', 'merchant'].map((name) => peek(event, name)),
  ];
  const found = places.flatMap((place) => [place, ...NAMES.map((name) => peek(place, name))]);
  return [...new Set(found.filter(isMerchantId))];
}
