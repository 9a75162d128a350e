import { randomUUID } from 'node:crypto';
import type { Tell } from '../events.js';
import { unidentified, type Hold } from '../guards/hold.js';
import type { Locals } from '../guards/locals.js';
import { merchantOf } from '../guards/merchant.js';
import type { IdempotencyOptions } from '../guards/options.js';
import { refusalsBy, refusing } from '../guards/refusals.js';
import { onTrial } from '../guards/trial.js';
import { whoseBy } from '../guards/whose.js';
import { judged, shown } from '../judge.js';
import { judging, unwrapping } from '../option-functions.js';
import { isMerchantId } from '../provider/merchant-id.js';
import { idempotencyOptions } from '../schemas/guards.js';
import type { Settings } from '../settings.js';
import type { Kind } from '../translation/rules.js';
import type { OnHandlerEnd } from './handler-end.js';
import type { Begun, Keys, KeyUse } from './keys.js';
import { nameOf, saidBy, type IdempotentRequest } from './request.js';

/** Lets a request pass unless it was made before, or rejects with a LakiConnectError. */
export type IdempotencyGuard<Req> = (incoming: IdempotentRequest<Req>) => void | Promise<void>;

export interface IdempotencyParts<Req> {
  readonly keys: Keys;
  readonly onHandlerEnd: OnHandlerEnd;
  readonly hold: Hold;
  readonly locals: Locals;
  readonly settings: Settings<Req>;
  readonly tell: Tell;
}

const DAY_MS = 86_400_000;
/** Less is hardly meant: a customer who pays again after it pays twice. */
const SHORTEST_TTL_MS = 60_000;

/** As it can be sent on, and of a length that nobody minds to keep. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws TypeError naming the path of a wrong option, or if nobody says whose money a request is about. */
export function createIdempotencyGuard<Req>(
  options: IdempotencyOptions<Req>,
  { keys, onHandlerEnd, hold, locals, settings, tell }: IdempotencyParts<Req>,
): IdempotencyGuard<Req> {
  const {
    ttlMs = DAY_MS,
    required = true,
    key,
    whenUndetermined = 'deny',
    whenStoreFails = whenUndetermined === 'allow' ? 'pass' : 'refuse',
    mode = 'enforce',
  } = judged(idempotencyOptions, options);
  const whose = whoseBy(options, settings, locals, tell);
  const keyOf = key === undefined ? undefined : judging('key', key);
  const passesUnknown = mode === 'report' || whenStoreFails === 'pass';
  if (ttlMs < SHORTEST_TTL_MS) tellShort(ttlMs, tell);

  function refuse(held: Refused): void {
    const { kind, ...about } = held;
    const isUndetermined = kind === 'UNDETERMINED';
    const type = isUndetermined ? 'undetermined' : 'refused';
    const passed = isUndetermined ? passesUnknown : mode === 'report';
    stop(hold({ type, why: { kind }, passed, mode, ...about }));
  }

  async function guard(incoming: IdempotentRequest<Req>): Promise<void> {
    const { request, state, headers } = incoming;
    if (locals.of(state).idempotencyKey !== undefined) return; // a guard before has begun
    whose.keepReader(request, state);
    const key: unknown = keyOf === undefined ? headers['idempotency-key'] : unwrapping(() => keyOf(request));
    if (key === undefined || key === '') {
      if (required) refuse({ kind: 'IDEMPOTENCY_KEY_REQUIRED', reason: 'there is no key' });
      return;
    }
    if (typeof key !== 'string' || !KEY.test(key)) {
      const reason = `the key is ${shown(key)}, expected at most 255 letters, digits and signs without spaces`;
      return refuse({ kind: 'IDEMPOTENCY_KEY_REQUIRED', reason });
    }
    const merchantId = await whose.of(request);
    if (!isMerchantId(merchantId)) return stop(hold(unidentified(merchantId, mode)));
    await enter(incoming, key, merchantId);
  }

  async function enter(incoming: IdempotentRequest<Req>, key: string, merchantId: string): Promise<void> {
    const { state, response } = incoming;
    whose.keep(merchantOf(merchantId, {}), state);
    const says = saidBy(incoming);
    if (says === undefined) {
      return refuse({ kind: 'VALIDATION_ERROR', merchantId, reason: 'the body is too deep or too long' });
    }
    const name = nameOf(incoming, merchantId, key);
    const use: KeyUse = { name, owner: randomUUID(), fingerprint: says, ttlMs };
    const finish = (): void => {
      keys.finish(use);
    };
    const begun = await keys.begin(use);
    if (begun === 'begun' || (begun === undefined && passesUnknown)) onHandlerEnd(response, finish);
    else if (begun === undefined) finish(); // it may have begun all the same
    if (begun !== 'begun') refuse({ ...WHY[begun ?? 'unknown'], merchantId });
    locals.keep(state, { idempotencyKey: key });
  }

  return refusing(
    mode === 'enforce' ? guard : onTrial(guard, tell),
    refusalsBy(REASONS, { ...options, whenUndetermined: whenStoreFails === 'pass' ? 'allow' : 'deny' }),
  );
}

/** What every guard may refuse with is not among them. */
const REASONS = (
  ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_CONFLICT', 'IDEMPOTENCY_IN_PROGRESS', 'VALIDATION_ERROR'] as const
).map((kind) => ({ kind }));

const WHY: Readonly<
  Record<Exclude<Begun, 'begun'> | 'unknown', { readonly kind: Kind; readonly reason: string }>
> = {
  conflict: { kind: 'IDEMPOTENCY_CONFLICT', reason: 'the key was used with another body' },
  'in-progress': { kind: 'IDEMPOTENCY_IN_PROGRESS', reason: 'a request with this key is under way' },
  unknown: { kind: 'UNDETERMINED', reason: 'the store could not tell whether the key was used' },
};

/** Why a request is refused, and of which merchant it is. */
interface Refused {
  readonly kind: Kind;
  readonly reason: string;
  readonly merchantId?: string;
}

function tellShort(ttlMs: number, tell: Tell): void {
  const reason = `it is ${String(ttlMs)} milliseconds: whoever pays again after that pays twice. If seconds were meant, set ${String(ttlMs * 1000)}`;
  tell({ type: 'misconfigured', level: 'warn', option: 'ttlMs', reason });
}

function stop(refused: Error | undefined): void {
  if (refused !== undefined) throw refused;
}
