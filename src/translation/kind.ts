import type { Settings } from '../settings.js';
import { STATUSES } from './codes.js';
import { saysDuplicateReference } from './duplicate-reference.js';
import type { Finding } from './finding.js';
import type { KindBy } from './grounds.js';
import { isSdkError } from './observe.js';
import { textsOf } from './outcome.js';
import { KINDS, type Kind } from './rules.js';

/** Kinds that a connection, a status or a text tells of, without a code. */
const UNCODED: readonly Kind[] = [
  'DUPLICATE_REFERENCE',
  'INTERNAL_ERROR',
  'TIMEOUT',
  'UNREACHABLE',
  'UNRECOGNISED',
];

/** Every kind that {@link kindOf} finds, by the codes that are known. */
export function kindsOfCalls(codes: ReadonlyMap<string, Kind>): readonly Kind[] {
  const found = new Set([...codes.values(), ...STATUSES.values(), ...UNCODED]);
  return KINDS.filter((kind) => found.has(kind));
}

export interface Diagnosis {
  readonly kind: Kind;
  readonly by: KindBy;
}

/**
 * What went wrong: a known code decides, then a reference that was used before, then the connection, then the status.
 */
export function kindOf(finding: Finding, settings: Pick<Settings<never>, 'duplicateReference'>): Diagnosis {
  const { seen, envelope, known } = finding;
  const { status, networkFailure } = seen;
  if (known !== undefined && known !== 'VALIDATION_ERROR') return { kind: known, by: 'code' };
  if (isDuplicateReference(finding, settings)) return { kind: 'DUPLICATE_REFERENCE', by: 'body' };
  if (known !== undefined) return { kind: known, by: 'code' };
  if (networkFailure?.failure === 'timeout') return { kind: 'TIMEOUT', by: 'transport' };
  if (networkFailure !== undefined && networkFailure.failure !== 'unparsable') {
    return { kind: 'UNREACHABLE', by: 'transport' };
  }
  if (status !== undefined && (status < 200 || status > 299)) {
    const other = status >= 500 && status <= 599 ? 'INTERNAL_ERROR' : 'UNRECOGNISED';
    return { kind: STATUSES.get(status) ?? other, by: 'status' };
  }
  if (envelope.shape === 'flat') return { kind: 'VALIDATION_ERROR', by: 'body' };
  const by = speakerOf(finding);
  if (by !== undefined) return { kind: 'UNRECOGNISED', by };
  return seen.url === undefined ? { kind: 'UNRECOGNISED', by: 'call' } : { kind: 'UNREACHABLE', by: 'url' };
}

/** In a 4xx, or in an error body at 2xx. */
function isDuplicateReference(
  { seen: { status = 200 }, envelope, body }: Finding,
  { duplicateReference }: Pick<Settings<never>, 'duplicateReference'>,
): boolean {
  const isRefusal = (status >= 400 && status <= 499) || (status >= 200 && status <= 299);
  if (!isRefusal || body.is === 'absent') return false;
  const { code, message, details } = envelope;
  if (duplicateReference === undefined) return saysDuplicateReference(details, textsOf(body));
  try {
    return duplicateReference({ status, code, message, details }) === true;
  } catch {
    return true; // what it would have said may be that money has moved
  }
}

/** What says that something went wrong, and not what. */
function speakerOf({ source, seen, envelope }: Finding): KindBy | undefined {
  if (seen.status !== undefined) return 'status';
  if (seen.networkFailure !== undefined) return 'transport';
  if (!['none', 'text'].includes(envelope.shape)) return 'body';
  return isSdkError(source) ? 'name' : undefined;
}
