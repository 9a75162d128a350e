import { STATUSES } from './codes.js';
import type { Finding } from './finding.js';
import type { KindBy } from './grounds.js';
import { peek } from './plain.js';
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
 * What went wrong: a known code decides, then the connection, then the status. `undefined` if nothing
 * went wrong, or it was the caller's own abort.
 */
export function kindOf(finding: Finding): Diagnosis | undefined {
  const { seen, envelope, known } = finding;
  const { status, transport } = seen;
  if (known !== undefined) return { kind: known, by: 'code' };
  if (transport?.failure === 'aborted') return undefined;
  if (transport?.failure === 'timeout') return { kind: 'TIMEOUT', by: 'transport' };
  if (transport?.failure === 'unsent' || transport?.failure === 'lost') {
    return { kind: 'UNREACHABLE', by: 'transport' };
  }
  if (status !== undefined && (status < 200 || status > 299)) {
    const other = status >= 500 && status <= 599 ? 'INTERNAL_ERROR' : 'UNRECOGNISED';
    return { kind: STATUSES.get(status) ?? other, by: 'status' };
  }
  if (envelope.shape === 'flat') return { kind: 'VALIDATION_ERROR', by: 'body' };
  const by = speakerOf(finding);
  if (by !== undefined) return { kind: 'UNRECOGNISED', by };
  return seen.url === undefined ? undefined : { kind: 'UNREACHABLE', by: 'url' };
}

/** What says that something went wrong, and not what. */
function speakerOf({ thrown, seen, envelope }: Finding): KindBy | undefined {
  if (seen.status !== undefined) return 'status';
  if (seen.transport !== undefined) return 'transport';
  if (!['none', 'text'].includes(envelope.shape)) return 'body';
  return peek(thrown, 'name') === 'LakipayError' ? 'name' : undefined;
}
