import type { z } from 'zod';
import type { Lookups } from '../options.js';
import { accountReply, feeConfigReply } from '../schemas/lookups.js';
import type { Settings } from '../settings.js';
import { isLakiConnectError } from '../translation/error.js';
import { frozen, plain } from '../translation/plain.js';
import type { Kind } from '../translation/rules.js';
import { resultOf } from './call.js';
import type { Cooldown } from './cooldown.js';
import { exchange, type Answer } from './exchange.js';
import type { Note } from './failure.js';
import { requestOf, type RequestOptions } from './request.js';

const ACCOUNTS = '/lakiconnect/connected-accounts';

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

  /** What a failed lookup answered all the same: `instead`, if LakiConnect said one of these codes. */
  function unless<T>(instead: T, ...kinds: readonly Kind[]): (thrown: unknown) => T {
    return (thrown) => {
      const said = isLakiConnectError(thrown) ? thrown.code : undefined;
      const kind = said === undefined ? undefined : settings.codes.get(said);
      if (kind !== undefined && kinds.includes(kind)) return instead;
      throw thrown;
    };
  }

  return {
    kycStatus: (merchantId, { signal }) =>
      get(`${ACCOUNTS}/${encodeURIComponent(merchantId)}`, merchantId, signal).then(
        kycStatusIn,
        unless({ linked: false } as const, 'NOT_FOUND', 'CONNECTED_MERCHANT_NOT_FOUND'),
      ),
    feeConfig: (merchantId, { signal }) =>
      get(`${ACCOUNTS}/fee-config`, merchantId, signal, { merchantId }).then(
        feeConfigIn,
        unless(undefined, 'NOT_FOUND', 'FEE_CONFIG_NOT_SET'),
      ),
  };
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, success } = schema.safeParse(body);
  if (!success) throw new TypeError('the answer is no JSON object');
  return data;
}

function kycStatusIn(body: unknown): string | undefined {
  const { kyc_status, kycStatus, data } = read(accountReply, body);
  return kyc_status ?? kycStatus ?? data?.kyc_status ?? data?.kycStatus;
}

/** Copied and frozen: all requests share it. */
function feeConfigIn(body: unknown): object | undefined {
  const { data, ...top } = read(feeConfigReply, body);
  const config = [top, data].find((one) => one?.fee_model !== undefined || one?.feeModel !== undefined);
  return config === undefined ? undefined : frozen(plain(config) as object);
}
