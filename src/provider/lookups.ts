import type { Lookups } from '../options.js';
import type { Settings } from '../settings.js';
import { isLakiConnectError } from '../translation/error.js';
import type { Kind } from '../translation/rules.js';
import { resultOf } from './call.js';
import type { Cooldown } from './cooldown.js';
import { exchange, type Answer } from './exchange.js';
import type { Note } from './failure.js';
import { readFeeConfig, readKycStatus } from './lookup-replies.js';
import { requestOf, type RequestOptions } from './request.js';

const ACCOUNTS = '/lakiconnect/connected-accounts';

const UNLINKED = { linked: false } as const;

/** What a refused lookup of an account says all the same. */
const OF_ACCOUNT = new Map<Kind | undefined, typeof UNLINKED>([
  ['NOT_FOUND', UNLINKED],
  ['CONNECTED_MERCHANT_NOT_FOUND', UNLINKED],
]);

/** The same of a fee configuration. */
const OF_FEE = new Map<Kind | undefined, typeof UNLINKED | undefined>([
  ['CONNECTED_MERCHANT_NOT_FOUND', UNLINKED],
  ['FEE_CONFIG_NOT_SET', undefined],
  ['NOT_FOUND', undefined],
]);

export interface LookupParts {
  readonly settings: Settings<never>;
  readonly cooldown: Cooldown;
  readonly note: Note;
}

/**
 * Asks LakiConnect itself. Only what it says in so many words is an answer; a bare 404 may be a proxy's or
 * that of a wrong `baseUrl`.
 */
export function apiLookups({ settings, cooldown, note }: LookupParts): Lookups {
  async function get(
    path: string,
    merchantId: string,
    signal: AbortSignal,
    options: RequestOptions = {},
  ): Promise<unknown> {
    const refused = cooldown.refusal(merchantId);
    if (refused !== undefined) throw refused;
    const request = requestOf('GET', path, options, settings);
    const occasion = { within: true, method: 'GET', merchantId };
    const send = (): Promise<Answer> => exchange(request, signal, settings);
    return (await resultOf(send, occasion, settings, note, signal)).data;
  }

  /** What a failed lookup answered all the same, if LakiConnect said one of these codes. */
  function verdictOf<T>(verdicts: ReadonlyMap<Kind | undefined, T>): (thrown: unknown) => T {
    return (thrown) => {
      const code = isLakiConnectError(thrown) ? thrown.code : undefined;
      const kind = code === undefined ? undefined : settings.codes.get(code);
      if (!verdicts.has(kind)) throw thrown;
      return verdicts.get(kind) as T;
    };
  }

  return {
    kycStatus: (merchantId, { signal }) =>
      get(`${ACCOUNTS}/${encodeURIComponent(merchantId)}`, merchantId, signal).then(
        readKycStatus,
        verdictOf(OF_ACCOUNT),
      ),
    feeConfig: (merchantId, { signal }) =>
      get(`${ACCOUNTS}/fee-config`, merchantId, signal, { merchantId }).then(
        readFeeConfig,
        verdictOf(OF_FEE),
      ),
  };
}
