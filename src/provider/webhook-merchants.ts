import type { WebhookEvent } from '../options.js';
import { isRecord, type Plain } from '../translation/plain.js';
import { isMerchantId } from './merchant-id.js';

type JsonObject = { readonly [name: string]: Plain };

/** In snake case and in camel case. */
const spelled = (...names: readonly string[]): ReadonlySet<string> =>
  new Set(
    names.flatMap((name) => [name, name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())]),
  );

/** Names of a merchant's id, in whatever object they stand; the payloads are not documented. */
const ID_NAMES = spelled('connected_merchant_id', 'connected_account_id', 'merchant_id', 'account_id');

/** Names of objects whose `id` may be a merchant's. */
const OWNERS = spelled('data', 'account', 'connected_account', 'merchant', 'object');

/** Names of merchants, which may be given by their id alone. */
const MERCHANTS = spelled('account', 'connected_account', 'merchant');

/** How many levels below the event are looked at. */
const MAX_DEPTH = 4;

/** More are not forgotten for one event: each costs a round trip to all processes. */
const MAX_MERCHANTS = 100;

/** What an event is about. */
export interface Found {
  readonly merchantIds: readonly string[];
  /** Why operators should look at it. */
  readonly doubt?: string | undefined;
}

/**
 * Finds every id that an event may mean. To forget one merchant too many costs a lookup; one too few, a wrong
 * payment. The event's own `id` is taken only where there is no other.
 */
export function findMerchants(event: WebhookEvent): Found {
  const ids = new Set<string>();

  /** `owner`: the name under which the object stands. */
  function search(object: JsonObject, owner: string, depth: number): void {
    for (const [name, value] of Object.entries(object)) {
      const isId = ID_NAMES.has(name) || MERCHANTS.has(name) || (name === 'id' && OWNERS.has(owner));
      for (const item of Array.isArray(value) ? value : [value]) {
        if (ids.size > MAX_MERCHANTS) return;
        if (isRecord(item)) {
          if (depth < MAX_DEPTH) search(item, name, depth + 1);
        } else if (isId) for (const id of idsIn(item)) ids.add(id);
      }
    }
  }

  search(event as JsonObject, '', 0);
  if (ids.size > MAX_MERCHANTS) return { merchantIds: [...ids].slice(0, MAX_MERCHANTS), doubt: TOO_MANY };
  if (ids.size > 0) return { merchantIds: [...ids] };
  const own = idsIn(event['id']);
  return { merchantIds: own, doubt: own.length > 0 ? OWN_ID : NONE };
}

export const NONE = 'it names no merchant';
const OWN_ID = 'it names no merchant: its own id was taken for one';
const TOO_MANY = `it names more than ${String(MAX_MERCHANTS)} merchants: the rest were not forgotten`;

/** An id, if it is one. A number beyond the safe integers is not the one that was sent. */
export function idsIn(value: unknown): readonly string[] {
  const id = Number.isSafeInteger(value) ? String(value) : value;
  return isMerchantId(id) ? [id] : [];
}
