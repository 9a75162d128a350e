import { LakiConnectError } from '../translation/error.js';

/** One request in a route, as the adapter's author lets the contract see it. */
export interface ContractExchange {
  /** Sets a header of the route's answer, and sends nothing. */
  readonly setHeader: (name: string, value: string) => void;
  /** Sends the head and the first bytes of an answer that would go on. */
  readonly begin: (text: string) => void;
  /** Sends a whole answer, at once. */
  readonly end: (text: string) => void;
  /** The id of the merchant that the guards have learnt. */
  readonly merchantId: () => string | undefined;
  /** The idempotency key that a guard has found. */
  readonly idempotencyKey: () => string | undefined;
}

/** What a route says of the download that it is about to send. */
export const OF_A_DOWNLOAD = {
  'content-type': 'application/pdf',
  'content-disposition': 'attachment; filename="receipt.pdf"',
  'content-encoding': 'gzip',
  'content-length': '99999',
  'accept-ranges': 'bytes',
  etag: '"1"',
  'last-modified': 'Sat, 01 Aug 2026 10:00:00 GMT',
  expires: 'Sat, 01 Aug 2099 10:00:00 GMT',
  'cdn-cache-control': 'max-age=86400',
  location: '/elsewhere',
};

export const limited = (): Promise<string> =>
  Promise.reject(new LakiConnectError({ kind: 'RATE_LIMITED', retryAfterMs: 1500 }));

export const foreign = (): Promise<string> => Promise.reject(new TypeError('x is not a function'));

export const learning = ({ merchantId }: ContractExchange): Promise<string> =>
  Promise.resolve(String(merchantId()));

export const keyed = ({ idempotencyKey }: ContractExchange): Promise<string> =>
  Promise.resolve(String(idempotencyKey()));

export function describing({ setHeader }: ContractExchange): Promise<string> {
  const headers = { ...OF_A_DOWNLOAD, 'x-frame-options': 'DENY', vary: 'Origin' };
  for (const [name, value] of Object.entries(headers)) setHeader(name, value);
  return limited();
}

export async function beginning({ begin }: ContractExchange): Promise<string> {
  await Promise.resolve(); // what is written in the tick of the request leaves with it
  begin('{"paid":');
  return limited();
}

export function ending({ end }: ContractExchange): Promise<string> {
  end('whole');
  return limited();
}

/** A route that waits the first time that it is called. */
export function createHeldRoute() {
  let begin!: () => void;
  let release!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  async function route(): Promise<string> {
    begin();
    await released;
    return 'paid';
  }
  return { route, begun, release };
}
