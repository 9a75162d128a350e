import type { z } from 'zod';
import { accountReply, feeConfigReply } from '../schemas/lookups.js';
import { frozen, peek, plain, type Plain } from '../translation/plain.js';

/** Names of properties, from the outermost inwards. */
type Path = readonly string[];

const TOP: readonly Path[] = [
  [],
  ['price_config'],
  ['priceConfig'],
  ['fee_config'],
  ['feeConfig'],
  ['configuration'],
  ['configuration', 'price_config'],
  ['configuration', 'priceConfig'],
];

/** Where a fee configuration may stand in an answer. The first that has a model counts. */
const PLACES: readonly Path[] = [...TOP, ...TOP.map((path) => ['data', ...path])];

const MODELS = ['fee_model', 'feeModel'] as const;

/** Where `null` or an empty object says that there is none. An empty answer says nothing. */
const UNSET: readonly Path[] = PLACES.flatMap((path) => [
  path,
  ...MODELS.map((model) => [...path, model]),
]).slice(1);

/**
 * The KYC status that an answer names.
 *
 * @throws TypeError if it names none: one that is not known may be anything.
 */
export function readKycStatus(body: unknown): string {
  const { kyc_status, kycStatus, data } = read(accountReply, body);
  const status = kyc_status ?? kycStatus ?? data?.kyc_status ?? data?.kycStatus;
  if (status === undefined) throw new TypeError(`the answer names no KYC status. ${describeKeys(body)}`);
  return status;
}

/**
 * The fee configuration in an answer, copied and frozen, for all requests share it; `undefined` if the answer says that
 * there is none.
 *
 * @throws TypeError if it says neither.
 */
export function readFeeConfig(body: unknown): object | undefined {
  const reply = read(feeConfigReply, body);
  const config = PLACES.map((path) => at(reply, path)).find((one) =>
    MODELS.some((model) => typeof peek(one, model) === 'string'),
  );
  if (config !== undefined) {
    const { data: _, ...own } = config as Record<string, unknown>;
    return frozen(plain(config === reply ? own : config) as object);
  }
  if (!tellsOfFailure(body) && UNSET.some((path) => isEmpty(at(body, path)))) return undefined;
  throw new TypeError(`the answer names no fee model. ${describeKeys(body)}`);
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, success } = schema.safeParse(body);
  if (!success) throw new TypeError('the answer is no JSON object');
  return data;
}

function at(body: unknown, path: Path): unknown {
  return path.reduce(peek, body);
}

/** An empty part beside word of a failure is what is left where a lookup broke. */
function tellsOfFailure(body: unknown): boolean {
  const [status, code] = [peek(body, 'status'), peek(body, 'code')];
  return (
    ['error', 'errors'].some((name) => Boolean(peek(body, name))) ||
    ['ok', 'success'].some((name) => peek(body, name) === false) ||
    (typeof status === 'string' && /fail|error/i.test(status)) ||
    [status, code].some((number) => typeof number === 'number' && number >= 400)
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)
  );
}

const MAX_KEYS = 20;
const PLAIN_NAME = /^[A-Za-z_][\w-]{0,39}$/;

/** Which keys an answer has, for operators: no value, and no key that could be one. */
function describeKeys(body: unknown): string {
  const names = pathsIn(plain(body)).sort((one, other) => one.length - other.length);
  const told = names.slice(0, MAX_KEYS).map((path) => path.join('.'));
  return told.length === 0 ? 'It has no keys.' : `Its keys: ${told.join(', ')}.`;
}

/** Of every object in a copy, which is bounded. */
function pathsIn(value: Plain | undefined, parent: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value)
    .filter(([name]) => PLAIN_NAME.test(name))
    .flatMap(([name, child]) => [[...parent, name], ...pathsIn(child, [...parent, name])]);
}
